//! Creating and changing items.

use std::sync::Arc;

use super::{Component, Dimensions, Gtin, Item, ListPrice, Selling, Tracking};
use super::{making, visiting};
use crate::command::PutMode;
use crate::decide::{Attempt, Stop};
use crate::decision::{Answer, Resource};
use crate::facts::{Claim, ClaimKey};
use crate::id::ItemId;
use crate::inventory::Level;
use crate::refusal::Refusal;
use crate::text;

/// Most components of a kit.
pub(super) const COMPONENTS_MAX: usize = 50;
/// Largest weight in grams, dimension in millimetres, and quantity of a component.
pub(super) const MEASURE_MAX: i64 = 1_000_000_000;
/// Most units of a case.
pub(super) const CASE_MAX: i64 = crate::sourcing::solve::LARGEST_CASE;

/// Creates an item, or changes the one with the same SKU.
#[derive(Debug, Clone)]
pub struct PutItem {
    /// Used when the item is new.
    pub id: ItemId,
    /// The SKU.
    pub sku: String,
    /// What people call it.
    pub title: String,
    /// GTIN-8, -12, -13 or -14.
    pub gtin: Option<Gtin>,
    /// Weight of one unit in grams.
    pub weight_g: Option<i64>,
    /// Outer dimensions of one unit.
    pub dimensions: Option<Dimensions>,
    /// What one unit costs the merchant.
    pub unit_cost_minor: Option<i64>,
    /// SKUs and units of a kit's components.
    pub components: Vec<(String, i64)>,
    /// Units that may be allocated beyond what is on hand, per location.
    pub oversell_limit: i64,
    /// What it is sold for where nothing else is agreed; as before if absent.
    pub list_prices: Option<Vec<ListPrice>>,
    /// Units in a case, from 2 to 10,000.
    pub case_quantity: Option<i64>,
    /// How it is sold.
    pub selling: Selling,
    /// How its units are told apart.
    pub tracking: Tracking,
    /// Refuse if the SKU is taken (create) or unknown (change).
    pub mode: PutMode,
}

/// Creates or changes an item.
///
/// # Errors
/// Refuses invalid fields, a taken SKU on create, an unknown SKU on change, unknown components,
/// kits of kits, turning an item with stock into a kit, and telling the units of one with stock apart in another way.
pub fn put_item(attempt: &mut Attempt<'_>, command: &PutItem) -> Result<Answer, Stop> {
    check(command)?;
    let selling = selling(attempt, command)?;
    if let Some(prices) = &command.list_prices {
        super::list_price::check(attempt.network(), prices)?;
    }
    let known = attempt.item_by_sku(&command.sku)?.cloned();
    command.mode.check("item", &command.sku, known.is_some())?;
    let components = components(attempt, command)?;
    for (position, other) in command.selling.substitutes.iter().enumerate() {
        attempt.known_item(&format!("/substitutes/{position}"), other)?;
    }
    if let Some(known) = &known {
        check_change(attempt, known, &components, command)?;
    }
    let id = known.as_ref().map_or(command.id, |known| known.id);
    let item = Item {
        id,
        version: known.as_ref().map_or(1, |known| known.version + 1),
        sku: command.sku.clone(),
        title: command.title.clone(),
        gtin: command.gtin.clone(),
        weight_g: command.weight_g,
        dimensions: command.dimensions,
        unit_cost_minor: command.unit_cost_minor,
        components,
        oversell_limit: command.oversell_limit,
        list_prices: match &command.list_prices {
            Some(prices) => prices.clone(),
            None => known
                .as_ref()
                .map_or_else(Vec::new, |known| known.list_prices.clone()),
        },
        case_quantity: command.case_quantity,
        selling,
        tracking: command.tracking,
    };
    let unchanged = known.as_deref().is_some_and(|known| {
        Item {
            version: item.version,
            ..known.clone()
        } == item
    });
    if !unchanged {
        attempt.put_item(Arc::new(item));
    }
    if let Some(known) = known {
        if command.oversell_limit > known.oversell_limit {
            attempt.serve_later(id);
        }
        return Ok(Answer::ok(Resource::Item(id)));
    }
    attempt.put_claim(ClaimKey::sku(&command.sku), Claim::of(Resource::Item(id)));
    Ok(Answer::created(Resource::Item(id)))
}

/// How it is sold, with lists in order.
fn selling(attempt: &Attempt<'_>, command: &PutItem) -> Result<Selling, Refusal> {
    let mut selling = command.selling.clone();
    if !selling.makers.is_empty() && !command.components.is_empty() {
        let problem = "is not for kits; make their components to order";
        return Err(Refusal::invalid("/made_to_order", problem));
    }
    if selling.fair_share && !command.components.is_empty() {
        let problem = "is not for kits, which hold no stock; share their components fairly";
        return Err(Refusal::invalid("/fair_share", problem));
    }
    making::check(&mut selling.makers, attempt.network())?;
    if !selling.visits.is_empty() && (!selling.makers.is_empty() || !command.components.is_empty())
    {
        let problem = "is for services, which are neither made to order nor kits";
        return Err(Refusal::invalid("/visits", problem));
    }
    visiting::check(&selling.visits, attempt.network())?;
    Ok(selling)
}

fn check(command: &PutItem) -> Result<(), Refusal> {
    text::name("/sku", &command.sku, text::SKU_MAX)?;
    text::required("/title", &command.title, text::NAME_MAX)?;
    measure("/weight_g", command.weight_g)?;
    if let Some(size) = &command.dimensions {
        for (name, value) in [
            ("length_mm", size.length_mm),
            ("width_mm", size.width_mm),
            ("height_mm", size.height_mm),
        ] {
            measure(&format!("/dimensions/{name}"), Some(value))?;
        }
    }
    if command
        .unit_cost_minor
        .is_some_and(|cost| !(0..=crate::money::AMOUNT_MAX).contains(&cost))
    {
        return Err(Refusal::invalid(
            "/unit_cost_minor",
            "must not be negative, nor beyond 2^53 - 1",
        ));
    }
    measure("/oversell_limit", Some(command.oversell_limit))?;
    if command
        .case_quantity
        .is_some_and(|units| !(2..=CASE_MAX).contains(&units))
    {
        let problem = format!("must lie between 2 and {CASE_MAX}");
        return Err(Refusal::invalid("/case_quantity", problem));
    }
    command.selling.check(&command.sku)?;
    let is_kit = !command.components.is_empty();
    command.tracking.check(is_kit, command.oversell_limit)?;
    if command.components.len() > COMPONENTS_MAX {
        return Err(Refusal::invalid(
            "/components",
            format!("at most {COMPONENTS_MAX} are allowed"),
        ));
    }
    Ok(())
}

fn measure(field: &str, value: Option<i64>) -> Result<(), Refusal> {
    match value {
        Some(value) if !(0..=MEASURE_MAX).contains(&value) => Err(Refusal::invalid(
            field,
            format!("must lie between 0 and {MEASURE_MAX}"),
        )),
        _ => Ok(()),
    }
}

fn components(attempt: &Attempt<'_>, command: &PutItem) -> Result<Vec<Component>, Stop> {
    let mut components: Vec<Component> = Vec::with_capacity(command.components.len());
    for (position, (sku, quantity)) in command.components.iter().enumerate() {
        let field = format!("/components/{position}");
        if !(1..=1_000_000).contains(quantity) {
            return Err(Refusal::invalid(
                format!("{field}/quantity"),
                "must lie between 1 and 1000000",
            )
            .into());
        }
        let item = attempt.known_item(&format!("{field}/sku"), sku)?;
        if item.is_kit()
            || *sku == command.sku
            || components.iter().any(|known| known.item == item.id)
        {
            return Err(Refusal::invalid(
                format!("{field}/sku"),
                "must be a simple item, named once",
            )
            .into());
        }
        components.push(Component {
            item: item.id,
            sku: sku.clone(),
            quantity: *quantity,
        });
    }
    Ok(components)
}

fn check_change(
    attempt: &Attempt<'_>,
    known: &Item,
    components: &[Component],
    command: &PutItem,
) -> Result<(), Stop> {
    let oversell_limit = command.oversell_limit;
    let changes_kind = known.is_kit() == components.is_empty();
    check_tracking(attempt, known, command.tracking)?;
    if !changes_kind && oversell_limit >= known.oversell_limit {
        return Ok(());
    }
    let stock = attempt.require_fresh(known.id)?;
    let is_expected = changes_kind && !attempt.incoming(known.id)?.is_empty();
    if changes_kind
        && (is_expected || !stock.waiting.is_empty() || stock.levels.iter().any(is_used))
    {
        return Err(Refusal::invalid(
            "/components",
            "cannot change between kit and simple item while there is stock, or supply is expected, or orders wait for it",
        )
        .into());
    }
    let claimed = |level: &Level| level.allocated + level.reserved - level.on_hand;
    match stock.levels.iter().map(claimed).max() {
        Some(oversold) if oversold > oversell_limit => Err(Refusal::invalid(
            "/oversell_limit",
            format!("must be at least {oversold}, which are oversold now"),
        )
        .into()),
        _ => Ok(()),
    }
}

/// Units that are there belong to no lot, and have no serial number, until they were counted out and taken in again.
fn check_tracking(attempt: &Attempt<'_>, known: &Item, tracking: Tracking) -> Result<(), Stop> {
    let told_apart = |tracking: Tracking| {
        let expires = tracking.lots.map(|lots| lots.expires);
        (expires, tracking.serials)
    };
    if told_apart(known.tracking) == told_apart(tracking) {
        return Ok(());
    }
    let stock = attempt.require_fresh(known.id)?;
    if stock.levels.iter().any(is_used) {
        return Err(Refusal::invalid(
            "/tracking",
            "cannot change while there is stock: count it to 0 everywhere, change it, and take the stock in again by its lots or serial numbers",
        )
        .into());
    }
    Ok(())
}

/// Whether there are units, or claims on units, at a location.
fn is_used(level: &Level) -> bool {
    let units = [
        level.on_hand,
        level.allocated,
        level.reserved,
        level.quarantined,
        level.damaged,
        level.in_transit,
    ];
    units.iter().any(|units| *units != 0)
}

#[cfg(test)]
mod tests {
    use crate::fixture::story;

    #[test]
    fn an_item_is_made_once_and_changed_by_its_sku() {
        story(
            r#"
                item A weight=0 cost=0 size=1x2x3
                answer                            > created, network 6
                item A                            > already_exists: item "A" exists already; change it with PUT, or choose another name
                item A ensure
                answer                            > ok, network 6
                item A change title=Apple oversell=2 weight=1000000000 cost=9007199254740991
                answer                            > ok, network 6
                item B change                     > not_found: there is no item B
                item B ensure
                answer                            > created, network 6
            "#,
        );
    }

    #[test]
    fn impossible_items_are_refused() {
        story(
            "
                item none                    > invalid_field: /sku must not be empty
                item LONG                    > invalid_field: /sku is 10001 bytes long; at most 100 are allowed
                item A title=none            > invalid_field: /title must not be empty
                item A title=LONG            > invalid_field: /title is 10001 bytes long; at most 255 are allowed
                item A weight=-1             > invalid_field: /weight_g must lie between 0 and 1000000000
                item A weight=1000000001     > invalid_field: /weight_g must lie between 0 and 1000000000
                item A size=1x-2x3           > invalid_field: /dimensions/width_mm must lie between 0 and 1000000000
                item A size=-1x2x3           > invalid_field: /dimensions/length_mm must lie between 0 and 1000000000
                item A size=1x2x1000000001   > invalid_field: /dimensions/height_mm must lie between 0 and 1000000000
                item A cost=-1               > invalid_field: /unit_cost_minor must not be negative, nor beyond 2^53 - 1
                item A cost=9007199254740992 > invalid_field: /unit_cost_minor must not be negative, nor beyond 2^53 - 1
                item A oversell=-1           > invalid_field: /oversell_limit must lie between 0 and 1000000000
                item A oversell=1000000001   > invalid_field: /oversell_limit must lie between 0 and 1000000000
            ",
        );
    }

    #[test]
    fn a_kit_is_made_of_simple_items_each_named_once() {
        story(
            r#"
                item K kit A=2 B=1
                item L kit A=0        > invalid_field: /components/0/quantity must lie between 1 and 1000000
                item L kit A=1000001  > invalid_field: /components/0/quantity must lie between 1 and 1000000
                item L kit ?X=1       > unknown_reference: /components/0/sku names the unknown SKU "?X"; create it first or correct the name
                item L kit K=1        > invalid_field: /components/0/sku must be a simple item, named once
                item L kit L=1        > unknown_reference: /components/0/sku names the unknown SKU "L"; create it first or correct the name
                item L kit A=1 A=2    > invalid_field: /components/1/sku must be a simple item, named once
                item K change kit A=1
                item K change
                item L kit A=1000000
                order L=1000          > order open; A 1000000000 backordered
                order L=1001          > invalid_field: /lines/0/quantity makes too many units of a component
            "#,
        );
    }

    #[test]
    fn a_kit_has_at_most_50_components() {
        let components = |count: usize| {
            let names: Vec<String> = (0..count).map(|number| format!("C{number}=1")).collect();
            names.join(" ")
        };
        story(&format!(
            "
                item K kit {}
                item L kit {} > invalid_field: /components at most 50 are allowed
            ",
            components(50),
            components(51)
        ));
    }

    #[test]
    fn an_item_with_stock_or_orders_stays_what_it_is() {
        story(
            r#"
                location L1
                stock A@L1=1
                item A change kit B=1 > invalid_field: /components cannot change between kit and simple item while there is stock, or supply is expected, or orders wait for it
                order A=1             > order open; F1@L1 open A:1 assigned; A@L1 1/1
                adjust A@L1=-1        > A 1 backordered; F1@L1 cancelled; A@L1 0/0
                item A change kit B=1 > invalid_field: /components cannot change between kit and simple item while there is stock, or supply is expected, or orders wait for it
                cancel                > order cancelled; A 1 cancelled
                item A change kit B=1
                order A=1             > order open; B 1 backordered
                stock A@L1=1          > invalid_field: /sku names the kit "A", which holds no stock; name its components
                item C oversell=1
                stock D@L1=1          > D@L1 1/0
                reserve D=1           > V1 active D@L1=1; D@L1 1/0 reserved 1
                item D change kit B=1 > invalid_field: /components cannot change between kit and simple item while there is stock, or supply is expected, or orders wait for it
                item K kit B=1
                order K=1             > order open; B 1 backordered
                item K change
            "#,
        );
    }

    #[test]
    fn units_may_be_oversold_up_to_the_limit_of_the_item() {
        story(
            r#"
                location L1
                item A oversell=2
                stock A@L1=1
                channel refuse
                order A=4                            > insufficient_stock: SKU "A" is short by 1; lower the quantity, receive stock, or, for an order, allow backorders on its channel
                order A=3                            > order open; F1@L1 open A:3 assigned; A@L1 1/3
                item A change oversell=1             > invalid_field: /oversell_limit must be at least 2, which are oversold now
                item A change oversell=2 title=Apple
                cancel A=1                           > A 1 cancelled; F1@L1 open A:2 assigned; A@L1 1/2
                item A change oversell=1
                item A change                        > invalid_field: /oversell_limit must be at least 1, which are oversold now
                channel backorder
                order A=2                            > order open; A 2 backordered
                item A change oversell=4             > F1@L1 open A:2 assigned; A@L1 1/4
            "#,
        );
    }
}

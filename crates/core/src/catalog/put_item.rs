//! Creating and changing items.

use std::sync::Arc;

use super::{Component, Dimensions, Gtin, Item};
use crate::command::PutMode;
use crate::decide::{Attempt, Stop};
use crate::decision::{Answer, Resource};
use crate::facts::{Claim, ClaimKey};
use crate::id::ItemId;
use crate::refusal::Refusal;
use crate::text;

/// Most components of a kit.
pub(super) const COMPONENTS_MAX: usize = 50;
/// Largest weight in grams, dimension in millimetres, and quantity of a component.
pub(super) const MEASURE_MAX: i64 = 1_000_000_000;

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
    /// Refuse if the SKU is taken (create) or unknown (change).
    pub mode: PutMode,
}

/// Creates or changes an item.
///
/// # Errors
/// Refuses invalid fields, a taken SKU on create, an unknown SKU on change, unknown components,
/// kits of kits, and turning an item with stock into a kit.
pub fn put_item(attempt: &mut Attempt<'_>, command: &PutItem) -> Result<Answer, Stop> {
    check(command)?;
    let known = attempt.item_by_sku(&command.sku)?.cloned();
    command.mode.check("item", &command.sku, known.is_some())?;
    let components = components(attempt, command)?;
    if let Some(known) = &known {
        check_change(attempt, known, &components, command.oversell_limit)?;
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

fn check(command: &PutItem) -> Result<(), Refusal> {
    text::required("/sku", &command.sku, text::SKU_MAX)?;
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
        return Err(Refusal::invalid("/unit_cost_minor", "must not be negative"));
    }
    measure("/oversell_limit", Some(command.oversell_limit))?;
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
    oversell_limit: i64,
) -> Result<(), Stop> {
    if known.is_kit() == components.is_empty() || oversell_limit < known.oversell_limit {
        let levels = &attempt.require_fresh(known.id)?.levels;
        if known.is_kit() == components.is_empty()
            && levels
                .iter()
                .any(|level| level.on_hand + level.allocated > 0)
        {
            return Err(Refusal::invalid(
                "/components",
                "cannot change between kit and simple item while there is stock",
            )
            .into());
        }
        if let Some(level) = levels
            .iter()
            .find(|level| level.allocated + level.reserved > level.on_hand + oversell_limit)
        {
            let oversold = level.allocated + level.reserved - level.on_hand;
            return Err(Refusal::invalid(
                "/oversell_limit",
                format!("must be at least {oversold}, which are oversold now"),
            )
            .into());
        }
    }
    Ok(())
}

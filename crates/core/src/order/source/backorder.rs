//! What the items themselves say of units that nobody has, when an order is placed: they may not wait, only so many may,
//! or only for units that are announced.

use smallvec::SmallVec;

use super::Want;
use crate::catalog::{Backorder, Item};
use crate::decide::{Attempt, Stop};
use crate::id::{ItemId, LineNo, OrderId};
use crate::inventory::{Asked, Known, availability};
use crate::network::{Intake, Shortage};
use crate::order::Order;
use crate::refusal::Refusal;

/// What a shortage of new units means, after the items were asked. Where mistakes are taken, nothing is refused: the
/// order is held instead.
///
/// # Errors
/// Refuses units that may not wait; stops when facts are missing.
pub(super) fn asked(
    attempt: &mut Attempt<'_>,
    id: OrderId,
    missing: &[(Want, i64)],
    shortage: Shortage,
) -> Result<Shortage, Stop> {
    if shortage != Shortage::Backorder {
        return Ok(shortage);
    }
    for (item, units) in by_item(missing) {
        let Some(refusal) = refused(attempt, id, item, units)? else {
            continue;
        };
        let channel = attempt.look_at(id)?.placed.channel;
        let channel = attempt.network().channel(channel);
        return match channel.map(|channel| channel.intake) {
            Some(Intake::Exceptions) => Ok(Shortage::Hold),
            Some(Intake::Strict) | None => Err(refusal.into()),
        };
    }
    Ok(shortage)
}

fn by_item(missing: &[(Want, i64)]) -> SmallVec<[(ItemId, i64); 4]> {
    let mut items: SmallVec<[(ItemId, i64); 4]> = SmallVec::new();
    for (want, units) in missing {
        let Some(item) = want.item else { continue };
        match items.iter_mut().find(|(known, _)| *known == item) {
            Some((_, sum)) => *sum += units,
            None => items.push((item, *units)),
        }
    }
    items
}

/// Why units may not wait, if they may not.
fn refused(
    attempt: &mut Attempt<'_>,
    id: OrderId,
    item: ItemId,
    units: i64,
) -> Result<Option<Refusal>, Stop> {
    let today = attempt.now().local_date("UTC");
    let known = attempt.item(item)?;
    let why = match known.selling.on(today) {
        Backorder::Open => None,
        Backorder::None if known.selling.discontinued => Some("it is discontinued".to_owned()),
        Backorder::None => Some("it is not backordered".to_owned()),
        Backorder::Limit(limit) => beyond_limit(attempt, item, units, limit)?,
        Backorder::SupplyBacked => beyond_supply(attempt, id, item, units)?,
    };
    if let Some(why) = why {
        return Ok(Some(refusal(known, units, why)));
    }
    of_kits(attempt, id, item, units)
}

fn refusal(item: &Item, short_by: i64, why: String) -> Refusal {
    Refusal::BackorderRefused {
        sku: item.sku.clone(),
        short_by,
        why,
        instead: item.selling.substitutes.clone(),
    }
}

fn beyond_limit(
    attempt: &mut Attempt<'_>,
    item: ItemId,
    units: i64,
    limit: i64,
) -> Result<Option<String>, Stop> {
    let waited = attempt.waited_that_decides(item)?;
    let is_beyond = waited + units > limit;
    Ok(is_beyond.then(|| format!("{waited} units wait already, and {limit} may")))
}

/// Units may wait as far as what is announced is not waited for yet.
fn beyond_supply(
    attempt: &mut Attempt<'_>,
    id: OrderId,
    item: ItemId,
    units: i64,
) -> Result<Option<String>, Stop> {
    attempt.waited_that_decides(item)?;
    let (levels, incoming) = (
        attempt.sellable_levels(item, Some(attempt.look_at(id)?.placed.channel))?,
        attempt.incoming(item)?,
    );
    let (waited, fences) = (attempt.waited(item)?, attempt.fences(item)?);
    let order = attempt.look_at(id)?;
    let channel = attempt.network().channel(order.placed.channel);
    let asked = Asked {
        network: attempt.network(),
        channel: channel.map(AsRef::as_ref),
        now: attempt.now(),
        min_confidence_percent: 0,
    };
    let known = Known {
        levels: &levels,
        lots: None,
        incoming: &incoming,
        waited: &waited,
        fences: &fences,
        exclusions: &attempt.exclusions(item)?,
    };
    let promised = availability(asked, known).atp.network.at_last();
    let served = open_units(order, item) - units;
    let free = (promised - served).max(0);
    Ok((units > free).then(|| format!("{free} units are announced that nobody waits for")))
}

fn open_units(order: &Order, item: ItemId) -> i64 {
    let lines = order.placed.lines.iter().zip(&order.progress.lines);
    let lines = lines.filter(|(line, _)| line.item == Some(item) && !line.is_kit);
    lines.map(|(_, state)| state.open).sum()
}

/// A kit that is given up, or is not backordered, does not wait for its components either.
fn of_kits(
    attempt: &Attempt<'_>,
    id: OrderId,
    item: ItemId,
    units: i64,
) -> Result<Option<Refusal>, Stop> {
    let today = attempt.now().local_date("UTC");
    let placed = &attempt.look_at(id)?.placed;
    let parts = placed.lines.iter().filter(|line| line.item == Some(item));
    let kits: SmallVec<[LineNo; 2]> = parts.filter_map(|line| line.kit).collect();
    for kit in kits {
        let Some(kit) = placed.line(kit).and_then(|line| line.item) else {
            continue;
        };
        let kit = attempt.item(kit)?;
        if kit.selling.on(today) == Backorder::None {
            let why = "it is not waited for".to_owned();
            return Ok(Some(refusal(kit, units, why)));
        }
    }
    Ok(None)
}

#[cfg(test)]
mod tests {
    use crate::fixture::story;

    #[test]
    fn units_of_an_item_that_is_not_backordered_are_refused() {
        story(
            r#"
                location L1
                item B
                item A backorder=none instead=B
                stock A@L1=2
                order A=3                     > backorder_refused: SKU "A" is short by 1: it is not backordered; lower the quantity, or order one of these instead: B
                order A=2                     > order open; F1@L1 open A:2 assigned; A@L1 2/2
                item A change discontinued
                order A=1                     > backorder_refused: SKU "A" is short by 1: it is discontinued; lower the quantity
                channel exceptions
                order A=1                     > order on_hold; A 1 open; H1 stock active (not in stock: 1 × A)
            "#,
        );
    }

    #[test]
    fn only_so_many_units_wait_as_the_item_allows() {
        story(
            r#"
                location L1
                item A backorder=5
                order A=3          > order open; A 3 backordered
                order A=3          > backorder_refused: SKU "A" is short by 3: 3 units wait already, and 5 may; lower the quantity
                order A=1 A=1      > order open; A 1 backordered; A#2 1 backordered
                order A=1          > backorder_refused: SKU "A" is short by 1: 5 units wait already, and 5 may; lower the quantity
                stock A@L1=4       > O1: F1@L1 open A:3 assigned; O3: F1@L1 open A:1 assigned; A@L1 4/4
            "#,
        );
    }

    #[test]
    fn a_preorder_waits_up_to_its_limit_until_the_launch() {
        story(
            r#"
                location L1
                item A launch=2026-01-07 preorders=2 backorder=none
                order A=2      > order open; A 2 backordered
                order A=1      > backorder_refused: SKU "A" is short by 1: 2 units wait already, and 2 may; lower the quantity
                wait 2880m
                order A=1      > backorder_refused: SKU "A" is short by 1: it is not backordered; lower the quantity
            "#,
        );
    }

    #[test]
    fn units_wait_for_what_is_announced_and_not_waited_for() {
        story(
            r#"
                location L1
                item A backorder=supply
                stock A@L1=2
                order A=3                   > backorder_refused: SKU "A" is short by 1: 0 units are announced that nobody waits for; lower the quantity
                expect A@L1=4 on=2026-01-20 > S1 open A@L1 0 of 4 by 2026-01-20 100%
                order A=5                   > order open; A 3 backordered; F1@L1 open A:2 assigned; A@L1 2/2
                order A=2                   > backorder_refused: SKU "A" is short by 2: 1 units are announced that nobody waits for; lower the quantity
                order A=1                   > order open; A 1 backordered
                order A=1                   > backorder_refused: SKU "A" is short by 1: 0 units are announced that nobody waits for; lower the quantity
            "#,
        );
    }

    #[test]
    fn a_kit_that_is_given_up_does_not_wait_for_its_components() {
        story(
            r#"
                location L1
                item K B=2 discontinued
                stock B@L1=3
                order K=2 > backorder_refused: SKU "K" is short by 1: it is not waited for; lower the quantity
                order K=1 > order open; F1@L1 open B:2 assigned; B@L1 3/2
            "#,
        );
    }
}

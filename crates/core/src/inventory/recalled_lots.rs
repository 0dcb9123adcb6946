//! What was allotted of lots that were recalled since is taken from other lots, where nobody has begun to pick it.

use crate::decide::{Attempt, Stop};
use crate::facts::Need;
use crate::id::{ItemId, OrderId};
use crate::order::source::{is_untouched, source_open};
use crate::order::{FulfilmentUnits, Order, Record, ReleaseReason, ReleasedLot};

/// Orders that are sourced again in one commit; the next one goes on.
const ORDERS_PER_COMMIT: usize = 25;

/// Takes recalled lots off the fulfilments that nobody has begun, bounded, and sources their units again: from other lots, or
/// they wait. What is being picked or was picked stays, and goes no further, until somebody decides.
///
/// # Errors
/// Stops when facts are missing.
pub(super) fn leave_recalled_lots(attempt: &mut Attempt<'_>, item: ItemId) -> Result<(), Stop> {
    if !attempt.network().recalls_lots_of(item) {
        return Ok(());
    }
    let orders = claiming(attempt, item)?;
    let missing: Vec<Need> = orders
        .iter()
        .filter(|id| matches!(attempt.look_at(**id), Err(Stop::Missing(_))))
        .map(|id| Need::Order(*id))
        .collect();
    if !missing.is_empty() {
        return Err(Stop::Missing(missing));
    }
    let mut served = 0;
    for id in orders {
        let lots = recalled(attempt, attempt.look_at(id)?, item);
        if lots.is_empty() {
            continue;
        }
        if served == ORDERS_PER_COMMIT {
            attempt.serve_later(item);
            return Ok(());
        }
        served += 1;
        let record = Record::UnitsReleased {
            units: units(&lots),
            reason: ReleaseReason::Resourced,
            excluded: None,
            cause: None,
            lots,
        };
        attempt.record(id, record)?;
        source_open(attempt, id)?;
    }
    Ok(())
}

/// The orders that claim units of recalled lots.
fn claiming(attempt: &Attempt<'_>, item: ItemId) -> Result<Vec<OrderId>, Stop> {
    attempt.require_fresh(item)?;
    let network = attempt.network();
    let recalled = attempt.lots(item)?.levels().iter().filter(|level| {
        level.allocated > 0 && network.recall_of_lot(item, &level.lot.code).is_some()
    });
    let mut locations: Vec<_> = recalled.map(|level| level.location).collect();
    locations.dedup();
    let mut orders = Vec::new();
    for location in locations {
        orders.extend(attempt.allocations(item, location)?);
    }
    orders.sort_unstable();
    orders.dedup();
    Ok(orders)
}

/// What an order claims of recalled lots in fulfilments that nobody has begun.
fn recalled(attempt: &Attempt<'_>, order: &Order, item: ItemId) -> Vec<ReleasedLot> {
    let network = attempt.network();
    let untouched = order
        .progress
        .fulfilments
        .iter()
        .filter(|one| is_untouched(one));
    let lots = untouched.flat_map(|fulfilment| {
        let lots = fulfilment.lots.iter().filter(|lot| lot.unpicked > 0);
        lots.map(move |lot| ReleasedLot {
            fulfilment: fulfilment.no,
            units: lot.clone(),
        })
    });
    let is_recalled = |lot: &ReleasedLot| {
        let line = order.placed.line(lot.units.line);
        let of_item = line.is_some_and(|line| line.item == Some(item));
        of_item && network.recall_of_lot(item, &lot.units.lot.code).is_some()
    };
    lots.filter(is_recalled).collect()
}

/// The units of these lots, by line.
fn units(lots: &[ReleasedLot]) -> Vec<FulfilmentUnits> {
    let mut units: Vec<FulfilmentUnits> = Vec::new();
    for lot in lots {
        let place = (lot.fulfilment, lot.units.line);
        match units
            .iter_mut()
            .find(|one| (one.fulfilment, one.line) == place)
        {
            Some(known) => known.assigned += lot.units.unpicked,
            None => units.push(FulfilmentUnits {
                fulfilment: lot.fulfilment,
                line: lot.units.line,
                assigned: lot.units.unpicked,
                picked: 0,
                packed: 0,
            }),
        }
    }
    units
}

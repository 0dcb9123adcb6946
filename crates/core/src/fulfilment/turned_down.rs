//! Units that a location turned down: they go back, and what that says of the goods is written down.

use super::variance::{Variance, exclude_items, part_oversold};
use crate::decide::{Attempt, Stop};
use crate::id::OrderId;
use crate::inventory::Cause;
use crate::network::LocationId;
use crate::order::escalate::escalate;
use crate::order::{FulfilmentUnits, Record, ReleaseReason, ReleasedLot};

/// Units that a location turned down, or did not find.
pub(super) struct TurnedDown {
    pub(super) location: LocationId,
    pub(super) units: Vec<FulfilmentUnits>,
    pub(super) cause: Cause,
    pub(super) variance: Variance,
    pub(super) exclude_days: u16,
    /// Of which lots, where somebody said so.
    pub(super) lots: Vec<ReleasedLot>,
}

/// Releases the units, corrects the stock, excludes the items there, and holds what was turned down too often. They are
/// to be sourced afterwards.
pub(super) fn turn_down(
    attempt: &mut Attempt<'_>,
    order: OrderId,
    what: TurnedDown,
) -> Result<(), Stop> {
    let (location, cause) = (what.location, what.cause);
    exclude_items(
        attempt,
        order,
        location,
        &what.units,
        (what.exclude_days, cause),
    )?;
    let (units, oversold) = match what.variance {
        Variance::None => (what.units, Vec::new()),
        _ => part_oversold(attempt, order, location, &what.units)?,
    };
    let parts = [
        (what.variance.release(), units),
        (ReleaseReason::StockShort, oversold),
    ];
    // Items with lots are not oversold: all of theirs is in the first of the two.
    let mut lots = what.lots;
    for (reason, units) in parts.into_iter().filter(|(_, units)| !units.is_empty()) {
        attempt.record(
            order,
            Record::UnitsReleased {
                units,
                reason,
                excluded: Some(location),
                cause: Some(cause),
                lots: std::mem::take(&mut lots),
            },
        )?;
    }
    escalate(attempt, order)
}

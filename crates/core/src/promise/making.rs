//! What is made for an order, where it is finished on another day than it was promised.

use crate::decide::{Attempt, Stop};
use crate::order::source::{self, Parcel};
use crate::order::{Order, Production, Route};

use super::slip::Slip;

/// The way of what is made, where it is another one than was promised, and why: the maker names another day, or the day is
/// over. What is late is expected on the maker's next working day.
///
/// # Errors
/// Stops when facts are missing.
pub(crate) fn made_otherwise(
    attempt: &Attempt<'_>,
    order: &Order,
    made: &Production,
) -> Result<Option<(Slip, Route)>, Stop> {
    let network = attempt.network();
    let location = network.location(made.location);
    let (Some(location), Some(line)) = (location, order.placed.line(made.line)) else {
        return Ok(None);
    };
    let today = location.local_time(attempt.now()).date();
    let expected = made.expected_on();
    let finished_on = if expected < today { today } else { expected };
    let Some(ready) = source::ready_on(attempt, location, finished_on) else {
        return Ok(None);
    };
    let before = made.route.leaves_on;
    // The carrier may leave on a later day than it is ready.
    let is_as_promised = expected >= today && made.due.is_none();
    if is_as_promised || before == Some(ready) {
        return Ok(None);
    }
    let parcel = Parcel {
        location,
        method: line.method,
        destination: order.placed.destination_of(line),
        ready,
        units: &[(made.item, made.quantity)],
        only: line.service,
        due: line.requested_date.or(made.route.keeps_on),
        together: order.progress.parcels_to_come(),
    };
    let route = source::way(attempt, parcel)?;
    if route == made.route {
        return Ok(None);
    }
    let slip = if route.leaves_on < before {
        Slip::ProductionSooner
    } else {
        Slip::ProductionLate
    };
    Ok(Some((slip, route)))
}

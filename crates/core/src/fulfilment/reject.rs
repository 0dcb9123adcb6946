//! The location says no; its units are sourced elsewhere in the same commit.

use crate::decide::{Attempt, Stop};
use crate::decision::{Answer, Resource};
use crate::id::{FulfilmentNo, OrderId};
use crate::network::LocationId;
use crate::order::source::source_open;
use crate::order::{Fulfilment, FulfilmentUnits, Order, Record, ReleaseReason, Verb, checks};
use crate::refusal::Refusal;
use crate::text;

/// A location rejects a fulfilment that has not left. It is not asked again for this order.
#[derive(Debug, Clone)]
pub struct RejectFulfilment {
    /// Which.
    pub fulfilment: FulfilmentNo,
    /// Why, in the caller's words.
    pub reason: String,
}

/// Rejects a fulfilment: its units go back, and are sourced without the location.
///
/// # Errors
/// Refuses an unknown fulfilment, a missing reason, one that left (even in part), and one that no location does.
pub fn reject_fulfilment(
    attempt: &mut Attempt<'_>,
    order: OrderId,
    command: &RejectFulfilment,
) -> Result<Answer, Stop> {
    let no = command.fulfilment;
    let (location, units) = check(attempt.order(order)?, command)?;
    let reason = ReleaseReason::Rejected;
    attempt.record(
        order,
        Record::UnitsReleased {
            units,
            reason,
            excluded: Some(location),
        },
    )?;
    let reason = command.reason.trim().to_owned();
    attempt.record(
        order,
        Record::FulfilmentRejected {
            fulfilment: no,
            reason,
        },
    )?;
    source_open(attempt, order)?;
    Ok(Answer::ok(Resource::Fulfilment(order, no)))
}

fn check(
    order: &Order,
    command: &RejectFulfilment,
) -> Result<(LocationId, Vec<FulfilmentUnits>), Refusal> {
    let fulfilment = checks::fulfilment(order, command.fulfilment, Verb::Reject)?;
    text::required("/reason", &command.reason, text::REASON_MAX)?;
    if fulfilment.total().left() > 0 {
        return Err(Refusal::illegal(
            Verb::Reject,
            "it has left; record its outcome or register a return",
        ));
    }
    match fulfilment.location {
        Some(location) => Ok((location, unshipped(fulfilment))),
        None => Err(Refusal::illegal(
            Verb::Reject,
            "no location was asked; cancel the lines",
        )),
    }
}

fn unshipped(fulfilment: &Fulfilment) -> Vec<FulfilmentUnits> {
    let units = fulfilment.lines.iter().map(|entry| FulfilmentUnits {
        fulfilment: fulfilment.no,
        line: entry.line,
        assigned: entry.units.assigned,
        picked: entry.units.picked,
        packed: entry.units.packed,
    });
    units.filter(|units| units.total() > 0).collect()
}

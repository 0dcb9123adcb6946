//! A visit is made at another time.

use super::book::{Wanted, time};
use crate::decide::{Attempt, Stop};
use crate::decision::{Answer, Resource};
use crate::id::{OrderId, VisitNo};
use crate::order::{Order, Record, Verb, Visit, VisitReason};
use crate::refusal::Refusal;

/// Books another time for a visit.
#[derive(Debug, Clone)]
pub struct RebookVisit {
    /// Which.
    pub visit: VisitNo,
    /// When; the first possible slot if nothing is said.
    pub wanted: Wanted,
}

/// Moves a visit to another slot; the one that it had is free again.
///
/// # Errors
/// Refuses an unknown visit, one that has ended, and a time at which nobody is free, or before the goods are there.
pub fn rebook_visit(
    attempt: &mut Attempt<'_>,
    id: OrderId,
    command: &RebookVisit,
) -> Result<Answer, Stop> {
    let order = attempt.order(id)?.clone();
    let visit = booked(&order, command.visit, Verb::Book)?;
    let time = time(attempt, &order, visit.line, &visit.after, &command.wanted)?;
    if time != visit.time {
        let record = Record::VisitMoved {
            visit: visit.no,
            time,
            reason: VisitReason::Asked,
        };
        attempt.record(id, record)?;
    }
    Ok(Answer::ok(Resource::Visit(id, command.visit)))
}

/// A visit that will be made.
///
/// # Errors
/// Refuses an unknown one, and one that has ended.
pub(super) fn booked(order: &Order, no: VisitNo, verb: Verb) -> Result<&Visit, Refusal> {
    let found = order.progress.visit(no).ok_or_else(|| Refusal::NotFound {
        what: "visit",
        name: no.of(order.id).to_string(),
    })?;
    if found.is_booked() {
        return Ok(found);
    }
    let why = format!("it is {} already; book a new one", found.state.as_str());
    Err(Refusal::illegal(verb, why))
}

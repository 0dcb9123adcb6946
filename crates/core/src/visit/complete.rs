//! The service was done: its line is fulfilled.

use super::rebook::booked;
use crate::decide::{Attempt, Stop};
use crate::decision::{Answer, Resource};
use crate::fulfilment::{OutcomeScope, RecordOutcome, record_outcome};
use crate::id::{OrderId, VisitNo};
use crate::order::{LineUnits, Outcome, Record, Verb};

/// A service was done.
#[derive(Debug, Clone)]
pub struct CompleteVisit {
    /// The visit in which.
    pub visit: VisitNo,
}

/// Records that the service of a visit was done: what is left of its line is delivered.
///
/// # Errors
/// Refuses an unknown visit and one that has ended.
pub fn complete_visit(
    attempt: &mut Attempt<'_>,
    id: OrderId,
    command: &CompleteVisit,
) -> Result<Answer, Stop> {
    let no = command.visit;
    let order = attempt.order(id)?;
    let line = booked(order, no, Verb::Complete)?.line;
    let open = order.progress.fulfilments.iter().filter_map(|one| {
        let quantity = one.units(line)?.assigned;
        (quantity > 0).then_some((one.no, LineUnits { line, quantity }))
    });
    let open: Vec<_> = open.collect();
    for (fulfilment, units) in open {
        let done = RecordOutcome {
            fulfilment,
            outcome: Outcome::Delivered,
            at: None,
            scope: OutcomeScope::Lines(vec![units]),
        };
        record_outcome(attempt, id, &done)?;
    }
    attempt.record(id, Record::VisitCompleted { visit: no })?;
    Ok(Answer::ok(Resource::Visit(id, no)))
}

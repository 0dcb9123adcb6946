//! Nobody was there, or nobody came.

use super::rebook::booked;
use crate::decide::{Attempt, Stop};
use crate::decision::{Answer, Resource};
use crate::id::{OrderId, VisitNo};
use crate::order::{Record, Verb};
use crate::text;

/// A visit was missed.
#[derive(Debug, Clone)]
pub struct MissVisit {
    /// Which.
    pub visit: VisitNo,
    /// Why, in the caller's words.
    pub reason: String,
}

/// Records that a visit was missed; its line waits for another one to be booked.
///
/// # Errors
/// Refuses an unknown visit, one that has ended, and a missing reason.
pub fn miss_visit(
    attempt: &mut Attempt<'_>,
    id: OrderId,
    command: &MissVisit,
) -> Result<Answer, Stop> {
    let no = command.visit;
    booked(attempt.order(id)?, no, Verb::Complete)?;
    text::required("/reason", &command.reason, text::REASON_MAX)?;
    let reason = command.reason.trim().to_owned();
    attempt.record(id, Record::VisitMissed { visit: no, reason })?;
    Ok(Answer::ok(Resource::Visit(id, no)))
}

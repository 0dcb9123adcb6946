//! What time does to holds: approvals that nobody decided go to another role, and then the order is cancelled; scorers that
//! do not answer are waited for no longer.

use super::approval::{Approval, Verdict, cancel_all};
use super::record_score::miss;
use crate::decide::{Attempt, Stop};
use crate::decision::{Answer, Resource};
use crate::id::{HoldNo, OrderId};
use crate::order::{Order, Record};
use crate::time::Millis;

/// Looks at the approvals and scorings of an order whose time has come. Doing it twice changes nothing more.
#[derive(Debug, Clone, Copy)]
pub struct ReviewHolds;

/// Lets approvals escalate and run out, gives up scorers that are silent, and asks to be called again when the next one is due.
///
/// # Errors
/// Stops when facts are missing.
pub fn review_holds(
    attempt: &mut Attempt<'_>,
    id: OrderId,
    _command: &ReviewHolds,
) -> Result<Answer, Stop> {
    let now = attempt.now();
    for (hold, until) in to_score(attempt.order(id)?) {
        if until <= now {
            miss(attempt, id, hold)?;
        }
    }
    for (hold, approval) in pending(attempt.order(id)?) {
        if approval.expires_at.is_some_and(|at| at <= now) {
            let record = Record::ApprovalDecided {
                hold,
                verdict: Verdict::Expired,
                role: None,
                reason: None,
            };
            attempt.record(id, record)?;
            cancel_all(attempt, id, "nobody decided in time")?;
            return Ok(Answer::ok(Resource::Order(id)));
        }
        let escalates = approval
            .escalates
            .filter(|escalates| !escalates.is_done && escalates.at <= now);
        if let Some(escalates) = escalates {
            let role = escalates.role;
            attempt.record(id, Record::ApprovalEscalated { hold, role })?;
        }
    }
    review_later(attempt, id)?;
    Ok(Answer::ok(Resource::Order(id)))
}

/// Asks for a review when the next approval or answer is due.
pub(super) fn review_later(attempt: &mut Attempt<'_>, id: OrderId) -> Result<(), Stop> {
    let order = attempt.order(id)?;
    let due: Option<Millis> = pending(order)
        .into_iter()
        .filter_map(|(_, approval)| approval.next_at())
        .chain(to_score(order).into_iter().map(|(_, until)| until))
        .min();
    if let Some(at) = due {
        attempt.review_later(id, at);
    }
    Ok(())
}

/// Holds that wait for a scorer, and until when.
fn to_score(order: &Order) -> Vec<(HoldNo, Millis)> {
    if order.progress.cancelled.is_some() {
        return Vec::new();
    }
    let holds = order.progress.active_holds();
    let waiting = holds.filter_map(|hold| Some((hold.no, hold.scoring.as_ref()?)));
    waiting
        .filter(|(_, scoring)| scoring.is_awaited())
        .map(|(no, scoring)| (no, scoring.until))
        .collect()
}

fn pending(order: &Order) -> Vec<(HoldNo, Approval)> {
    if order.progress.cancelled.is_some() {
        return Vec::new();
    }
    let holds = order.progress.active_holds();
    holds
        .filter_map(|hold| Some((hold.no, hold.approval.clone()?)))
        .filter(|(_, approval)| approval.verdict.is_none())
        .collect()
}

//! What several verbs of production orders check.

use jiff::civil::Date;

use crate::decide::{Attempt, Stop};
use crate::id::{OrderId, ProductionNo};
use crate::order::{Order, Production, ProductionState, Record, Verb, checks};
use crate::promise::made_otherwise;
use crate::refusal::Refusal;

/// A production order that is still to be finished.
///
/// # Errors
/// Refuses an unknown one, and one that has ended.
pub(super) fn open(order: &Order, no: ProductionNo, verb: Verb) -> Result<&Production, Refusal> {
    let name = || no.of(order.id).to_string();
    let found = order.progress.production(no);
    let found = found.ok_or_else(|| Refusal::NotFound {
        what: "production order",
        name: name(),
    })?;
    let why = match found.state {
        ProductionState::Requested
        | ProductionState::Accepted
        | ProductionState::Started { .. } => return Ok(found),
        ProductionState::Completed { .. } => "it was completed before",
        ProductionState::Rejected { .. } => "it was rejected before",
        ProductionState::Cancelled { .. } => {
            "its units are not wanted any more; take in what was made all the same as stock"
        }
    };
    Err(Refusal::illegal(verb, why))
}

/// The same, where no hold blocks the verb for its line.
///
/// # Errors
/// Refuses, too, while a hold is active that blocks the verb.
pub(super) fn workable(
    order: &Order,
    no: ProductionNo,
    verb: Verb,
) -> Result<&Production, Refusal> {
    let found = open(order, no, verb)?;
    checks::refuse_if_held(order, verb, verb, |line| line == found.line)?;
    Ok(found)
}

/// Refuses a day of finishing that is past at the maker.
pub(super) fn check_due(
    attempt: &Attempt<'_>,
    made: &Production,
    due: Option<Date>,
) -> Result<(), Refusal> {
    checks::requested_date("/due", due)?;
    let location = attempt.network().location(made.location);
    let today = location.map(|location| location.local_time(attempt.now()).date());
    match due.zip(today) {
        Some((day, today)) if day < today => {
            let problem = format!("lies before {today}, which is today at the location");
            Err(Refusal::invalid("/due", problem))
        }
        _ => Ok(()),
    }
}

/// Promises anew what the maker finishes on another day than was promised.
pub(super) fn promise_again(
    attempt: &mut Attempt<'_>,
    id: OrderId,
    no: ProductionNo,
) -> Result<(), Stop> {
    let order = attempt.order(id)?.clone();
    let Some(made) = order.progress.production(no) else {
        return Ok(());
    };
    let Some((reason, route)) = made_otherwise(attempt, &order, made)? else {
        return Ok(());
    };
    attempt.record(
        id,
        Record::PromiseChanged {
            reason,
            routes: Vec::new(),
            lines: Vec::new(),
            awaited: Vec::new(),
            productions: vec![(no, route)],
        },
    )
}

//! The maker begins.

use jiff::civil::Date;

use super::checks::{check_due, promise_again, workable};
use crate::decide::{Attempt, Stop};
use crate::decision::{Answer, Resource};
use crate::id::{OrderId, ProductionNo};
use crate::order::{ProductionState, Record, Verb};
use crate::refusal::Refusal;

/// A maker begins a production order.
#[derive(Debug, Clone)]
pub struct StartProduction {
    /// Which.
    pub production: ProductionNo,
    /// The local day on which it will be finished; as it was said before if absent.
    pub due: Option<Date>,
}

/// Begins a production order: from now on it goes on even if the order is cancelled, and what it makes is free then.
///
/// # Errors
/// Refuses an unknown production order, one that has begun or ended, a held one, and a day that is past.
pub fn start_production(
    attempt: &mut Attempt<'_>,
    id: OrderId,
    command: &StartProduction,
) -> Result<Answer, Stop> {
    let no = command.production;
    let made = workable(attempt.order(id)?, no, Verb::Start)?.clone();
    if let ProductionState::Started { .. } = made.state {
        let why = "it has begun before; complete it";
        return Err(Refusal::illegal(Verb::Start, why).into());
    }
    check_due(attempt, &made, command.due)?;
    let due = command.due.filter(|due| *due != made.expected_on());
    let production = no;
    attempt.record(id, Record::ProductionStarted { production, due })?;
    promise_again(attempt, id, no)?;
    Ok(Answer::ok(Resource::Production(id, no)))
}

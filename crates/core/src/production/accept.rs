//! The maker says yes.

use jiff::civil::Date;

use super::checks::{check_due, promise_again, workable};
use crate::decide::{Attempt, Stop};
use crate::decision::{Answer, Resource};
use crate::id::{OrderId, ProductionNo};
use crate::order::{ProductionState, Record, Verb, checks};
use crate::refusal::Refusal;
use crate::text;

/// A maker accepts a production order.
#[derive(Debug, Clone)]
pub struct AcceptProduction {
    /// Which.
    pub production: ProductionNo,
    /// The maker's own name for it.
    pub reference: Option<String>,
    /// The local day on which it will be finished; as it was planned if absent.
    pub due: Option<Date>,
}

/// Accepts a production order. Where it will be finished on another day than was planned, the order is promised anew.
///
/// # Errors
/// Refuses an unknown production order, one that was answered already, a held one, and a day that is past.
pub fn accept_production(
    attempt: &mut Attempt<'_>,
    id: OrderId,
    command: &AcceptProduction,
) -> Result<Answer, Stop> {
    let no = command.production;
    let made = workable(attempt.order(id)?, no, Verb::Accept)?.clone();
    if made.state != ProductionState::Requested {
        let why = "the maker accepted it before; complete it";
        return Err(Refusal::illegal(Verb::Accept, why).into());
    }
    let reference = command.reference.as_deref();
    text::optional("/reference", reference, text::REFERENCE_MAX)?;
    check_due(attempt, &made, command.due)?;
    attempt.record(
        id,
        Record::ProductionAccepted {
            production: no,
            reference: checks::given(command.reference.as_ref()),
            due: command.due.filter(|due| *due != made.day),
        },
    )?;
    promise_again(attempt, id, no)?;
    Ok(Answer::ok(Resource::Production(id, no)))
}

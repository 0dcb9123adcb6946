//! Ready to be collected.

use crate::decide::{Attempt, Stop};
use crate::decision::{Answer, Resource};
use crate::id::{FulfilmentNo, OrderId};
use crate::order::{Order, Record, Verb, checks};
use crate::refusal::Refusal;

/// Everything of a pickup fulfilment is picked; the customer may come.
#[derive(Debug, Clone)]
pub struct MarkReady {
    /// Which.
    pub fulfilment: FulfilmentNo,
}

/// Marks a pickup fulfilment as ready to be collected.
///
/// # Errors
/// Refuses an unknown fulfilment, one that is not collected, one that is not all picked or ready before, and a held one.
pub fn mark_ready(
    attempt: &mut Attempt<'_>,
    order: OrderId,
    command: &MarkReady,
) -> Result<Answer, Stop> {
    check(attempt.order(order)?, command.fulfilment)?;
    attempt.record(
        order,
        Record::ReadyForPickup {
            fulfilment: command.fulfilment,
        },
    )?;
    Ok(Answer::ok(Resource::Fulfilment(order, command.fulfilment)))
}

fn check(order: &Order, no: FulfilmentNo) -> Result<(), Refusal> {
    let fulfilment = checks::collectable(order, no, Verb::Ready)?;
    let sum = fulfilment.total();
    if sum.unshipped() == 0 {
        return Err(Refusal::illegal(
            Verb::Ready,
            "the customer has collected it",
        ));
    }
    if fulfilment.ready_at.is_some() {
        return Err(Refusal::illegal(
            Verb::Ready,
            "it is ready; record when the customer picks it up",
        ));
    }
    if sum.assigned > 0 {
        return Err(Refusal::illegal(
            Verb::Ready,
            format!(
                "{} of its units are not picked; pick them first",
                sum.assigned
            ),
        ));
    }
    checks::refuse_if_any_held(order, fulfilment, Verb::Ready)
}

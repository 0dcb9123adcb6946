//! The customer collects a pickup fulfilment; on hand falls.

use crate::decide::{Attempt, Stop};
use crate::decision::{Answer, Resource};
use crate::id::{FulfilmentNo, OrderId};
use crate::order::{Order, Record, Verb, checks};
use crate::refusal::Refusal;

/// The customer collects everything of a pickup fulfilment.
#[derive(Debug, Clone)]
pub struct CollectFulfilment {
    /// Which.
    pub fulfilment: FulfilmentNo,
}

/// Records that the customer collected a fulfilment that was ready.
///
/// # Errors
/// Refuses an unknown fulfilment, one that is not collected, one that is not ready or was collected before, and a
/// held one.
pub fn collect_fulfilment(
    attempt: &mut Attempt<'_>,
    order: OrderId,
    command: &CollectFulfilment,
) -> Result<Answer, Stop> {
    check(attempt.order(order)?, command.fulfilment)?;
    attempt.record(
        order,
        Record::PickedUp {
            fulfilment: command.fulfilment,
        },
    )?;
    Ok(Answer::ok(Resource::Fulfilment(order, command.fulfilment)))
}

fn check(order: &Order, no: FulfilmentNo) -> Result<(), Refusal> {
    let fulfilment = checks::collectable(order, no, Verb::Pickup)?;
    if fulfilment.total().unshipped() == 0 {
        return Err(Refusal::illegal(
            Verb::Pickup,
            "the customer has collected it",
        ));
    }
    if fulfilment.ready_at.is_none() {
        return Err(Refusal::illegal(
            Verb::Pickup,
            "it is not ready; pick everything and mark it ready first",
        ));
    }
    checks::refuse_if_any_held(order, fulfilment, Verb::Pickup)
}

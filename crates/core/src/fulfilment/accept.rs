//! The location says yes.

use crate::decide::{Attempt, Stop};
use crate::decision::{Answer, Resource};
use crate::id::{FulfilmentNo, OrderId};
use crate::order::{Order, Record, RequestStatus, Verb, checks};
use crate::refusal::Refusal;

/// A location that has to be asked accepts a fulfilment.
#[derive(Debug, Clone)]
pub struct AcceptFulfilment {
    /// Which.
    pub fulfilment: FulfilmentNo,
}

/// Accepts a fulfilment, which may then be picked.
///
/// # Errors
/// Refuses an unknown fulfilment, one that nobody asked the location about or that it answered already, and a held one.
pub fn accept_fulfilment(
    attempt: &mut Attempt<'_>,
    order: OrderId,
    command: &AcceptFulfilment,
) -> Result<Answer, Stop> {
    check(attempt.order(order)?, command.fulfilment)?;
    attempt.record(
        order,
        Record::FulfilmentAccepted {
            fulfilment: command.fulfilment,
        },
    )?;
    Ok(Answer::ok(Resource::Fulfilment(order, command.fulfilment)))
}

fn check(order: &Order, no: FulfilmentNo) -> Result<(), Refusal> {
    let fulfilment = checks::fulfilment(order, no, Verb::Accept)?;
    match fulfilment.request {
        RequestStatus::Submitted => checks::refuse_if_any_held(order, fulfilment, Verb::Accept),
        RequestStatus::Unsubmitted => Err(Refusal::illegal(
            Verb::Accept,
            "the location does not have to accept; pick it right away",
        )),
        RequestStatus::Accepted => Err(Refusal::illegal(
            Verb::Accept,
            "the location accepted it before; pick it",
        )),
        RequestStatus::Rejected => Err(Refusal::illegal(
            Verb::Accept,
            "the location rejected it; source the order again",
        )),
        RequestStatus::CancellationRequested => Err(Refusal::illegal(
            Verb::Accept,
            "the location was asked to stop; wait for its answer",
        )),
    }
}

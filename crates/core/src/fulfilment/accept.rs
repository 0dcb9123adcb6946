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
    checks::refuse_if_scheduled(fulfilment, Verb::Accept)?;
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

#[cfg(test)]
mod tests {
    use crate::fixture::story;

    #[test]
    fn a_location_that_was_asked_accepts_once() {
        story(
            "
                location L1 3pl
                stock A@L1=5
                order A=3       > order open; F1@L1 open (submitted) A:3 assigned; A@L1 5/3
                pick F1         > illegal_transition: cannot pick now: the location was asked and has not answered; accept it first
                accept F1       > order in_progress; F1@L1 open (accepted) A:3 assigned
                accept F1       > illegal_transition: cannot accept now: the location accepted it before; pick it
                accept F9       > not_found: there is no fulfilment ?
                pick F1         > F1@L1 picked (accepted) A:3 picked
            ",
        );
    }

    #[test]
    fn an_accept_that_is_not_needed_is_refused() {
        story(
            "
                location L1
                stock A@L1=5
                order A=3 B=1:digital > order open; F1@L1 open A:3 assigned; F2 open B:1 assigned; A@L1 5/3
                accept F1             > illegal_transition: cannot accept now: the location does not have to accept; pick it right away
                accept F2             > illegal_transition: cannot accept now: the location does not have to accept; pick it right away
                cancel                > order cancelled; A 3 cancelled; B 1 cancelled; F1@L1 cancelled; F2 cancelled; A@L1 5/0
                accept F1             > illegal_transition: cannot accept now: the fulfilment is cancelled and has no units; use the fulfilment that has them now
            ",
        );
    }

    #[test]
    fn a_hold_on_the_order_or_on_a_line_blocks_accepting() {
        story(
            "
                location L1 supplier
                stock A@L1=5
                stock B@L1=5
                order A=3 B=1        > order open; F1@L1 open (submitted) A:3 assigned B:1 assigned; A@L1 5/3; B@L1 5/1
                hold fraud looks odd > order on_hold; F1@L1 on_hold (submitted) A:3 assigned B:1 assigned; H1 fraud active (looks odd)
                accept F1            > on_hold: cannot accept while the fraud hold H1 is active (looks odd); release it first
                release H1           > order open; F1@L1 open (submitted) A:3 assigned B:1 assigned; H1 fraud released (looks odd)
                hold manual wait : B > order on_hold; F1@L1 on_hold (submitted) A:3 assigned B:1 assigned; H2 manual active B (wait)
                accept F1            > on_hold: cannot accept while the manual hold H2 is active (wait); release it first
                cancel B=1           > B 1 cancelled; F1@L1 open (submitted) A:3 assigned; B@L1 5/0
                accept F1            > F1@L1 open (accepted) A:3 assigned
            ",
        );
    }
}

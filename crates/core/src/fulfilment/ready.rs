//! Ready to be collected.

use crate::decide::{Attempt, Stop};
use crate::decision::{Answer, Resource};
use crate::id::{FulfilmentNo, OrderId};
use crate::order::{Fulfilment, Order, Record, Verb, checks};
use crate::refusal::Refusal;

/// Everything of a pickup fulfilment is picked; the customer may come.
#[derive(Debug, Clone)]
pub struct MarkReady {
    /// Which.
    pub fulfilment: FulfilmentNo,
}

/// Marks a pickup fulfilment as ready to be collected; one that is sent to the store has arrived there.
///
/// # Errors
/// Refuses an unknown fulfilment, one that is not collected, one that is not all picked or ready before, and a held one.
pub fn mark_ready(
    attempt: &mut Attempt<'_>,
    order: OrderId,
    command: &MarkReady,
) -> Result<Answer, Stop> {
    check(attempt.order(order)?, command.fulfilment)?;
    crate::catalog::refuse_recalled(attempt, order, command.fulfilment)?;
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
    if fulfilment.goes_to_store() {
        return check_arrival(order, fulfilment);
    }
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

/// What is sent to the store is ready once it has arrived there.
fn check_arrival(order: &Order, fulfilment: &Fulfilment) -> Result<(), Refusal> {
    let why = if fulfilment.total().unshipped() > 0 {
        "it is sent to the store first; ship it, and mark it ready when it has arrived"
    } else if fulfilment.total().shipped == 0 {
        "nothing of it is on its way to the store any more"
    } else if fulfilment.ready_at.is_some() {
        "it is ready; record when the customer picks it up"
    } else {
        return checks::refuse_if_any_held(order, fulfilment, Verb::Ready);
    };
    Err(Refusal::illegal(Verb::Ready, why))
}

#[cfg(test)]
mod tests {
    use crate::fixture::story;

    #[test]
    fn a_pickup_is_ready_once_everything_is_picked() {
        story(
            "
                location L1 store
                stock A@L1=9
                order A=2:pickup@L1 > order open; F1@L1 open A:2 assigned; A@L1 9/2
                ready F1            > illegal_transition: cannot ready now: 2 of its units are not picked; pick them first
                pick F1 A=1         > order in_progress; F1@L1 picking A:1 assigned+1 picked
                ready F1            > illegal_transition: cannot ready now: 1 of its units are not picked; pick them first
                pick F1             > F1@L1 picked A:2 picked
                ready F1            > F1@L1 ready_for_pickup A:2 picked
                ready F1            > illegal_transition: cannot ready now: it is ready; record when the customer picks it up
                pack F1             > F1@L1 ready_for_pickup A:2 packed; F1 P1 A=2
                ready F9            > not_found: there is no fulfilment ?
            ",
        );
    }

    #[test]
    fn only_pickups_become_ready() {
        story(
            "
                location L1
                location L2 3pl
                stock A@L1=9
                stock B@L2=9
                order A=2 B=1:pickup@L2 C=1:digital > order open; F1@L1 open A:2 assigned; F2@L2 open (submitted) B:1 assigned; F3 open C:1 assigned; A@L1 9/2; B@L2 9/1
                pick F1                             > order in_progress; F1@L1 picked A:2 picked
                ready F1                            > illegal_transition: cannot ready now: it is not collected by the customer; ship it
                ready F2                            > illegal_transition: cannot ready now: the location was asked and has not answered; accept it first
                ready F3                            > illegal_transition: cannot ready now: digital and service fulfilments are not picked, packed or shipped; record them as delivered
            ",
        );
    }

    #[test]
    fn a_hold_blocks_getting_ready() {
        story(
            "
                location L1 store
                stock A@L1=9
                order A=2:pickup@L1       > order open; F1@L1 open A:2 assigned; A@L1 9/2
                pick F1                   > order in_progress; F1@L1 picked A:2 picked
                hold payment not paid : A > order on_hold; F1@L1 on_hold A:2 picked; H1 payment active A (not paid)
                ready F1                  > on_hold: cannot ready while the payment hold H1 is active (not paid); release it first
                release H1                > order in_progress; F1@L1 picked A:2 picked; H1 payment released A (not paid)
                ready F1                  > F1@L1 ready_for_pickup A:2 picked
            ",
        );
    }
}

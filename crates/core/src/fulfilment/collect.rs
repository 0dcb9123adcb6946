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
    crate::catalog::refuse_recalled(attempt, order, command.fulfilment)?;
    super::lots::refuse_expired(attempt, order, command.fulfilment)?;
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
    if fulfilment.total().unshipped() == 0 && !fulfilment.left_for_store() {
        return Err(Refusal::illegal(
            Verb::Pickup,
            "the customer has collected it",
        ));
    }
    if fulfilment.ready_at.is_none() {
        let why = match fulfilment.goes_to_store() {
            true => "it has not arrived; ship it to the store and mark it ready there first",
            false => "it is not ready; pick everything and mark it ready first",
        };
        return Err(Refusal::illegal(Verb::Pickup, why));
    }
    checks::refuse_if_any_held(order, fulfilment, Verb::Pickup)
}

#[cfg(test)]
mod tests {
    use crate::fixture::story;

    #[test]
    fn the_customer_collects_what_is_ready_and_stock_falls() {
        story(
            "
                location L1 store
                stock A@L1=9
                stock B@L1=9
                order A=2:pickup@L1 B=1:pickup@L1 > order open; F1@L1 open A:2 assigned B:1 assigned; A@L1 9/2; B@L1 9/1
                collect F1                        > illegal_transition: cannot pickup now: it is not ready; pick everything and mark it ready first
                pick F1                           > order in_progress; F1@L1 picked A:2 picked B:1 picked
                collect F1                        > illegal_transition: cannot pickup now: it is not ready; pick everything and mark it ready first
                pack F1 B=1                       > F1@L1 picked A:2 picked B:1 packed; F1 P1 B=1
                ready F1                          > F1@L1 ready_for_pickup A:2 picked B:1 packed
                collect F1                        > order delivered; F1@L1 picked_up A:2 delivered B:1 delivered; A@L1 7/0; B@L1 8/0
                journal                           > picked_up
                collect F1                        > illegal_transition: cannot pickup now: the customer has collected it
                ready F1                          > illegal_transition: cannot ready now: the customer has collected it
                collect F9                        > not_found: there is no fulfilment ?
            ",
        );
    }

    #[test]
    fn only_pickups_are_collected() {
        story(
            "
                location L1
                stock A@L1=9
                order A=2 B=1:service > order open; F1@L1 open A:2 assigned; F2 open B:1 assigned; A@L1 9/2
                collect F1            > illegal_transition: cannot pickup now: it is not collected by the customer; ship it
                collect F2            > illegal_transition: cannot pickup now: digital and service fulfilments are not picked, packed or shipped; record them as delivered
            ",
        );
    }

    #[test]
    fn a_hold_blocks_collecting() {
        story(
            "
                location L1 store
                stock A@L1=9
                order A=2:pickup@L1               > order open; F1@L1 open A:2 assigned; A@L1 9/2
                pick F1                           > order in_progress; F1@L1 picked A:2 picked
                ready F1                          > F1@L1 ready_for_pickup A:2 picked
                hold fraud ask for identification > order on_hold; F1@L1 on_hold A:2 picked; H1 fraud active (ask for identification)
                collect F1                        > on_hold: cannot pickup while the fraud hold H1 is active (ask for identification); release it first
                release H1                        > order in_progress; F1@L1 ready_for_pickup A:2 picked; H1 fraud released (ask for identification)
                collect F1                        > order delivered; F1@L1 picked_up A:2 delivered; A@L1 7/0
            ",
        );
    }
}

//! Shipping to store: what a store lacks of what is collected there is sent to it first.

use super::{Party, Scope, Want};
use crate::network::{AcceptedMethod, Location, Network};
use crate::order::Method;
use crate::party::Destination;

/// What others may send to the store where the party is collected, of what the store lacks; none where nothing is
/// lacking, or the store does not say that it takes parcels.
pub(super) fn rest(
    network: &Network,
    scope: Scope<'_>,
    party: &Party,
    missing: &[(Want, i64)],
) -> Option<Party> {
    let is_collected = party.method == Method::Pickup && !missing.is_empty();
    let store = party.bound_to.filter(|_| is_collected)?;
    let store = network.location(store)?;
    // Whoever waits in the queue of one store waits for what comes there.
    let may_be_sent = scope.next_waiting().is_none() && !matches!(scope, Scope::These(_));
    if !may_be_sent || !store.methods.contains(&AcceptedMethod::ShipToStore) {
        return None;
    }
    let lacking = missing.iter().map(|(want, quantity)| Want {
        quantity: *quantity,
        ..want.clone()
    });
    Some(Party {
        bound_to: None,
        collect_at: Some(store.id),
        destination: destination(store),
        wants: lacking.collect(),
        ..party.clone()
    })
}

fn destination(store: &Location) -> Destination {
    let address = store.address.destination();
    let place = store.place();
    Destination {
        decidegrees: place.map(|located| located.point.decidegrees()),
        located_by: place.map(|located| located.by).unwrap_or_default(),
        ..address
    }
}

#[cfg(test)]
mod tests {
    use crate::fixture::story;

    #[test]
    fn what_the_store_lacks_is_sent_to_it_and_collected_there() {
        story(
            "
                location W
                location S store methods=ship,pickup,store
                stock A@W=9
                stock A@S=1
                order A=3:pickup@S > order open; F1@S open A:1 assigned; F2@W open A:2 assigned for@S; A@S 1/1; A@W 9/2
                why                > A: chosen S not_the_pickup_location W; A: chosen W collected_there S
                ready F2           > illegal_transition: cannot ready now: it is sent to the store first; ship it, and mark it ready when it has arrived
                pick F2            > order in_progress; F2@W picked A:2 picked for@S
                ship F2            > illegal_transition: cannot ship now: none of its units is packed; pack first
                ready F2           > illegal_transition: cannot ready now: it is sent to the store first; ship it, and mark it ready when it has arrived
                pack F2            > F2@W packed A:2 packed for@S; F2 P1 A=2
                deliver F2         > illegal_transition: cannot deliver now: the customer collects it at the store; mark it ready when it has arrived, then picked up
                ship F2            > F2@W shipped A:2 shipped for@S; F2 left with post; A@W 7/0
                collect F2         > illegal_transition: cannot pickup now: it has not arrived; ship it to the store and mark it ready there first
                deliver F2         > illegal_transition: cannot deliver now: the customer collects it at the store; mark it ready when it has arrived, then picked up
                ready F2           > F2@W ready_for_pickup A:2 shipped for@S
                ready F2           > illegal_transition: cannot ready now: it is ready; record when the customer picks it up
                actions            > amend, cancel, hold, note, tag, priority, pay
                collect F2         > F2@W picked_up A:2 delivered for@S
                journal            > picked_up
                pick F1            > F1@S picked A:1 picked
                ready F1           > F1@S ready_for_pickup A:1 picked
                collect F1         > order delivered; F1@S picked_up A:1 delivered; A@S 0/0
                return A=2         > R1 requested RL1:A=2
            ",
        );
    }

    #[test]
    fn what_is_recalled_after_it_was_sent_is_not_handed_over() {
        story(
            r#"
                location W
                location S store methods=ship,pickup,store
                stock A@W=9
                order A=1:pickup@S > order open; F1@W open A:1 assigned for@S; A@W 9/1
                pick F1            > order in_progress; F1@W picked A:1 picked for@S
                pack F1            > F1@W packed A:1 packed for@S; F1 P1 A=1
                ship F1            > order shipped; F1@W shipped A:1 shipped for@S; F1 left with post; A@W 8/0
                ready F1           > F1@W ready_for_pickup A:1 shipped for@S
                recall A splinters > nothing changes
                collect F1         > recalled: SKU "A" is recalled (splinters); cancel its units, or lift the recall
                lift A             > nothing changes
                collect F1         > order delivered; F1@W picked_up A:1 delivered for@S
            "#,
        );
    }

    #[test]
    fn a_parcel_that_never_comes_to_the_store_is_lost() {
        story(
            "
                location W
                location S store methods=pickup,store
                stock A@W=9
                order A=3:pickup@S            > order open; F1@W open A:3 assigned for@S; A@W 9/3
                move F1 to=S                  > illegal_transition: cannot move now: the customer collects it there; amend the lines to be collected elsewhere
                reject F1 full                > A 3 backordered; F1@W cancelled (rejected) for@S; A@W 9/0
                order A=2:pickup@S            > order open; F1@W open A:2 assigned for@S; A@W 9/2
                pick F1                       > order in_progress; F1@W picked A:2 picked for@S
                pack F1 A=1 | A=1             > F1@W packed A:2 packed for@S; F1 P1 A=1; F1 P2 A=1
                ship F1 P1                    > F1@W shipped A:1 shipped for@S; F1 left with post; F2@W packed A:1 packed for@S; F2 P2 A=1; A@W 8/1
                merge F1 with=F2              > illegal_transition: cannot merge now: one of them has left
                ready F1                      > F1@W ready_for_pickup A:1 shipped for@S
                deliver F1 lost               > F1@W incomplete A:1 lost for@S; F1 P1 A=1 lost
                ship F2                       > order shipped; F2@W shipped A:1 shipped for@S; F2 left with post; A@W 7/0
                ready F2                      > F2@W ready_for_pickup A:1 shipped for@S
                deliver F2 returned_to_sender > F2@W incomplete A:1 returned_to_sender for@S; F2 P2 A=1 returnedtosender
            ",
        );
    }

    #[test]
    fn only_a_store_that_says_so_is_sent_anything() {
        story(
            "
                location W
                location V serves=FR
                location S store
                location T store methods=pickup,store at=48.1,11.6
                stock A@W=2
                stock A@V=9
                order A=3:pickup@S > order open; A 3 backordered
                order A=3:pickup@T > order open; A 1 backordered; F1@W open A:2 assigned for@T; A@W 2/2
                stock A@W=9        > A@W 11/2
                source             > F1@W open A:3 assigned for@T; A@W 11/3
            ",
        );
    }

    #[test]
    fn what_is_ordered_at_a_till_is_sent_from_elsewhere() {
        story(
            "
                location S store methods=ship,pickup,store
                location W
                put-channel till till=S
                stock A@S=5
                stock A@W=4
                order A=3 channel=till          > order open; F1@W open A:3 assigned; A@W 4/3
                why                             > A: chosen W at_the_till S
                order A=1:pickup@S channel=till > order open; F1@S open A:1 assigned; A@S 5/1
                order A=9 channel=till          > order open; A 8 backordered; F1@W open A:1 assigned; A@W 4/4
                order A=2                       > order open; F1@S open A:2 assigned; A@S 5/3
            ",
        );
    }
}

//! The location says no; its units are sourced elsewhere in the same commit.

use crate::decide::{Attempt, Stop};
use crate::decision::{Answer, Resource};
use crate::id::{FulfilmentNo, OrderId};
use crate::network::LocationId;
use crate::order::source::source_open;
use crate::order::{Fulfilment, FulfilmentUnits, Order, Record, ReleaseReason, Verb, checks};
use crate::refusal::Refusal;
use crate::text;

/// A location rejects a fulfilment that has not left. It is not asked again for this order.
#[derive(Debug, Clone)]
pub struct RejectFulfilment {
    /// Which.
    pub fulfilment: FulfilmentNo,
    /// Why, in the caller's words.
    pub reason: String,
}

/// Rejects a fulfilment: its units go back, and are sourced without the location.
///
/// # Errors
/// Refuses an unknown fulfilment, a missing reason, one that left (even in part), and one that no location does.
pub fn reject_fulfilment(
    attempt: &mut Attempt<'_>,
    order: OrderId,
    command: &RejectFulfilment,
) -> Result<Answer, Stop> {
    let no = command.fulfilment;
    let (location, units) = check(attempt.order(order)?, command)?;
    let reason = ReleaseReason::Rejected;
    attempt.record(
        order,
        Record::UnitsReleased {
            units,
            reason,
            excluded: Some(location),
            lots: Vec::new(),
        },
    )?;
    let reason = command.reason.trim().to_owned();
    attempt.record(
        order,
        Record::FulfilmentRejected {
            fulfilment: no,
            reason,
        },
    )?;
    source_open(attempt, order)?;
    Ok(Answer::ok(Resource::Fulfilment(order, no)))
}

fn check(
    order: &Order,
    command: &RejectFulfilment,
) -> Result<(LocationId, Vec<FulfilmentUnits>), Refusal> {
    let fulfilment = checks::fulfilment(order, command.fulfilment, Verb::Reject)?;
    if fulfilment.total().left() > 0 {
        return Err(Refusal::illegal(
            Verb::Reject,
            "it has left; record its outcome or register a return",
        ));
    }
    let Some(location) = fulfilment.location else {
        let why = "no location was asked; cancel the lines";
        return Err(Refusal::illegal(Verb::Reject, why));
    };
    text::required("/reason", &command.reason, text::REASON_MAX)?;
    Ok((location, unshipped(fulfilment)))
}

fn unshipped(fulfilment: &Fulfilment) -> Vec<FulfilmentUnits> {
    let units = fulfilment.lines.iter().map(|entry| FulfilmentUnits {
        fulfilment: fulfilment.no,
        line: entry.line,
        assigned: entry.units.assigned,
        picked: entry.units.picked,
        packed: entry.units.packed,
    });
    units.filter(|units| units.total() > 0).collect()
}

#[cfg(test)]
mod tests {
    use crate::fixture::story;

    #[test]
    fn rejected_units_are_sourced_elsewhere_in_the_same_commit() {
        story(
            "
                location L1 3pl
                location L2
                stock A@L1=5
                stock A@L2=1
                order A=3                        > order open; F1@L1 open (submitted) A:3 assigned; A@L1 5/3
                accept F1                        > order in_progress; F1@L1 open (accepted) A:3 assigned
                reject F1 closed for stocktaking > order open; A 2 backordered; F1@L1 cancelled (rejected); F2@L2 open A:1 assigned; A@L1 5/0; A@L2 1/1
                journal                          > units_released, fulfilment_rejected, lines_sourced
                reject F1 again                  > illegal_transition: cannot reject now: the fulfilment is cancelled and has no units; use the fulfilment that has them now
                accept F1                        > illegal_transition: cannot accept now: the fulfilment is cancelled and has no units; use the fulfilment that has them now
                pick F2                          > order in_progress; F2@L2 picked A:1 picked
                pack F2                          > F2@L2 packed A:1 packed; F2 P1 A=1
            ",
        );
    }

    #[test]
    fn picked_and_packed_units_can_still_be_rejected() {
        story(
            "
                location L1
                stock A@L1=5
                stock B@L1=5
                order A=3 B=2            > order open; F1@L1 open A:3 assigned B:2 assigned; A@L1 5/3; B@L1 5/2
                pick F1 A=2              > order in_progress; F1@L1 picking A:1 assigned+2 picked B:2 assigned
                pack F1 A=1              > F1@L1 picking A:1 assigned+1 picked+1 packed B:2 assigned; F1 P1 A=1
                reject F1 the roof leaks > order open; A 3 backordered; B 2 backordered; F1@L1 cancelled (rejected); A@L1 5/0; B@L1 5/0
                stock A@L1=1             > A@L1 6/0
                location L2
                stock A@L2=10            > F2@L2 open A:3 assigned; A@L2 10/3
            ",
        );
    }

    #[test]
    fn what_has_left_or_has_no_location_is_not_rejected() {
        story(
            "
                location L1
                stock A@L1=5
                order A=3 B=1:service   > order open; F1@L1 open A:3 assigned; F2 open B:1 assigned; A@L1 5/3
                reject F2 no time       > illegal_transition: cannot reject now: no location was asked; cancel the lines
                reject F1               > invalid_field: /reason must not be empty
                reject F9 no such thing > not_found: there is no fulfilment ?
                pick F1                 > order in_progress; F1@L1 picked A:3 picked
                pack F1                 > F1@L1 packed A:3 packed; F1 P1 A=3
                ship F1                 > F1@L1 shipped A:3 shipped; F1 left with post; A@L1 2/0
                reject F1 too late      > illegal_transition: cannot reject now: it has left; record its outcome or register a return
            ",
        );
    }

    #[test]
    fn a_hold_does_not_block_rejecting_but_keeps_the_units_open() {
        story(
            "
                location L1
                location L2
                stock A@L1=5
                stock A@L2=5
                order A=3                   > order open; F1@L1 open A:3 assigned; A@L1 5/3
                hold address no such street > order on_hold; F1@L1 on_hold A:3 assigned; H1 address active (no such street)
                reject F1 cannot be sent    > A 3 open; F1@L1 cancelled (rejected); A@L1 5/0
                release H1                  > order open; F2@L2 open A:3 assigned; H1 address released (no such street); A@L2 5/3
            ",
        );
    }

    #[test]
    fn a_pickup_location_that_rejects_leaves_the_units_waiting() {
        story(
            "
                location L1 store
                location L2 store
                stock A@L1=5
                stock A@L2=5
                order A=3:pickup@L1        > order open; F1@L1 open A:3 assigned; A@L1 5/3
                reject F1 not on the shelf > A 3 backordered; F1@L1 cancelled (rejected); A@L1 5/0
            ",
        );
    }

    #[test]
    fn the_reason_of_a_rejection_is_short() {
        story(
            "
                location L1
                stock A@L1=9
                order A=3      > order open; F1@L1 open A:3 assigned; A@L1 9/3
                reject F1 LONG > invalid_field: /reason is 10001 bytes long; at most 500 are allowed
            ",
        );
    }

    #[test]
    fn cancelled_lines_are_not_rejected_with_the_rest() {
        story(
            "
                location L1
                stock A@L1=9
                stock B@L1=9
                order A=3 B=1    > order open; F1@L1 open A:3 assigned B:1 assigned; A@L1 9/3; B@L1 9/1
                cancel B=1       > B 1 cancelled; F1@L1 open A:3 assigned; B@L1 9/0
                reject F1 closed > A 3 backordered; F1@L1 cancelled (rejected); A@L1 9/0
            ",
        );
    }
}

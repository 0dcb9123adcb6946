//! Merging: two fulfilments at one location become one.

use crate::decide::{Attempt, Stop};
use crate::decision::{Answer, Resource};
use crate::id::{FulfilmentNo, OrderId};
use crate::order::{Fulfilment, Order, Record, Route, Verb, checks};
use crate::refusal::Refusal;

/// Puts a fulfilment together with another one, which is left without units.
#[derive(Debug, Clone, Copy)]
pub struct MergeFulfilments {
    /// The one that stays.
    pub fulfilment: FulfilmentNo,
    /// The one that ends.
    pub with: FulfilmentNo,
}

/// Puts two fulfilments together that the same location does on the same day, in the same way and for the same address.
/// Their units stay as far as they are.
///
/// # Errors
/// Refuses unknown fulfilments, one with itself, and two that do not go together: with the first reason why.
pub fn merge_fulfilments(
    attempt: &mut Attempt<'_>,
    order: OrderId,
    command: &MergeFulfilments,
) -> Result<Answer, Stop> {
    let into = command.fulfilment;
    check(attempt.order(order)?, command)?;
    let from = command.with;
    attempt.record(order, Record::FulfilmentsMerged { from, into })?;
    Ok(Answer::ok(Resource::Fulfilment(order, into)))
}

fn check(order: &Order, command: &MergeFulfilments) -> Result<(), Refusal> {
    let into = checks::fulfilment(order, command.fulfilment, Verb::Merge)?;
    let from = checks::fulfilment(order, command.with, Verb::Merge)?;
    match obstacle(into, from) {
        Some(why) => Err(Refusal::illegal(Verb::Merge, why)),
        None => Ok(()),
    }
}

/// Whether the two could be put together.
#[cfg(test)]
pub(crate) fn fits_together(order: &Order, command: &MergeFulfilments) -> bool {
    check(order, command).is_ok()
}

/// Whether there is one that it could be put together with.
pub(crate) fn can_merge(fulfilment: &Fulfilment, order: &Order) -> bool {
    let mut others = order.progress.fulfilments.iter();
    let has_units = |one: &Fulfilment| one.total().total() > 0;
    has_units(fulfilment)
        && others.any(|other| has_units(other) && obstacle(fulfilment, other).is_none())
}

/// The first reason why two do not go together.
fn obstacle(one: &Fulfilment, other: &Fulfilment) -> Option<&'static str> {
    let has_left = |one: &Fulfilment| one.total().left() > 0;
    let address = |one: &Fulfilment| (one.method, one.ship_to, one.collect_at);
    let way = |one: &Fulfilment| (one.request, one.their_reference.clone(), one.ships_on);
    if one.no == other.no {
        Some("it is the same fulfilment; name another one")
    } else if has_left(one) || has_left(other) {
        Some("one of them has left")
    } else if one.location != other.location {
        Some("they are done at different locations; move one of them first")
    } else if address(one) != address(other) {
        Some("they reach the customer in different ways, or go to different addresses")
    } else if way(one) != way(other) {
        Some("the location has answered one of them and not the other")
    } else if one.work_day != other.work_day {
        Some("they are worked on different days")
    } else if !Route::joins(one.route.as_ref(), other.route.as_ref()) {
        Some("they go by different carrier services, or leave on different days")
    } else if one.ready_at.is_some() != other.ready_at.is_some() {
        Some("only one of them is ready to be collected")
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use crate::fixture::story;

    #[test]
    fn two_that_go_together_become_one() {
        story(
            "
                location L1 capacity=9units
                stock A@L1=9
                stock B@L1=9
                order A=3 B=2       > order open; F1@L1 open A:3 assigned B:2 assigned on 2026-01-05; A@L1 9/3; B@L1 9/2
                split F1 A=1 B=2    > F1@L1 open A:2 assigned on 2026-01-05; F2@L1 open A:1 assigned B:2 assigned on 2026-01-05
                pick F2 B=1         > order in_progress; F2@L1 picking A:1 assigned B:1 assigned+1 picked on 2026-01-05
                pack F2             > F2@L1 picking A:1 assigned B:1 assigned+1 packed on 2026-01-05; F2 P1 B=1
                actions             > amend, cancel, hold, note, tag, priority, pay
                merge F1 with=F2    > F1@L1 picking A:3 assigned B:1 assigned+1 packed on 2026-01-05; F1 P1 B=1; F2@L1 cancelled on 2026-01-05
                journal             > fulfilments_merged
                merge F1 with=F2    > illegal_transition: cannot merge now: the fulfilment is cancelled and has no units; use the fulfilment that has them now
                pick F1             > F1@L1 picked A:3 picked B:1 picked+1 packed on 2026-01-05
                pack F1             > F1@L1 packed A:3 packed B:2 packed on 2026-01-05; F1 P2 A=3 B=1
                ship F1             > order shipped; F1@L1 shipped A:3 shipped B:2 shipped on 2026-01-05; F1 left with post; A@L1 6/0; B@L1 7/0
                deliver F1          > order delivered; F1@L1 delivered A:3 delivered B:2 delivered on 2026-01-05; F1 P1 B=1 delivered; F1 P2 A=3 B=1 delivered
            ",
        );
    }

    #[test]
    fn two_that_do_not_go_together_say_why() {
        story(
            "
                location L1
                location L2 3pl
                stock A@L1=9
                stock B@L2=9
                stock C@L1=9
                order A=2 B=2 C=1^FR A=1:pickup@L1 > order open; F1@L1 open A#2:1 assigned; F2@L1 open A:2 assigned; F3@L2 open (submitted) B:2 assigned; F4@L1 open C:1 assigned; A@L1 9/3; B@L2 9/2; C@L1 9/1
                merge F1 with=F1                   > illegal_transition: cannot merge now: it is the same fulfilment; name another one
                merge F1 with=F9                   > not_found: there is no fulfilment ?
                merge F1 with=F2                   > illegal_transition: cannot merge now: they reach the customer in different ways, or go to different addresses
                merge F1 with=F3                   > illegal_transition: cannot merge now: they are done at different locations; move one of them first
                merge F1 with=F4                   > illegal_transition: cannot merge now: they reach the customer in different ways, or go to different addresses
                split F3 B=1                       > F3@L2 open (submitted) B:1 assigned; F5@L2 open (submitted) B:1 assigned
                accept F3                          > order in_progress; F3@L2 open (accepted) B:1 assigned
                merge F3 with=F5                   > illegal_transition: cannot merge now: the location has answered one of them and not the other
                accept F5                          > F5@L2 open (accepted) B:1 assigned
                merge F3 with=F5                   > F3@L2 open (accepted) B:2 assigned; F5@L2 cancelled (accepted)
                split F2 A=1                       > F2@L1 open A:1 assigned; F6@L1 open A:1 assigned
                pick F2                            > F2@L1 picked A:1 picked
                pack F2                            > F2@L1 packed A:1 packed; F2 P1 A=1
                ship F2                            > F2@L1 shipped A:1 shipped; F2 left with post; A@L1 8/2
                merge F2 with=F6                   > illegal_transition: cannot merge now: one of them has left
                wait 1440m
                amend A=3                          > F7@L1 open A:1 assigned; A@L1 8/3
                merge F6 with=F7                   > illegal_transition: cannot merge now: they are worked on different days
            ",
        );
    }
}

//! Fulfilments that are begun later: in the time in which the customer may change the order, and while parts of an order
//! wait for the rest of it, where its policy or the customer's terms say so. Their stock is allocated all the while; nobody picks or accepts them.

mod together;

use smallvec::SmallVec;

use super::entry::{BegunBecause, Record};
use super::progress::{Fulfilment, Schedule};
use super::{Order, Verb, WorkDay, checks};
use crate::decide::{Attempt, Stop};
use crate::decision::{Answer, Resource};
use crate::id::{FulfilmentNo, OrderId};
use crate::network::{Load, Network};
use crate::order::source::{Days, is_untouched, work_day};
use crate::refusal::Refusal;
use crate::time::Millis;

/// Lets scheduled fulfilments of an order be begun.
#[derive(Debug, Clone, Copy)]
pub struct ReleaseScheduled {
    /// All of them at once, because somebody says so; else those whose time has come. Doing the latter twice changes
    /// nothing more.
    pub by_hand: bool,
}

/// Lets the scheduled fulfilments of an order be begun whose time has come, or all of them.
///
/// # Errors
/// Refuses drafts, and, by hand, an order without scheduled fulfilments.
pub fn release_scheduled(
    attempt: &mut Attempt<'_>,
    id: OrderId,
    command: &ReleaseScheduled,
) -> Result<Answer, Stop> {
    let answer = Ok(Answer::ok(Resource::Order(id)));
    if !command.by_hand {
        release_due(attempt, id)?;
        look_later(attempt, id)?;
        return answer;
    }
    let order = attempt.order(id)?;
    checks::refuse_if_draft(order, Verb::Release)?;
    let fulfilments = scheduled(order);
    if fulfilments.is_empty() {
        return Err(Refusal::illegal(Verb::Release, "no fulfilment is scheduled for later").into());
    }
    release(attempt, id, fulfilments.to_vec(), BegunBecause::ByHand)?;
    answer
}

/// Schedules the new fulfilments of what an attempt has changed, and releases those whose time has come.
///
/// # Errors
/// Stops when facts are missing.
pub(crate) fn settle(attempt: &mut Attempt<'_>) -> Result<(), Stop> {
    for (before, id) in attempt.changed() {
        let order = attempt.look_at(id)?;
        let falls_short = falls_short(before.as_deref(), order);
        let was = |no: FulfilmentNo| {
            let before = before.as_ref();
            before.is_some_and(|order| order.progress.fulfilment(no).is_some())
        };
        let unshipped = order.progress.fulfilments.iter().filter(|f| is_waiting(f));
        let new: SmallVec<[FulfilmentNo; 4]> = unshipped
            .filter(|f| is_new(f, was(f.no)) || falls_short && is_untouched(f))
            .map(|f| f.no)
            .collect();
        if !new.is_empty() {
            schedule(attempt, id, &new)?;
        }
        release_due(attempt, id)?;
        if !new.is_empty() {
            look_later(attempt, id)?;
        }
    }
    Ok(())
}

/// When an order that is sourced now may be begun.
#[must_use]
pub(crate) fn begins_at(network: &Network, order: &Order, now: Millis) -> Millis {
    let channel = network.channel(order.placed.channel);
    let until = channel.and_then(|one| one.remorse_until(order.placed.placed_at, now));
    until.unwrap_or(now)
}

/// The fulfilments that are to be begun later.
#[must_use]
pub fn scheduled(order: &Order) -> SmallVec<[FulfilmentNo; 4]> {
    let fulfilments = order.progress.fulfilments.iter();
    let later = fulfilments.filter(|f| f.schedule.is_some() && is_waiting(f));
    later.map(|f| f.no).collect()
}

fn is_new(fulfilment: &Fulfilment, was: bool) -> bool {
    fulfilment.schedule.is_none() && !was && fulfilment.split_from.is_none()
}

/// Whether an order that is to be served whole was allocated in full, and is not any more: what nobody has begun waits
/// again. What a person released although it was not, does not.
fn falls_short(before: Option<&Order>, now: &Order) -> bool {
    let was_whole = before.is_some_and(|before| !before.progress.draft && !is_short(before));
    now.placed.ship_complete && was_whole && is_short(now)
}

/// Whether units of an order are not with anybody yet, however they are to reach the customer.
#[must_use]
pub(crate) fn is_short(order: &Order) -> bool {
    let mut lines = order.progress.lines.iter();
    lines.any(|line| line.open + line.backordered > 0)
}

/// Whether it has units that nobody has begun to work on.
fn is_waiting(fulfilment: &Fulfilment) -> bool {
    let sum = fulfilment.total();
    sum.assigned > 0 && sum.total() == sum.assigned && fulfilment.picking_since.is_none()
}

fn schedule(attempt: &mut Attempt<'_>, id: OrderId, new: &[FulfilmentNo]) -> Result<(), Stop> {
    let (network, now) = (attempt.network(), attempt.now());
    let order = attempt.look_at(id)?;
    let channel = network.channel(order.placed.channel);
    let remorse_until = channel.and_then(|one| one.remorse_until(order.placed.placed_at, now));
    if order.placed.ship_complete && is_short(order) {
        let schedule = Schedule {
            remorse_until,
            complete: true,
            ..Schedule::default()
        };
        let fulfilments = new.to_vec();
        return attempt.record(
            id,
            Record::FulfilmentsScheduled {
                fulfilments,
                schedule,
            },
        );
    }
    let together = together::until(attempt, id, new)?;
    // Those that wait for the rest, and those that wait for the customer alone.
    let (with, without): (Vec<FulfilmentNo>, Vec<FulfilmentNo>) = new.iter().partition(|no| {
        together
            .as_ref()
            .is_some_and(|(_, parts)| parts.contains(no))
    });
    let together_until = together.map(|(until, _)| until);
    for (fulfilments, together_until) in [(with, together_until), (without, None)] {
        let schedule = Schedule {
            remorse_until,
            together_until,
            complete: false,
        };
        if !fulfilments.is_empty() && schedule != Schedule::default() {
            attempt.record(
                id,
                Record::FulfilmentsScheduled {
                    fulfilments,
                    schedule,
                },
            )?;
        }
    }
    Ok(())
}

/// Releases the fulfilments whose time has come: one entry for each reason.
fn release_due(attempt: &mut Attempt<'_>, id: OrderId) -> Result<(), Stop> {
    let now = attempt.now();
    let order = attempt.look_at(id)?;
    let fulfilments = order.progress.fulfilments.iter();
    let due: SmallVec<[(BegunBecause, FulfilmentNo); 4]> = fulfilments
        .filter(|f| is_waiting(f))
        .filter_map(|f| Some((due(order, f.schedule?, now)?, f.no)))
        .collect();
    let reasons = [
        BegunBecause::RemorseOver,
        BegunBecause::Complete,
        BegunBecause::WaitedEnough,
    ];
    for because in reasons {
        let of_reason = due.iter().filter(|(reason, _)| *reason == because);
        let fulfilments: Vec<FulfilmentNo> = of_reason.map(|(_, no)| *no).collect();
        if !fulfilments.is_empty() {
            release(attempt, id, fulfilments, because)?;
        }
    }
    Ok(())
}

fn release(
    attempt: &mut Attempt<'_>,
    id: OrderId,
    fulfilments: Vec<FulfilmentNo>,
    because: BegunBecause,
) -> Result<(), Stop> {
    let mut work_days = Vec::new();
    for no in &fulfilments {
        if let Some(day) = new_day(attempt, id, *no)? {
            work_days.push((*no, day));
        }
    }
    attempt.record(
        id,
        Record::FulfilmentsReleased {
            fulfilments,
            because,
            work_days,
        },
    )
}

/// The day on which a location works what is released now, where the day that was planned has passed. Where it is full
/// on all days that are planned, the old day stays: it will be late, and is not forgotten.
fn new_day(attempt: &Attempt<'_>, id: OrderId, no: FulfilmentNo) -> Result<Option<WorkDay>, Stop> {
    let (network, now) = (attempt.network(), attempt.now());
    let order = attempt.look_at(id)?;
    let fulfilment = order.progress.fulfilment(no);
    let planned = fulfilment.and_then(|f| Some((f, f.work_day?, network.location(f.location?)?)));
    let Some((fulfilment, planned, location)) = planned else {
        return Ok(None);
    };
    let first = location.days_from(network, now).next();
    if first.is_none_or(|first| first <= planned.date) {
        return Ok(None);
    }
    let load = Load {
        orders: 1,
        lines: i64::try_from(fulfilment.lines.len()).unwrap_or(i64::MAX),
        units: fulfilment.total().unshipped(),
    };
    work_day(attempt, location, load, (Days::All, now), &[])
}

/// Why a scheduled fulfilment may be begun, if it may.
fn due(order: &Order, schedule: Schedule, now: Millis) -> Option<BegunBecause> {
    let is_over = |until: Option<Millis>| until.is_none_or(|until| until <= now);
    if !is_over(schedule.remorse_until) {
        None
    } else if schedule.complete {
        (!is_short(order)).then_some(BegunBecause::Complete)
    } else if schedule.together_until.is_none() {
        Some(BegunBecause::RemorseOver)
    } else if !together::waits(order) {
        Some(BegunBecause::Complete)
    } else {
        is_over(schedule.together_until).then_some(BegunBecause::WaitedEnough)
    }
}

/// Asks for the next look at what is still scheduled.
fn look_later(attempt: &mut Attempt<'_>, id: OrderId) -> Result<(), Stop> {
    let now = attempt.now();
    let order = attempt.look_at(id)?;
    let schedules = order.progress.fulfilments.iter().filter(|f| is_waiting(f));
    let next = schedules
        .filter_map(|f| f.schedule)
        .flat_map(|schedule| [schedule.remorse_until, schedule.together_until])
        .flatten()
        .filter(|at| *at > now)
        .min();
    if let Some(at) = next {
        attempt.release_later(id, at);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use crate::fixture::story;

    #[test]
    fn an_order_is_not_begun_while_the_customer_may_change_it() {
        story(
            "
                put-channel X remorse=30
                channel X
                location L1
                location L2 3pl
                stock A@L1=9
                stock B@L2=9
                order A=2 B=1 > order open; F1@L1 scheduled A:2 assigned remorse until 44m; F2@L2 scheduled (submitted) B:1 assigned remorse until 44m; A@L1 9/2; B@L2 9/1
                pick F1 > illegal_transition: cannot pick now: it is scheduled for later; wait, or release the order
                accept F2 > illegal_transition: cannot accept now: it is scheduled for later; wait, or release the order
                time-is-up > nothing changes
                amend A=3 > F1@L1 scheduled A:3 assigned remorse until 44m; A@L1 9/3
                cancel B=1 > B 1 cancelled; F2@L2 cancelled (submitted) remorse until 44m; B@L2 9/0
                wait 40m
                time-is-up > F1@L1 open A:3 assigned
                journal > fulfilments_released
                time-is-up > nothing changes
                pick F1 > order in_progress; F1@L1 picked A:3 picked
            ",
        );
    }

    #[test]
    fn parts_wait_for_the_rest_that_is_expected_in_time_and_ship_together() {
        story(
            "
                policy P fewest together=72
                location L1
                stock A@L1=9
                expect B@L1=2 on=2026-01-07 > S1 open B@L1 0 of 2 by 2026-01-07 100%
                order A=2 B=2 > order open; B 2 backordered; F1@L1 scheduled A:2 assigned leaves 2026-01-05 together until 4333m; A@L1 9/2
                why > A,B: chosen L1 missing B=2
                pick F1 > illegal_transition: cannot pick now: it is scheduled for later; wait, or release the order
                order A=1 B=2 > order open; B 2 backordered; F1@L1 open A:1 assigned leaves 2026-01-05; A@L1 9/3
                on O1
                stock B@L1=1 > B 1 backordered; F1@L1 scheduled A:2 assigned B:1 assigned leaves 2026-01-05 together until 4333m; B@L1 1/1
                wait 2880m
                stock B@L1=1 > F1@L1 open A:2 assigned B:2 assigned leaves 2026-01-07; B@L1 2/2
                journal > lines_sourced, fulfilments_released
                pick F1 > order in_progress; F1@L1 picked A:2 picked B:2 picked leaves 2026-01-07
                expect B@L1=9 on=2026-01-09 > S2 open B@L1 0 of 9 by 2026-01-09 100%
                order A=1 B=3 > order open; B 3 backordered; F1@L1 scheduled A:1 assigned leaves 2026-01-07 together until 7220m; A@L1 9/4
                cancel B=3 > B 3 cancelled; F1@L1 open A:1 assigned leaves 2026-01-07
                order A=1 B=3 > order open; B 3 backordered; F1@L1 scheduled A:1 assigned leaves 2026-01-07 together until 7222m; A@L1 9/5
                amend A=2 > F1@L1 scheduled A:2 assigned leaves 2026-01-07 together until 7222m; A@L1 9/6
                wait 4400m
                time-is-up > F1@L1 open A:2 assigned leaves 2026-01-10
                expect B@L1=9 on=2026-02-07 > S3 open B@L1 0 of 9 by 2026-02-07 100%
                order A=1 B=4 > order open; B 4 backordered; F1@L1 open A:1 assigned leaves 2026-01-10; A@L1 9/7
                order A=1 B=3 > order open; B 3 backordered; F1@L1 open A:1 assigned leaves 2026-01-10; A@L1 9/8
                release-now > illegal_transition: cannot release now: no fulfilment is scheduled for later
            ",
        );
    }

    #[test]
    fn what_is_complete_still_waits_for_the_customer() {
        story(
            "
                put-channel X remorse=120
                channel X
                policy P fewest together=24
                location L1 capacity=1
                stock A@L1=9
                expect B@L1=2 on=2026-01-05 > S1 open B@L1 0 of 2 by 2026-01-05 100%
                order A=2 B=2 > order open; B 2 backordered; F1@L1 scheduled A:2 assigned on 2026-01-05 leaves 2026-01-05 remorse until 134m together until 1454m; A@L1 9/2
                stock B@L1=2 > F1@L1 scheduled A:2 assigned B:2 assigned on 2026-01-05 leaves 2026-01-05 remorse until 134m together until 1454m; B@L1 2/2
                wait 118m
                time-is-up > F1@L1 open A:2 assigned B:2 assigned on 2026-01-05 leaves 2026-01-05
                order A=1 > order open; F1@L1 scheduled A:1 assigned on 2026-01-06 leaves 2026-01-06 remorse until 255m; A@L1 9/3
            ",
        );
    }

    #[test]
    fn an_order_that_is_released_by_hand_may_be_begun_at_once() {
        story(
            "
                put-channel X remorse=120 later every=60
                channel X
                location L1
                stock A@L1=9
                order A=2 C=1:digital > order open; A 2 open; C 1 open
                source > F1@L1 scheduled A:2 assigned remorse until 132m; F2 scheduled C:1 assigned remorse until 132m; A@L1 9/2
                deliver F2 > illegal_transition: cannot deliver now: it is scheduled for later; wait, or release the order
                hold manual wait > order on_hold; F1@L1 on_hold A:2 assigned remorse until 132m; F2 on_hold C:1 assigned remorse until 132m; H1 manual active (wait)
                release-now > F1@L1 on_hold A:2 assigned; F2 on_hold C:1 assigned
                release H1 > order open; F1@L1 open A:2 assigned; F2 open C:1 assigned; H1 manual released (wait)
                deliver F2 > order in_progress; F2 delivered C:1 delivered
                release-now > illegal_transition: cannot release now: no fulfilment is scheduled for later
                amend A=3 > F1@L1 open A:3 assigned; A@L1 9/3
                put-channel Y remorse=99999 > invalid_field: /remorse_minutes must lie between 0 and 40320
                put-channel Y every=60 > invalid_field: /sourcing_schedule needs source_on_placement to be false; orders that are sourced on placement leave nothing to a schedule
                put-channel Y later every=3 > invalid_field: /sourcing_schedule/every_minutes must lie between 5 and 1440
                policy Q fewest together=0 > invalid_field: /constraints/consolidate_hours must lie between 1 and 672
            ",
        );
    }

    #[test]
    fn nothing_of_an_order_that_ships_complete_is_begun_until_all_of_it_is_allocated() {
        story(
            "
                location L1
                location L2
                stock A@L1=9
                stock C@L2=9
                customer email=ann@example.org
                account email=ann@example.org complete
                order A=2 B=2 D=1:digital email=ann@example.org > order open; B 2 backordered; F1@L1 scheduled A:2 assigned until complete; F2 scheduled D:1 assigned until complete; A@L1 9/2
                pick F1 > illegal_transition: cannot pick now: it is scheduled for later; wait, or release the order
                order A=2 B=2 email=ann@example.org in-parts > order open; B 2 backordered; F1@L1 open A:2 assigned; A@L1 9/4
                order A=1 B=1 complete > order open; B 1 backordered; F1@L1 scheduled A:1 assigned until complete; A@L1 9/5
                order A=1 C=1 email=ann@example.org > order open; F1@L1 open A:1 assigned; F2@L2 open C:1 assigned; A@L1 9/6; C@L2 9/1
                on O1
                stock B@L2=1 > B 1 backordered; F3@L2 scheduled B:1 assigned until complete; B@L2 1/1
                time-is-up > nothing changes
                stock B@L2=1 > F1@L1 open A:2 assigned; F2 open D:1 assigned; F3@L2 open B:2 assigned; B@L2 2/2
                journal > lines_sourced, fulfilments_released
                amend B=3 > B 1 backordered; F1@L1 scheduled A:2 assigned until complete; F2 scheduled D:1 assigned until complete; F3@L2 scheduled B:2 assigned until complete
                cancel B=1 > B 1 cancelled; F1@L1 open A:2 assigned; F2 open D:1 assigned; F3@L2 open B:2 assigned
                on O3
                release-now > F1@L1 open A:1 assigned
                stock C@L1=5 > C@L1 5/0
                account email=ann@example.org
                order A=1 B=1 email=ann@example.org > order open; B 1 backordered; F1@L1 open A:1 assigned; A@L1 9/7
            ",
        );
    }

    #[test]
    fn a_complete_order_that_loses_units_waits_again() {
        story(
            "
                put-channel X remorse=30
                channel X
                location L1
                location L2
                stock A@L1=2
                stock B@L2=2
                order A=2 B=1 complete > order open; F1@L1 scheduled A:2 assigned remorse until 44m; F2@L2 scheduled B:1 assigned remorse until 44m; A@L1 2/2; B@L2 2/1
                wait 31m
                time-is-up > F1@L1 open A:2 assigned; F2@L2 open B:1 assigned
                reject F1 broken > A 2 backordered; F1@L1 cancelled (rejected); F2@L2 scheduled B:1 assigned until complete; A@L1 2/0
                pick F2 > illegal_transition: cannot pick now: it is scheduled for later; wait, or release the order
                stock A@L1=2 > A@L1 4/0
                stock A@L2=2 > F2@L2 open B:1 assigned A:2 assigned; A@L2 2/2
                pick F2 > order in_progress; F2@L2 picked B:1 picked A:2 picked
                adjust A@L2=-1 > A 1 backordered; F2@L2 picked B:1 picked A:1 picked; A@L2 1/1
            ",
        );
    }
}

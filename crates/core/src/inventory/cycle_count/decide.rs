//! Agreeing to what was counted, having it counted again, or giving up on it.

use super::{CountReview, CountState, CountTask, CountVerdict};
use crate::command::Actor;
use crate::decide::{Attempt, Stop};
use crate::decision::{Answer, Resource};
use crate::id::CountTaskId;
use crate::inventory::count::{Counted, apply_count};
use crate::refusal::Refusal;
use crate::text;

/// What is decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CountDecision {
    /// The stock becomes what was counted.
    Approve,
    /// It is counted again.
    Reject,
    /// It is not counted any more.
    Cancel,
}

/// Decides about a task to count.
#[derive(Debug, Clone)]
pub struct DecideCount {
    /// The task.
    pub task: CountTaskId,
    /// What.
    pub decision: CountDecision,
    /// Why; needed unless the count is approved.
    pub reason: Option<String>,
}

/// Decides about what was counted. The difference that was found is applied to what is on hand now: units that have
/// left or come in since then were accounted for when they did.
///
/// # Errors
/// Refuses an unknown task, one that does not wait for it, a count by whoever counted it (unless the location lets them), a
/// missing reason, and a difference that is not possible any
/// more because units have left since.
pub fn decide_count(attempt: &mut Attempt<'_>, command: &DecideCount) -> Result<Answer, Stop> {
    let mut task = CountTask::clone(&*attempt.count_task(command.task)?);
    let reason = command.reason.clone().filter(|reason| !reason.is_empty());
    match command.decision {
        CountDecision::Approve => text::optional("/reason", reason.as_deref(), text::REASON_MAX)?,
        CountDecision::Reject | CountDecision::Cancel => {
            let given = reason.as_deref().unwrap_or_default();
            text::required("/reason", given, text::REASON_MAX)?;
        }
    }
    match command.decision {
        CountDecision::Approve => {
            task.expect(CountState::Waiting, "count it first")?;
            refuse_own(attempt, &task)?;
            approve(attempt, &task)?;
            review(attempt, &mut task, CountVerdict::Approved, reason);
            task.state = CountState::Closed;
        }
        CountDecision::Reject => {
            task.expect(CountState::Waiting, "count it first")?;
            review(attempt, &mut task, CountVerdict::Rejected, reason);
            task.state = CountState::Open;
        }
        CountDecision::Cancel => {
            if task.state == CountState::Waiting {
                review(attempt, &mut task, CountVerdict::Rejected, reason);
            } else {
                task.expect(CountState::Open, "make another task")?;
            }
            task.state = CountState::Cancelled;
        }
    }
    let id = task.id;
    attempt.put_count_task(task);
    Ok(Answer::ok(Resource::CountTask(id)))
}

/// Whoever counted does not agree to the difference: two keys, unless the location says that one is enough.
fn refuse_own(attempt: &Attempt<'_>, task: &CountTask) -> Result<(), Refusal> {
    let counted = task.rounds.last().map(|round| round.by);
    let is_own = matches!(counted, Some(Actor::Key(_))) && counted == Some(attempt.actor());
    let location = attempt.network().location(task.location);
    if !is_own || location.is_some_and(|location| location.own_counts) {
        return Ok(());
    }
    Err(Refusal::CountNotPossible {
        id: task.id.to_string(),
        why: "was counted with the same key".to_owned(),
        remedy: "have somebody else approve it with a key of their own, or set own_counts at the location",
    })
}

fn review(
    attempt: &Attempt<'_>,
    task: &mut CountTask,
    verdict: CountVerdict,
    reason: Option<String>,
) {
    if let Some(round) = task.rounds.last_mut() {
        round.review = Some(CountReview {
            verdict,
            at: attempt.now(),
            by: attempt.actor(),
            reason,
        });
    }
}

fn approve(attempt: &mut Attempt<'_>, task: &CountTask) -> Result<(), Stop> {
    let Some(round) = task.rounds.last() else {
        return Ok(());
    };
    attempt.require_fresh(task.item)?;
    let on_hand = match &task.lot {
        Some(lot) => attempt.lots(task.item)?.level(task.location, lot).on_hand,
        None => attempt.level(task.item, task.location)?.on_hand,
    };
    let change = round.variance();
    if on_hand + change < 0 {
        return Err(Refusal::CountNotPossible {
            id: task.id.to_string(),
            why: format!(
                "found {} units too few, and only {on_hand} are on hand now",
                -change
            ),
            remedy: "reject it, so that it is counted again",
        }
        .into());
    }
    let counted = Counted {
        item: task.item,
        location: task.location,
        lot: task.lot.clone(),
        change,
        saw_on_hand: None,
        reference: task.reference(),
    };
    apply_count(attempt, counted)
}

#[cfg(test)]
mod tests {
    use crate::fixture::story;

    #[test]
    fn a_small_difference_is_applied_and_a_large_one_waits() {
        story(
            "
                location L1
                item A cost=250
                stock A@L1=100
                task A@L1 units=2 percent=5   > C1 open A@L1
                counted C1=99                 > C1 closed A@L1 99 of 100 (-250); A@L1 99/0
                ledger                        > A@L1 counted on hand -1 (count 019b8d33-c960-7000-8000-00002c000008)
                counted C1=99                 > count_not_possible: count task 019b8d33-c960-7000-8000-00002c000008 is closed; decide about what was counted, or make another task
                task A@L1 units=2 percent=5   > C2 open A@L1
                counted C2=90 behind_the_door > C2 waiting A@L1 90 of 99 (-2250)
                ledger
                order A=20                    > order open; F1@L1 open A:20 assigned; A@L1 99/20
                pick F1                       > order in_progress; F1@L1 picked A:20 picked
                pack F1                       > F1@L1 packed A:20 packed; F1 P1 A=20
                ship F1                       > order shipped; F1@L1 shipped A:20 shipped; F1 left with post; A@L1 79/0
                approve-count C2              > C2 closed A@L1 90 of 99 (-2250) Approved; A@L1 70/0
                ledger                        > A@L1 counted on hand -9 (count 019b8d36-8880-7000-8000-00003c000008, behind the door)
                approve-count C2              > count_not_possible: count task 019b8d36-8880-7000-8000-00003c000008 is closed; count it first
            ",
        );
    }

    #[test]
    fn whoever_counted_does_not_agree_unless_the_location_lets_them() {
        story(
            "
                location L1
                location L2 own-counts
                stock A@L1=10
                stock A@L2=10
                task A@L1         > C1 open A@L1
                as K1
                counted C1=9      > C1 waiting A@L1 9 of 10
                approve-count C1  > count_not_possible: count task 019b8d35-9e20-7000-8000-000034000009 was counted with the same key; have somebody else approve it with a key of their own, or set own_counts at the location
                reject-count C1 x > C1 open A@L1 9 of 10 Rejected
                counted C1=8      > C1 waiting A@L1 9 of 10 Rejected 8 of 10
                as K2
                approve-count C1  > C1 closed A@L1 9 of 10 Rejected 8 of 10 Approved; A@L1 8/0
                task A@L2         > C2 open A@L2
                counted C2=7      > C2 waiting A@L2 7 of 10
                approve-count C2  > C2 closed A@L2 7 of 10 Approved; A@L2 7/0
            ",
        );
    }

    #[test]
    fn a_count_is_rejected_and_done_again_or_given_up() {
        story(
            "
                location L1
                stock A@L1=10
                task A@L1                    > C1 open A@L1
                reject-count C1 why          > count_not_possible: count task 019b8d33-c960-7000-8000-00002c000008 is open; count it first
                counted C1=11                > C1 waiting A@L1 11 of 10
                reject-count C1              > invalid_field: /reason must not be empty
                reject-count C1 look_again   > C1 open A@L1 11 of 10 Rejected
                counted C1=10                > C1 closed A@L1 11 of 10 Rejected 10 of 10
                task A@L1                    > C2 open A@L1
                counted C2=1                 > C2 waiting A@L1 1 of 10
                cancel-count C2 moving_house > C2 cancelled A@L1 1 of 10 Rejected
                cancel-count C2 moving_house > count_not_possible: count task 019b8d39-47a0-7000-8000-000048000008 is cancelled; make another task
                task A@L1 value=5            > C3 open A@L1
                counted C3=9                 > C3 waiting A@L1 9 of 10
                approve-count C9             > not_found: there is no count task 019b8d3e-c5e0-7000-8000-000000000000
                counted C3=-1                > count_not_possible: count task 019b8d3c-f120-7000-8000-00005c000008 is waiting; decide about what was counted, or make another task
                task A@L1 units=-1           > invalid_field: /tolerance/units must not be negative
                task A@L1 percent=101        > invalid_field: /tolerance/percent must lie between 0 and 100
            ",
        );
    }

    #[test]
    fn an_approved_loss_takes_units_from_orders_and_is_of_a_lot() {
        story(
            r#"
                location L1
                location L2
                item A lots
                stock A@L1=5 lot=X
                stock A@L2=5 lot=Y
                order A=4          > order open; F1@L1 open A:4 assigned [X 4]; A@L1 5/4; A@L1 X 5/4
                task A@L1          > invalid_field: /lot must name the lot: the units of SKU "A" belong to lots
                task A@L1 lot=X    > C2 open A@L1 X
                counted C2=1       > C2 waiting A@L1 X 1 of 5
                approve-count C2   > F1@L1 open A:1 assigned [X 1]; F2@L2 open A:3 assigned [Y 3]; C2 closed A@L1 X 1 of 5 Approved; A@L1 1/1; A@L1 X 1/1; A@L2 5/3; A@L2 Y 5/3
                task A@L2 lot=Y    > C3 open A@L2 Y
                counted C3=2       > C3 waiting A@L2 Y 2 of 5
                count A@L2=1 lot=Y > A 2 backordered; F2@L2 open A:1 assigned [Y 1]; A@L2 1/1; A@L2 Y 1/1
                approve-count C3   > count_not_possible: count task 019b8d3a-3200-7000-8000-000090000009 found 3 units too few, and only 1 are on hand now; reject it, so that it is counted again
            "#,
        );
    }
}

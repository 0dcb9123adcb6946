//! What a counter found.

use super::{CountRound, CountState, CountTask, ROUNDS_MAX};
use crate::decide::{Attempt, Stop};
use crate::decision::{Answer, Resource};
use crate::id::CountTaskId;
use crate::inventory::count::{Counted, apply_count};
use crate::inventory::receive::in_range;
use crate::refusal::Refusal;
use crate::text;

/// Says how many units were found.
#[derive(Debug, Clone)]
pub struct RecordCount {
    /// The task.
    pub task: CountTaskId,
    /// Sellable units that are there, claimed ones included.
    pub quantity: i64,
    /// What the counter has to say.
    pub note: Option<String>,
}

/// Compares what was found with what is on hand. Within the tolerance the stock becomes what was counted in the same
/// commit; beyond it nothing changes until somebody agrees.
///
/// # Errors
/// Refuses an unknown task, one that is not to be counted now, impossible quantities, and more rounds than 20.
pub fn record_count(attempt: &mut Attempt<'_>, command: &RecordCount) -> Result<Answer, Stop> {
    let mut task = CountTask::clone(&*attempt.count_task(command.task)?);
    let remedy = "decide about what was counted, or make another task";
    task.expect(CountState::Open, remedy)?;
    in_range("/quantity", command.quantity, 0)?;
    text::optional("/note", command.note.as_deref(), text::REASON_MAX)?;
    if task.rounds.len() >= ROUNDS_MAX {
        return Err(Refusal::TooMany {
            what: "counts of one task",
            limit: ROUNDS_MAX as u64,
        }
        .into());
    }
    attempt.require_fresh(task.item)?;
    let expected = match &task.lot {
        Some(lot) => attempt.lots(task.item)?.level(task.location, lot).on_hand,
        None => attempt.level(task.item, task.location)?.on_hand,
    };
    let round = CountRound {
        counted: command.quantity,
        expected,
        value_minor: value(attempt, &task, command.quantity - expected)?,
        at: attempt.now(),
        by: attempt.actor(),
        note: command.note.clone().filter(|note| !note.is_empty()),
        review: None,
    };
    let is_small = task
        .tolerance
        .covers(round.variance(), expected, round.value_minor);
    let variance = round.variance();
    task.rounds.push(round);
    task.state = match is_small {
        true => CountState::Closed,
        false => CountState::Waiting,
    };
    if is_small {
        let counted = Counted {
            item: task.item,
            location: task.location,
            lot: task.lot.clone(),
            change: variance,
            saw_on_hand: Some(expected),
            reference: task.reference(),
        };
        apply_count(attempt, counted)?;
    }
    let id = task.id;
    attempt.put_count_task(task);
    Ok(Answer::ok(Resource::CountTask(id)))
}

/// What the difference costs.
fn value(attempt: &Attempt<'_>, task: &CountTask, variance: i64) -> Result<Option<i64>, Stop> {
    let cost = attempt.item(task.item)?.unit_cost_minor;
    Ok(cost.map(|cost| cost.saturating_mul(variance)))
}

//! Orders that wait for stock are served by priority, then age.

use super::Waiting;
use super::queue::load_all;
use crate::decide::{Attempt, Stop};
use crate::decision::Answer;
use crate::network::Shortage;
use crate::order::source::{Scope, source};

use crate::id::ItemId;

/// Waiting rows served in one commit; the rest is continued by the next one.
pub const SERVED_PER_COMMIT: usize = 50;

/// Gives free stock of an item to the orders that wait for it, bounded; continued after the commit.
#[derive(Debug, Clone, Copy)]
pub struct ServeWaiting {
    /// The item.
    pub item: ItemId,
}

/// Gives free stock of an item to the orders that wait for it.
///
/// # Errors
/// Stops when facts are missing.
pub fn serve_waiting(attempt: &mut Attempt<'_>, command: &ServeWaiting) -> Result<Answer, Stop> {
    serve(attempt, command.item)?;
    Ok(Answer::default())
}

/// Serves up to [`SERVED_PER_COMMIT`] waiting rows in the order of the queue, as far as the stock reaches.
///
/// # Errors
/// Stops when facts are missing.
pub fn serve(attempt: &mut Attempt<'_>, item: ItemId) -> Result<(), Stop> {
    attempt.require_fresh(item)?;
    let waiting = attempt.waiting(item)?;
    let rows: Vec<Waiting> = waiting.into_iter().take(SERVED_PER_COMMIT).collect();
    if rows.is_empty() || free_units(attempt, item)? == 0 {
        return Ok(());
    }
    load_all(attempt, &rows.iter().collect::<Vec<_>>())?;
    for row in rows {
        if free_units(attempt, item)? == 0 {
            break;
        }
        source(
            attempt,
            row.order,
            Scope::NextWaiting(row.line),
            Shortage::Backorder,
        )?;
    }
    Ok(())
}

fn free_units(attempt: &Attempt<'_>, item: ItemId) -> Result<i64, Stop> {
    Ok(attempt
        .levels(item)?
        .iter()
        .map(|level| level.claimable().max(0))
        .sum())
}

//! Tasks to count.

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use throughline_core::Facts;
use throughline_core::facts::Need;
use throughline_core::id::CountTaskId;
use throughline_core::inventory::{CountState, CountTask};
use throughline_core::time::Millis;
use uuid::Uuid;

use super::{Page, bounded, cell};
use crate::cursor;
use crate::engine::{Cell, Connection, Statement};
use crate::error::StoreError;
use crate::load;

pub(super) const STATEMENTS: &[&Statement] = &[&ALL, &BY_STATE];

const ALL: Statement = Statement::new(
    "count_tasks",
    "SELECT body FROM count_task WHERE count_task_id < ?1 ORDER BY count_task_id DESC LIMIT ?2",
    "SELECT body FROM count_task WHERE count_task_id < $1 ORDER BY count_task_id DESC LIMIT $2",
);

const BY_STATE: Statement = Statement::new(
    "count_tasks_by_state",
    "SELECT body FROM count_task WHERE state = ?3 AND count_task_id < ?1 ORDER BY count_task_id DESC LIMIT ?2",
    "SELECT body FROM count_task WHERE state = $3 AND count_task_id < $1 ORDER BY count_task_id DESC LIMIT $2",
);

#[derive(Debug, Serialize, Deserialize)]
struct Position {
    task: Uuid,
}

/// One task.
///
/// # Errors
/// When the database cannot be read.
pub fn get(
    connection: &mut Connection,
    id: CountTaskId,
) -> Result<Option<Arc<CountTask>>, StoreError> {
    let mut facts = Facts::default();
    let needs = [Need::CountTask(id)];
    load::load(connection, &needs, &mut facts, Millis::default())?;
    Ok(facts.count_tasks.remove(&id).flatten())
}

/// A page of the tasks, latest first, in one state or in any.
///
/// # Errors
/// [`StoreError::InvalidCursor`], and when the database cannot be read.
pub fn list(
    connection: &mut Connection,
    state: Option<CountState>,
    after: Option<&str>,
    limit: usize,
) -> Result<Page<CountTask>, StoreError> {
    let limit = bounded(limit);
    let at: Option<Position> = after.map(cursor::decode).transpose()?;
    let mut values = vec![
        Cell::Uuid(at.map_or(Uuid::max(), |position| position.task)),
        cell(limit + 1),
    ];
    let statement = match state {
        Some(state) => {
            values.push(Cell::text(state.as_str()));
            &BY_STATE
        }
        None => &ALL,
    };
    let rows = connection.list(statement, &values)?;
    let found: Result<Vec<CountTask>, StoreError> = rows.iter().map(|row| row.json(0)).collect();
    Ok(Page::cut(found?, limit, |task| {
        cursor::encode(&Position {
            task: task.id.uuid(),
        })
    }))
}

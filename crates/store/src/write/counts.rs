//! Rows of tasks to count.

use rustc_hash::FxHashMap;
use throughline_core::id::CountTaskId;
use throughline_core::inventory::CountTask;

use super::batch::Batch;
use crate::engine::{Columns, Statement};
use crate::error::StoreError;

/// Statements of this module.
pub(super) const STATEMENTS: &[&Statement] = &[&INSERT_TASKS, &UPDATE_TASKS];

pub(super) const INSERT_TASKS: Statement = Statement::guarded(
    "insert_count_tasks",
    &[1, 2],
    "INSERT INTO count_task (bucket, item_id, count_task_id, location, version, state, body) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
     ON CONFLICT DO NOTHING",
    "INSERT INTO count_task (bucket, item_id, count_task_id, location, version, state, body)
     SELECT * FROM unnest($1::integer[], $2::uuid[], $3::uuid[], $4::integer[], $5::bigint[], $6::text[], $7::text[])
     ON CONFLICT DO NOTHING RETURNING item_id, count_task_id",
);

pub(super) const UPDATE_TASKS: Statement = Statement::guarded(
    "update_count_tasks",
    &[1, 2],
    "UPDATE count_task SET version = ?5, state = ?6, body = ?7
     WHERE bucket = ?1 AND item_id = ?2 AND count_task_id = ?3 AND version = ?4",
    "UPDATE count_task t SET version = k.version, state = k.state, body = k.body
     FROM unnest($1::integer[], $2::uuid[], $3::uuid[], $4::bigint[], $5::bigint[], $6::text[], $7::text[])
          AS k (bucket, item_id, count_task_id, was, version, state, body)
     WHERE t.bucket = k.bucket AND t.item_id = k.item_id AND t.count_task_id = k.count_task_id AND t.version = k.was
     RETURNING t.item_id, t.count_task_id",
);

/// Rows of a batch.
#[derive(Debug, Default)]
pub(super) struct CountRows {
    pub new: Columns,
    pub changed: Columns,
}

impl CountRows {
    pub(super) fn clear(&mut self) {
        self.new.clear();
        self.changed.clear();
    }

    /// Gathers the tasks as the batch leaves them, in the one order in which all committers take them.
    pub(super) fn gather(&mut self, batch: &Batch<'_>, partitions: u16) -> Result<(), StoreError> {
        let mut tasks: FxHashMap<CountTaskId, (u64, &CountTask)> = FxHashMap::default();
        let decisions = batch.decisions.iter();
        for revised in decisions.flat_map(|(_, decision)| &decision.count_tasks) {
            let known = tasks.entry(revised.after.id);
            known.or_insert((revised.was, &revised.after)).1 = &revised.after;
        }
        let mut tasks: Vec<_> = tasks.into_values().collect();
        tasks.sort_unstable_by_key(|(_, task)| (task.id.bucket(partitions), task.id));
        for (was, task) in tasks {
            let rows = match was {
                0 => &mut self.new,
                _ => &mut self.changed,
            };
            let row = rows.row().int(task.id.bucket(partitions));
            let row = row.uuid(task.item.uuid()).uuid(task.id.uuid());
            let row = match was {
                0 => row.int(task.location.0),
                _ => row.count(was),
            };
            row.count(task.version)
                .text(task.state.as_str())
                .json(task)?;
        }
        Ok(())
    }
}

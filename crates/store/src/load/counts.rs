//! Loading tasks to count.

use std::sync::Arc;

use throughline_core::Facts;
use throughline_core::id::CountTaskId;
use throughline_core::inventory::CountTask;

use crate::engine::{Columns, Rows, Statement};
use crate::error::StoreError;

pub(super) const TASKS: Statement = Statement::new(
    "load_count_tasks",
    "SELECT ?1, body FROM count_task WHERE bucket = ?2 AND count_task_id = ?3",
    "SELECT k.position, t.body
     FROM unnest($1::bigint[], $2::integer[], $3::uuid[]) AS k (position, bucket, count_task_id)
     CROSS JOIN LATERAL (SELECT body
         FROM count_task t WHERE t.bucket = k.bucket AND t.count_task_id = k.count_task_id OFFSET 0) t
     ORDER BY k.position",
);

pub(super) fn keys(wanted: &[CountTaskId], partitions: u16) -> Columns {
    super::id_keys(wanted.iter().map(|task| task.uuid()), partitions)
}

pub(super) fn take(
    wanted: &[CountTaskId],
    rows: &Rows,
    facts: &mut Facts,
) -> Result<(), StoreError> {
    for task in wanted {
        facts.count_tasks.insert(*task, None);
    }
    for row in rows.iter() {
        let task: CountTask = row.json(1)?;
        facts.count_tasks.insert(task.id, Some(Arc::new(task)));
    }
    Ok(())
}

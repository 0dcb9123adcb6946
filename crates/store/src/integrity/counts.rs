//! Tasks to count: their columns say what their bodies say (I6).

use throughline_core::id::CountTaskId;
use throughline_core::inventory::CountTask;

use super::Seen;
use super::statements::COUNT_TASKS;
use crate::engine::{Cell, Connection};
use crate::error::StoreError;

/// Tasks read in one step.
const STEP: i64 = 500;

/// Checks all tasks.
pub(super) fn check(connection: &mut Connection, seen: &mut Seen) -> Result<(), StoreError> {
    for bucket in 0..connection.partitions() {
        let mut after = uuid::Uuid::nil();
        loop {
            let values = [
                Cell::Integer(bucket.into()),
                Cell::Uuid(after),
                Cell::Integer(STEP),
            ];
            let rows = connection.list(&COUNT_TASKS, &values)?;
            let mut read = 0;
            for row in rows.iter() {
                read += 1;
                after = row.uuid(0)?;
                let task: CountTask = row.json(4)?;
                let agrees = task.id == CountTaskId::from_uuid(after)
                    && task.item.uuid() == row.uuid(1)?
                    && task.version == row.int(2)?.cast_unsigned()
                    && task.state.as_str() == row.text(3)?;
                if !agrees {
                    let detail = format!("the columns of count task {after} differ from its body");
                    seen.report("I6", detail);
                }
            }
            if read < STEP {
                break;
            }
        }
    }
    Ok(())
}

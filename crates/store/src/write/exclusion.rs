//! Rows of exclusions: each one once, as the last decision left it. Nothing depends on what was there before.

use std::collections::BTreeMap;

use super::batch::Batch;
use crate::engine::Columns;

/// Writes the exclusions in the one order in which all committers take them.
pub(super) fn gather(batch: &Batch<'_>, partitions: u16, rows: &mut Columns) {
    let decisions = batch.decisions.iter();
    let revised = decisions.flat_map(|(_, decision)| &decision.exclusions);
    let last: BTreeMap<_, _> = revised
        .map(|revised| {
            let (item, after) = (revised.item, revised.after);
            ((item.bucket(partitions), item, after.location), after)
        })
        .collect();
    for ((bucket, item, location), after) in last {
        let row = rows.row().int(bucket).uuid(item.uuid());
        let row = row.int(location.0).int(after.until.0).int(after.since.0);
        row.text(after.cause.as_str());
    }
}

//! Rows of ring-fences: each one once, from what the first decision saw to what the last one left.

use std::collections::BTreeMap;

use super::batch::Batch;
use crate::engine::Columns;

/// Writes the fences in the one order in which all committers take them.
pub(super) fn gather(batch: &Batch<'_>, partitions: u16, rows: &mut Columns) {
    let mut current = BTreeMap::new();
    let decisions = batch.decisions.iter();
    for revised in decisions.flat_map(|(_, decision)| &decision.fences) {
        let (item, fence) = (revised.item, revised.after);
        let key = (item.bucket(partitions), item, fence.location, fence.channel);
        let known = current.entry(key);
        known.or_insert((revised.was, 0)).1 = fence.quantity;
    }
    for ((bucket, item, location, channel), (was, quantity)) in current {
        let row = rows.row().int(bucket).uuid(item.uuid());
        row.int(location.0).int(channel.0).int(quantity).int(was);
    }
}

//! Waking those who wait for stock, where several committers decide at the same time.
//!
//! One committer has an order wait because it saw no stock; another one takes goods in because it saw nobody waiting.
//! Both are right, both commit, and nobody would ever serve the order. So whoever lets an order wait for an item, or
//! frees units of it, locks the item's row, and looks after the lock whether somebody waits and something is free: the
//! later one of the two sees both, and leaves a job.

use std::collections::BTreeMap;

use rustc_hash::FxHashMap;
use throughline_core::Decision;
use throughline_core::id::ItemId;
use throughline_core::inventory::waited_changes;
use throughline_core::network::LocationId;

use super::batch::{Batch, Revised};
use super::changes::Stamp;
use super::levels::NetMove;
use crate::engine::Columns;
use crate::error::StoreError;
use crate::jobs::{self, JobKind};

/// Items that orders begin to wait for, and items of which units become free, as all committers sort them.
pub(super) fn stirred_items(
    orders: &[Revised<'_>],
    levels: &[((LocationId, ItemId), NetMove)],
    partitions: u16,
) -> Vec<ItemId> {
    let freed = levels.iter().filter(|(_, net)| net.frees());
    let mut items: Vec<ItemId> = freed.map(|((_, item), _)| *item).collect();
    for revised in orders {
        throughline_core::order::source::waiting_changes(
            revised.before.map(AsRef::as_ref),
            revised.after,
            |item, waiting| items.extend((waiting.quantity > 0).then_some(item)),
        );
    }
    items.sort_unstable_by_key(|item| (item.bucket(partitions), *item));
    items.dedup();
    items
}

/// Writes which items are locked, and the jobs that are left where somebody waits while something is free. Items that
/// the batch leaves a job for in any case need no other.
pub(super) fn gather_wake_ups(
    batch: &Batch<'_>,
    items: &[ItemId],
    stamp: Stamp,
    locks: &mut Columns,
    wake_ups: &mut Columns,
) -> Result<(), StoreError> {
    let served = batch
        .decisions
        .iter()
        .flat_map(|(_, decision)| &decision.serve_later);
    for item in items {
        let bucket = item.bucket(stamp.partitions);
        locks.row().int(bucket).uuid(item.uuid());
        if served.clone().any(|later| later == item) {
            continue;
        }
        let job = jobs::id(item.uuid(), batch.now, stamp.writer, stamp.batch);
        let kind = JobKind::ServeWaiting { item: *item };
        let row = wake_ups.row().int(bucket).int(batch.now.0).uuid(job.uuid());
        row.text(kind.name()).json(&kind)?.uuid(item.uuid());
    }
    Ok(())
}

/// Writes how many units were waited for, where that decided something, counted back to before the batch.
pub(super) fn gather_seen(batch: &Batch<'_>, stamp: Stamp, rows: &mut Columns) {
    let seen = |decision: &Decision| !decision.waited_seen.is_empty();
    if !batch.decisions.iter().any(|(_, decision)| seen(decision)) {
        return;
    }
    let mut begun: FxHashMap<ItemId, i64> = FxHashMap::default();
    let mut before: BTreeMap<(i32, ItemId), i64> = BTreeMap::new();
    for (_, decision) in batch.decisions {
        for (item, units) in &decision.waited_seen {
            let key = (item.bucket(stamp.partitions), *item);
            let others = begun.get(item).copied().unwrap_or(0);
            before.entry(key).or_insert(units - others);
        }
        for revised in &decision.orders {
            let orders = (revised.before.as_deref(), revised.after.as_ref());
            waited_changes(orders.0, orders.1, |item, _, units| {
                *begun.entry(item).or_default() += units;
            });
        }
    }
    for ((bucket, item), units) in before {
        rows.row().int(bucket).uuid(item.uuid()).int(units);
    }
}

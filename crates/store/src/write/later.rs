//! Jobs that a batch leaves: what is to be done after it, at once or at some time.

use throughline_core::id::ItemId;
use throughline_core::time::Millis;

use super::batch::Batch;
use super::changes::Stamp;
use crate::engine::Columns;
use crate::error::StoreError;
use crate::jobs::{JobKind, id, nth_id};

/// Writes the jobs: each item is served once at a time, each order reviewed once.
pub(super) fn gather(
    batch: &Batch<'_>,
    stamp: Stamp,
    jobs: &mut Columns,
) -> Result<(), StoreError> {
    let decisions = || batch.decisions.iter().map(|(_, decision)| decision);
    let now = decisions().flat_map(|decision| &decision.serve_later);
    let later = decisions().flat_map(|decision| decision.serve_at.iter().copied());
    let mut items: Vec<(ItemId, Millis)> =
        now.map(|item| (*item, batch.now)).chain(later).collect();
    items.sort_unstable();
    items.dedup();
    for (item, at) in items {
        let job = id(item.uuid(), at, stamp.writer, stamp.batch);
        let row = jobs.row().int(item.bucket(stamp.partitions)).int(at.0);
        let kind = JobKind::ServeWaiting { item };
        row.uuid(job.uuid()).text(kind.name()).json(&kind)?;
    }
    reviews(batch, stamp, jobs)
}

/// A review of an order's approvals, once for an order: the last one that was asked for.
fn reviews(batch: &Batch<'_>, stamp: Stamp, jobs: &mut Columns) -> Result<(), StoreError> {
    let all = batch
        .decisions
        .iter()
        .flat_map(|(_, decision)| &decision.review_later);
    let last: std::collections::BTreeMap<_, _> = all.copied().collect();
    for (order, at) in last {
        let job = id(order.uuid(), batch.now, stamp.writer, stamp.batch);
        let row = jobs.row().int(order.bucket(stamp.partitions)).int(at.0);
        let kind = JobKind::ReviewHolds { order };
        row.uuid(job.uuid()).text(kind.name()).json(&kind)?;
    }
    releases(batch, stamp, jobs)
}

/// A look at an order's scheduled fulfilments, once for an order: the last one that was asked for.
fn releases(batch: &Batch<'_>, stamp: Stamp, jobs: &mut Columns) -> Result<(), StoreError> {
    let all = batch
        .decisions
        .iter()
        .flat_map(|(_, decision)| &decision.release_later);
    let last: std::collections::BTreeMap<_, _> = all.copied().collect();
    for (order, at) in last {
        let job = nth_id(order.uuid(), 1, batch.now, stamp.writer, stamp.batch);
        let row = jobs.row().int(order.bucket(stamp.partitions)).int(at.0);
        let kind = JobKind::ReleaseScheduled { order };
        row.uuid(job.uuid()).text(kind.name()).json(&kind)?;
    }
    Ok(())
}

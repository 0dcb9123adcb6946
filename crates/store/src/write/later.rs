//! Jobs that a batch leaves: what is to be done after it, at once or at some time.

use std::collections::{BTreeMap, BTreeSet};

use throughline_core::id::ItemId;
use throughline_core::network::Member;
use throughline_core::time::Millis;

use uuid::Uuid;

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
    reviews(batch, stamp, jobs)?;
    watches(batch, stamp, jobs)
}

/// A review of an order's approvals, once for an order: the last one that was asked for.
fn reviews(batch: &Batch<'_>, stamp: Stamp, jobs: &mut Columns) -> Result<(), StoreError> {
    let all = batch
        .decisions
        .iter()
        .flat_map(|(_, decision)| &decision.review_later);
    let last: BTreeMap<_, _> = all.copied().collect();
    for (order, at) in last {
        let job = id(order.uuid(), batch.now, stamp.writer, stamp.batch);
        let row = jobs.row().int(order.bucket(stamp.partitions)).int(at.0);
        let kind = JobKind::ReviewHolds { order };
        row.uuid(job.uuid()).text(kind.name()).json(&kind)?;
    }
    questions(batch, stamp, jobs)?;
    releases(batch, stamp, jobs)
}

/// A question to a scorer outside for each hold that waits for one.
fn questions(batch: &Batch<'_>, stamp: Stamp, jobs: &mut Columns) -> Result<(), StoreError> {
    let all = batch.decisions.iter();
    for (order, hold) in all.flat_map(|(_, decision)| decision.score_later.iter().copied()) {
        let job = id(hold.of(order), batch.now, stamp.writer, stamp.batch);
        let row = jobs.row().int(order.bucket(stamp.partitions));
        let kind = JobKind::AskScorer { order, hold };
        let row = row.int(batch.now.0).uuid(job.uuid());
        row.text(kind.name()).json(&kind)?;
    }
    Ok(())
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

/// What has to be looked at of promises: an order when something was to happen, items of which other supply will come,
/// and everything that a closure may touch.
fn watches(batch: &Batch<'_>, stamp: Stamp, jobs: &mut Columns) -> Result<(), StoreError> {
    let decisions = || batch.decisions.iter().map(|(_, decision)| decision);
    let watched = decisions().flat_map(|decision| &decision.watch_later);
    let last: BTreeMap<_, _> = watched.copied().collect();
    for (order, at) in last {
        let kind = JobKind::WatchPromise { order };
        let place = (order.uuid(), order.bucket(stamp.partitions));
        job(&kind, place, at.0, (batch, stamp), jobs)?;
    }
    let items = decisions().flat_map(|decision| &decision.renew_later);
    let items: BTreeSet<ItemId> = items.copied().collect();
    for item in items {
        let kind = JobKind::RenewWaiting { item };
        let place = (item.uuid(), item.bucket(stamp.partitions));
        job(&kind, place, batch.now.0, (batch, stamp), jobs)?;
    }
    for decision in decisions() {
        let network = decision.network.as_ref().map_or(0, |known| known.version);
        for member in &decision.members {
            let Member::Closure(closure) = member else {
                continue;
            };
            let closure = closure.id;
            let kind = JobKind::Reroute { closure, network };
            let of = u128::from(closure.0) << 80 | u128::from(network.unsigned_abs()) << 16;
            job(
                &kind,
                (Uuid::from_u128(of), 0),
                batch.now.0,
                (batch, stamp),
                jobs,
            )?;
        }
    }
    Ok(())
}

fn job(
    kind: &JobKind,
    (of, bucket): (Uuid, i32),
    run_at: i64,
    (batch, stamp): (&Batch<'_>, Stamp),
    jobs: &mut Columns,
) -> Result<(), StoreError> {
    let salt = match kind {
        JobKind::Reroute { .. } => 2,
        _ => 1,
    };
    let of = crate::jobs::beside(of, salt);
    let id = crate::jobs::id(of, batch.now, stamp.writer, stamp.batch);
    let row = jobs.row().int(bucket).int(run_at);
    row.uuid(id.uuid()).text(kind.name()).json(kind)?;
    Ok(())
}

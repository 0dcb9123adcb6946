//! Goes on with actions over many orders, a few orders at a time.

use throughline_core::Request;
use throughline_core::command::IdempotencyKey;
use throughline_core::order::Order;
use throughline_core::order::bulk::beyond_reach;
use throughline_core::text::{REASON_MAX, storable};
use throughline_store::bulk::{self, BulkRun, Left};
use throughline_store::views::orders::{self, Filter, Sort};
use throughline_store::{Store, StoreError};

use crate::execute::{Executor, NotDone};
use crate::wiring::{clock, ids};

/// Runs that go on side by side.
const RUNS_MAX: usize = 8;
/// Orders looked at in one step of a run.
const STEP: usize = 50;

/// Works on the runs of this database.
pub(super) struct BulkRunner {
    store: Store,
    executor: Executor,
}

impl BulkRunner {
    pub(super) fn new(store: Store, executor: Executor) -> Self {
        Self { store, executor }
    }

    /// Makes a step of every run. A step that two processes make is done once: each order has its own key.
    pub(super) fn go_on(&self) -> Result<(), StoreError> {
        let runs = self
            .store
            .read(|connection| bulk::running(connection, RUNS_MAX))?;
        runs.into_iter().try_for_each(|run| self.step(run))
    }

    fn step(&self, mut run: BulkRun) -> Result<(), StoreError> {
        let filter = filter(&run);
        let page = self.store.read(|connection| {
            let after = run.cursor.as_deref();
            orders::list(connection, &filter, Sort::NewestFirst, after, STEP)
        })?;
        let mut left = Vec::new();
        for stored in page
            .data
            .iter()
            .filter(|stored| run.bulk.fits(&stored.order))
        {
            run.looked_at += 1;
            let reason = match self.act(&run, &stored.order) {
                Ok(()) => {
                    run.done += 1;
                    beyond_reach(&stored.order)
                }
                Err(NotDone::Refused(refusal)) => Some(refusal.to_string()),
                // The whole step is made again; what was done is found by its key.
                Err(error) => {
                    tracing::warn!(%error, "a step over many orders is made again");
                    return Ok(());
                }
            };
            if let Some(reason) = reason {
                run.not_done += 1;
                left.push(Left {
                    position: run.not_done,
                    order: stored.order.id,
                    number: stored.order.number,
                    reason: storable(&reason, REASON_MAX),
                });
            }
        }
        run.is_running = page.has_more;
        run.cursor = page.next_cursor;
        run.updated_at = clock::now();
        self.store.advance_bulk_run(&run, &left).map(drop)
    }

    fn act(&self, run: &BulkRun, order: &Order) -> Result<(), NotDone> {
        let key = IdempotencyKey {
            operation: "bulk-actions".to_owned(),
            key: format!("{}/{}", run.id, order.id),
            body_hash: [0; 16],
        };
        let request = Request {
            id: ids::request(),
            actor: run.actor,
            key: Some(key),
            command: run.bulk.command(order),
        };
        self.executor.execute_blocking(request).map(drop)
    }
}

/// Orders that were placed after the run was asked for are not its own.
fn filter(run: &BulkRun) -> Filter {
    let asked = &run.bulk.filter;
    let before = asked.placed_before.unwrap_or(run.created_at);
    Filter {
        status: asked.status,
        channel: asked.channel,
        customer: asked.customer,
        item: asked.item,
        placed_after: asked.placed_after,
        placed_before: Some(before.min(run.created_at)),
        ..Filter::default()
    }
}

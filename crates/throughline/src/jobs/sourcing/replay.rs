//! Decides past orders again, a few hundred at a time. What is known of stock is kept from step to step; if it is lost with the
//! process, the replay begins anew, which harms nothing: it writes nothing but its own report.

mod past;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use rustc_hash::FxHashMap;
use throughline_core::id::SourcingRunId;
use throughline_core::order::replay::{OrderReplay, Replay, ReplayReport};
use throughline_store::sourcing_runs::{self, OrderResult, Run};
use throughline_store::{Store, StoreError};

use self::past::{Decided, Past};
use crate::execute::Executor;
use crate::wiring::clock;

/// Replays that go on side by side.
const RUNS_MAX: usize = 2;
/// Orders that are decided in one step.
const STEP: usize = 250;

/// Works on the replays of this database.
pub(super) struct ReplayRunner {
    store: Store,
    executor: Executor,
    stopping: Arc<AtomicBool>,
    /// What is known of the past, and the version of the run that this was known at.
    known: FxHashMap<SourcingRunId, (i64, Past)>,
}

impl ReplayRunner {
    pub(super) fn new(store: Store, executor: Executor, stopping: Arc<AtomicBool>) -> Self {
        Self {
            store,
            executor,
            stopping,
            known: FxHashMap::default(),
        }
    }

    /// Makes a step of every replay that nobody works on.
    pub(super) fn go_on(&mut self) -> Result<(), StoreError> {
        let now = clock::now();
        let runs = self
            .store
            .read(|connection| sourcing_runs::free(connection, now, RUNS_MAX))?;
        runs.into_iter().try_for_each(|run| self.step(run))
    }

    fn step(&mut self, mut run: Run<Replay>) -> Result<(), StoreError> {
        let version = run.version;
        if !self.store.lease_sourcing_run(&mut run, clock::now())? {
            return Ok(());
        }
        let kept = self.known.remove(&run.id);
        let (mut past, told) = match kept.filter(|(known, _)| *known == version) {
            Some((_, past)) => (past, run.report.other),
            None => {
                let past = self.begin(&run.asked)?;
                let told = std::mem::take(&mut run.report).other;
                run.report.found = past.left();
                (past, told)
            }
        };
        let mut results = Vec::new();
        for _ in 0..STEP {
            if self.stopping.load(Ordering::Acquire) {
                break;
            }
            let next = self
                .store
                .read(|connection| past.next(connection, &run.asked))?;
            let Some(decided) = next else { break };
            results.extend(add(&mut run.report, decided, told));
        }
        run.is_running = past.left() > 0;
        run.updated_at = clock::now();
        if self.store.advance_sourcing_run(&run, &results)? && run.is_running {
            self.known.insert(run.id, (run.version + 1, past));
        }
        Ok(())
    }

    fn begin(&self, asked: &Replay) -> Result<Past, StoreError> {
        // What is known of movements is a projection.
        self.executor.project_blocking();
        let known = self.executor.network();
        self.store
            .read(|connection| Past::begin(connection, asked, &known))
    }
}

/// Counts an order, and tells it if something else is done now and it was not told before.
fn add(report: &mut ReplayReport, decided: Decided, told: i64) -> Option<OrderResult<OrderReplay>> {
    let (order, number, replayed) = match decided {
        Decided::NeverSourced => {
            report.done += 1;
            report.never_sourced += 1;
            return None;
        }
        Decided::Refused => {
            report.done += 1;
            report.refused += 1;
            return None;
        }
        Decided::Again(order, number, replayed) => (order, number, replayed),
    };
    report.add(&replayed);
    let is_news = replayed.is_other() && report.other > told;
    let result = OrderResult {
        position: report.other,
        order,
        number,
        result: *replayed,
    };
    is_news.then_some(result)
}

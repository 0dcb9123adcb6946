//! The pipeline: while one batch is being committed, the next one is decided on it.
//!
//! It is for SQLite, where one writer commits batch after batch. What a batch under way has made is in the facts; all else is
//! loaded beside the writer. A batch that was decided on one that failed dies with it, and so does one that another
//! process has overtaken or that needs what is committed (I10): they are decided again, one after the other, with the writer
//! in hand. So nothing is decided here that would have been decided otherwise there.

use std::ops::Range;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::time::Duration;

use rustc_hash::FxHashSet;
use throughline_core::command::Actor;
use throughline_core::id::ItemId;
use throughline_core::network::Network;
use throughline_core::time::Millis;
use throughline_core::{Decision, Request};
use throughline_store::{Loader, Pace, Retry, StoreError};
use tokio::sync::oneshot;

use super::batch::{Answers, done, touched_items};
use super::committer::{BATCH_MAX, Committer, QUIET_BATCH};
use super::decide_batch::{Bench, Source, Verdict};
use super::planners::Landed;
use super::queue::Queued;
use super::scribe::{self, Decided, Failure, Scribe, Task, Told};
use super::{Metrics, board};
use crate::wiring::clock::{self, Stopwatch};

/// Batches that are decided with the writer in hand after one that could not be decided ahead: where stock runs out, the
/// next ones will need what is committed, too.
const EXACT_BATCHES: u32 = 16;

/// What is under way.
pub(super) struct Pipeline {
    pub(super) scribe: Scribe,
    loader: Loader,
    /// Decided, and growing until the scribe is free.
    open: Option<Open>,
    /// With the scribe.
    flight: Option<Flight>,
    /// Tasks that the scribe has not told to be done.
    tasks: usize,
    /// Batches still to be decided with the writer in hand.
    exact: u32,
}

/// A batch that is being decided.
struct Open {
    requests: Vec<Queued>,
    answers: Answers,
    decisions: Vec<(Actor, Decision)>,
    touched: Vec<ItemId>,
    /// The network that the first of them was decided on.
    network: Arc<Network>,
    now: Millis,
    /// The order numbers that were left before it.
    numbers: Range<u64>,
    deciding: Duration,
}

/// A batch that is being committed.
struct Flight {
    requests: Vec<Queued>,
    answers: Answers,
    touched: FxHashSet<ItemId>,
    /// The network before it and after it.
    networks: [Arc<Network>; 2],
    landed: Landed,
    deciding: Duration,
    leaves_jobs: bool,
}

impl Pipeline {
    pub(super) fn new(scribe: Scribe, loader: Loader) -> Self {
        Self {
            scribe,
            loader,
            open: None,
            flight: None,
            tasks: 0,
            exact: 0,
        }
    }

    fn is_busy(&self) -> bool {
        self.tasks > 0
    }

    fn ask(&mut self, task: Task) {
        self.tasks += 1;
        self.scribe.ask(task);
    }

    /// How many more requests may be decided now.
    fn room(&self, numbers: u64) -> usize {
        let decided = self.open.as_ref().map_or(0, |open| open.requests.len());
        let numbers = usize::try_from(numbers).unwrap_or(usize::MAX);
        (BATCH_MAX - decided).min(numbers)
    }
}

impl Committer {
    /// How many requests may be taken from the queue now.
    pub(super) fn room(&self) -> usize {
        match &self.pipeline {
            Some(pipeline) if pipeline.is_busy() => {
                pipeline.room(self.numbers.end - self.numbers.start)
            }
            _ => BATCH_MAX,
        }
    }

    /// Whether requests are to be decided ahead: there is a pipeline, and either a batch is under way or more requests wait.
    pub(super) fn goes_ahead(&mut self, more_wait: bool) -> bool {
        let is_full = board::is_full(&self.facts);
        let must_reload = self.reload;
        let Some(pipeline) = &mut self.pipeline else {
            return false;
        };
        if pipeline.exact > 0 {
            pipeline.exact -= 1;
            return false;
        }
        !is_full && !must_reload && (pipeline.is_busy() || more_wait)
    }

    /// Decides requests ahead, and hands them to the scribe as soon as it is free.
    pub(super) fn decide_ahead(&mut self, batch: Vec<Queued>) {
        let is_idle = self
            .pipeline
            .as_ref()
            .is_some_and(|pipeline| !pipeline.is_busy());
        if is_idle {
            self.lease_numbers_ahead();
        }
        let decided = catch_unwind(AssertUnwindSafe(|| self.extend_open(&batch)));
        let open = self
            .pipeline
            .as_mut()
            .and_then(|pipeline| pipeline.open.as_mut());
        let Some(open) = open else {
            return self.settle(batch, false);
        };
        open.requests.extend(batch);
        match decided {
            Ok(Ok(())) if is_idle => self.hand_over(),
            Ok(Ok(())) => {}
            Ok(Err(_)) => self.give_up(false),
            Err(_) => self.give_up(true),
        }
    }

    fn extend_open(&mut self, batch: &[Queued]) -> Result<(), StoreError> {
        let Some(pipeline) = &mut self.pipeline else {
            return Ok(());
        };
        let stopwatch = Stopwatch::start();
        let open = pipeline.open.get_or_insert_with(|| Open {
            requests: Vec::new(),
            answers: Vec::new(),
            decisions: Vec::new(),
            touched: Vec::new(),
            network: Arc::clone(&self.facts.network),
            now: clock::now(),
            numbers: self.numbers.clone(),
            deciding: Duration::ZERO,
        });
        let nothing = FxHashSet::default();
        let in_flight = pipeline
            .flight
            .as_ref()
            .map_or(&nothing, |flight| &flight.touched);
        let mut bench = Bench {
            source: Source::Beside(&mut pipeline.loader, in_flight),
            facts: &mut self.facts,
            fresh: &mut self.fresh,
            unknown: &mut self.unknown,
            now: open.now,
            next_number: self.numbers.start,
            may_have_happened: false,
        };
        if self.numbers.end - self.numbers.start < batch.len() as u64 {
            return Err(StoreError::Retry(Retry::Busy));
        }
        let requests: Vec<&Request> = batch.iter().map(|queued| &queued.request).collect();
        bench.load_for(&requests, &open.decisions)?;
        for request in requests {
            match bench.decide(request, &open.decisions)? {
                Verdict::Refused(refusal) => open.answers.push(Err(refusal)),
                Verdict::Decided(mut decision) => {
                    touched_items(&decision, &mut open.touched);
                    open.answers.push(Ok(done(bench.facts, &mut decision)));
                    open.decisions.push((request.actor, *decision));
                }
            }
            self.numbers.start = bench.next_number;
        }
        open.deciding += stopwatch.elapsed();
        Ok(())
    }

    /// Leases numbers for the next batch, with the scribe free. Without them it is decided with the writer in hand.
    fn lease_numbers_ahead(&mut self) {
        if let Err(error) = self.lease_numbers(BATCH_MAX) {
            tracing::warn!(%error, "no order numbers could be leased; trying again");
        }
    }

    /// Hands what was decided to the scribe, which is free.
    fn hand_over(&mut self) {
        let more_wait = !self.queue.is_empty();
        let Some(pipeline) = &mut self.pipeline else {
            return;
        };
        let Some(open) = pipeline.open.take() else {
            return;
        };
        let decisions = || open.decisions.iter().map(|(_, decision)| decision);
        self.facts.keep_records(decisions());
        board::forget_unknown(&mut self.facts, &mut self.unknown);
        let is_quiet = open.requests.len() <= QUIET_BATCH && !more_wait;
        pipeline.flight = Some(Flight {
            leaves_jobs: decisions().any(|decision| !decision.serve_later.is_empty()),
            networks: [Arc::clone(&open.network), Arc::clone(&self.facts.network)],
            landed: Landed::of(&self.facts.network, decisions()),
            requests: open.requests,
            answers: open.answers,
            touched: open.touched.into_iter().collect(),
            deciding: open.deciding,
        });
        pipeline.ask(Task::Commit(Decided {
            decisions: open.decisions,
            network_version: open.network.version,
            now: open.now,
            pace: if is_quiet { Pace::Quiet } else { Pace::Busy },
        }));
    }

    /// Brings the projections up to date, for readers who wait for them.
    pub(super) fn project(&mut self, readers: Vec<oneshot::Sender<()>>) {
        match &mut self.pipeline {
            Some(pipeline) if pipeline.is_busy() => pipeline.ask(Task::Project(readers)),
            _ => scribe::project(&mut self.writer.lock(), readers),
        }
    }

    /// Takes in what the scribe has told.
    pub(super) fn hear(&mut self, told: Told) {
        self.take_in(told);
        if !self.is_under_way() {
            self.go_on();
        }
    }

    fn take_in(&mut self, told: Told) {
        match told {
            Told::Committed(committing) => self.landed(committing),
            Told::Failed(failure) => self.crashed(&failure),
            Told::Ready => {
                if let Some(pipeline) = &mut self.pipeline {
                    pipeline.tasks = pipeline.tasks.saturating_sub(1);
                }
            }
        }
    }

    /// Whether the scribe has something to do.
    pub(super) fn is_under_way(&self) -> bool {
        self.pipeline.as_ref().is_some_and(Pipeline::is_busy)
    }

    /// The scribe is free for what was decided meanwhile.
    fn go_on(&mut self) {
        if self
            .pipeline
            .as_ref()
            .is_some_and(|pipeline| pipeline.open.is_some())
        {
            self.lease_numbers_ahead();
            self.hand_over();
        } else {
            self.end_batch();
        }
    }

    fn landed(&mut self, committing: Duration) {
        let flight = self
            .pipeline
            .as_mut()
            .and_then(|pipeline| pipeline.flight.take());
        if let Some(flight) = flight {
            let [_, network] = &flight.networks;
            let took = [flight.deciding, committing];
            self.committed(network, &flight.landed, took, flight.leaves_jobs);
            self.answer(flight.requests, flight.answers);
        }
    }

    /// Nothing of the batch with the scribe stays, nor of what was decided on it: both are decided again, with the writer in
    /// hand.
    fn crashed(&mut self, failure: &Failure) {
        tracing::debug!(%failure, "a batch is decided again");
        Metrics::add(&self.shared.metrics.retries, 1);
        let Some(flight) = self
            .pipeline
            .as_mut()
            .and_then(|pipeline| pipeline.flight.take())
        else {
            return;
        };
        self.wait();
        let open = self.void_open();
        board::forget(&mut self.facts, flight.touched.iter().copied());
        let [before, after] = &flight.networks;
        self.reload |= !Arc::ptr_eq(before, after) || matches!(failure, Failure::Overtaken);
        match failure {
            Failure::Store(StoreError::GuardFailed(guards)) => {
                board::forget(&mut self.facts, guards.items.iter().copied());
                if guards.settings || guards.writer_fenced {
                    self.recover();
                }
            }
            Failure::Store(StoreError::Retry(_) | StoreError::UnknownOutcome) | Failure::Panic => {
                self.recover();
            }
            Failure::Store(_) | Failure::Overtaken => {}
        }
        self.end_batch();
        let may_have_happened = match failure {
            Failure::Store(StoreError::UnknownOutcome) => true,
            // Claims that somebody else has by now may be our own, from a try of unknown outcome.
            Failure::Store(StoreError::GuardFailed(guards)) => !guards.claims.is_empty(),
            _ => false,
        };
        self.settle(flight.requests, may_have_happened);
        if let Some(open) = open {
            self.settle(open.requests, false);
        }
    }

    /// Decides again, with the writer in hand, what was decided ahead.
    fn give_up(&mut self, may_be_garbage: bool) {
        self.wait();
        let open = self.void_open();
        if may_be_garbage {
            self.recover();
        }
        self.end_batch();
        if let Some(open) = open {
            self.settle(open.requests, false);
        }
    }

    /// What was decided ahead never was.
    fn void_open(&mut self) -> Option<Open> {
        let pipeline = self.pipeline.as_mut()?;
        pipeline.exact = EXACT_BATCHES;
        let open = pipeline.open.take()?;
        board::forget(&mut self.facts, open.touched.iter().copied());
        self.reload |= !Arc::ptr_eq(&open.network, &self.facts.network);
        if open.numbers.end == self.numbers.end {
            self.numbers = open.numbers.clone();
        }
        Some(open)
    }

    /// Finishes everything that was begun, so that the writer is free.
    pub(super) fn finish(&mut self) {
        while self.is_under_way() {
            self.wait();
            self.go_on();
        }
    }

    /// The scribe is gone; those who wait for it learn that there is nobody to answer them.
    pub(super) fn lost_scribe(&mut self) {
        if let Some(pipeline) = &mut self.pipeline {
            pipeline.tasks = 0;
            pipeline.open = None;
            pipeline.flight = None;
        }
    }

    /// Waits until the scribe has nothing to do. If its batch fails, that and what was decided on it is settled then.
    fn wait(&mut self) {
        while self.is_under_way() {
            let Some(pipeline) = &self.pipeline else {
                return;
            };
            match pipeline.scribe.told().recv() {
                Ok(told) => self.take_in(told),
                Err(_) => return self.lost_scribe(),
            }
        }
    }
}

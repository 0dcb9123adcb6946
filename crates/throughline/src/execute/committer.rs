//! A committer: one thread that owns one write connection.

use std::ops::Range;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use crossbeam_channel::{Receiver, RecvTimeoutError};
use throughline_core::id::ItemId;
use throughline_core::{Facts, Request};
use throughline_store::{Engine, Pace, Store, StoreError, Writer};
use tokio::sync::oneshot;

use super::batch::Answers;
use super::queue::{Queued, Work};
use super::{Metrics, NotDone, Shared, board};
use crate::wiring::clock;
use crate::wiring::random;

/// Requests in one transaction at most.
const BATCH_MAX: usize = 512;
/// Requests of a batch after which there may be time to spare.
const QUIET_BATCH: usize = 64;
/// Order numbers leased at a time; those left over at a restart become gaps.
const NUMBERS_LEASED: u64 = 1_000;
/// Tries of a batch that the engine or a lost connection interrupts.
const TRIES_MAX: u32 = 12;
/// Guard failures of one batch before one of its requests is taken to be at fault.
const GUARDS_FAILED_MAX: u32 = 200;
/// How long a committer without work waits before it tends to the projections.
const IDLE: Duration = Duration::from_millis(200);

/// One thread that owns one write connection.
pub(super) struct Committer {
    queue: Receiver<Work>,
    shared: Arc<Shared>,
    pub(super) writer: Writer,
    pub(super) facts: Facts,
    pub(super) fresh: Vec<ItemId>,
    pub(super) unknown: Vec<String>,
    pub(super) numbers: Range<u64>,
    /// Whether everything is to be read again before the next batch.
    pub(super) reload: bool,
    pub(super) engine: Engine,
}

impl Committer {
    /// Leases a writer on the store.
    pub(super) fn new(
        store: &Store,
        queue: Receiver<Work>,
        shared: Arc<Shared>,
    ) -> Result<Self, StoreError> {
        let mut writer = store.writer(&reference(), clock::now())?;
        let network = writer.load_network()?;
        *shared.network.write() = Arc::clone(&network);
        let facts = Facts {
            network,
            ..Facts::default()
        };
        Ok(Self {
            engine: store.engine(),
            queue,
            shared,
            writer,
            facts,
            fresh: Vec::new(),
            unknown: Vec::new(),
            numbers: 0..0,
            reload: false,
        })
    }

    /// Works until the queue is closed and empty.
    pub(super) fn run(mut self) {
        loop {
            match self.queue.recv_timeout(IDLE) {
                Ok(Work::Commit(first)) => self.take_batch(first),
                Ok(Work::Project(told)) => self.project(vec![told]),
                Err(RecvTimeoutError::Timeout) => self.tend(Pace::Quiet),
                Err(RecvTimeoutError::Disconnected) => break,
            }
        }
        self.tend(Pace::Quiet);
        self.writer.release();
    }

    fn take_batch(&mut self, first: Queued) {
        let (mut batch, mut told) = (vec![first], Vec::new());
        while batch.len() < BATCH_MAX {
            match self.queue.try_recv() {
                Ok(Work::Commit(next)) => batch.push(next),
                Ok(Work::Project(reader)) => told.push(reader),
                Err(_) => break,
            }
        }
        let taken = batch.len();
        self.settle(batch, false);
        self.shared.waiting.fetch_sub(taken, Ordering::AcqRel);
        if told.is_empty() {
            let is_quiet = taken <= QUIET_BATCH && self.queue.is_empty();
            self.tend(if is_quiet { Pace::Quiet } else { Pace::Busy });
        } else {
            self.project(told);
        }
    }

    /// Brings the projections up to date at once, for readers who wait for them.
    fn project(&mut self, readers: Vec<oneshot::Sender<()>>) {
        if let Err(error) = self.writer.flush_projections() {
            tracing::warn!(%error, "projections could not be brought up to date; trying again");
            self.recover();
        }
        for reader in readers {
            // A reader who no longer waits needs no answer.
            let _gone = reader.send(());
        }
    }

    /// Projections follow the commits within half a second.
    fn tend(&mut self, pace: Pace) {
        if let Err(error) = self.writer.flush_projections_if_due(clock::now(), pace) {
            tracing::warn!(%error, "projections could not be brought up to date; trying again");
            self.writer.rollback();
            if matches!(error, StoreError::GuardFailed(_)) {
                self.recover();
            }
        }
    }

    /// Tries the batch until it is committed; cuts it in two where a request breaks it, until the
    /// guilty one stands alone and gets its fault.
    fn settle(&mut self, batch: Vec<Queued>, may_have_happened: bool) {
        match self.commit(&batch, may_have_happened) {
            Ok(answers) => {
                for (queued, answer) in batch.into_iter().zip(answers) {
                    let counter = if answer.is_ok() {
                        &self.shared.metrics.done
                    } else {
                        &self.shared.metrics.refused
                    };
                    Metrics::add(counter, 1);
                    // A caller who no longer waits finds the answer under the request's key.
                    let _gone = queued.answer.send(answer.map_err(NotDone::from));
                }
            }
            Err(broken) if batch.len() == 1 || broken.nobody_is_guilty => {
                self.fault(batch, broken.error)
            }
            Err(broken) => self.bisect(batch, broken.may_have_happened),
        }
    }

    fn bisect(&mut self, mut batch: Vec<Queued>, may_have_happened: bool) {
        Metrics::add(&self.shared.metrics.bisections, 1);
        let second = batch.split_off(batch.len() / 2);
        self.settle(batch, may_have_happened);
        self.settle(second, may_have_happened);
    }

    fn fault(&mut self, batch: Vec<Queued>, error: Fault) {
        let reference = reference();
        tracing::error!(%reference, %error, "a request broke");
        Metrics::add(&self.shared.metrics.faults, 1);
        let cause = match error {
            Fault::Store(error) => Some(Arc::new(error)),
            Fault::Panic(_) => None,
        };
        for queued in batch {
            let _gone = queued.answer.send(Err(NotDone::Fault {
                reference: reference.clone(),
                cause: cause.clone(),
            }));
        }
    }

    /// Tries the batch, bounded, with jitter. Guard failures are tried until decided.
    fn commit(&mut self, batch: &[Queued], mut may_have_happened: bool) -> Result<Answers, Broken> {
        let requests: Vec<&Request> = batch.iter().map(|queued| &queued.request).collect();
        let mut interruptions = 0;
        let mut guards_failed = 0;
        loop {
            let error = match catch_unwind(AssertUnwindSafe(|| {
                self.attempt(&requests, may_have_happened)
            })) {
                Ok(Ok(answers)) => return Ok(answers),
                Ok(Err(error)) => error,
                Err(panic) => return Err(self.after_panic(&panic, may_have_happened)),
            };
            Metrics::add(&self.shared.metrics.retries, 1);
            match &error {
                StoreError::GuardFailed(guards) if guards_failed < GUARDS_FAILED_MAX => {
                    guards_failed += 1;
                    board::forget(&mut self.facts, guards.items.iter().copied());
                    if guards.settings || guards.writer_fenced {
                        self.recover();
                    }
                    // Claims that somebody else has by now may be our own, from a try of unknown outcome.
                    may_have_happened |= !guards.claims.is_empty();
                    if guards_failed > 3 {
                        std::thread::sleep(pause(guards_failed.min(6)));
                    }
                }
                StoreError::Retry(_) | StoreError::UnknownOutcome if interruptions < TRIES_MAX => {
                    may_have_happened |= matches!(error, StoreError::UnknownOutcome);
                    interruptions += 1;
                    std::thread::sleep(pause(interruptions));
                    self.recover();
                }
                _ => {
                    let nobody_is_guilty = is_about_the_database(&error);
                    return Err(Broken {
                        error: Fault::Store(error),
                        may_have_happened,
                        nobody_is_guilty,
                    });
                }
            }
        }
    }

    fn after_panic(
        &mut self,
        panic: &(dyn std::any::Any + Send),
        may_have_happened: bool,
    ) -> Broken {
        self.writer.rollback();
        board::clear(&mut self.facts);
        self.fresh.clear();
        // What the batch made of the settings never was.
        self.reload = true;
        let said = panic
            .downcast_ref::<String>()
            .map(String::as_str)
            .or_else(|| panic.downcast_ref::<&str>().copied());
        Broken {
            error: Fault::Panic(said.unwrap_or("without words").to_owned()),
            may_have_happened,
            nobody_is_guilty: false,
        }
    }

    /// Starts afresh on what is committed. The writer keeps its number and what it has not projected yet.
    fn recover(&mut self) {
        board::clear(&mut self.facts);
        let recovered = self.writer.recover(clock::now());
        match recovered.and_then(|()| self.writer.load_network()) {
            Ok(network) => self.facts.network = network,
            Err(error) => {
                self.reload = true;
                tracing::warn!(%error, "the database cannot be reached; trying again");
            }
        }
    }

    /// Makes sure that the batch cannot run out of order numbers.
    pub(super) fn lease_numbers(&mut self, wanted: usize) -> Result<(), StoreError> {
        let wanted = wanted as u64;
        if self.numbers.end - self.numbers.start < wanted {
            self.numbers = self.writer.lease_numbers(NUMBERS_LEASED.max(wanted))?;
        }
        Ok(())
    }

    /// Tells the others that a batch is durable.
    pub(super) fn committed(&mut self, deciding: Duration, committing: Duration, jobs: bool) {
        let metrics = &self.shared.metrics;
        let ns = |duration: Duration| u64::try_from(duration.as_nanos()).unwrap_or(u64::MAX);
        Metrics::add(&metrics.batches, 1);
        Metrics::add(&metrics.decide_ns, ns(deciding));
        Metrics::add(&metrics.commit_ns, ns(committing));
        let seen = self.shared.network.read().version;
        if seen < self.facts.network.version {
            *self.shared.network.write() = Arc::clone(&self.facts.network);
        }
        self.shared.commits.send_modify(|commits| *commits += 1);
        if jobs {
            // A worker that has been told already need not be told twice.
            let _told = self.shared.jobs.0.try_send(());
        }
    }
}

/// What broke.
#[derive(Debug, thiserror::Error)]
enum Fault {
    #[error(transparent)]
    Store(StoreError),
    #[error("panic: {0}")]
    Panic(String),
}

/// A batch that cannot be committed as it is.
struct Broken {
    error: Fault,
    may_have_happened: bool,
    /// Whether the database and no single request is at fault, so that looking for one is no use.
    nobody_is_guilty: bool,
}

fn is_about_the_database(error: &StoreError) -> bool {
    matches!(
        error,
        StoreError::Retry(_)
            | StoreError::UnknownOutcome
            | StoreError::Unreachable { .. }
            | StoreError::Refused { .. }
            | StoreError::Locked { .. }
            | StoreError::Unwritable { .. }
            | StoreError::Full
    )
}

/// Doubles with every interruption, to 256 ms at most, with jitter.
fn pause(interruptions: u32) -> Duration {
    let limit = 1u64 << interruptions.min(8);
    let drawn = u64::try_from(random::bits() % u128::from(limit)).unwrap_or_default();
    Duration::from_millis(limit / 2 + drawn / 2)
}

/// A word that finds a fault in the log.
fn reference() -> String {
    format!("{:012x}", random::bits() >> 80)
}

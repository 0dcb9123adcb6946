//! A committer: one thread that decides batches of requests and has them committed, on PostgreSQL by itself, on SQLite with
//! the help of a scribe wherever more requests wait.

use std::ops::Range;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use crossbeam_channel::{Receiver, select};
use parking_lot::Mutex;
use throughline_core::id::ItemId;
use throughline_core::network::Network;
use throughline_core::{Facts, Request};
use throughline_store::{Engine, Pace, Store, StoreError, Writer};

use super::batch::Answers;
use super::pipeline::Pipeline;
use super::planners::Landed;
use super::queue::{Queued, Work};
use super::scribe::{self, Scribe, Told};
use super::{Metrics, NotDone, Shared, board};
use crate::wiring::clock;
use crate::wiring::random;

/// Requests in one transaction at most.
pub(super) const BATCH_MAX: usize = 512;
/// Requests of a batch after which there may be time to spare.
pub(super) const QUIET_BATCH: usize = 64;
/// Order numbers leased at a time; those left over at a restart become gaps.
const NUMBERS_LEASED: u64 = 1_000;
/// Tries of a batch that the engine or a lost connection interrupts.
const TRIES_MAX: u32 = 12;
/// Guard failures of one batch before one of its requests is taken to be at fault.
const GUARDS_FAILED_MAX: u32 = 200;
/// How long a committer without work waits before it tends to the projections.
const IDLE: Duration = Duration::from_millis(200);

/// One thread with one writer.
pub(super) struct Committer {
    pub(super) queue: Receiver<Work>,
    pub(super) shared: Arc<Shared>,
    /// Held by the scribe while it works on a task.
    pub(super) writer: Arc<Mutex<Writer>>,
    pub(super) pipeline: Option<Pipeline>,
    told: Receiver<Told>,
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
        let writer = Arc::new(Mutex::new(writer));
        // On PostgreSQL committers overlap with each other instead.
        let pipeline = match store.engine() {
            Engine::Sqlite => {
                let scribe = Scribe::start(Arc::clone(&writer))?;
                Some(Pipeline::new(scribe, store.loader()?))
            }
            Engine::Postgres => None,
        };
        let told = pipeline
            .as_ref()
            .map_or_else(crossbeam_channel::never, |pipeline| {
                pipeline.scribe.told().clone()
            });
        Ok(Self {
            engine: store.engine(),
            queue,
            shared,
            writer,
            pipeline,
            told,
            facts,
            fresh: Vec::new(),
            unknown: Vec::new(),
            numbers: 0..0,
            reload: false,
        })
    }

    /// Works until the queue is closed and empty.
    pub(super) fn run(mut self) {
        let nothing = crossbeam_channel::never();
        loop {
            let room = self.room();
            let queue = if room > 0 {
                self.queue.clone()
            } else {
                nothing.clone()
            };
            select! {
                recv(queue) -> work => match work {
                    Ok(Work::Commit(first)) => self.take_batch(first, room),
                    Ok(Work::Project(reader)) => self.project(vec![reader]),
                    Err(_) => break,
                },
                recv(self.told) -> told => match told {
                    Ok(told) => self.hear(told),
                    Err(_) => {
                        tracing::error!("the scribe has ended");
                        self.lost_scribe();
                        break;
                    }
                },
                default(IDLE) => if !self.is_under_way() {
                    while self.tend(Pace::Quiet) && self.queue.is_empty() {}
                }
            }
        }
        self.finish();
        self.writer.lock().release();
    }

    fn take_batch(&mut self, first: Queued, room: usize) {
        let (mut batch, mut readers) = (vec![first], Vec::new());
        while batch.len() < room {
            match self.queue.try_recv() {
                Ok(Work::Commit(next)) => batch.push(next),
                Ok(Work::Project(reader)) => readers.push(reader),
                Err(_) => break,
            }
        }
        if self.goes_ahead(batch.len() > 1) {
            self.decide_ahead(batch);
        } else {
            self.finish();
            let taken = batch.len();
            self.settle(batch, false);
            if readers.is_empty() {
                let is_quiet = taken <= QUIET_BATCH && self.queue.is_empty();
                let pace = if is_quiet { Pace::Quiet } else { Pace::Busy };
                while self.tend(pace) && is_quiet && self.queue.is_empty() {}
            }
        }
        if !readers.is_empty() {
            self.project(readers);
        }
    }

    /// Projections follow the commits within a second. Says whether there is more to do.
    fn tend(&mut self, pace: Pace) -> bool {
        scribe::tend(&mut self.writer.lock(), pace)
    }

    /// Tries the batch until it is committed; cuts it in two where a request breaks it, until the
    /// guilty one stands alone and gets its fault.
    pub(super) fn settle(&mut self, batch: Vec<Queued>, may_have_happened: bool) {
        match self.commit(&batch, may_have_happened) {
            Ok(answers) => self.answer(batch, answers),
            Err(broken) if batch.len() == 1 || broken.nobody_is_guilty => {
                self.fault(batch, broken.error)
            }
            Err(broken) => self.bisect(batch, broken.may_have_happened),
        }
    }

    /// Answers the requests of a batch that is durable.
    pub(super) fn answer(&self, batch: Vec<Queued>, answers: Answers) {
        self.shared.waiting.fetch_sub(batch.len(), Ordering::AcqRel);
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

    fn bisect(&mut self, mut batch: Vec<Queued>, may_have_happened: bool) {
        Metrics::add(&self.shared.metrics.bisections, 1);
        let second = batch.split_off(batch.len() / 2);
        self.settle(batch, may_have_happened);
        self.settle(second, may_have_happened);
    }

    fn fault(&mut self, batch: Vec<Queued>, error: Fault) {
        self.shared.waiting.fetch_sub(batch.len(), Ordering::AcqRel);
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
        self.writer.lock().rollback();
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
    pub(super) fn recover(&mut self) {
        self.shared.planners.tell_of_everything();
        board::clear(&mut self.facts);
        let writer = Arc::clone(&self.writer);
        let mut writer = writer.lock();
        let recovered = writer.recover(clock::now());
        match recovered.and_then(|()| writer.load_network()) {
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
            let leased = self
                .writer
                .lock()
                .lease_numbers(NUMBERS_LEASED.max(wanted))?;
            self.numbers = match leased.start == self.numbers.end {
                true => self.numbers.start..leased.end,
                false => leased,
            };
        }
        Ok(())
    }

    /// Tells the others that a batch is durable.
    pub(super) fn committed(
        &mut self,
        network: &Arc<Network>,
        landed: &Landed,
        [deciding, committing]: [Duration; 2],
        jobs: bool,
    ) {
        let metrics = &self.shared.metrics;
        self.shared.planners.tell(landed);
        Metrics::add(&metrics.plans_taken, landed.plans_taken);
        Metrics::add(&metrics.plans_again, landed.plans_again);
        let ns = |duration: Duration| u64::try_from(duration.as_nanos()).unwrap_or(u64::MAX);
        Metrics::add(&metrics.batches, 1);
        Metrics::add(&metrics.decide_ns, ns(deciding));
        Metrics::add(&metrics.commit_ns, ns(committing));
        let seen = self.shared.network.read().version;
        if seen < network.version {
            *self.shared.network.write() = Arc::clone(network);
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

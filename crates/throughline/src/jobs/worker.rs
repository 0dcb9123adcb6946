//! Works off the jobs of the buckets this process has leased.

use throughline_core::Request;
use throughline_core::command::{Actor, Command, OnOrder};
use throughline_core::inventory::ServeWaiting;
use throughline_core::order::schedule::ReleaseScheduled;
use throughline_core::order::screening::ReviewHolds;
use throughline_store::jobs::{Job, JobKind, Worker};
use throughline_store::{Store, StoreError};

use crate::execute::{Executor, NotDone};
use crate::wiring::{clock, ids, random};

/// Jobs claimed at a time.
const CLAIMED_MAX: usize = 64;
/// Rounds before the caller gets to look at other things.
const ROUNDS_MAX: usize = 100;

/// One worker of this process.
pub(super) struct JobWorker {
    store: Store,
    worker: Worker,
    executor: Executor,
}

impl JobWorker {
    pub(super) fn new(store: &Store, executor: Executor) -> Result<Self, StoreError> {
        Ok(Self {
            store: store.clone(),
            worker: store.worker(&name())?,
            executor,
        })
    }

    /// Claims and runs jobs until none is due. A lost connection is replaced for the next time.
    pub(super) fn work_off(&mut self) -> Result<(), StoreError> {
        let result = self.rounds();
        if result.is_err() {
            self.worker = self.store.worker(&name())?;
        }
        result
    }

    fn rounds(&mut self) -> Result<(), StoreError> {
        for _ in 0..ROUNDS_MAX {
            let now = clock::now();
            self.worker.lease_buckets(1, now)?;
            let jobs = self.worker.claim(CLAIMED_MAX, now)?;
            if jobs.is_empty() {
                break;
            }
            for job in jobs {
                self.run(&job)?;
            }
        }
        Ok(())
    }

    fn run(&mut self, job: &Job) -> Result<(), StoreError> {
        match self.execute(job) {
            Ok(()) | Err(NotDone::Refused(_)) => self.worker.complete(job)?,
            Err(error) => self.worker.fail(job, &error.to_string(), clock::now())?,
        };
        Ok(())
    }

    fn execute(&self, job: &Job) -> Result<(), NotDone> {
        let command = match job.kind {
            JobKind::ServeWaiting { item } => Command::ServeWaiting(ServeWaiting { item }),
            JobKind::ReviewHolds { order } => Command::ReviewHolds(OnOrder {
                order,
                expected_version: None,
                what: ReviewHolds,
            }),
            JobKind::ReleaseScheduled { order } => Command::ReleaseScheduled(OnOrder {
                order,
                expected_version: None,
                what: ReleaseScheduled { by_hand: false },
            }),
        };
        let request = Request {
            id: ids::request(),
            actor: Actor::System,
            key: None,
            command,
        };
        self.executor.execute_blocking(request).map(drop)
    }

    /// Gives the buckets back to other processes.
    pub(super) fn release(&mut self) {
        if let Err(error) = self.worker.release() {
            tracing::warn!(%error, "the buckets' leases run out by themselves");
        }
    }
}

/// A name that no other living worker has.
fn name() -> String {
    format!("worker-{:012x}", random::bits() >> 80)
}

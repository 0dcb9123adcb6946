//! Jobs: what has to be done after a commit, and what time alone brings about. Whatever they change goes
//! through `execute`, and everything may run twice.

mod bulk;
mod lanes;
mod pruner;
mod reroute;
mod scorer;
mod sourcing;
mod sweeper;
mod worker;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;
use std::time::Duration;

use crossbeam_channel::Receiver;
use throughline_store::{Store, StoreError};

use self::bulk::BulkRunner;
use self::lanes::LaneReader;
use self::pruner::Pruner;
use self::reroute::Rerouter;
use self::sweeper::Sweeper;
use self::worker::JobWorker;
use crate::execute::Executor;

/// How often jobs of other processes, retries and expiries are looked for.
const POLL: Duration = Duration::from_millis(250);

/// The threads that work on jobs.
pub struct Jobs {
    stopping: Arc<AtomicBool>,
    thread: JoinHandle<()>,
    sourcing: JoinHandle<()>,
}

impl Jobs {
    /// Starts working on jobs.
    ///
    /// # Errors
    /// When the store cannot be reached.
    pub fn start(store: &Store, executor: &Executor) -> Result<Self, StoreError> {
        let stopping = Arc::new(AtomicBool::new(false));
        let waiting = executor.jobs_waiting();
        let worker = JobWorker::new(store, executor.clone())?;
        let sweeper = Sweeper::new(store.clone(), executor.clone());
        let bulk = BulkRunner::new(store.clone(), executor.clone());
        let rerouter = Rerouter::new(store.clone(), executor.clone());
        let lanes = LaneReader::new(store.clone(), executor.clone());
        let pruner = Pruner::new(store)?;
        let told = Arc::clone(&stopping);
        let thread = std::thread::Builder::new().name("jobs".to_owned());
        let thread = thread.spawn(move || {
            run(
                worker,
                &sweeper,
                (&bulk, &rerouter),
                (pruner, lanes),
                &waiting,
                &told,
            )
        });
        let thread = thread.map_err(|_| StoreError::Misuse("the system gives no more threads"))?;
        let sourcing = sourcing::start(store, executor, &stopping)?;
        Ok(Self {
            stopping,
            thread,
            sourcing,
        })
    }

    /// Finishes what is under way and gives the buckets back.
    pub async fn stop(self) {
        self.stopping.store(true, Ordering::Release);
        for thread in [self.thread, self.sourcing] {
            thread.thread().unpark();
            let ended = tokio::task::spawn_blocking(move || thread.join()).await;
            if !matches!(ended, Ok(Ok(()))) {
                tracing::error!("a thread of the jobs ended with a panic");
            }
        }
    }
}

fn run(
    mut worker: JobWorker,
    sweeper: &Sweeper,
    (bulk, rerouter): (&BulkRunner, &Rerouter),
    (mut pruner, mut lanes): (Pruner, LaneReader),
    waiting: &Receiver<()>,
    stopping: &AtomicBool,
) {
    while !stopping.load(Ordering::Acquire) {
        // Told by a commit of this process, or time to look.
        let _told = waiting.recv_timeout(POLL);
        if let Err(error) = worker.work_off() {
            tracing::warn!(%error, "jobs could not be worked on; trying again");
        }
        if let Err(error) = sweeper.sweep() {
            tracing::warn!(%error, "expired reservations could not be looked for; trying again");
        }
        if let Err(error) = bulk.go_on() {
            tracing::warn!(%error, "an action over many orders could not go on; trying again");
        }
        if let Err(error) = rerouter.go_on() {
            tracing::warn!(%error, "what a closure touches could not be looked at; trying again");
        }
        if let Err(error) = lanes.read() {
            tracing::warn!(%error, "lanes could not be read; trying again");
        }
        if let Err(error) = pruner.prune() {
            tracing::warn!(%error, "nothing could be pruned; trying again");
        }
    }
    worker.release();
}

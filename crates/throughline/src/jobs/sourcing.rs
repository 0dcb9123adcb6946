//! Sourcing of waiting queues in the background, begun by hand or by a channel's schedule, and replays of past orders. It is
//! done in a thread of its own, as planning many orders takes longer than other jobs may wait.

mod queue;
mod replay;
mod schedule;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;
use std::time::Duration;

use throughline_store::{Store, StoreError};

use self::queue::QueueRunner;
use self::replay::ReplayRunner;
use self::schedule::Clockwork;
use crate::execute::Executor;

/// How often runs that are to go on are looked for.
const POLL: Duration = Duration::from_millis(250);

/// Starts the thread.
pub(super) fn start(
    store: &Store,
    executor: &Executor,
    stopping: &Arc<AtomicBool>,
) -> Result<JoinHandle<()>, StoreError> {
    let clockwork = Clockwork::new(store.clone(), executor.clone());
    let mut queue = QueueRunner::new(store.clone(), executor.clone(), Arc::clone(stopping));
    let mut replays = ReplayRunner::new(store.clone(), executor.clone(), Arc::clone(stopping));
    let stopping = Arc::clone(stopping);
    let thread = std::thread::Builder::new().name("sourcing".to_owned());
    let thread = thread.spawn(move || {
        while !stopping.load(Ordering::Acquire) {
            std::thread::park_timeout(POLL);
            if let Err(error) = clockwork.begin_due() {
                tracing::warn!(%error, "schedules could not be looked at; trying again");
            }
            if let Err(error) = queue.go_on() {
                tracing::warn!(%error, "a waiting queue could not be sourced; trying again");
            }
            if let Err(error) = replays.go_on() {
                tracing::warn!(%error, "past orders could not be decided again; trying again");
            }
        }
    });
    thread.map_err(|_| StoreError::Misuse("the system gives no more threads"))
}

//! The scribe: a thread that commits what was decided, so that the committer decides the next batch meanwhile.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::Duration;

use crossbeam_channel::{Receiver, Sender};
use parking_lot::Mutex;
use throughline_core::Decision;
use throughline_core::command::Actor;
use throughline_core::time::Millis;
use throughline_store::{Batch, Pace, StoreError, Writer};
use tokio::sync::oneshot;

use crate::wiring::clock::{self, Stopwatch};

/// What the scribe is asked to do.
pub(super) enum Task {
    /// Commit.
    Commit(Decided),
    /// Bring the projections up to date, and tell who waits for it.
    Project(Vec<oneshot::Sender<()>>),
}

/// A batch that was decided and is to be committed.
pub(super) struct Decided {
    /// Decisions with who asked for them, in the order they were decided in.
    pub(super) decisions: Vec<(Actor, Decision)>,
    /// The version of the network that the first of them was decided on.
    pub(super) network_version: i64,
    /// The time of the batch.
    pub(super) now: Millis,
    /// How much there is to do.
    pub(super) pace: Pace,
}

/// What the scribe tells the committer.
pub(super) enum Told {
    /// The batch is durable, after so long.
    Committed(Duration),
    /// Nothing of the batch stays, or its outcome is unknown; its claims tell when it is tried again.
    Failed(Failure),
    /// A task is done, and the writer free again.
    Ready,
}

/// Why a batch was not committed.
#[derive(Debug, thiserror::Error)]
pub(super) enum Failure {
    /// Another process has committed since the batch was begun to be decided.
    #[error("another process has written meanwhile")]
    Overtaken,
    /// The engine said no.
    #[error(transparent)]
    Store(StoreError),
    /// It panicked.
    #[error("panic")]
    Panic,
}

/// The thread and its channels.
pub(super) struct Scribe {
    tasks: Option<Sender<Task>>,
    told: Receiver<Told>,
    thread: Option<JoinHandle<()>>,
}

impl Scribe {
    /// Starts the thread. It holds the writer's lock while it works on a task.
    pub(super) fn start(writer: Arc<Mutex<Writer>>) -> Result<Self, StoreError> {
        let (tasks, queue) = crossbeam_channel::unbounded();
        let (tell, told) = crossbeam_channel::unbounded();
        let thread = std::thread::Builder::new()
            .name("scribe".to_owned())
            .spawn(move || work(&writer, &queue, &tell));
        let thread = thread.map_err(|_| StoreError::Misuse("the system gives no more threads"))?;
        Ok(Self {
            tasks: Some(tasks),
            told,
            thread: Some(thread),
        })
    }

    /// Hands a task over. [`Told::Ready`] is told when it is done; of a commit its outcome is told before.
    pub(super) fn ask(&self, task: Task) {
        // The thread lives as long as this handle does.
        let _sent = self
            .tasks
            .as_ref()
            .is_some_and(|tasks| tasks.send(task).is_ok());
    }

    /// Where the scribe tells what has become of its tasks.
    pub(super) fn told(&self) -> &Receiver<Told> {
        &self.told
    }
}

impl Drop for Scribe {
    fn drop(&mut self) {
        self.tasks = None;
        if let Some(thread) = self.thread.take()
            && thread.join().is_err()
        {
            tracing::error!("the scribe ended with a panic");
        }
    }
}

fn work(writer: &Mutex<Writer>, queue: &Receiver<Task>, tell: &Sender<Told>) {
    for task in queue {
        let mut writer = writer.lock();
        let done = catch_unwind(AssertUnwindSafe(|| perform(&mut writer, task, tell)));
        if done.is_err() {
            tracing::error!("writing projections ended with a panic");
            writer.rollback();
        }
        drop(writer);
        // The committer listens as long as there is a task.
        let _told = tell.send(Told::Ready);
    }
}

fn perform(writer: &mut Writer, task: Task, tell: &Sender<Told>) {
    let decided = match task {
        Task::Commit(decided) => decided,
        Task::Project(readers) => return project(writer, readers),
    };
    let stopwatch = Stopwatch::start();
    let committed = catch_unwind(AssertUnwindSafe(|| commit(writer, &decided)));
    match committed.unwrap_or(Err(Failure::Panic)) {
        Ok(()) => {
            let _told = tell.send(Told::Committed(stopwatch.elapsed()));
            tend(writer, decided.pace);
        }
        Err(failure) => {
            writer.rollback();
            let _told = tell.send(Told::Failed(failure));
        }
    }
}

/// Commits, if no other process has committed since the batch before.
fn commit(writer: &mut Writer, decided: &Decided) -> Result<(), Failure> {
    writer.begin().map_err(Failure::Store)?;
    if writer.changed_by_others().map_err(Failure::Store)? {
        return Err(Failure::Overtaken);
    }
    let claims = |(_, decision): &(Actor, Decision)| !decision.claims.is_empty();
    if !decided.decisions.iter().any(claims) {
        // Refusals and answers that were given before: what they were decided on is in force, and nothing is written.
        writer.rollback();
        return Ok(());
    }
    let batch = Batch {
        decisions: &decided.decisions,
        network_version: decided.network_version,
        items: &[],
        now: decided.now,
    };
    writer.commit(&batch).map(|_| ()).map_err(Failure::Store)
}

/// Projections follow the commits within a second. Says whether there is more to do.
pub(super) fn tend(writer: &mut Writer, pace: Pace) -> bool {
    match writer.flush_projections_if_due(clock::now(), pace) {
        Ok(is_more_due) => is_more_due,
        Err(error) => {
            tracing::warn!(%error, "projections could not be brought up to date; trying again");
            writer.rollback();
            if matches!(error, StoreError::GuardFailed(_)) {
                recover(writer);
            }
            false
        }
    }
}

/// Brings the projections up to date at once, for readers who wait for them.
pub(super) fn project(writer: &mut Writer, readers: Vec<oneshot::Sender<()>>) {
    if let Err(error) = writer.flush_projections() {
        tracing::warn!(%error, "projections could not be brought up to date; trying again");
        recover(writer);
    }
    for reader in readers {
        // A reader who no longer waits needs no answer.
        let _gone = reader.send(());
    }
}

/// Goes on with the writer. If another process has taken its number over, the next batch finds out that it was overtaken.
fn recover(writer: &mut Writer) {
    if let Err(error) = writer.recover(clock::now()) {
        tracing::warn!(%error, "the database cannot be reached; trying again");
    }
}

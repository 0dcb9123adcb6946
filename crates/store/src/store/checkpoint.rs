//! Checkpoints of the write-ahead log, in a thread of their own, so that no order waits for tens of thousands of pages. When
//! the log grows faster than it is moved, writers are held back.
//!
//! The log begins anew when a batch begins and every page is in the file. While pages are moved, batches add others; so the
//! last few are moved while the writer is held, between two batches, for a millisecond or two. SQLite makes the file durable
//! only with the very last page of the log. That can take 50 ms, for which nobody is to be held: there is a first try whose
//! writer is let go while the file is being made durable, and then there is little left to make durable.

use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::Duration;

use parking_lot::{Condvar, Mutex};

use crate::engine::Connection;
use crate::error::StoreError;

/// Pages in the log from which it is moved: 256 MB. A page that was written many times is moved once.
const CHECKPOINT_PAGES: u64 = 64_000;
/// Pages in the log from which writers wait: 1 GB.
const PRESSURE_PAGES: u64 = 250_000;
/// How long a writer waits at most for one checkpoint; a reader with an old snapshot may keep the log from shrinking.
const PATIENCE: Duration = Duration::from_secs(2);
/// Pages that are moved while the writer is held.
const LAST_PAGES: u64 = 300;
/// How long the writer is held while so few pages are moved; and while they are moved and all is durable before.
const HELD: Duration = Duration::from_millis(2);
const HELD_FOR_LAST: Duration = Duration::from_millis(50);
/// How long a writer is waited for that may have nothing to do.
const ARRIVAL: Duration = Duration::from_millis(20);
/// Passes of a checkpoint to come to the end of the log, and the pause after one that a reader was in the way of.
const PASSES_MAX: usize = 20;
const PAUSE: Duration = Duration::from_millis(2);
/// Pages after which a log that could not begin anew, because of a reader, is looked at again.
const AGAIN_PAGES: u64 = 8_000;

/// The thread and what it is told.
#[derive(Debug)]
pub(super) struct Checkpointer {
    pressure: Pressure,
    thread: Option<JoinHandle<()>>,
}

/// How writers tell how long the log is, and wait when it is too long.
#[derive(Debug, Clone)]
pub(crate) struct Pressure(Arc<Shared>);

#[derive(Debug, Default)]
struct Shared {
    log: Mutex<Log>,
    changed: Condvar,
}

#[derive(Debug, Default)]
struct Log {
    /// Pages in the log after the last commit.
    pages: u64,
    /// Pages from which the log is looked at again.
    again_from: u64,
    /// How long the writer is to wait before its next batch.
    hold: Option<Duration>,
    /// Whether it waits.
    is_held: bool,
    stop: bool,
}

impl Log {
    fn is_long(&self) -> bool {
        self.pages >= CHECKPOINT_PAGES.max(self.again_from)
    }
}

impl Checkpointer {
    pub(super) fn start(connection: Connection) -> Result<Self, StoreError> {
        let pressure = Pressure(Arc::default());
        let shared = Arc::clone(&pressure.0);
        let thread = std::thread::Builder::new()
            .name("checkpoint".to_owned())
            .spawn(move || run(&shared, connection));
        let thread =
            thread.map_err(|_| StoreError::Misuse("the system gives no thread for checkpoints"))?;
        Ok(Self {
            pressure,
            thread: Some(thread),
        })
    }

    pub(super) fn pressure(&self) -> Pressure {
        self.pressure.clone()
    }
}

impl Drop for Checkpointer {
    fn drop(&mut self) {
        self.pressure.0.log.lock().stop = true;
        self.pressure.0.changed.notify_all();
        if let Some(thread) = self.thread.take()
            && thread.join().is_err()
        {
            tracing::error!("the checkpoint thread panicked");
        }
    }
}

impl Pressure {
    /// Says how many pages the log has now.
    pub(crate) fn report(&self, pages: u64) {
        let mut log = self.0.log.lock();
        if pages < log.pages {
            // It has begun anew.
            log.again_from = 0;
        }
        log.pages = pages;
        if log.is_long() {
            self.0.changed.notify_all();
        }
    }

    /// Waits before a batch, bounded: while the last pages of the log are moved, and while it is too long.
    pub(crate) fn wait(&self) {
        let mut log = self.0.log.lock();
        if let Some(patience) = log.hold {
            log.is_held = true;
            self.0.changed.notify_all();
            let held = &self.0.changed;
            held.wait_while_for(&mut log, |log| log.hold.is_some(), patience);
            // It is held once, and not for every batch.
            log.hold = None;
            log.is_held = false;
        }
        // Only while the thread is at it: it tells when it has done what it can.
        if log.pages >= PRESSURE_PAGES && log.is_long() {
            self.0.changed.wait_for(&mut log, PATIENCE);
        }
    }
}

fn run(shared: &Shared, mut connection: Connection) {
    loop {
        let mut log = shared.log.lock();
        while !log.is_long() && !log.stop {
            shared.changed.wait(&mut log);
        }
        if log.stop {
            return;
        }
        drop(log);
        checkpoint(shared, &mut connection);
        let mut log = shared.log.lock();
        // By then a log that was moved whole has begun anew. Under pressure every batch asks again.
        let soon = log.pages >= PRESSURE_PAGES;
        log.again_from = log.pages + if soon { 1 } else { AGAIN_PAGES };
        shared.changed.notify_all();
    }
}

/// Moves pages until the log can begin anew, bounded.
fn checkpoint(shared: &Shared, connection: &mut Connection) {
    let mut holds = [HELD, HELD_FOR_LAST, HELD_FOR_LAST].into_iter();
    for _ in 0..PASSES_MAX {
        match pass(connection) {
            Pass::Failed => return,
            // A reader keeps pages back: one of a list, or of the committer, is gone in a moment.
            Pass::Part => std::thread::sleep(PAUSE),
            Pass::Whole(moved) if left(shared, moved) > LAST_PAGES => {}
            Pass::Whole(_) => {
                let Some(patience) = holds.next() else { return };
                hold(shared, patience);
                let last = pass(connection);
                let mut log = shared.log.lock();
                log.hold = None;
                shared.changed.notify_all();
                if matches!(last, Pass::Whole(moved) if moved >= log.pages) {
                    return;
                }
            }
        }
    }
}

/// What one pass has done.
enum Pass {
    /// So many pages of the log are in the file: all that were there when it began.
    Whole(u64),
    /// Not all of them.
    Part,
    /// Nothing; a line in the log says why.
    Failed,
}

fn left(shared: &Shared, moved: u64) -> u64 {
    shared.log.lock().pages.saturating_sub(moved)
}

/// Has the writer wait before its next batch, and waits until it does.
fn hold(shared: &Shared, patience: Duration) {
    let mut log = shared.log.lock();
    log.hold = Some(patience);
    shared
        .changed
        .wait_while_for(&mut log, |log| !log.is_held && !log.stop, ARRIVAL);
}

/// Moves the pages that are in the log now.
fn pass(connection: &mut Connection) -> Pass {
    let Some(file) = connection.sqlite() else {
        return Pass::Failed;
    };
    match file.checkpoint() {
        Ok((pages, moved)) => {
            tracing::debug!(pages, moved, "checkpoint");
            // Both are -1 while another process is at it.
            match u64::try_from(moved) {
                Ok(whole) if moved == pages => Pass::Whole(whole),
                _ => Pass::Part,
            }
        }
        Err(error) => {
            tracing::warn!(%error, "the log could not be moved into the database file; trying again");
            Pass::Failed
        }
    }
}

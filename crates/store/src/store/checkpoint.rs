//! Checkpoints of the write-ahead log, in a thread of their own: tens of thousands of pages take half a second, which
//! no order should wait for. When the log grows faster than it is moved, writers are held back.

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
    pages: u64,
    stop: bool,
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
        self.0.log.lock().pages = pages;
        if pages >= CHECKPOINT_PAGES {
            self.0.changed.notify_all();
        }
    }

    /// Waits while the log is too long, bounded.
    pub(crate) fn wait(&self) {
        let mut log = self.0.log.lock();
        if log.pages >= PRESSURE_PAGES {
            self.0.changed.wait_for(&mut log, PATIENCE);
        }
    }
}

fn run(shared: &Shared, mut connection: Connection) {
    loop {
        let mut log = shared.log.lock();
        while log.pages < CHECKPOINT_PAGES && !log.stop {
            shared.changed.wait(&mut log);
        }
        if log.stop {
            return;
        }
        drop(log);
        let moved = connection
            .sqlite()
            .map(crate::engine::SqliteConnection::checkpoint);
        match moved {
            Some(Ok((pages, moved))) => tracing::debug!(pages, moved, "checkpoint"),
            Some(Err(error)) => {
                tracing::warn!(%error, "the log could not be moved into the database file; trying again")
            }
            None => return,
        }
        // Until the next commit says how long the log is then.
        shared.log.lock().pages = 0;
        shared.changed.notify_all();
    }
}

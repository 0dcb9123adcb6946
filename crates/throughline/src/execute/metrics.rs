//! Counters of the write path.

use std::sync::atomic::{AtomicU64, Ordering};

/// Counters of the write path since the process started.
#[derive(Debug, Default)]
pub struct Metrics {
    /// Batches committed.
    pub batches: AtomicU64,
    /// Requests answered with success.
    pub done: AtomicU64,
    /// Requests refused.
    pub refused: AtomicU64,
    /// Requests that broke.
    pub faults: AtomicU64,
    /// Batches decided again because a guard failed or the engine asked for it.
    pub retries: AtomicU64,
    /// Batches cut in two to find a guilty request.
    pub bisections: AtomicU64,
    /// Plans made before their orders were queued that fitted.
    pub plans_taken: AtomicU64,
    /// Those that did not fit any more, and were made again by a committer.
    pub plans_again: AtomicU64,
    /// Nanoseconds spent on loading and deciding.
    pub decide_ns: AtomicU64,
    /// Nanoseconds spent on writing and committing.
    pub commit_ns: AtomicU64,
}

impl Metrics {
    pub(super) fn add(counter: &AtomicU64, value: u64) {
        counter.fetch_add(value, Ordering::Relaxed);
    }
}

//! Tells the write path what was seen of lanes, so that new promises are as sure as that.

use std::sync::Arc;
use std::time::Duration;

use throughline_core::promise::Month;
use throughline_store::views::promises;
use throughline_store::{Store, StoreError};

use crate::execute::Executor;
use crate::wiring::clock::{self, Stopwatch};

/// How long what was seen is believed.
const PAUSE: Duration = Duration::from_secs(60);

/// Reads the lanes again and again.
pub(super) struct LaneReader {
    store: Store,
    executor: Executor,
    since: Option<Stopwatch>,
}

impl LaneReader {
    pub(super) fn new(store: Store, executor: Executor) -> Self {
        Self {
            store,
            executor,
            since: None,
        }
    }

    pub(super) fn read(&mut self) -> Result<(), StoreError> {
        let is_believed = |since: &Stopwatch| since.elapsed() < PAUSE;
        if self.since.as_ref().is_some_and(is_believed) {
            return Ok(());
        }
        let month = Month::at(clock::now());
        let book = self
            .store
            .read(|connection| promises::lanes(connection, month))?;
        self.executor.learn_lanes(Arc::new(book));
        self.since = Some(Stopwatch::start());
        Ok(())
    }
}

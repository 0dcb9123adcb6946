//! Lets go of claims and of the feed what is kept for nobody any more.

use std::time::Duration;

use throughline_store::{Store, StoreError};

use crate::wiring::clock::{self, Stopwatch};

/// How often something to prune is looked for; while there is any, with every look at the jobs.
const PAUSE: Duration = Duration::from_secs(10);

/// Prunes a little at a time, so that nobody waits for it.
pub(super) struct Pruner {
    pruner: throughline_store::Pruner,
    since: Stopwatch,
    has_more: bool,
}

impl Pruner {
    pub(super) fn new(store: &Store) -> Result<Self, StoreError> {
        Ok(Self {
            pruner: store.pruner()?,
            since: Stopwatch::start(),
            has_more: false,
        })
    }

    pub(super) fn prune(&mut self) -> Result<(), StoreError> {
        if !self.has_more && self.since.elapsed() < PAUSE {
            return Ok(());
        }
        self.since = Stopwatch::start();
        self.has_more = false;
        self.has_more = self.pruner.step(clock::now())? > 0;
        Ok(())
    }
}

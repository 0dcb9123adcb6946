//! Ends reservations whose time is over.

use throughline_core::Request;
use throughline_core::command::{Actor, Command};
use throughline_core::inventory::EndReservation;
use throughline_store::views::reservations;
use throughline_store::{Store, StoreError};

use crate::execute::Executor;
use crate::wiring::{clock, ids};

/// Reservations ended at a time.
const SWEPT_MAX: usize = 500;

/// Looks for reservations whose time is over. Stock that somebody needs is given back by the commit
/// that needs it; this sees to the rest.
pub(super) struct Sweeper {
    store: Store,
    executor: Executor,
}

impl Sweeper {
    pub(super) fn new(store: Store, executor: Executor) -> Self {
        Self { store, executor }
    }

    pub(super) fn sweep(&self) -> Result<(), StoreError> {
        let now = clock::now();
        let expired = self
            .store
            .read(|connection| reservations::expired(connection, now, SWEPT_MAX))?;
        for id in expired {
            let command = Command::EndReservation(EndReservation { id, expired: true });
            let request = Request {
                id: ids::request(),
                actor: Actor::System,
                key: None,
                command,
            };
            if let Err(error) = self.executor.execute_blocking(request) {
                tracing::warn!(%error, reservation = %id, "an expired reservation could not be ended; trying again");
            }
        }
        Ok(())
    }
}

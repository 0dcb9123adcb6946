//! Opening the database that the settings name.

use throughline_core::id::OrderId;
use throughline_core::order::Order;
use throughline_store::{Options, Retry, Store, StoreError, views};

use super::Failure;
use crate::config::Settings;
use crate::execute::Executor;
use crate::wiring::{clock, random};

/// Opens the database, makes it if it is not there, and migrates it.
///
/// # Errors
/// When it cannot be opened; the message names the thing and the remedy.
pub fn open(settings: &Settings) -> Result<Store, Failure> {
    if let Some(folder) = settings.folder_to_make() {
        std::fs::create_dir_all(folder).map_err(|source| Failure::Fault {
            what: format!(
                "cannot make the data folder {}; choose another one with --data-dir",
                folder.display()
            ),
            source,
        })?;
    }
    let options = Options {
        random: random::bits(),
        now: clock::now(),
        partitions: None,
    };
    Ok(Store::open(&settings.database, options)?)
}

/// Reads an order as it is stored now.
///
/// # Errors
/// When the database cannot be read.
pub(super) fn order(store: &Store, id: OrderId) -> Result<Option<Order>, Failure> {
    let stored = store.read(|connection| views::orders::get(connection, id))?;
    Ok(stored.map(|stored| stored.order))
}

/// Starts the write path for a command that works beside a server, or without one.
///
/// # Errors
/// When the database cannot be written, or another program does not let go of it.
pub(super) fn executor(store: &Store) -> Result<Executor, Failure> {
    Executor::start(store).map_err(|error| named(store, error))
}

/// Names the database that another program does not let go of: whoever stands at the command line cannot try again at
/// once, as the write path does.
pub(super) fn named(store: &Store, error: StoreError) -> Failure {
    let error = match error {
        StoreError::Retry(Retry::Busy) => StoreError::Locked {
            what: store.place(),
        },
        error => error,
    };
    Failure::Store(error)
}

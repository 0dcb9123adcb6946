//! Opening the database that the settings name.

use throughline_core::id::OrderId;
use throughline_core::order::Order;
use throughline_store::{Options, Store, views};

use super::Failure;
use crate::config::Settings;
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

//! `throughline migrate`.

use super::{Failure, database};
use crate::config::Settings;

/// Creates the database, or brings it up to this version.
pub(super) fn migrate(settings: &Settings) -> Result<(), Failure> {
    let store = database::open(settings)?;
    tracing::info!(database = store.place(), "the database is up to date");
    Ok(())
}

//! `throughline migrate`.

use std::io::Write;

use super::{Failure, database};
use crate::config::Settings;

/// Creates the database, or brings it up to this version.
pub(super) fn migrate(settings: &Settings) -> Result<(), Failure> {
    let store = database::open(settings)?;
    let written = writeln!(std::io::stdout(), "{} is up to date", store.place());
    written.map_err(|source| Failure::Fault {
        what: "cannot write to standard output".to_owned(),
        source,
    })
}

//! Locations and channels.

use std::sync::Arc;

use throughline_core::network::Network;

use crate::engine::Connection;
use crate::error::StoreError;
use crate::load;

/// The network that is in force: the known one, if it still is.
///
/// # Errors
/// When the database cannot be read.
pub fn reload(
    connection: &mut Connection,
    known: &Arc<Network>,
) -> Result<Arc<Network>, StoreError> {
    load::reload_network(connection, known)
}

/// The version of the network that is in force; an empty one in a fresh database.
///
/// # Errors
/// When the database cannot be read.
pub fn current(connection: &mut Connection) -> Result<Arc<Network>, StoreError> {
    load::load_network(connection)
}

/// The network as it was in a version; of a version that was not reached yet, as it is.
///
/// # Errors
/// When the database cannot be read.
pub fn at(connection: &mut Connection, version: i64) -> Result<Arc<Network>, StoreError> {
    load::load_network_at(connection, version)
}

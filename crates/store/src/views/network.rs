//! Locations and channels.

use std::sync::Arc;

use throughline_core::network::Network;

use crate::engine::Connection;
use crate::error::StoreError;
use crate::load;

/// The version of the network that is in force; an empty one in a fresh database.
///
/// # Errors
/// When the database cannot be read.
pub fn current(connection: &mut Connection) -> Result<Arc<Network>, StoreError> {
    load::load_network(connection)
}

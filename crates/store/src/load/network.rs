//! Loading locations and channels.

use std::sync::Arc;

use throughline_core::network::Network;

use crate::engine::{Connection, Statement};
use crate::error::StoreError;

pub(super) const NETWORK: Statement = Statement::new(
    "load_network",
    "SELECT n.body FROM setting s JOIN network n ON n.version = s.version WHERE s.kind = 'network'",
    "SELECT n.body FROM setting s JOIN network n ON n.version = s.version WHERE s.kind = 'network'",
);

/// Loads the version of the network that is in force; an empty one in a fresh database.
pub(crate) fn load_network(connection: &mut Connection) -> Result<Arc<Network>, StoreError> {
    let rows = connection.list(&NETWORK, &[])?;
    rows.first()
        .map_or_else(|| Ok(Arc::default()), |row| row.json(0).map(Arc::new))
}

//! Loading locations and channels.

use std::sync::Arc;

use throughline_core::network::Network;

use crate::engine::{Connection, Statement};
use crate::error::StoreError;
use crate::write::Versions;

pub(super) const NETWORK: Statement = Statement::new(
    "load_network",
    "SELECT n.body FROM setting s JOIN network n ON n.version = s.version WHERE s.kind = 'network'",
    "SELECT n.body FROM setting s JOIN network n ON n.version = s.version WHERE s.kind = 'network'",
);

pub(super) const VERSIONS: Statement = Statement::new(
    "load_versions",
    "SELECT kind, version FROM setting ORDER BY kind LIMIT 10",
    "SELECT kind, version FROM setting ORDER BY kind LIMIT 10",
);

/// Loads the versions of master data that are in force.
pub(crate) fn load_versions(connection: &mut Connection) -> Result<Versions, StoreError> {
    let mut versions = Versions::default();
    for row in connection.list(&VERSIONS, &[])?.iter() {
        match row.text(0)? {
            "items" => versions.items = row.int(1)?,
            _ => versions.network = row.int(1)?,
        }
    }
    Ok(versions)
}

/// Loads the version of the network that is in force; an empty one in a fresh database.
pub(crate) fn load_network(connection: &mut Connection) -> Result<Arc<Network>, StoreError> {
    let rows = connection.list(&NETWORK, &[])?;
    rows.first()
        .map_or_else(|| Ok(Arc::default()), |row| row.json(0).map(Arc::new))
}

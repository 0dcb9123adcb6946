//! Loading the members of the network.

use std::sync::Arc;

use throughline_core::network::{Member, MemberKind, Network};

use crate::engine::{Cell, Connection, Row, Statement};
use crate::error::StoreError;

pub(super) const NETWORK: Statement = Statement::new(
    "load_network",
    "SELECT s.version, m.kind, m.number, m.body FROM setting s
     LEFT JOIN network_member m ON m.version <= s.version AND NOT EXISTS (
         SELECT 1 FROM network_member later WHERE later.kind = m.kind AND later.number = m.number
         AND later.version > m.version AND later.version <= s.version)
     WHERE s.kind = 'network' ORDER BY m.kind, m.number",
    "SELECT s.version, m.kind, m.number, m.body FROM setting s
     LEFT JOIN LATERAL (
         SELECT DISTINCT ON (kind, number) kind, number, body FROM network_member
         WHERE version <= s.version ORDER BY kind, number, version DESC
     ) m ON true
     WHERE s.kind = 'network' ORDER BY m.kind, m.number",
);

/// The version that is in force.
pub(super) const NETWORK_VERSION: Statement = Statement::new(
    "load_network_version",
    "SELECT version FROM setting WHERE kind = 'network'",
    "SELECT version FROM setting WHERE kind = 'network'",
);

/// Loads the version of the network that is in force; an empty one in a fresh database.
pub(crate) fn load_network(connection: &mut Connection) -> Result<Arc<Network>, StoreError> {
    let rows = connection.list(&NETWORK, &[])?;
    let mut network = Network::default();
    for row in rows.iter() {
        network.version = row.int(0)?;
        if row.opt_int(2)?.is_some() && !network.put(member_in(row, 1)?) {
            return Err(StoreError::corrupt("a member of the network", row.int(2)?));
        }
    }
    Ok(Arc::new(network))
}

pub(super) const NETWORK_AT: Statement = Statement::new(
    "load_network_at",
    "SELECT m.kind, m.number, m.body FROM network_member m WHERE m.version <= ?1 AND NOT EXISTS (
         SELECT 1 FROM network_member later WHERE later.kind = m.kind AND later.number = m.number
         AND later.version > m.version AND later.version <= ?1)
     ORDER BY m.kind, m.number LIMIT 1000000",
    "SELECT kind, number, body FROM (
         SELECT DISTINCT ON (kind, number) kind, number, body FROM network_member
         WHERE version <= $1 ORDER BY kind, number, version DESC
     ) m ORDER BY kind, number LIMIT 1000000",
);

/// The network as it was in a version.
pub(crate) fn load_network_at(
    connection: &mut Connection,
    version: i64,
) -> Result<Arc<Network>, StoreError> {
    let rows = connection.list(&NETWORK_AT, &[Cell::Integer(version)])?;
    let mut network = Network {
        version,
        ..Network::default()
    };
    for row in rows.iter() {
        if !network.put(member_in(row, 0)?) {
            return Err(StoreError::corrupt("a member of the network", row.int(1)?));
        }
    }
    Ok(Arc::new(network))
}

/// The network that is in force: the known one, if it still is.
pub(crate) fn reload_network(
    connection: &mut Connection,
    known: &Arc<Network>,
) -> Result<Arc<Network>, StoreError> {
    let rows = connection.list(&NETWORK_VERSION, &[])?;
    let version = rows.first().map(|row| row.int(0)).transpose()?;
    if version == Some(known.version) {
        return Ok(Arc::clone(known));
    }
    load_network(connection)
}

fn member_in(row: Row<'_>, first: usize) -> Result<Member, StoreError> {
    let kind = MemberKind::from_word(row.text(first)?)
        .ok_or_else(|| StoreError::corrupt("a kind of member of the network", 0))?;
    Member::read(kind, row.number(first + 1)?, row.text(first + 2)?)
        .map_err(|error| StoreError::corrupt("a member of the network", error))
}

//! API keys. Of a key's secret only the hash is stored.

use throughline_core::id::KeyId;
use throughline_core::time::Millis;
use uuid::Uuid;

use crate::engine::{Cell, Columns, Connection, Row, Rows, Statement};
use crate::error::StoreError;

/// Statements of this module.
pub(crate) const STATEMENTS: &[&Statement] = &[&INSERT, &REVOKE, &BY_PREFIX, &LIST];

/// Keys of one prefix, and keys listed, at most.
const KEYS_MAX: i64 = 1000;

const INSERT: Statement = Statement::guarded(
    "insert_api_key",
    &[0],
    "INSERT INTO api_key (key_id, name, role, scopes, prefix, hash, created_at, expires_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
     ON CONFLICT DO NOTHING",
    "INSERT INTO api_key (key_id, name, role, scopes, prefix, hash, created_at, expires_at)
     SELECT * FROM unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::text[], $6::bytea[], $7::bigint[], $8::bigint[])
     ON CONFLICT DO NOTHING RETURNING key_id",
);

const REVOKE: Statement = Statement::guarded(
    "revoke_api_key",
    &[0],
    "UPDATE api_key SET revoked_at = coalesce(revoked_at, ?2) WHERE key_id = ?1",
    "UPDATE api_key a SET revoked_at = coalesce(a.revoked_at, k.revoked_at)
     FROM unnest($1::uuid[], $2::bigint[]) AS k (key_id, revoked_at) WHERE a.key_id = k.key_id RETURNING a.key_id",
);

const BY_PREFIX: Statement = Statement::new(
    "api_keys_by_prefix",
    "SELECT key_id, name, role, scopes, prefix, hash, created_at, expires_at, revoked_at FROM api_key
     WHERE prefix = ?1 ORDER BY key_id LIMIT ?2",
    "SELECT key_id, name, role, scopes, prefix, hash, created_at, expires_at, revoked_at FROM api_key
     WHERE prefix = $1 ORDER BY key_id LIMIT $2",
);

const LIST: Statement = Statement::new(
    "api_keys",
    "SELECT key_id, name, role, scopes, prefix, hash, created_at, expires_at, revoked_at FROM api_key
     WHERE key_id > ?1 ORDER BY key_id LIMIT ?2",
    "SELECT key_id, name, role, scopes, prefix, hash, created_at, expires_at, revoked_at FROM api_key
     WHERE key_id > $1 ORDER BY key_id LIMIT $2",
);

/// An API key as stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApiKey {
    /// Identity.
    pub id: KeyId,
    /// What people call it.
    pub name: String,
    /// What it may do.
    pub role: String,
    /// Codes of the only locations it is for; all when empty.
    pub locations: Vec<String>,
    /// The part of the key by which it is found.
    pub prefix: String,
    /// SHA-256 of the key.
    pub hash: Vec<u8>,
    /// When it was made.
    pub created_at: Millis,
    /// When it ends.
    pub expires_at: Option<Millis>,
    /// When it was revoked.
    pub revoked_at: Option<Millis>,
}

/// Stores a key. Storing it again changes nothing.
///
/// # Errors
/// When the database cannot be written.
pub(crate) fn insert(connection: &mut Connection, key: &ApiKey) -> Result<(), StoreError> {
    let mut columns = Columns::default();
    let row = columns
        .row()
        .uuid(key.id.uuid())
        .text(&key.name)
        .text(&key.role)
        .json(&key.locations)?;
    let row = row.text(&key.prefix).bytes(&key.hash).int(key.created_at.0);
    row.opt_int(key.expires_at.map(|at| at.0));
    in_transaction(connection, &INSERT, &columns).map(|_| ())
}

/// Revokes a key; says whether there is one. The time of the first revocation stays.
///
/// # Errors
/// When the database cannot be written.
pub(crate) fn revoke(
    connection: &mut Connection,
    id: KeyId,
    now: Millis,
) -> Result<bool, StoreError> {
    let mut columns = Columns::default();
    columns.row().uuid(id.uuid()).int(now.0);
    in_transaction(connection, &REVOKE, &columns)
}

fn in_transaction(
    connection: &mut Connection,
    statement: &'static Statement,
    columns: &Columns,
) -> Result<bool, StoreError> {
    connection.begin(true)?;
    match connection.write(statement, columns) {
        Ok(untaken) => connection.commit().map(|()| untaken.is_empty()),
        Err(error) => {
            connection.rollback();
            Err(error)
        }
    }
}

/// The keys with this prefix, revoked and expired ones included.
///
/// # Errors
/// When the database cannot be read.
pub fn by_prefix(connection: &mut Connection, prefix: &str) -> Result<Vec<ApiKey>, StoreError> {
    keys(&connection.list(&BY_PREFIX, &[Cell::text(prefix), Cell::Integer(KEYS_MAX)])?)
}

/// The first thousand keys after one, in the order they were made in.
///
/// # Errors
/// When the database cannot be read.
pub fn list(connection: &mut Connection, after: Option<KeyId>) -> Result<Vec<ApiKey>, StoreError> {
    let after = after.map_or(Uuid::nil(), KeyId::uuid);
    keys(&connection.list(&LIST, &[Cell::Uuid(after), Cell::Integer(KEYS_MAX)])?)
}

fn keys(rows: &Rows) -> Result<Vec<ApiKey>, StoreError> {
    rows.iter().map(key).collect()
}

fn key(row: Row<'_>) -> Result<ApiKey, StoreError> {
    Ok(ApiKey {
        id: KeyId::from_uuid(row.uuid(0)?),
        name: row.text(1)?.to_owned(),
        role: row.text(2)?.to_owned(),
        locations: row.json(3)?,
        prefix: row.text(4)?.to_owned(),
        hash: row.bytes(5)?.to_vec(),
        created_at: Millis(row.int(6)?),
        expires_at: row.opt_int(7)?.map(Millis),
        revoked_at: row.opt_int(8)?.map(Millis),
    })
}

//! Loading claims on unique values.

use throughline_core::Facts;
use throughline_core::decision::Resource;
use throughline_core::facts::ClaimKey;
use throughline_core::id::ItemId;

use crate::claim;
use crate::engine::{Columns, Rows, Statement};
use crate::error::StoreError;

pub(crate) const CLAIMS: Statement = Statement::new(
    "load_claims",
    "SELECT ?1, resource_kind, resource_id, resource_number, answer_kind, version, body_hash
     FROM claim WHERE bucket = ?2 AND kind = ?3 AND value = ?4",
    "SELECT k.position, c.resource_kind, c.resource_id, c.resource_number, c.answer_kind, c.version, c.body_hash
     FROM unnest($1::bigint[], $2::integer[], $3::smallint[], $4::bytea[]) AS k (position, bucket, kind, value)
     CROSS JOIN LATERAL (SELECT resource_kind, resource_id, resource_number, answer_kind, version, body_hash
         FROM claim c WHERE c.bucket = k.bucket AND c.kind = k.kind AND c.value = k.value OFFSET 0) c
     ORDER BY k.position",
);

pub(crate) fn keys(wanted: &[ClaimKey], partitions: u16) -> Columns {
    let mut keys = Columns::default();
    for (position, key) in wanted.iter().enumerate() {
        let stored = claim::stored(key, partitions);
        keys.row()
            .int(super::position(position))
            .int(stored.bucket)
            .int(stored.kind)
            .bytes(&stored.value);
    }
    keys
}

pub(super) fn take(wanted: &[ClaimKey], rows: &Rows, facts: &mut Facts) -> Result<(), StoreError> {
    for key in wanted {
        facts.claims.insert(key.clone(), None);
    }
    for row in rows.iter() {
        let (_, key) = super::key_of(wanted, row)?;
        facts.claims.insert(key.clone(), Some(claim::read(row, 1)?));
    }
    Ok(())
}

/// The item that has a SKU, after its claim was loaded.
pub(super) fn item_of(facts: &Facts, sku: &str) -> Option<ItemId> {
    match facts
        .claims
        .get(&ClaimKey::sku(sku))
        .copied()
        .flatten()?
        .resource
    {
        Resource::Item(item) => Some(item),
        _ => None,
    }
}

//! Loading supply: one by id, or everything that is still to come of an item.

use std::sync::Arc;

use throughline_core::Facts;
use throughline_core::facts::INCOMING_MAX;
use throughline_core::id::{ItemId, SupplyId};
use throughline_core::inventory::Supply;

use crate::engine::{Columns, Rows, Statement};
use crate::error::StoreError;

pub(super) const SUPPLIES: Statement = Statement::new(
    "load_supplies",
    "SELECT ?1, body FROM supply WHERE bucket = ?2 AND supply_id = ?3",
    "SELECT k.position, s.body
     FROM unnest($1::bigint[], $2::integer[], $3::uuid[]) AS k (position, bucket, supply_id)
     CROSS JOIN LATERAL (SELECT body
         FROM supply s WHERE s.bucket = k.bucket AND s.supply_id = k.supply_id OFFSET 0) s
     ORDER BY k.position",
);

pub(super) const INCOMING: Statement = Statement::new(
    "load_incoming",
    "SELECT ?1, body FROM supply INDEXED BY supply_open WHERE bucket = ?2 AND item_id = ?3 AND status = 'open'
     ORDER BY expected, supply_id LIMIT ?4",
    "SELECT k.position, s.body
     FROM unnest($1::bigint[], $2::integer[], $3::uuid[], $4::bigint[]) AS k (position, bucket, item_id, most)
     CROSS JOIN LATERAL (
         SELECT expected, supply_id, body FROM supply
         WHERE bucket = k.bucket AND item_id = k.item_id AND status = 'open' ORDER BY expected, supply_id LIMIT k.most
     ) s
     ORDER BY k.position, s.expected, s.supply_id",
);

pub(super) fn keys(wanted: &[SupplyId], partitions: u16) -> Columns {
    super::id_keys(wanted.iter().map(|supply| supply.uuid()), partitions)
}

pub(super) fn incoming_keys(wanted: &[ItemId], partitions: u16) -> Columns {
    let mut keys = Columns::default();
    for (position, item) in wanted.iter().enumerate() {
        let row = keys.row().int(super::position(position));
        let row = row.int(item.bucket(partitions)).uuid(item.uuid());
        row.int(super::position(INCOMING_MAX));
    }
    keys
}

pub(super) fn take(wanted: &[SupplyId], rows: &Rows, facts: &mut Facts) -> Result<(), StoreError> {
    for supply in wanted {
        facts.supplies.insert(*supply, None);
    }
    for row in rows.iter() {
        let supply: Supply = row.json(1)?;
        facts.supplies.insert(supply.id, Some(Arc::new(supply)));
    }
    Ok(())
}

pub(super) fn take_incoming(
    wanted: &[ItemId],
    rows: &Rows,
    facts: &mut Facts,
) -> Result<(), StoreError> {
    for item in wanted {
        facts.incoming.insert(*item, Vec::new());
    }
    for row in rows.iter() {
        let (_, item) = super::key_of(wanted, row)?;
        let open = facts.incoming.entry(*item).or_default();
        open.push(Arc::new(row.json(1)?));
    }
    Ok(())
}

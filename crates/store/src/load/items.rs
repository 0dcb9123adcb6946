//! Loading items.

use std::sync::Arc;

use throughline_core::Facts;
use throughline_core::catalog::Item;
use throughline_core::id::ItemId;

use crate::engine::{Columns, Rows, Statement};
use crate::error::StoreError;

pub(crate) const ITEMS: Statement = Statement::new(
    "load_items",
    "SELECT ?1, body FROM item WHERE bucket = ?2 AND item_id = ?3",
    "SELECT k.position, i.body
     FROM unnest($1::bigint[], $2::integer[], $3::uuid[]) AS k (position, bucket, item_id)
     CROSS JOIN LATERAL (SELECT body FROM item i WHERE i.bucket = k.bucket AND i.item_id = k.item_id OFFSET 0) i
     ORDER BY k.position",
);

pub(super) fn keys(wanted: &[ItemId], partitions: u16) -> Columns {
    super::id_keys(wanted.iter().map(|item| item.uuid()), partitions)
}

/// Takes the items; each one must be there, because ids of items only come from what is stored.
pub(super) fn take(wanted: &[ItemId], rows: &Rows, facts: &mut Facts) -> Result<(), StoreError> {
    for row in rows.iter() {
        let item: Item = row.json(1)?;
        facts.skus.insert(item.sku.clone(), Some(item.id));
        facts.items.insert(item.id, Arc::new(item));
    }
    match wanted.iter().find(|item| !facts.items.contains_key(item)) {
        Some(missing) => Err(StoreError::corrupt(
            format!("item {missing}"),
            "something names it, and it is not there",
        )),
        None => Ok(()),
    }
}

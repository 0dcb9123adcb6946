//! Items.

use std::sync::Arc;

use rustc_hash::FxHashMap;
use throughline_core::catalog::Item;
use throughline_core::decision::Resource;
use throughline_core::facts::ClaimKey;
use throughline_core::id::ItemId;

use super::{Page, bounded, cell, orders};
use crate::cursor;
use crate::engine::{Cell, Connection, Statement};
use crate::error::StoreError;
use crate::load;

pub(super) const STATEMENTS: &[&Statement] = &[&ITEMS];

pub(super) const ITEMS: Statement = Statement::new(
    "view_items",
    "SELECT body FROM item WHERE sku > ?1 ORDER BY sku LIMIT ?2",
    "SELECT body FROM item WHERE sku > $1 ORDER BY sku LIMIT $2",
);

/// A page of items by SKU.
///
/// # Errors
/// [`StoreError::InvalidCursor`], and when the database cannot be read.
pub fn list(
    connection: &mut Connection,
    after: Option<&str>,
    limit: usize,
) -> Result<Page<Item>, StoreError> {
    let after: String = after.map(cursor::decode).transpose()?.unwrap_or_default();
    let limit = bounded(limit);
    let items = after_sku(connection, &after, limit + 1)?;
    Ok(Page::cut(items, limit, |item| cursor::encode(&item.sku)))
}

/// The items after a SKU.
pub(super) fn after_sku(
    connection: &mut Connection,
    sku: &str,
    limit: usize,
) -> Result<Vec<Item>, StoreError> {
    connection
        .list(&ITEMS, &[Cell::text(sku), cell(limit)])?
        .iter()
        .map(|row| row.json(0))
        .collect()
}

/// The items that have these SKUs; unknown ones are absent.
///
/// # Errors
/// When the database cannot be read.
pub fn by_sku(connection: &mut Connection, skus: &[&str]) -> Result<Vec<Arc<Item>>, StoreError> {
    let keys: Vec<ClaimKey> = skus.iter().map(|sku| ClaimKey::sku(sku)).collect();
    let claims = orders::claims(connection, &keys)?;
    let ids = claims.iter().filter_map(|claim| match claim.resource {
        Resource::Item(item) => Some(item),
        _ => None,
    });
    let ids: Vec<ItemId> = ids.collect();
    let items = by_id(connection, &ids)?;
    Ok(ids.iter().filter_map(|id| items.get(id).cloned()).collect())
}

/// Items by id; unknown ones are absent.
///
/// # Errors
/// When the database cannot be read.
pub fn by_id(
    connection: &mut Connection,
    ids: &[ItemId],
) -> Result<FxHashMap<ItemId, Arc<Item>>, StoreError> {
    let keys = load::id_keys(ids.iter().map(|item| item.uuid()), connection.partitions());
    let [rows] = connection.read([(&load::ITEMS, &keys)])?;
    let read = rows
        .iter()
        .map(|row| row.json::<Item>(1).map(|item| (item.id, Arc::new(item))));
    read.collect()
}

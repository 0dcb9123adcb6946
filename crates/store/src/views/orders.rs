//! Orders: one, or a filtered list.
//!
//! A list walks along the index of its most telling filter in the order of the list, and looks at the other filters row
//! by row. It looks at a bounded number of rows for one page, so that no filter can make a page expensive.

mod candidates;
mod held;
mod scan;
mod statements;

use throughline_core::facts::{Claim, ClaimKey};
use throughline_core::id::{CustomerId, ItemId, OrderId};
use throughline_core::network::ChannelId;
use throughline_core::order::{FulfilmentStatus, HoldKind, Order, OrderStatus, PaymentStatus};
use throughline_core::time::Millis;

use super::{Page, bounded};
use crate::claim;
use crate::engine::{Connection, Statement};
use crate::error::StoreError;
use crate::load::{id_keys, read_order};
use crate::{cursor, load};

use self::scan::Key;
pub(super) use self::statements::STATEMENTS;

pub(crate) const ORDERS: Statement = Statement::new(
    "view_orders",
    "SELECT ?1, order_id, number, version, placed, progress, updated_at FROM orders WHERE bucket = ?2 AND order_id = ?3",
    "SELECT k.position, o.order_id, o.number, o.version, o.placed, o.progress, o.updated_at
     FROM unnest($1::bigint[], $2::integer[], $3::uuid[]) AS k (position, bucket, order_id)
     CROSS JOIN LATERAL (SELECT order_id, number, version, placed, progress, updated_at
         FROM orders o WHERE o.bucket = k.bucket AND o.order_id = k.order_id OFFSET 0) o
     ORDER BY k.position",
);

/// An order as stored.
#[derive(Debug, Clone, PartialEq)]
pub struct StoredOrder {
    /// The order.
    pub order: Order,
    /// When it last changed.
    pub updated_at: Millis,
}

/// What a list is filtered by. Everything that is given must fit.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    /// The order as a whole.
    pub status: Option<OrderStatus>,
    /// Its money.
    pub payment_status: Option<PaymentStatus>,
    /// Its fulfilments.
    pub fulfilment_status: Option<FulfilmentStatus>,
    /// A kind of hold that is active; only orders on hold fit.
    pub hold: Option<HoldKind>,
    /// Where it came from.
    pub channel: Option<ChannelId>,
    /// Who ordered.
    pub customer: Option<CustomerId>,
    /// An item that it names.
    pub item: Option<ItemId>,
    /// Words, of which each must begin a word that the order is found by: numbers, references, tracking numbers, SKUs
    /// and what its contacts are found by.
    pub words: Option<String>,
    /// Placed at this time or later.
    pub placed_after: Option<Millis>,
    /// Placed before this time.
    pub placed_before: Option<Millis>,
    /// Its number.
    pub number: Option<u64>,
    /// Its name at a channel.
    pub external_ref: Option<String>,
}

/// The order of a list.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Sort {
    /// Latest placed first.
    #[default]
    NewestFirst,
    /// Earliest placed first.
    OldestFirst,
}

/// Loads orders by id, in the order of the ids; those that are not there are absent.
///
/// # Errors
/// When the database cannot be read.
pub fn load(connection: &mut Connection, ids: &[OrderId]) -> Result<Vec<StoredOrder>, StoreError> {
    let keys = id_keys(
        ids.iter().map(|order| order.uuid()),
        connection.partitions(),
    );
    let [rows] = connection.read([(&ORDERS, &keys)])?;
    rows.iter()
        .map(|row| {
            let order = read_order(row, 1)?;
            Ok(StoredOrder {
                updated_at: order.updated_at,
                order,
            })
        })
        .collect()
}

/// One order.
///
/// # Errors
/// When the database cannot be read.
pub fn get(connection: &mut Connection, id: OrderId) -> Result<Option<StoredOrder>, StoreError> {
    Ok(load(connection, &[id])?.pop())
}

/// The order with this number.
///
/// # Errors
/// When the database cannot be read.
pub fn get_by_number(
    connection: &mut Connection,
    number: u64,
) -> Result<Option<StoredOrder>, StoreError> {
    let order = claims(connection, &[ClaimKey::order_number(number)])?
        .first()
        .and_then(Claim::order);
    order.map_or(Ok(None), |order| get(connection, order))
}

/// Who has unique values; those that nobody has are absent.
///
/// # Errors
/// When the database cannot be read.
pub fn claims(connection: &mut Connection, keys: &[ClaimKey]) -> Result<Vec<Claim>, StoreError> {
    let columns = load::claim_keys(keys, connection.partitions());
    let [rows] = connection.read([(&load::CLAIMS, &columns)])?;
    rows.iter().map(|row| claim::read(row, 1)).collect()
}

/// A page of orders.
///
/// # Errors
/// [`StoreError::InvalidCursor`], and when the database cannot be read.
pub fn list(
    connection: &mut Connection,
    filter: &Filter,
    sort: Sort,
    after: Option<&str>,
    limit: usize,
) -> Result<Page<StoredOrder>, StoreError> {
    let limit = bounded(limit);
    let after: Option<Key> = after.map(cursor::decode).transpose()?;
    if let Some(kind) = filter.hold {
        return held::page(connection, filter, (kind, sort), after, limit);
    }
    let (data, more) = page(connection, filter, sort, after, limit)?;
    Ok(Page {
        data,
        has_more: more.is_some(),
        next_cursor: more.map(|key| cursor::encode(&key)),
    })
}

/// The orders of a page, and where more follow.
fn page(
    connection: &mut Connection,
    filter: &Filter,
    sort: Sort,
    after: Option<Key>,
    limit: usize,
) -> Result<(Vec<StoredOrder>, Option<Key>), StoreError> {
    let (keys, more) = match candidates::few(connection, filter)? {
        Some(candidates) => candidates::page(connection, filter, sort, after, limit, &candidates)?,
        None => scan::page(connection, filter, sort, after, limit)?,
    };
    let ids: Vec<OrderId> = keys.iter().take(limit).map(Key::id).collect();
    let data = load(connection, &ids)?;
    let last = if keys.len() > limit {
        keys.get(limit - 1).copied()
    } else {
        more
    };
    Ok((data, last))
}

/// The latest orders that fit, for searching.
pub(crate) fn latest(
    connection: &mut Connection,
    filter: &Filter,
    limit: usize,
) -> Result<Vec<OrderId>, StoreError> {
    let (keys, _) = scan::page(connection, filter, Sort::NewestFirst, None, limit)?;
    Ok(keys.iter().take(limit).map(Key::id).collect())
}

//! Filters that fit few orders: numbers, references and words. Their orders are looked up and then judged.

use rustc_hash::FxHashSet;
use throughline_core::facts::{Claim, ClaimKey};
use throughline_core::id::{CustomerId, ItemId, OrderId};
use throughline_core::network::ChannelId;

use super::scan::{Found, Key, key};
use super::{Filter, Sort};
use crate::engine::{Cell, Connection, Row, Statement};
use crate::error::StoreError;
use crate::load::id_keys;
use crate::views::search;

/// Every channel.
pub(super) const CHANNELS: Statement = Statement::new(
    "list_channels",
    "SELECT channel FROM channel ORDER BY channel LIMIT 65535",
    "SELECT channel FROM channel ORDER BY channel LIMIT 65535",
);

/// The columns that filters and lists look at.
pub(super) const NARROW: Statement = Statement::new(
    "orders_narrow",
    "SELECT placed_at, order_id, status, payment_status, fulfilment_status, channel, customer_id, ?1
     FROM orders WHERE bucket = ?2 AND order_id = ?3",
    "SELECT o.placed_at, o.order_id, o.status, o.payment_status, o.fulfilment_status, o.channel, o.customer_id, k.position
     FROM unnest($1::bigint[], $2::integer[], $3::uuid[]) AS k (position, bucket, order_id)
     CROSS JOIN LATERAL (SELECT placed_at, order_id, status, payment_status, fulfilment_status, channel, customer_id
         FROM orders o WHERE o.bucket = k.bucket AND o.order_id = k.order_id OFFSET 0) o
     ORDER BY k.position",
);

/// The columns that filters and lists look at.
#[derive(Debug, Clone)]
pub(super) struct Narrow {
    pub key: Key,
    pub status: String,
    pub payment_status: String,
    pub fulfilment_status: String,
    pub channel: ChannelId,
    pub customer: Option<CustomerId>,
}

pub(super) fn narrow(row: Row<'_>) -> Result<Narrow, StoreError> {
    Ok(Narrow {
        key: key(row)?,
        status: row.text(2)?.to_owned(),
        payment_status: row.text(3)?.to_owned(),
        fulfilment_status: row.text(4)?.to_owned(),
        channel: ChannelId(row.number(5)?),
        customer: row.opt_uuid(6)?.map(CustomerId::from_uuid),
    })
}

/// The narrow rows of orders, in the order of the ids.
pub(super) fn load(
    connection: &mut Connection,
    ids: &[OrderId],
) -> Result<Vec<Narrow>, StoreError> {
    let keys = id_keys(
        ids.iter().map(|order| order.uuid()),
        connection.partitions(),
    );
    let [rows] = connection.read([(&NARROW, &keys)])?;
    rows.iter().map(narrow).collect()
}

/// The orders that a number, a reference or words lead to; `None` when the filter has none of these.
pub(super) fn few(
    connection: &mut Connection,
    filter: &Filter,
) -> Result<Option<Vec<OrderId>>, StoreError> {
    let mut sets: Vec<Vec<OrderId>> = Vec::new();
    if let Some(number) = filter.number {
        sets.push(claimed(connection, &[ClaimKey::order_number(number)])?);
    }
    if let Some(reference) = &filter.external_ref {
        let channels = match filter.channel {
            Some(channel) => vec![channel],
            None => all_channels(connection)?,
        };
        let keys: Vec<ClaimKey> = channels
            .into_iter()
            .map(|channel| ClaimKey::external_ref(channel, reference))
            .collect();
        sets.push(claimed(connection, &keys)?);
    }
    if let Some(words) = &filter.words {
        sets.push(search::orders(connection, words)?);
    }
    let Some(mut found) = sets.pop() else {
        return Ok(None);
    };
    for set in sets {
        let set: FxHashSet<OrderId> = set.into_iter().collect();
        found.retain(|order| set.contains(order));
    }
    Ok(Some(found))
}

fn claimed(connection: &mut Connection, keys: &[ClaimKey]) -> Result<Vec<OrderId>, StoreError> {
    Ok(super::claims(connection, keys)?
        .iter()
        .filter_map(Claim::order)
        .collect())
}

fn all_channels(connection: &mut Connection) -> Result<Vec<ChannelId>, StoreError> {
    let rows = connection.list(&CHANNELS, &[] as &[Cell])?;
    rows.iter()
        .map(|row| row.number(0).map(ChannelId))
        .collect()
}

/// A page of candidates.
pub(super) fn page(
    connection: &mut Connection,
    filter: &Filter,
    sort: Sort,
    after: Option<Key>,
    limit: usize,
    candidates: &[OrderId],
) -> Result<Found, StoreError> {
    let mut rows = load(connection, candidates)?;
    rows.retain(|row| filter.fits(row) && after.is_none_or(|after| sort.is_after(row.key, after)));
    let mut keys: Vec<Key> = rows.iter().map(|row| row.key).collect();
    keys.sort_unstable();
    if sort == Sort::NewestFirst {
        keys.reverse();
    }
    if let Some(item) = filter.item {
        keys = with_item(connection, &keys, item, limit)?;
    }
    keys.truncate(limit + 1);
    Ok((keys, None))
}

/// The first orders that name the item.
fn with_item(
    connection: &mut Connection,
    keys: &[Key],
    item: ItemId,
    limit: usize,
) -> Result<Vec<Key>, StoreError> {
    let mut kept = Vec::new();
    for chunk in keys.chunks(100) {
        let ids: Vec<OrderId> = chunk.iter().map(Key::id).collect();
        let orders = super::load(connection, &ids)?;
        let names = |key: &&Key| {
            orders.iter().any(|stored| {
                stored.order.id == key.id()
                    && stored
                        .order
                        .placed
                        .lines
                        .iter()
                        .any(|line| line.item == Some(item))
            })
        };
        kept.extend(chunk.iter().filter(names));
        if kept.len() > limit {
            break;
        }
    }
    Ok(kept)
}

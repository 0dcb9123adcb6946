//! Loading which orders claim stock of an item at a location. Only shortages need it: so there is no index for it in
//! the write path, and the way leads over the projection of open orders by item.

use throughline_core::Facts;
use throughline_core::id::{ItemId, OrderId};
use throughline_core::network::LocationId;

use crate::engine::{Cell, Columns, Connection, Statement};
use crate::error::StoreError;
use crate::projection::volumes::{self, Volume};

/// Open orders looked at in one step.
const STEP: usize = 1000;
/// Orders given at most for an item at a location; the newest, which lose least.
const GIVEN: usize = 2000;

pub(super) const OPEN_ORDERS: Statement = Statement::new(
    "load_open_orders_of_item",
    "SELECT placed_at, order_id FROM item_order
     WHERE bucket = ?1 AND volume = ?5 AND item_id = ?2 AND is_open = 1 AND (placed_at, order_id) < (?3, ?4)
     ORDER BY placed_at DESC, order_id DESC LIMIT 1000",
    "SELECT placed_at, order_id FROM item_order
     WHERE bucket = $1 AND volume = $5 AND item_id = $2 AND is_open = 1 AND (placed_at, order_id) < ($3, $4)
     ORDER BY placed_at DESC, order_id DESC LIMIT 1000",
);

/// Batches whose projections are not written yet.
pub(super) const UNPROJECTED: Statement = Statement::new(
    "unprojected_batches",
    "SELECT f.body FROM writer w CROSS JOIN feed f ON f.writer = w.writer AND f.batch > w.projected ORDER BY f.writer, f.batch LIMIT 10000",
    "SELECT f.body FROM writer w JOIN feed f ON f.writer = w.writer AND f.batch > w.projected ORDER BY f.writer, f.batch LIMIT 10000",
);

pub(super) const CLAIMING: Statement = Statement::new(
    "load_claiming_orders",
    "SELECT DISTINCT ?1, order_id FROM allocation WHERE bucket = ?2 AND order_id = ?3 AND item_id = ?4 AND location = ?5",
    "SELECT DISTINCT k.position, a.order_id
     FROM unnest($1::bigint[], $2::integer[], $3::uuid[], $4::uuid[], $5::integer[])
          AS k (position, bucket, order_id, item_id, location)
     CROSS JOIN LATERAL (SELECT order_id
         FROM allocation a WHERE a.bucket = k.bucket AND a.order_id = k.order_id AND a.item_id = k.item_id AND a.location = k.location OFFSET 0) a
     ORDER BY k.position",
);

pub(super) fn load(
    connection: &mut Connection,
    wanted: &[(ItemId, LocationId)],
    facts: &mut Facts,
) -> Result<(), StoreError> {
    for (item, location) in wanted {
        let orders = claiming(connection, *item, *location)?;
        facts.allocations.insert((*item, *location), orders);
    }
    Ok(())
}

fn claiming(
    connection: &mut Connection,
    item: ItemId,
    location: LocationId,
) -> Result<Vec<OrderId>, StoreError> {
    let unprojected = unprojected(connection)?;
    let mut found = claiming_among(connection, item, location, &unprojected)?;
    let mut volumes = volumes::load(connection)?;
    volumes.sort_by_key(|volume| std::cmp::Reverse(volume.placed.to));
    for volume in volumes {
        claiming_in(connection, (item, location), volume, &mut found)?;
        if found.len() >= GIVEN {
            break;
        }
    }
    Ok(found)
}

/// The same in one volume of the projection.
fn claiming_in(
    connection: &mut Connection,
    (item, location): (ItemId, LocationId),
    volume: Volume,
    found: &mut Vec<OrderId>,
) -> Result<(), StoreError> {
    let bucket = i64::from(item.bucket(connection.partitions()));
    let (mut placed_at, mut last) = (i64::MAX, uuid::Uuid::max());
    loop {
        let values = [
            Cell::Integer(bucket),
            Cell::Uuid(item.uuid()),
            Cell::Integer(placed_at),
            Cell::Uuid(last),
            Cell::Integer(volume.number.into()),
        ];
        let open = connection.list(&OPEN_ORDERS, &values)?;
        let mut orders = Vec::with_capacity(open.len());
        for row in open.iter() {
            (placed_at, last) = (row.int(0)?, row.uuid(1)?);
            orders.push(OrderId::from_uuid(last));
        }
        orders.retain(|order| !found.contains(order));
        found.extend(claiming_among(connection, item, location, &orders)?);
        if open.len() < STEP || found.len() >= GIVEN {
            return Ok(());
        }
    }
}

/// Orders of batches that were committed a moment ago; the projection does not know them yet.
fn unprojected(connection: &mut Connection) -> Result<Vec<OrderId>, StoreError> {
    let mut orders = Vec::new();
    for row in connection.list(&UNPROJECTED, &[])?.iter() {
        let spans: Vec<(uuid::Uuid, u64, u64)> = row.json(0)?;
        orders.extend(
            spans
                .into_iter()
                .map(|(order, ..)| OrderId::from_uuid(order)),
        );
    }
    orders.sort_unstable();
    orders.dedup();
    Ok(orders)
}

/// Which of the orders claim stock of the item at the location.
fn claiming_among(
    connection: &mut Connection,
    item: ItemId,
    location: LocationId,
    orders: &[OrderId],
) -> Result<Vec<OrderId>, StoreError> {
    let mut keys = Columns::default();
    for (position, order) in orders.iter().enumerate() {
        let row = keys
            .row()
            .int(super::position(position))
            .int(order.bucket(connection.partitions()));
        row.uuid(order.uuid()).uuid(item.uuid()).int(location.0);
    }
    let [claims] = connection.read([(&CLAIMING, &keys)])?;
    claims
        .iter()
        .map(|row| Ok(OrderId::from_uuid(row.uuid(1)?)))
        .collect()
}

//! Loading orders.

use std::sync::Arc;

use throughline_core::Facts;
use throughline_core::id::OrderId;
use throughline_core::order::Order;
use throughline_core::time::Millis;

use crate::engine::{Columns, Row, Rows, Statement};
use crate::error::StoreError;

pub(super) const ORDERS: Statement = Statement::new(
    "load_orders",
    "SELECT ?1, order_id, number, version, placed, progress, updated_at FROM orders WHERE bucket = ?2 AND order_id = ?3",
    "SELECT k.position, o.order_id, o.number, o.version, o.placed, o.progress, o.updated_at
     FROM unnest($1::bigint[], $2::integer[], $3::uuid[]) AS k (position, bucket, order_id)
     CROSS JOIN LATERAL (SELECT order_id, number, version, placed, progress, updated_at
         FROM orders o WHERE o.bucket = k.bucket AND o.order_id = k.order_id OFFSET 0) o
     ORDER BY k.position",
);

pub(super) fn keys(wanted: &[OrderId], partitions: u16) -> Columns {
    super::id_keys(wanted.iter().map(|order| order.uuid()), partitions)
}

pub(super) fn take(wanted: &[OrderId], rows: &Rows, facts: &mut Facts) -> Result<(), StoreError> {
    for order in wanted {
        facts.orders.insert(*order, None);
    }
    for row in rows.iter() {
        let order = read_order(row, 1)?;
        facts.orders.insert(order.id, Some(Arc::new(order)));
    }
    Ok(())
}

/// Reads an order from six columns: id, number, version, placed, progress, updated_at.
pub(crate) fn read_order(row: Row<'_>, first: usize) -> Result<Order, StoreError> {
    Ok(Order {
        id: OrderId::from_uuid(row.uuid(first)?),
        number: row.number(first + 1)?,
        version: row.number(first + 2)?,
        placed: Arc::new(row.json(first + 3)?),
        progress: row.json(first + 4)?,
        updated_at: Millis(row.int(first + 5)?),
    })
}

//! Who waits for an item, in the order they are served.

use throughline_core::id::{ItemId, LineNo, OrderId};
use throughline_core::inventory::Waiting;

use super::{bounded, cell};
use crate::engine::{Cell, Connection, Statement};
use crate::error::StoreError;
use crate::load::stock::read_waiting;

pub(super) const STATEMENTS: &[&Statement] = &[&WAITING];

const WAITING: Statement = Statement::new(
    "waiting_for_item",
    "SELECT 0, priority, since, order_id, line, quantity, location FROM waiting
     WHERE bucket = ?1 AND item_id = ?2 AND (priority, since, order_id, line) > (?3, ?4, ?5, ?6)
     ORDER BY priority, since, order_id, line LIMIT ?7",
    "SELECT 0::bigint, priority, since, order_id, line, quantity, location FROM waiting
     WHERE bucket = $1 AND item_id = $2 AND (priority, since, order_id, line) > ($3, $4, $5, $6)
     ORDER BY priority, since, order_id, line LIMIT $7",
);

/// Those who wait for an item after somebody, or the first ones; at most a page.
///
/// # Errors
/// When the database cannot be read.
pub fn waiting(
    connection: &mut Connection,
    item: ItemId,
    after: Option<&Waiting>,
    limit: usize,
) -> Result<Vec<Waiting>, StoreError> {
    let nil = OrderId::from_uuid(uuid::Uuid::nil());
    let place = after.map_or((i64::from(i32::MIN), i64::MIN, nil, LineNo(0)), |row| {
        (i64::from(row.priority), row.since.0, row.order, row.line)
    });
    let values = [
        Cell::Integer(item.bucket(connection.partitions()).into()),
        Cell::Uuid(item.uuid()),
        Cell::Integer(place.0),
        Cell::Integer(place.1),
        Cell::Uuid(place.2.uuid()),
        Cell::Integer(place.3.0.into()),
        cell(bounded(limit)),
    ];
    let rows = connection.list(&WAITING, &values)?;
    rows.iter().map(read_waiting).collect()
}

//! What is booked of the capacity of items.

use jiff::civil::Date;
use throughline_core::booking::Slot;
use throughline_core::id::ItemId;
use throughline_core::network::LocationId;
use uuid::Uuid;

use crate::engine::{Cell, Connection, Row, Statement};
use crate::error::StoreError;

/// Statements of this module.
pub(crate) const STATEMENTS: &[&Statement] = &[&ALL];

const ALL: Statement = Statement::new(
    "list_bookings",
    "SELECT bucket, item_id, location, day, slot, units FROM slot_booking
     WHERE (bucket, item_id, location, day, slot) > (?1, ?2, ?3, ?4, ?5) ORDER BY bucket, item_id, location, day, slot LIMIT 1000",
    "SELECT bucket, item_id, location, day, slot, units FROM slot_booking
     WHERE (bucket, item_id, location, day, slot) > ($1, $2, $3, $4, $5) ORDER BY bucket, item_id, location, day, slot LIMIT 1000",
);

/// Everything that was ever booked, by slot. For examinations: the number of slots is not bounded.
///
/// # Errors
/// When the database cannot be read.
pub fn all(connection: &mut Connection) -> Result<Vec<(Slot, i64)>, StoreError> {
    let mut all = Vec::new();
    let mut after = vec![
        Cell::Integer(-1),
        Cell::Uuid(Uuid::nil()),
        Cell::Integer(-1),
        Cell::text(""),
        Cell::Integer(-1),
    ];
    loop {
        let rows = connection.list(&ALL, &after)?;
        for row in rows.iter() {
            after = row.cells()[..5].to_vec();
            all.push(booking(row)?);
        }
        if rows.is_empty() {
            return Ok(all);
        }
    }
}

fn booking(row: Row<'_>) -> Result<(Slot, i64), StoreError> {
    let date = row.text(3)?.parse();
    let date: Date = date.map_err(|error| StoreError::corrupt("a day", error))?;
    let slot = Slot {
        item: ItemId::from_uuid(row.uuid(1)?),
        location: LocationId(row.number(2)?),
        date,
        number: row.number(4)?,
    };
    Ok((slot, row.int(5)?))
}

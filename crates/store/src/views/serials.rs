//! Units with serial numbers: where they are, and everything that happened to them.

use serde::{Deserialize, Serialize};
use throughline_core::id::ItemId;
use throughline_core::inventory::{SerialEntry, SerialNumber};

use super::{Page, bounded, cell};
use crate::cursor;
use crate::engine::{Cell, Connection, Statement};
use crate::error::StoreError;
use crate::load;

pub(super) const STATEMENTS: &[&Statement] = &[&OF_ITEM, &LIFE, &ITEMS];

/// Items that one number is looked up for at most; every item has its own numbers.
pub const ITEMS_MAX: usize = 100;

const OF_ITEM: Statement = Statement::new(
    "serials_of_item",
    "SELECT serial_number, seq, at, event, state, location, order_id, line, reference FROM serial_entry s
     WHERE bucket = ?1 AND item_id = ?2 AND serial_number > ?3 AND NOT EXISTS (SELECT 1 FROM serial_entry l
         WHERE l.bucket = s.bucket AND l.item_id = s.item_id AND l.serial_number = s.serial_number AND l.seq > s.seq)
     ORDER BY serial_number LIMIT ?4",
    "SELECT serial_number, seq, at, event, state, location, order_id, line, reference FROM serial_entry s
     WHERE bucket = $1 AND item_id = $2 AND serial_number > $3 AND NOT EXISTS (SELECT 1 FROM serial_entry l
         WHERE l.bucket = s.bucket AND l.item_id = s.item_id AND l.serial_number = s.serial_number AND l.seq > s.seq)
     ORDER BY serial_number LIMIT $4",
);

const LIFE: Statement = Statement::new(
    "serial_life",
    "SELECT serial_number, seq, at, event, state, location, order_id, line, reference FROM serial_entry
     WHERE bucket = ?1 AND item_id = ?2 AND serial_number = ?3 AND seq < ?4 ORDER BY seq DESC LIMIT ?5",
    "SELECT serial_number, seq, at, event, state, location, order_id, line, reference FROM serial_entry
     WHERE bucket = $1 AND item_id = $2 AND serial_number = $3 AND seq < $4 ORDER BY seq DESC LIMIT $5",
);

const ITEMS: Statement = Statement::new(
    "items_of_serial",
    "SELECT item_id FROM serial_entry WHERE serial_number = ?1 AND seq = 1 ORDER BY item_id LIMIT ?2",
    "SELECT item_id FROM serial_entry WHERE serial_number = $1 AND seq = 1 ORDER BY item_id LIMIT $2",
);

#[derive(Debug, Serialize, Deserialize)]
struct ByNumber {
    serial: String,
}

#[derive(Debug, Serialize, Deserialize)]
struct BySeq {
    seq: i64,
}

/// A page of the units of an item that were ever seen, by serial number: the last entry of each.
///
/// # Errors
/// [`StoreError::InvalidCursor`], and when the database cannot be read.
pub fn list(
    connection: &mut Connection,
    item: ItemId,
    after: Option<&str>,
    limit: usize,
) -> Result<Page<SerialEntry>, StoreError> {
    let limit = bounded(limit);
    let after: Option<ByNumber> = after.map(cursor::decode).transpose()?;
    let after = after.map_or_else(String::new, |position| position.serial);
    let bucket = item.bucket(connection.partitions());
    let values = [
        Cell::Integer(bucket.into()),
        Cell::Uuid(item.uuid()),
        Cell::text(after.as_str()),
        cell(limit + 1),
    ];
    let found = entries(connection, &OF_ITEM, &values, item)?;
    Ok(Page::cut(found, limit, |entry| {
        cursor::encode(&ByNumber {
            serial: entry.serial.to_string(),
        })
    }))
}

/// A page of what happened to a unit, latest first.
///
/// # Errors
/// [`StoreError::InvalidCursor`], and when the database cannot be read.
pub fn life(
    connection: &mut Connection,
    item: ItemId,
    serial: &SerialNumber,
    before: Option<&str>,
    limit: usize,
) -> Result<Page<SerialEntry>, StoreError> {
    let limit = bounded(limit);
    let before: Option<BySeq> = before.map(cursor::decode).transpose()?;
    let bucket = item.bucket(connection.partitions());
    let values = [
        Cell::Integer(bucket.into()),
        Cell::Uuid(item.uuid()),
        Cell::text(serial.as_str()),
        Cell::Integer(before.map_or(i64::MAX, |position| position.seq)),
        cell(limit + 1),
    ];
    let found = entries(connection, &LIFE, &values, item)?;
    Ok(Page::cut(found, limit, |entry| {
        cursor::encode(&BySeq {
            seq: entry.seq.cast_signed(),
        })
    }))
}

/// The items of which a unit has this serial number: [`ITEMS_MAX`] at most.
///
/// # Errors
/// When the database cannot be read.
pub fn items(
    connection: &mut Connection,
    serial: &SerialNumber,
) -> Result<Vec<ItemId>, StoreError> {
    let values = [Cell::text(serial.as_str()), cell(ITEMS_MAX)];
    let rows = connection.list(&ITEMS, &values)?;
    rows.iter()
        .map(|row| row.uuid(0).map(ItemId::from_uuid))
        .collect()
}

fn entries(
    connection: &mut Connection,
    statement: &'static Statement,
    values: &[Cell],
    item: ItemId,
) -> Result<Vec<SerialEntry>, StoreError> {
    let rows = connection.list(statement, values)?;
    rows.iter()
        .map(|row| load::serial_entry(row, item, SerialNumber::new(row.text(0)?)))
        .collect()
}

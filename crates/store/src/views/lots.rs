//! Lots of items: where their units are, and everything that happened to them.

use serde::{Deserialize, Serialize};
use throughline_core::Facts;
use throughline_core::facts::Need;
use throughline_core::id::ItemId;
use throughline_core::inventory::{ItemLots, KnownLot, Lot, LotCode};
use throughline_core::time::Millis;

use super::ledger::{self, Key, LedgerRow};
use super::{Page, bounded, cell};
use crate::cursor;
use crate::engine::{Cell, Connection, Row, Statement};
use crate::error::StoreError;
use crate::load;

pub(super) const STATEMENTS: &[&Statement] = &[&OF_ITEM, &MOVES];

const OF_ITEM: Statement = Statement::new(
    "lots_of_item",
    "SELECT lot, expires_on, made_on, first_seen_at FROM lot WHERE bucket = ?1 AND item_id = ?2 AND lot > ?3 ORDER BY lot LIMIT ?4",
    "SELECT lot, expires_on, made_on, first_seen_at FROM lot WHERE bucket = $1 AND item_id = $2 AND lot > $3 ORDER BY lot LIMIT $4",
);

const MOVES: Statement = Statement::new(
    "ledger_by_lot",
    "SELECT at, bucket, writer, batch, position FROM stock_ledger
     WHERE bucket = ?1 AND item_id = ?2 AND lot = ?3 AND (at, writer, batch, position) < (?4, ?5, ?6, ?7)
     ORDER BY at DESC, writer DESC, batch DESC, position DESC LIMIT ?8",
    "SELECT at, bucket, writer, batch, position FROM stock_ledger
     WHERE bucket = $1 AND item_id = $2 AND lot = $3 AND (at, writer, batch, position) < ($4, $5, $6, $7)
     ORDER BY at DESC, writer DESC, batch DESC, position DESC LIMIT $8",
);

#[derive(Debug, Serialize, Deserialize)]
struct Position {
    lot: String,
}

/// A page of the lots of an item that were ever seen, by code.
///
/// # Errors
/// [`StoreError::InvalidCursor`], and when the database cannot be read.
pub fn list(
    connection: &mut Connection,
    item: ItemId,
    after: Option<&str>,
    limit: usize,
) -> Result<Page<KnownLot>, StoreError> {
    let limit = bounded(limit);
    let after: Option<Position> = after.map(cursor::decode).transpose()?;
    let after = after.map_or_else(String::new, |position| position.lot);
    let bucket = item.bucket(connection.partitions());
    let values = [
        Cell::Integer(bucket.into()),
        Cell::Uuid(item.uuid()),
        Cell::text(after.as_str()),
        cell(limit + 1),
    ];
    let rows = connection.list(&OF_ITEM, &values)?;
    let found: Result<Vec<KnownLot>, StoreError> =
        rows.iter().map(|row| known(item, row)).collect();
    Ok(Page::cut(found?, limit, |known| {
        cursor::encode(&Position {
            lot: known.lot.code.to_string(),
        })
    }))
}

fn known(item: ItemId, row: Row<'_>) -> Result<KnownLot, StoreError> {
    Ok(KnownLot {
        item,
        lot: Lot {
            code: LotCode::new(row.text(0)?),
            expires_on: load::day(row, 1)?,
        },
        made_on: load::day(row, 2)?,
        first_seen_at: Millis(row.int(3)?),
    })
}

/// One lot by its code.
///
/// # Errors
/// When the database cannot be read.
pub fn get(
    connection: &mut Connection,
    item: ItemId,
    code: &LotCode,
) -> Result<Option<KnownLot>, StoreError> {
    let needs = [Need::Lot(item, code.clone())];
    let mut facts = Facts::default();
    load::load(connection, &needs, &mut facts, Millis::default())?;
    Ok(facts.known_lots.remove(&(item, code.clone())).flatten())
}

/// Where the lots of an item have units.
///
/// # Errors
/// When the database cannot be read.
pub fn levels(connection: &mut Connection, item: ItemId) -> Result<ItemLots, StoreError> {
    let mut facts = Facts::default();
    load::load(
        connection,
        &[Need::Lots(item)],
        &mut facts,
        Millis::default(),
    )?;
    Ok(facts.lots.remove(&item).unwrap_or_default())
}

/// A page of the movements of a lot, latest first: where it came from, and which orders it went to.
///
/// # Errors
/// [`StoreError::InvalidCursor`], and when the database cannot be read.
pub fn moves(
    connection: &mut Connection,
    item: ItemId,
    code: &LotCode,
    after: Option<&str>,
    limit: usize,
) -> Result<Page<LedgerRow>, StoreError> {
    let limit = bounded(limit);
    let at: Key = match after {
        Some(cursor) => cursor::decode(cursor)?,
        None => Key::latest(),
    };
    let bucket = item.bucket(connection.partitions());
    let values = [
        Cell::Integer(bucket.into()),
        Cell::Uuid(item.uuid()),
        Cell::text(code.as_str()),
        Cell::Integer(at.at),
        Cell::Integer(at.writer.into()),
        Cell::Integer(at.batch),
        Cell::Integer(at.position.into()),
        cell(limit + 1),
    ];
    let keys = ledger::keys(&connection.list(&MOVES, &values)?)?;
    Ok(ledger::cut(ledger::rows(connection, &keys)?, limit))
}

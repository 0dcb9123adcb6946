//! The stock ledger: every movement, latest first.

use serde::{Deserialize, Serialize};
use throughline_core::id::{ItemId, OrderId, ReservationId, SupplyId};
use throughline_core::inventory::LevelChange;
use throughline_core::network::LocationId;
use throughline_core::time::Millis;

use super::{Page, bounded, cell};
use crate::cursor;
use crate::engine::{Cell, Columns, Connection, Row, Rows, Statement};
use crate::error::StoreError;
use crate::projection::volumes;

pub(super) const STATEMENTS: &[&Statement] =
    &[&BY_TIME, &BY_ITEM, &ROWS, &BATCHES_OF_ORDER, &OF_ORDER];

/// Rows looked at in one step when a row may not fit, and for one page at most.
const STEP: usize = 1000;
const LOOKED_AT: usize = 10_000;

const BY_TIME: Statement = Statement::new(
    "ledger_by_time",
    "SELECT at, bucket, writer, batch, position FROM stock_ledger
     WHERE (at, bucket, writer, batch, position) < (?1, ?2, ?3, ?4, ?5)
     ORDER BY at DESC, bucket DESC, writer DESC, batch DESC, position DESC LIMIT ?6",
    "SELECT at, bucket, writer, batch, position FROM stock_ledger
     WHERE (at, bucket, writer, batch, position) < ($1, $2, $3, $4, $5)
     ORDER BY at DESC, bucket DESC, writer DESC, batch DESC, position DESC LIMIT $6",
);

const BY_ITEM: Statement = Statement::new(
    "ledger_by_item",
    "SELECT at, bucket, writer, batch, position FROM ledger_item
     WHERE bucket = ?2 AND volume = ?8 AND item_id = ?7 AND (at, writer, batch, position) < (?1, ?3, ?4, ?5)
     ORDER BY at DESC, writer DESC, batch DESC, position DESC LIMIT ?6",
    "SELECT at, bucket, writer, batch, position FROM ledger_item
     WHERE bucket = $2 AND volume = $8 AND item_id = $7 AND (at, writer, batch, position) < ($1, $3, $4, $5)
     ORDER BY at DESC, writer DESC, batch DESC, position DESC LIMIT $6",
);

const ROWS: Statement = Statement::new(
    "ledger_rows",
    "SELECT at, bucket, writer, batch, position, item_id, location, actor, reason, order_id, reservation_id, reference, note,
            on_hand, allocated, reserved, safety, quarantined, damaged, in_transit, ?1, supply_id, lot
     FROM stock_ledger WHERE bucket = ?2 AND writer = ?3 AND batch = ?4 AND position = ?5",
    "SELECT l.at, l.bucket, l.writer, l.batch, l.position, l.item_id, l.location, l.actor, l.reason, l.order_id, l.reservation_id,
            l.reference, l.note, l.on_hand, l.allocated, l.reserved, l.safety, l.quarantined, l.damaged, l.in_transit, k.n, l.supply_id, l.lot
     FROM unnest($1::bigint[], $2::integer[], $3::integer[], $4::bigint[], $5::integer[]) AS k (n, bucket, writer, batch, position)
     CROSS JOIN LATERAL (SELECT at, bucket, writer, batch, position, item_id, location, actor, reason, order_id, reservation_id, reference,
             note, on_hand, allocated, reserved, safety, quarantined, damaged, in_transit, supply_id, lot
         FROM stock_ledger l WHERE l.bucket = k.bucket AND l.writer = k.writer AND l.batch = k.batch AND l.position = k.position OFFSET 0) l
     ORDER BY k.n",
);

/// An order's movements were committed with its journal entries.
const BATCHES_OF_ORDER: Statement = Statement::new(
    "ledger_batches_of_order",
    "SELECT DISTINCT writer, batch FROM journal WHERE bucket = ?1 AND order_id = ?2 ORDER BY writer, batch LIMIT 10000",
    "SELECT DISTINCT writer, batch FROM journal WHERE bucket = $1 AND order_id = $2 ORDER BY writer, batch LIMIT 10000",
);

const OF_ORDER: Statement = Statement::new(
    "ledger_of_order",
    "SELECT at, bucket, writer, batch, position FROM stock_ledger
     WHERE bucket = ?1 AND writer = ?2 AND batch = ?3 AND order_id = ?4 ORDER BY position",
    "SELECT l.at, l.bucket, l.writer, l.batch, l.position
     FROM unnest($1::integer[], $2::integer[], $3::bigint[], $4::uuid[]) AS k (bucket, writer, batch, order_id)
     CROSS JOIN LATERAL (SELECT at, bucket, writer, batch, position, order_id
         FROM stock_ledger l WHERE l.bucket = k.bucket AND l.writer = k.writer AND l.batch = k.batch OFFSET 0) l
     WHERE l.order_id = k.order_id ORDER BY l.writer, l.batch, l.position",
);

/// What the ledger is filtered by.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    /// One item.
    pub item: Option<ItemId>,
    /// Only these locations; all when empty.
    pub locations: Vec<LocationId>,
    /// One order.
    pub order: Option<OrderId>,
}

/// One movement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LedgerRow {
    key: Key,
    /// When.
    pub at: Millis,
    /// The item.
    pub item: ItemId,
    /// Where.
    pub location: LocationId,
    /// Who, as in the journal.
    pub actor: String,
    /// Why, as in [`throughline_core::inventory::MoveReason::as_str`].
    pub reason: String,
    /// For which order.
    pub order: Option<OrderId>,
    /// For which reservation.
    pub reservation: Option<ReservationId>,
    /// For which supply.
    pub supply: Option<SupplyId>,
    /// For which document.
    pub reference: Option<String>,
    /// Why, in the caller's words.
    pub note: Option<String>,
    /// The lot of the units, where the item has lots.
    pub lot: Option<String>,
    /// What changed.
    pub change: LevelChange,
}

/// The place of a movement.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(super) struct Key {
    pub(super) at: i64,
    pub(super) bucket: i32,
    pub(super) writer: i32,
    pub(super) batch: i64,
    pub(super) position: i32,
}

impl Key {
    /// Beyond all movements.
    pub(super) fn latest() -> Self {
        Self {
            at: i64::MAX,
            bucket: i32::MAX,
            writer: i32::MAX,
            batch: i64::MAX,
            position: i32::MAX,
        }
    }
}

impl LedgerRow {
    /// A name of the movement that never changes.
    #[must_use]
    pub fn id(&self) -> String {
        format!(
            "{}-{}-{}-{}",
            self.key.bucket, self.key.writer, self.key.batch, self.key.position
        )
    }
}

/// A page of movements, latest first.
///
/// # Errors
/// [`StoreError::InvalidCursor`], and when the database cannot be read.
pub fn list(
    connection: &mut Connection,
    filter: &Filter,
    after: Option<&str>,
    limit: usize,
) -> Result<Page<LedgerRow>, StoreError> {
    let limit = bounded(limit);
    let mut at = match after {
        Some(cursor) => cursor::decode(cursor)?,
        None => Key::latest(),
    };
    if let Some(order) = filter.order {
        return of_order(connection, order, filter, at, limit);
    }
    let step = if filter.locations.is_empty() {
        limit + 1
    } else {
        STEP
    };
    let mut found: Vec<LedgerRow> = Vec::new();
    let mut looked_at = 0;
    loop {
        let keys = keys_after(connection, filter.item, at, step)?;
        looked_at += keys.len();
        let Some(last) = keys.last().copied() else {
            return Ok(cut(found, limit));
        };
        at = last;
        found.extend(
            rows(connection, &keys)?
                .into_iter()
                .filter(|row| filter.fits(row)),
        );
        if keys.len() < step || found.len() > limit {
            return Ok(cut(found, limit));
        }
        if looked_at >= LOOKED_AT {
            return Ok(Page {
                data: found,
                has_more: true,
                next_cursor: Some(cursor::encode(&at)),
            });
        }
    }
}

pub(super) fn cut(found: Vec<LedgerRow>, limit: usize) -> Page<LedgerRow> {
    Page::cut(found, limit, |row| cursor::encode(&row.key))
}

fn keys_after(
    connection: &mut Connection,
    item: Option<ItemId>,
    after: Key,
    step: usize,
) -> Result<Vec<Key>, StoreError> {
    let bucket = item.map_or(after.bucket, |item| item.bucket(connection.partitions()));
    let mut values: Vec<Cell> = [
        after.at,
        bucket.into(),
        after.writer.into(),
        after.batch,
        after.position.into(),
    ]
    .map(Cell::Integer)
    .into();
    values.push(cell(step));
    match item {
        Some(item) => {
            values.push(Cell::Uuid(item.uuid()));
            keys_of_item(connection, &values, after, step)
        }
        None => keys(&connection.list(&BY_TIME, &values)?),
    }
}

/// The movements of an item are a range in each volume of one index. Volumes that can hold nothing of this step are
/// passed over.
fn keys_of_item(
    connection: &mut Connection,
    values: &[Cell],
    after: Key,
    step: usize,
) -> Result<Vec<Key>, StoreError> {
    let mut volumes = volumes::load(connection)?;
    volumes.retain(|volume| volume.moved.from <= after.at);
    volumes.sort_by_key(|volume| std::cmp::Reverse(volume.moved.to));
    let mut found: Vec<Key> = Vec::new();
    for volume in volumes {
        if found.len() >= step && found[step - 1].at > volume.moved.to {
            break;
        }
        let mut values = values.to_vec();
        values.push(Cell::Integer(volume.number.into()));
        found.extend(keys(&connection.list(&BY_ITEM, &values)?)?);
        found.sort_unstable_by(|a, b| b.cmp(a));
        // What was caught up after a crash may have been written before.
        found.dedup();
        found.truncate(step);
    }
    Ok(found)
}

pub(super) fn keys(rows: &Rows) -> Result<Vec<Key>, StoreError> {
    rows.iter().map(key).collect()
}

fn key(row: Row<'_>) -> Result<Key, StoreError> {
    Ok(Key {
        at: row.int(0)?,
        bucket: row.number(1)?,
        writer: row.number(2)?,
        batch: row.int(3)?,
        position: row.number(4)?,
    })
}

pub(super) fn rows(
    connection: &mut Connection,
    keys: &[Key],
) -> Result<Vec<LedgerRow>, StoreError> {
    let mut columns = Columns::default();
    for (n, key) in keys.iter().enumerate() {
        columns
            .row()
            .count(n as u64)
            .int(key.bucket)
            .int(key.writer)
            .int(key.batch)
            .int(key.position);
    }
    let [rows] = connection.read([(&ROWS, &columns)])?;
    rows.iter().map(ledger_row).collect()
}

fn ledger_row(row: Row<'_>) -> Result<LedgerRow, StoreError> {
    let text = |column| row.opt_text(column).map(|text| text.map(str::to_owned));
    Ok(LedgerRow {
        key: key(row)?,
        at: Millis(row.int(0)?),
        item: ItemId::from_uuid(row.uuid(5)?),
        location: LocationId(row.number(6)?),
        actor: row.text(7)?.to_owned(),
        reason: row.text(8)?.to_owned(),
        order: row.opt_uuid(9)?.map(OrderId::from_uuid),
        reservation: row.opt_uuid(10)?.map(ReservationId::from_uuid),
        supply: row.opt_uuid(21)?.map(SupplyId::from_uuid),
        reference: text(11)?,
        note: text(12)?,
        lot: text(22)?,
        change: LevelChange {
            on_hand: row.int(13)?,
            allocated: row.int(14)?,
            reserved: row.int(15)?,
            safety: row.int(16)?,
            quarantined: row.int(17)?,
            damaged: row.int(18)?,
            in_transit: row.int(19)?,
        },
    })
}

fn of_order(
    connection: &mut Connection,
    order: OrderId,
    filter: &Filter,
    after: Key,
    limit: usize,
) -> Result<Page<LedgerRow>, StoreError> {
    let partitions = connection.partitions();
    let Some(stored) = super::orders::get(connection, order)? else {
        return Ok(Page::empty());
    };
    let mut buckets: Vec<i32> = stored
        .order
        .placed
        .lines
        .iter()
        .filter_map(|line| line.item)
        .map(|item| item.bucket(partitions))
        .collect();
    // A line whose item was changed by an amendment may have moved stock of another bucket before.
    if stored.order.version > 1 && partitions > 1 {
        buckets = (0..i32::from(partitions)).collect();
    }
    buckets.sort_unstable();
    buckets.dedup();
    let values = [
        Cell::Integer(order.bucket(partitions).into()),
        Cell::Uuid(order.uuid()),
    ];
    let batches = connection.list(&BATCHES_OF_ORDER, &values)?;
    let mut columns = Columns::default();
    for batch in batches.iter() {
        for bucket in &buckets {
            columns
                .row()
                .int(*bucket)
                .int(batch.int(0)?)
                .int(batch.int(1)?)
                .uuid(order.uuid());
        }
    }
    let [found] = connection.read([(&OF_ORDER, &columns)])?;
    let mut found: Vec<Key> = keys(&found)?
        .into_iter()
        .filter(|key| *key < after)
        .collect();
    found.sort_unstable_by(|a, b| b.cmp(a));
    let mut rows = rows(connection, &found)?;
    rows.retain(|row| filter.fits(row));
    Ok(cut(rows, limit))
}

impl Filter {
    fn fits(&self, row: &LedgerRow) -> bool {
        (self.locations.is_empty() || self.locations.contains(&row.location))
            && self.item.is_none_or(|item| row.item == item)
    }
}

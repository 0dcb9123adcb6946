//! Writing projections: sorted, so that rows that lie together are written together.

use std::ops::RangeInclusive;

use super::rows::{ItemOrder, ProjectionRows};
use super::volumes::{self, volume};
use crate::engine::{Columns, Connection, Engine, Statement, Step};
use crate::error::{FailedGuards, StoreError};
use throughline_core::id::bucket_of;

pub(super) const STATEMENTS: &[&Statement] = &[
    &INSERT_ITEM_ORDERS,
    &DELETE_ITEM_ORDERS,
    &INSERT_LEDGER_ITEMS,
    &INSERT_WORDS,
    &DELETE_WORDS,
    &INSERT_CONTACT_WORDS,
    &DELETE_CONTACT_WORDS,
    &PROJECTED,
];

const INSERT_ITEM_ORDERS: Statement = Statement::new(
    "insert_item_orders",
    "INSERT INTO item_order (bucket, volume, item_id, is_open, placed_at, order_id) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
     ON CONFLICT DO NOTHING",
    "INSERT INTO item_order (bucket, volume, item_id, is_open, placed_at, order_id)
     SELECT * FROM unnest($1::integer[], $2::integer[], $3::uuid[], $4::integer[], $5::bigint[], $6::uuid[]) ON CONFLICT DO NOTHING",
);

/// A row of an open order goes only if the order is not open: a writer that opened it again may have been quicker, and
/// shortages find the orders that claim stock by these rows.
const DELETE_ITEM_ORDERS: Statement = Statement::new(
    "delete_item_orders",
    "DELETE FROM item_order WHERE bucket = ?1 AND volume = ?2 AND item_id = ?3 AND is_open = ?4 AND placed_at = ?5 AND order_id = ?6
       AND NOT EXISTS (
           SELECT 1 FROM orders o JOIN order_line l ON l.bucket = o.bucket AND l.order_id = o.order_id
           WHERE ?4 = 1 AND o.bucket = ?7 AND o.order_id = ?6 AND o.placed_at = ?5 AND l.item_id = ?3
             AND l.open + l.backordered + l.allocated + l.picked + l.packed > 0)",
    "DELETE FROM item_order i
     USING unnest($1::integer[], $2::integer[], $3::uuid[], $4::integer[], $5::bigint[], $6::uuid[], $7::integer[])
           AS k (bucket, volume, item_id, is_open, placed_at, order_id, order_bucket)
     WHERE i.bucket = k.bucket AND i.volume = k.volume AND i.item_id = k.item_id AND i.is_open = k.is_open
       AND i.placed_at = k.placed_at AND i.order_id = k.order_id
       AND NOT EXISTS (
           SELECT 1 FROM orders o JOIN order_line l ON l.bucket = o.bucket AND l.order_id = o.order_id
           WHERE k.is_open = 1 AND o.bucket = k.order_bucket AND o.order_id = k.order_id AND o.placed_at = k.placed_at
             AND l.item_id = k.item_id AND l.open + l.backordered + l.allocated + l.picked + l.packed > 0)",
);

const INSERT_LEDGER_ITEMS: Statement = Statement::new(
    "insert_ledger_items",
    "INSERT INTO ledger_item (bucket, volume, item_id, at, writer, batch, position) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
     ON CONFLICT DO NOTHING",
    "INSERT INTO ledger_item (bucket, volume, item_id, at, writer, batch, position)
     SELECT * FROM unnest($1::integer[], $2::integer[], $3::uuid[], $4::bigint[], $5::integer[], $6::bigint[], $7::integer[])
     ON CONFLICT DO NOTHING",
);

const INSERT_WORDS: Statement = Statement::new(
    "insert_words",
    "INSERT INTO search_token (volume, token, order_id) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING",
    "INSERT INTO search_token (volume, token, order_id) SELECT * FROM unnest($1::integer[], $2::text[], $3::uuid[])
     ON CONFLICT DO NOTHING",
);

const DELETE_WORDS: Statement = Statement::new(
    "delete_words",
    "DELETE FROM search_token WHERE volume = ?1 AND token = ?2 AND order_id = ?3",
    "DELETE FROM search_token s USING unnest($1::integer[], $2::text[], $3::uuid[]) AS k (volume, token, order_id)
     WHERE s.volume = k.volume AND s.token = k.token AND s.order_id = k.order_id",
);

const INSERT_CONTACT_WORDS: Statement = Statement::new(
    "insert_contact_words",
    "INSERT INTO contact_token (volume, token, contact_id) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING",
    "INSERT INTO contact_token (volume, token, contact_id) SELECT * FROM unnest($1::integer[], $2::text[], $3::uuid[])
     ON CONFLICT DO NOTHING",
);

const DELETE_CONTACT_WORDS: Statement = Statement::new(
    "delete_contact_words",
    "DELETE FROM contact_token WHERE volume = ?1 AND token = ?2 AND contact_id = ?3",
    "DELETE FROM contact_token s USING unnest($1::integer[], $2::text[], $3::uuid[]) AS k (volume, token, contact_id)
     WHERE s.volume = k.volume AND s.token = k.token AND s.contact_id = k.contact_id",
);

const PROJECTED: Statement = Statement::guarded(
    "projected",
    &[0],
    "UPDATE writer SET projected = max(projected, ?3) WHERE writer = ?1 AND fence = ?2",
    "UPDATE writer w SET projected = greatest(w.projected, k.projected)
     FROM unnest($1::integer[], $2::bigint[], $3::bigint[]) AS k (writer, fence, projected)
     WHERE w.writer = k.writer AND w.fence = k.fence RETURNING w.writer",
);

/// Which batches of which writer are complete when the rows are written.
#[derive(Debug, Clone, Copy)]
pub(super) struct Mark {
    pub writer: i32,
    pub fence: i64,
    /// The last batch.
    pub batch: i64,
    /// The latest order number that is known, which leads to the volume of what belongs to no order.
    pub latest: u64,
}

/// Writes all rows, and notes the batch up to which the writer's projections are complete.
pub(super) fn write(
    connection: &mut Connection,
    rows: &mut ProjectionRows,
    mark: Mark,
) -> Result<(), StoreError> {
    let engine = connection.engine();
    let current = volume(engine, mark.latest);
    let extended = volumes::extended(rows, engine, current);
    let (item_orders, gone_item_orders) = item_orders(rows, connection.partitions(), engine);
    let ledger = ledger(rows, connection.partitions(), current);
    let (words, gone_words) = order_words(rows, engine);
    let (contact_words, gone_contact_words) =
        contact_words(rows, current..=newest(connection, rows, mark)?);
    let mut projected = Columns::default();
    projected
        .row()
        .int(mark.writer)
        .int(mark.fence)
        .int(mark.batch);
    let steps = [
        Step::Write(&DELETE_ITEM_ORDERS, &gone_item_orders),
        Step::Write(&INSERT_ITEM_ORDERS, &item_orders),
        Step::Write(&INSERT_LEDGER_ITEMS, &ledger),
        Step::Write(&DELETE_WORDS, &gone_words),
        Step::Write(&INSERT_WORDS, &words),
        Step::Write(&DELETE_CONTACT_WORDS, &gone_contact_words),
        Step::Write(&INSERT_CONTACT_WORDS, &contact_words),
        Step::Write(&volumes::EXTEND, &extended),
        Step::Write(&PROJECTED, &projected),
    ];
    let (outcomes, error) = connection.run(&steps);
    if let Some(error) = error {
        return Err(error);
    }
    let fenced = outcomes
        .into_iter()
        .next_back()
        .is_some_and(|outcome| !outcome.untaken().is_empty());
    match fenced {
        true => Err(StoreError::GuardFailed(Box::new(FailedGuards {
            writer_fenced: true,
            ..FailedGuards::default()
        }))),
        false => Ok(()),
    }
}

fn item_orders(rows: &ProjectionRows, partitions: u16, engine: Engine) -> (Columns, Columns) {
    let mut sorted: Vec<_> = rows.item_orders.iter().collect();
    let place = |row: &ItemOrder| (row.item.bucket(partitions), volume(engine, row.number));
    sorted.sort_unstable_by_key(|(row, _)| (place(row), **row));
    let (mut inserts, mut deletes) = (Columns::default(), Columns::default());
    for (row, stays) in sorted {
        let columns = if *stays { &mut inserts } else { &mut deletes };
        let (bucket, volume) = place(row);
        let columns = columns
            .row()
            .int(bucket)
            .int(volume)
            .uuid(row.item.uuid())
            .int(row.is_open);
        let columns = columns.int(row.placed_at.0).uuid(row.order);
        if !*stays {
            columns.int(bucket_of(row.order, partitions));
        }
    }
    (inserts, deletes)
}

fn ledger(rows: &mut ProjectionRows, partitions: u16, current: i32) -> Columns {
    rows.ledger
        .sort_unstable_by_key(|row| (row.item.bucket(partitions), *row));
    let mut inserts = Columns::default();
    for row in &rows.ledger {
        let columns = inserts
            .row()
            .int(bucket_of(row.item.uuid(), partitions))
            .int(current)
            .uuid(row.item.uuid());
        columns
            .int(row.at.0)
            .int(row.writer)
            .int(row.batch)
            .count(row.position as u64);
    }
    inserts
}

fn order_words(rows: &ProjectionRows, engine: Engine) -> (Columns, Columns) {
    let words = rows.order_words.iter();
    let mut sorted: Vec<_> = words
        .map(|((word, id, number), stays)| (volume(engine, *number), word, *id, *stays))
        .collect();
    sorted.sort_unstable();
    let (mut inserts, mut deletes) = (Columns::default(), Columns::default());
    for (volume, word, id, stays) in sorted {
        let columns = if stays { &mut inserts } else { &mut deletes };
        columns.row().int(volume).text(word).uuid(id);
    }
    (inserts, deletes)
}

/// The newest volume that any process writes to; looked up only where it matters.
fn newest(
    connection: &mut Connection,
    rows: &ProjectionRows,
    mark: Mark,
) -> Result<i32, StoreError> {
    let latest = match rows.contact_words.values().all(|stays| *stays) {
        true => mark.latest,
        false => mark.latest.max(crate::numbers::latest(connection)?),
    };
    Ok(volume(connection.engine(), latest))
}

/// Words of contacts go to the volume that is current when they are written; so they are removed from every one.
fn contact_words(rows: &ProjectionRows, volumes: RangeInclusive<i32>) -> (Columns, Columns) {
    let mut sorted: Vec<_> = rows.contact_words.iter().collect();
    sorted.sort_unstable_by_key(|(key, _)| *key);
    let (mut inserts, mut deletes) = (Columns::default(), Columns::default());
    for ((word, id), stays) in sorted {
        if *stays {
            inserts.row().int(*volumes.start()).text(word).uuid(*id);
        } else {
            for volume in 0..=*volumes.end() {
                deletes.row().int(volume).text(word).uuid(*id);
            }
        }
    }
    (inserts, deletes)
}

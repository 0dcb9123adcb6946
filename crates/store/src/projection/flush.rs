//! Writing projections: sorted, so that rows that lie together are written together.

use std::ops::Range;

use throughline_core::id::bucket_of;
use uuid::Uuid;

use super::rows::{ItemOrder, LedgerItem, ProjectionRows, Word};
use super::volumes::{self, Spans, volume};
use crate::engine::{Columns, Connection, Statement, Step};
use crate::error::StoreError;

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

/// The rows of some batches, sorted. They are written all at once or slice by slice: each page of a table is written about
/// once then, and whoever comes meanwhile waits for one slice and not for all of them.
#[derive(Debug)]
pub(super) struct Sorted {
    item_orders: Vec<((i32, i32, ItemOrder), bool)>,
    ledger: Vec<((i32, LedgerItem), bool)>,
    order_words: Vec<((i32, Word, Uuid), bool)>,
    contact_words: Vec<((Word, Uuid), bool)>,
    /// How many rows of all these lists, one after the other, are written.
    written: usize,
    volumes: Spans,
    mark: Mark,
}

impl Sorted {
    /// Sorts what was gathered. The mark is set with the last row.
    pub(super) fn new(rows: ProjectionRows, connection: &Connection, mark: Mark) -> Self {
        let (engine, partitions) = (connection.engine(), connection.partitions());
        let place = |item: ItemOrder| {
            let bucket = item.item.bucket(partitions);
            (bucket, volume(engine, item.number), item)
        };
        let item_orders = rows.item_orders.into_iter();
        let order_words = rows.order_words.into_iter();
        let ledger = rows.ledger.into_iter();
        let mut sorted = Self {
            item_orders: last_said(
                item_orders
                    .map(|(row, stays)| (place(row), stays))
                    .collect(),
            ),
            ledger: last_said(
                ledger
                    .map(|row| ((row.item.bucket(partitions), row), true))
                    .collect(),
            ),
            order_words: last_said(
                order_words
                    .map(|((number, word, id), stays)| ((volume(engine, number), word, id), stays))
                    .collect(),
            ),
            contact_words: last_said(rows.contact_words),
            written: 0,
            volumes: Spans::default(),
            mark,
        };
        for ((_, volume, row), _) in &sorted.item_orders {
            sorted.volumes.placed(*volume, row.placed_at.0);
        }
        let current = volume(engine, mark.latest);
        for ((_, row), _) in &sorted.ledger {
            sorted.volumes.moved(current, row.at.0);
        }
        for ((volume, ..), _) in &sorted.order_words {
            sorted.volumes.touch(*volume);
        }
        sorted.volumes.touch(current);
        sorted
    }

    /// How many rows there are.
    pub(super) fn len(&self) -> usize {
        self.item_orders.len()
            + self.ledger.len()
            + self.order_words.len()
            + self.contact_words.len()
    }

    /// Whether everything is written.
    pub(super) fn is_written(&self) -> bool {
        self.written >= self.len()
    }

    /// The last batch whose rows these are.
    pub(super) fn batch(&self) -> i64 {
        self.mark.batch
    }

    /// Notes that a slice is durable.
    pub(super) fn advance(&mut self, written: usize) {
        self.written = written;
    }

    /// Writes the next rows, at most so many, and with the last one the mark. Returns how many are written then.
    pub(super) fn write(
        &self,
        connection: &mut Connection,
        rows: usize,
    ) -> Result<usize, StoreError> {
        let from = self.written;
        let to = from.saturating_add(rows).min(self.len());
        let mut parts = Parts { from, to };
        let partitions = connection.partitions();
        let (item_orders, gone_item_orders) = item_orders(
            &self.item_orders[parts.of(self.item_orders.len())],
            partitions,
        );
        let current = volume(connection.engine(), self.mark.latest);
        let ledger = ledger(&self.ledger[parts.of(self.ledger.len())], current);
        let (words, gone_words) = order_words(&self.order_words[parts.of(self.order_words.len())]);
        let contacts = &self.contact_words[parts.of(self.contact_words.len())];
        let newest = self.newest(connection, contacts)?;
        let (contact_words, gone_contact_words) = contact_words(contacts, current, newest);
        // Whoever sees a row of a volume must see bounds that include it.
        let extended = match from {
            0 => self.volumes.columns(),
            _ => Columns::default(),
        };
        // Every slice finds out whether the writer is fenced; only the last one moves its mark.
        let batch = if to == self.len() { self.mark.batch } else { 0 };
        let mut projected = Columns::default();
        let mark = projected.row().int(self.mark.writer).int(self.mark.fence);
        mark.int(batch);
        let steps = [
            Step::Write(&volumes::EXTEND, &extended),
            Step::Write(&DELETE_ITEM_ORDERS, &gone_item_orders),
            Step::Write(&INSERT_ITEM_ORDERS, &item_orders),
            Step::Write(&INSERT_LEDGER_ITEMS, &ledger),
            Step::Write(&DELETE_WORDS, &gone_words),
            Step::Write(&INSERT_WORDS, &words),
            Step::Write(&DELETE_CONTACT_WORDS, &gone_contact_words),
            Step::Write(&INSERT_CONTACT_WORDS, &contact_words),
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
            true => Err(StoreError::fenced()),
            false => Ok(to),
        }
    }

    /// The newest volume that any process writes to; looked up only where it matters.
    fn newest(
        &self,
        connection: &mut Connection,
        words: &[((Word, Uuid), bool)],
    ) -> Result<i32, StoreError> {
        let latest = match words.iter().all(|(_, stays)| *stays) {
            true => self.mark.latest,
            false => self.mark.latest.max(crate::numbers::latest(connection)?),
        };
        Ok(volume(connection.engine(), latest))
    }
}

/// Cuts a slice of several lists, one after the other, into its parts.
struct Parts {
    from: usize,
    to: usize,
}

impl Parts {
    /// The part that lies in the next list, which is so long.
    fn of(&mut self, length: usize) -> Range<usize> {
        let part = self.from.min(length)..self.to.min(length);
        self.from = self.from.saturating_sub(length);
        self.to = self.to.saturating_sub(length);
        part
    }
}

/// Sorts, and keeps what was said last of each row.
fn last_said<K: Ord>(mut rows: Vec<(K, bool)>) -> Vec<(K, bool)> {
    // A stable sort: of equal rows what was said last comes last.
    rows.sort_by(|(a, _), (b, _)| a.cmp(b));
    rows.dedup_by(|later, earlier| {
        let is_same = later.0 == earlier.0;
        if is_same {
            earlier.1 = later.1;
        }
        is_same
    });
    rows
}

fn item_orders(sorted: &[((i32, i32, ItemOrder), bool)], partitions: u16) -> (Columns, Columns) {
    let (mut inserts, mut deletes) = (Columns::default(), Columns::default());
    for ((bucket, volume, row), stays) in sorted {
        let columns = if *stays { &mut inserts } else { &mut deletes };
        let columns = columns.row().int(*bucket).int(*volume);
        let columns = columns.uuid(row.item.uuid()).int(row.is_open);
        let columns = columns.int(row.placed_at.0).uuid(row.order);
        if !*stays {
            columns.int(bucket_of(row.order, partitions));
        }
    }
    (inserts, deletes)
}

fn ledger(sorted: &[((i32, LedgerItem), bool)], current: i32) -> Columns {
    let mut inserts = Columns::default();
    for ((bucket, row), _) in sorted {
        let columns = inserts.row().int(*bucket).int(current);
        let columns = columns.uuid(row.item.uuid()).int(row.at.0);
        let columns = columns.int(row.writer).int(row.batch);
        columns.count(row.position as u64);
    }
    inserts
}

fn order_words(sorted: &[((i32, Word, Uuid), bool)]) -> (Columns, Columns) {
    let (mut inserts, mut deletes) = (Columns::default(), Columns::default());
    for ((volume, word, id), stays) in sorted {
        let columns = if *stays { &mut inserts } else { &mut deletes };
        columns.row().int(*volume).text(word.as_str()).uuid(*id);
    }
    (inserts, deletes)
}

/// Words of contacts go to the volume that is current when they are written; so they are removed from every one.
fn contact_words(sorted: &[((Word, Uuid), bool)], current: i32, newest: i32) -> (Columns, Columns) {
    let (mut inserts, mut deletes) = (Columns::default(), Columns::default());
    for ((word, id), stays) in sorted {
        if *stays {
            inserts.row().int(current).text(word.as_str()).uuid(*id);
        } else {
            for volume in 0..=newest {
                deletes.row().int(volume).text(word.as_str()).uuid(*id);
            }
        }
    }
    (inserts, deletes)
}

//! The feed: every journal entry, and every threshold of stock that was crossed, once and in the order of its writer, however late its commit became visible.
//!
//! Each writer numbers its batches one after the other, so a cursor is a vector of (writer, number). A writer that the
//! cursor does not name is read from its first batch. Within one order entries come in the order of its journal;
//! across orders no order is promised.

use serde::{Deserialize, Serialize};
use throughline_core::id::OrderId;
use throughline_core::inventory::Crossing;
use throughline_core::order::Entry;
use throughline_core::time::Millis;
use uuid::Uuid;

use crate::cursor;
use crate::engine::{Cell, Columns, Connection, Statement};
use crate::error::StoreError;
use crate::views::journal;

/// Statements of this module.
pub(crate) const STATEMENTS: &[&Statement] = &[&POSITIONS, &SPANS, &AFTER, &EVENTS];

const POSITIONS: Statement = Statement::new(
    "feed_positions",
    "SELECT writer, batch FROM writer ORDER BY writer LIMIT 10000",
    "SELECT writer, batch FROM writer ORDER BY writer LIMIT 10000",
);

const SPANS: Statement = Statement::new(
    "feed_spans",
    "SELECT body FROM feed WHERE writer = ?1 AND batch > ?2 AND batch <= ?3 ORDER BY batch LIMIT 1000",
    "SELECT body FROM feed WHERE writer = $1 AND batch > $2 AND batch <= $3 ORDER BY batch LIMIT 1000",
);

/// The next batches of each writer.
const AFTER: Statement = Statement::new(
    "feed_after",
    "SELECT writer, batch, at, body FROM feed WHERE writer = ?1 AND batch > ?2 ORDER BY batch LIMIT 20",
    "SELECT f.writer, f.batch, f.at, f.body FROM unnest($1::integer[], $2::bigint[]) AS k (writer, after)
     CROSS JOIN LATERAL (
         SELECT writer, batch, at, body FROM feed WHERE writer = k.writer AND batch > k.after ORDER BY batch LIMIT 20
     ) f
     ORDER BY f.writer, f.batch",
);

const EVENTS: Statement = Statement::new(
    "feed_events",
    "SELECT at, body FROM feed_event WHERE writer = ?1 AND batch = ?2 ORDER BY position LIMIT 100000",
    "SELECT at, body FROM feed_event WHERE writer = $1 AND batch = $2 ORDER BY position LIMIT 100000",
);

/// A place in the feed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cursor {
    /// Batches that were read whole, by writer.
    positions: Vec<(i32, i64)>,
    /// Entries that were read of the next batch of one writer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    partial: Option<(i32, i64, usize)>,
}

/// One thing that happened, with the place after it.
#[derive(Debug, Clone, PartialEq)]
pub struct FeedEntry {
    /// What happened.
    pub what: Happened,
    /// The place after it, to resume from.
    pub cursor: Cursor,
}

/// What happened.
#[derive(Debug, Clone, PartialEq)]
pub enum Happened {
    /// An order got an entry in its journal.
    Order(OrderId, Box<Entry>),
    /// Stock crossed a threshold.
    Stock(Millis, Crossing),
}

/// The entries of one order in one batch; or a customer who was changed without an order, with no entries: the words
/// that the customer is found by follow the feed too.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Span {
    pub order: OrderId,
    pub first: u64,
    pub last: u64,
}

impl Span {
    /// Whether it only counts what else the batch tells of.
    fn is_count(&self) -> bool {
        self.order.uuid().is_nil()
    }

    /// Whether a customer was changed, and no order: there are no entries then.
    pub(crate) fn is_customer(&self) -> bool {
        self.last < self.first
    }
}

impl Cursor {
    /// The cursor as text: base64url.
    #[must_use]
    pub fn encode(&self) -> String {
        cursor::encode(self)
    }

    /// Reads what [`Cursor::encode`] wrote.
    ///
    /// # Errors
    /// [`StoreError::InvalidCursor`].
    pub fn decode(text: &str) -> Result<Self, StoreError> {
        cursor::decode(text)
    }

    fn of(&self, writer: i32) -> i64 {
        self.positions
            .iter()
            .find(|(known, _)| *known == writer)
            .map_or(0, |(_, batch)| *batch)
    }

    fn knows(&self, writer: i32) -> bool {
        self.positions.iter().any(|(known, _)| *known == writer)
    }

    fn skipped(&self, writer: i32, batch: i64) -> usize {
        self.partial
            .filter(|(w, b, _)| (*w, *b) == (writer, batch))
            .map_or(0, |(_, _, entries)| entries)
    }

    fn finish(&mut self, writer: i32, batch: i64) {
        match self
            .positions
            .iter_mut()
            .find(|(known, _)| *known == writer)
        {
            Some(position) => position.1 = batch,
            None => self.positions.push((writer, batch)),
        }
        if self.partial.is_some_and(|(known, ..)| known == writer) {
            self.partial = None;
        }
    }
}

/// The place after everything that is committed.
///
/// # Errors
/// When the database cannot be read.
pub fn now(connection: &mut Connection) -> Result<Cursor, StoreError> {
    let rows = connection.list(&POSITIONS, &[])?;
    let positions: Result<Vec<_>, StoreError> = rows
        .iter()
        .map(|row| Ok((row.number(0)?, row.int(1)?)))
        .collect();
    Ok(Cursor {
        positions: positions?,
        partial: None,
    })
}

/// The entries after a place, at most `limit`, with the place after the last of them.
///
/// # Errors
/// When the database cannot be read.
pub fn read_after(
    connection: &mut Connection,
    after: &Cursor,
    limit: usize,
) -> Result<(Vec<FeedEntry>, Cursor), StoreError> {
    let mut cursor = after.clone();
    let mut entries = Vec::new();
    // A batch that was begun is finished first, so that one partial position is enough.
    let begun = after.partial.map(|(writer, batch, _)| (writer, batch));
    for (writer, batch, body) in batches(connection, after)?
        .into_iter()
        .map(|b| (b.writer, b.batch, b.body))
    {
        if begun.is_some_and(|(w, b)| cursor.partial.is_some() && (w, b) != (writer, batch)) {
            continue;
        }
        if !read_batch(
            connection,
            (writer, batch),
            &body,
            &mut cursor,
            &mut entries,
            limit,
        )? {
            break;
        }
    }
    Ok((entries, cursor))
}

/// Makes sure that nothing which follows a place is gone. From the very beginning, what is still kept is read.
///
/// # Errors
/// [`StoreError::CursorTooOld`].
pub fn check_kept(connection: &mut Connection, after: &Cursor) -> Result<(), StoreError> {
    let is_gone = |row: &FeedRow| row.is_mark() && after.knows(row.writer);
    if batches(connection, after)?.iter().any(is_gone) {
        Err(StoreError::CursorTooOld)
    } else {
        Ok(())
    }
}

impl FeedRow {
    /// Whether it stands for all batches up to it, which are no longer kept.
    fn is_mark(&self) -> bool {
        self.body.is_empty()
    }
}

struct FeedRow {
    writer: i32,
    batch: i64,
    at: Millis,
    body: Vec<(Uuid, u64, u64)>,
}

fn batches(connection: &mut Connection, after: &Cursor) -> Result<Vec<FeedRow>, StoreError> {
    let positions = connection.list(&POSITIONS, &[])?;
    let mut keys = Columns::default();
    for row in positions.iter() {
        let writer: i32 = row.number(0)?;
        if row.int(1)? > after.of(writer) {
            keys.row().int(writer).int(after.of(writer));
        }
    }
    let [rows] = connection.read([(&AFTER, &keys)])?;
    let read = rows.iter().map(|row| {
        Ok(FeedRow {
            writer: row.number(0)?,
            batch: row.int(1)?,
            at: Millis(row.int(2)?),
            body: row.json(3)?,
        })
    });
    let mut batches: Vec<FeedRow> = read.collect::<Result<_, StoreError>>()?;
    let begun = after.partial.map(|(writer, batch, _)| (writer, batch));
    // By time where that keeps each writer's order: a writer's clock may not go backwards between its batches.
    batches.sort_by_key(|row| {
        (
            Some((row.writer, row.batch)) != begun,
            row.at.0,
            row.writer,
            row.batch,
        )
    });
    Ok(in_order_of_writers(batches))
}

/// Puts the batches of each writer into their order wherever a clock went backwards.
fn in_order_of_writers(batches: Vec<FeedRow>) -> Vec<FeedRow> {
    let mut sorted: Vec<FeedRow> = Vec::with_capacity(batches.len());
    for row in batches {
        let after = sorted
            .iter()
            .position(|known| known.writer == row.writer && known.batch > row.batch);
        sorted.insert(after.unwrap_or(sorted.len()), row);
    }
    sorted
}

/// Reads one batch; says whether it was read whole.
fn read_batch(
    connection: &mut Connection,
    (writer, batch): (i32, i64),
    body: &[(Uuid, u64, u64)],
    cursor: &mut Cursor,
    entries: &mut Vec<FeedEntry>,
    limit: usize,
) -> Result<bool, StoreError> {
    let mut seen = 0;
    let skipped = cursor.skipped(writer, batch);
    let total: u64 = body.iter().map(|(_, first, last)| last + 1 - first).sum();
    let spans: Vec<Span> = body
        .iter()
        .map(|(id, first, last)| Span {
            order: OrderId::from_uuid(*id),
            first: *first,
            last: *last,
        })
        .collect();
    let of_orders: Vec<Span> = spans
        .iter()
        .filter(|span| !span.is_count())
        .copied()
        .collect();
    let mut take = |what: Happened, cursor: &mut Cursor| {
        seen += 1;
        if seen <= skipped {
            return true;
        }
        if entries.len() >= limit {
            return false;
        }
        if seen as u64 == total {
            cursor.finish(writer, batch);
        } else {
            cursor.partial = Some((writer, batch, seen));
        }
        let cursor = cursor.clone();
        entries.push(FeedEntry { what, cursor });
        true
    };
    for chunk in of_orders.chunks(200) {
        for (order, entry) in journal::spans(connection, chunk)? {
            if !take(Happened::Order(order, Box::new(entry)), cursor) {
                return Ok(false);
            }
        }
    }
    if spans.iter().any(Span::is_count) {
        for (at, crossing) in events(connection, writer, batch)? {
            if !take(Happened::Stock(at, crossing), cursor) {
                return Ok(false);
            }
        }
    }
    cursor.finish(writer, batch);
    Ok(true)
}

fn events(
    connection: &mut Connection,
    writer: i32,
    batch: i64,
) -> Result<Vec<(Millis, Crossing)>, StoreError> {
    let rows = connection.list(&EVENTS, &[i64::from(writer), batch].map(Cell::Integer))?;
    let read = rows
        .iter()
        .map(|row| Ok((Millis(row.int(0)?), row.json(1)?)));
    read.collect()
}

/// The spans of a writer's batches after `from` up to `to`.
pub(crate) fn spans(
    connection: &mut Connection,
    writer: i32,
    from: i64,
    to: i64,
) -> Result<Vec<Span>, StoreError> {
    let rows = connection.list(&SPANS, &[i64::from(writer), from, to].map(Cell::Integer))?;
    let mut spans = Vec::new();
    for row in rows.iter() {
        let body: Vec<(Uuid, u64, u64)> = row.json(0)?;
        let all = body.into_iter().map(|(id, first, last)| Span {
            order: OrderId::from_uuid(id),
            first,
            last,
        });
        spans.extend(all.filter(|span| !span.is_count()));
    }
    Ok(spans)
}

//! The journal of an order, and why its locations were or were not chosen.

use std::str::FromStr;

use throughline_core::command::Actor;
use throughline_core::id::OrderId;
use throughline_core::order::Entry;
use throughline_core::sourcing::Explanation;
use throughline_core::time::Millis;

use super::{Page, bounded, cell};
use crate::cursor;
use crate::engine::{Cell, Columns, Connection, Row, Statement};
use crate::error::StoreError;
use crate::feed::Span;

pub(super) const STATEMENTS: &[&Statement] = &[&JOURNAL, &SPANS, &EXPLANATIONS];

const JOURNAL: Statement = Statement::new(
    "journal",
    "SELECT seq, at, actor, body FROM journal WHERE bucket = ?1 AND order_id = ?2 AND seq > ?3 ORDER BY seq LIMIT ?4",
    "SELECT seq, at, actor, body FROM journal WHERE bucket = $1 AND order_id = $2 AND seq > $3 ORDER BY seq LIMIT $4",
);

const SPANS: Statement = Statement::new(
    "journal_spans",
    "SELECT seq, at, actor, body, ?1 FROM journal WHERE bucket = ?2 AND order_id = ?3 AND seq >= ?4 AND seq <= ?5 ORDER BY seq",
    "SELECT j.seq, j.at, j.actor, j.body, k.position
     FROM unnest($1::bigint[], $2::integer[], $3::uuid[], $4::bigint[], $5::bigint[]) AS k (position, bucket, order_id, first, last)
     CROSS JOIN LATERAL (SELECT seq, at, actor, body
         FROM journal j WHERE j.bucket = k.bucket AND j.order_id = k.order_id AND j.seq >= k.first AND j.seq <= k.last OFFSET 0) j
     ORDER BY k.position, j.seq",
);

const EXPLANATIONS: Statement = Statement::new(
    "sourcing_explanations",
    "SELECT seq, body FROM sourcing_explanation WHERE bucket = ?1 AND order_id = ?2 ORDER BY seq DESC LIMIT ?3",
    "SELECT seq, body FROM sourcing_explanation WHERE bucket = $1 AND order_id = $2 ORDER BY seq DESC LIMIT $3",
);

/// The entries of an order's journal, oldest first.
///
/// # Errors
/// [`StoreError::InvalidCursor`], and when the database cannot be read.
pub fn page(
    connection: &mut Connection,
    order: OrderId,
    after: Option<&str>,
    limit: usize,
) -> Result<Page<Entry>, StoreError> {
    let after: u64 = after.map(cursor::decode).transpose()?.unwrap_or_default();
    let limit = bounded(limit);
    let entries = read(connection, order, after, limit + 1)?;
    Ok(Page::cut(entries, limit, |entry| {
        cursor::encode(&entry.seq)
    }))
}

/// The whole journal of an order.
///
/// # Errors
/// When the database cannot be read.
pub fn all(connection: &mut Connection, order: OrderId) -> Result<Vec<Entry>, StoreError> {
    let mut entries = Vec::new();
    loop {
        let after = entries.last().map_or(0, |entry: &Entry| entry.seq);
        let step = read(connection, order, after, 1000)?;
        let is_last = step.len() < 1000;
        entries.extend(step);
        if is_last {
            return Ok(entries);
        }
    }
}

fn read(
    connection: &mut Connection,
    order: OrderId,
    after: u64,
    limit: usize,
) -> Result<Vec<Entry>, StoreError> {
    let bucket = order.bucket(connection.partitions());
    let after = i64::try_from(after).map_err(|_| StoreError::InvalidCursor)?;
    let values = [
        Cell::Integer(bucket.into()),
        Cell::Uuid(order.uuid()),
        Cell::Integer(after),
        cell(limit),
    ];
    connection
        .list(&JOURNAL, &values)?
        .iter()
        .map(entry)
        .collect()
}

/// The entries of several orders between two of their numbers.
pub(crate) fn spans(
    connection: &mut Connection,
    spans: &[Span],
) -> Result<Vec<(OrderId, Entry)>, StoreError> {
    let mut keys = Columns::default();
    for (position, span) in spans.iter().enumerate() {
        let row = keys
            .row()
            .count(position as u64)
            .int(span.order.bucket(connection.partitions()));
        row.uuid(span.order.uuid())
            .count(span.first)
            .count(span.last);
    }
    let [rows] = connection.read([(&SPANS, &keys)])?;
    let read = rows.iter().map(|row| {
        let position: usize = row.number(4)?;
        let span = spans
            .get(position)
            .ok_or_else(|| StoreError::corrupt("an echoed position", position))?;
        Ok((span.order, entry(row)?))
    });
    read.collect()
}

fn entry(row: Row<'_>) -> Result<Entry, StoreError> {
    let actor = Actor::from_str(row.text(2)?)
        .map_err(|error| StoreError::corrupt("the actor of a journal entry", error))?;
    Ok(Entry {
        seq: row.number(0)?,
        at: Millis(row.int(1)?),
        actor,
        record: row.json(3)?,
    })
}

/// Why locations were or were not chosen, newest first, with the entries they explain.
///
/// # Errors
/// When the database cannot be read.
pub fn explanations(
    connection: &mut Connection,
    order: OrderId,
    limit: usize,
) -> Result<Vec<(u64, Explanation)>, StoreError> {
    let bucket = order.bucket(connection.partitions());
    let values = [
        Cell::Integer(bucket.into()),
        Cell::Uuid(order.uuid()),
        cell(bounded(limit)),
    ];
    connection
        .list(&EXPLANATIONS, &values)?
        .iter()
        .map(|row| Ok((row.number(0)?, row.json(1)?)))
        .collect()
}

//! Writing projections: sorted, so that rows that lie together are written together.

use rustc_hash::FxHashMap;
use throughline_core::id::bucket_of;
use uuid::Uuid;

use super::rows::ProjectionRows;
use crate::engine::{Columns, Connection, Statement, Step};
use crate::error::{FailedGuards, StoreError};

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
    "INSERT INTO item_order (bucket, item_id, is_open, placed_at, order_id) VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT DO NOTHING",
    "INSERT INTO item_order (bucket, item_id, is_open, placed_at, order_id)
     SELECT * FROM unnest($1::integer[], $2::uuid[], $3::integer[], $4::bigint[], $5::uuid[]) ON CONFLICT DO NOTHING",
);

const DELETE_ITEM_ORDERS: Statement = Statement::new(
    "delete_item_orders",
    "DELETE FROM item_order WHERE bucket = ?1 AND item_id = ?2 AND is_open = ?3 AND placed_at = ?4 AND order_id = ?5",
    "DELETE FROM item_order i
     USING unnest($1::integer[], $2::uuid[], $3::integer[], $4::bigint[], $5::uuid[]) AS k (bucket, item_id, is_open, placed_at, order_id)
     WHERE i.bucket = k.bucket AND i.item_id = k.item_id AND i.is_open = k.is_open AND i.placed_at = k.placed_at
       AND i.order_id = k.order_id",
);

const INSERT_LEDGER_ITEMS: Statement = Statement::new(
    "insert_ledger_items",
    "INSERT INTO ledger_item (bucket, item_id, at, writer, batch, position) VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT DO NOTHING",
    "INSERT INTO ledger_item (bucket, item_id, at, writer, batch, position)
     SELECT * FROM unnest($1::integer[], $2::uuid[], $3::bigint[], $4::integer[], $5::bigint[], $6::integer[]) ON CONFLICT DO NOTHING",
);

const INSERT_WORDS: Statement = Statement::new(
    "insert_words",
    "INSERT INTO search_token (token, order_id) VALUES (?1, ?2) ON CONFLICT DO NOTHING",
    "INSERT INTO search_token (token, order_id) SELECT * FROM unnest($1::text[], $2::uuid[]) ON CONFLICT DO NOTHING",
);

const DELETE_WORDS: Statement = Statement::new(
    "delete_words",
    "DELETE FROM search_token WHERE token = ?1 AND order_id = ?2",
    "DELETE FROM search_token s USING unnest($1::text[], $2::uuid[]) AS k (token, order_id)
     WHERE s.token = k.token AND s.order_id = k.order_id",
);

const INSERT_CONTACT_WORDS: Statement = Statement::new(
    "insert_contact_words",
    "INSERT INTO contact_token (token, contact_id) VALUES (?1, ?2) ON CONFLICT DO NOTHING",
    "INSERT INTO contact_token (token, contact_id) SELECT * FROM unnest($1::text[], $2::uuid[]) ON CONFLICT DO NOTHING",
);

const DELETE_CONTACT_WORDS: Statement = Statement::new(
    "delete_contact_words",
    "DELETE FROM contact_token WHERE token = ?1 AND contact_id = ?2",
    "DELETE FROM contact_token s USING unnest($1::text[], $2::uuid[]) AS k (token, contact_id)
     WHERE s.token = k.token AND s.contact_id = k.contact_id",
);

const PROJECTED: Statement = Statement::guarded(
    "projected",
    &[0],
    "UPDATE writer SET projected = max(projected, ?3) WHERE writer = ?1 AND fence = ?2",
    "UPDATE writer w SET projected = greatest(w.projected, k.projected)
     FROM unnest($1::integer[], $2::bigint[], $3::bigint[]) AS k (writer, fence, projected)
     WHERE w.writer = k.writer AND w.fence = k.fence RETURNING w.writer",
);

/// Writes all rows, and notes the batch up to which the writer's projections are complete.
pub(super) fn write(
    connection: &mut Connection,
    rows: &mut ProjectionRows,
    writer: i32,
    fence: i64,
    batch: i64,
) -> Result<(), StoreError> {
    let (item_orders, gone_item_orders) = item_orders(rows, connection.partitions());
    let ledger = ledger(rows, connection.partitions());
    let (words, gone_words) = by_word(&rows.order_words);
    let (contact_words, gone_contact_words) = by_word(&rows.contact_words);
    let mut projected = Columns::default();
    projected.row().int(writer).int(fence).int(batch);
    let steps = [
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
        true => Err(StoreError::GuardFailed(Box::new(FailedGuards {
            writer_fenced: true,
            ..FailedGuards::default()
        }))),
        false => Ok(()),
    }
}

fn item_orders(rows: &ProjectionRows, partitions: u16) -> (Columns, Columns) {
    let mut sorted: Vec<_> = rows.item_orders.iter().collect();
    sorted.sort_unstable_by_key(|(row, _)| (row.item.bucket(partitions), **row));
    let (mut inserts, mut deletes) = (Columns::default(), Columns::default());
    for (row, stays) in sorted {
        let columns = if *stays { &mut inserts } else { &mut deletes };
        let columns = columns
            .row()
            .int(row.item.bucket(partitions))
            .uuid(row.item.uuid())
            .int(row.is_open);
        columns.int(row.placed_at.0).uuid(row.order);
    }
    (inserts, deletes)
}

fn ledger(rows: &mut ProjectionRows, partitions: u16) -> Columns {
    rows.ledger
        .sort_unstable_by_key(|row| (row.item.bucket(partitions), *row));
    let mut inserts = Columns::default();
    for row in &rows.ledger {
        let columns = inserts
            .row()
            .int(bucket_of(row.item.uuid(), partitions))
            .uuid(row.item.uuid());
        columns
            .int(row.at.0)
            .int(row.writer)
            .int(row.batch)
            .count(row.position as u64);
    }
    inserts
}

fn by_word(words: &FxHashMap<(Box<str>, Uuid), bool>) -> (Columns, Columns) {
    let mut sorted: Vec<_> = words.iter().collect();
    sorted.sort_unstable_by_key(|(key, _)| *key);
    let (mut inserts, mut deletes) = (Columns::default(), Columns::default());
    for ((word, id), stays) in sorted {
        let columns = if *stays { &mut inserts } else { &mut deletes };
        columns.row().text(word).uuid(*id);
    }
    (inserts, deletes)
}

//! Projections of batches whose writer died before it wrote them, read from the feed. Writing a row twice changes
//! nothing, so it does not matter when two writers do this at once.

use throughline_core::id::{CustomerId, ItemId, OrderId};
use throughline_core::order::Order;
use throughline_core::party::Contact;
use throughline_core::time::Millis;
use uuid::Uuid;

use super::flush::{Mark, Sorted};
use super::rows::ProjectionRows;
use crate::engine::{Cell, Connection, Statement};
use crate::error::StoreError;
use crate::feed::{self, Span};
use crate::write::LEASE_MS;

/// How long after its last batch a writer is taken to be dead if it has not projected it, in milliseconds; a living one
/// takes two thirds of that.
const LEFT_MS: i64 = 1_200;
/// Batches in one transaction.
const STEP: i64 = 50;
/// Rows of the ledger read at once.
const LEDGER_STEP: usize = 10_000;

pub(super) const STATEMENTS: &[&Statement] = &[&LEFT, &LEDGER];

/// Other writers who have batches that are not projected, and whose lease was renewed before some time: each batch
/// renews it.
const LEFT: Statement = Statement::new(
    "left_by_writers",
    "SELECT writer, fence, projected, batch FROM writer
     WHERE leased_until < ?1 AND projected < batch AND writer <> ?2 ORDER BY writer LIMIT 100",
    "SELECT writer, fence, projected, batch FROM writer
     WHERE leased_until < $1 AND projected < batch AND writer <> $2 ORDER BY writer LIMIT 100",
);

const LEDGER: Statement = Statement::new(
    "ledger_of_batches",
    "SELECT bucket, item_id, at, batch, position FROM stock_ledger
     WHERE bucket = ?1 AND writer = ?2 AND (batch, position) > (?3, ?4) AND batch <= ?5 ORDER BY batch, position LIMIT 10000",
    "SELECT bucket, item_id, at, batch, position FROM stock_ledger
     WHERE bucket = $1 AND writer = $2 AND (batch, position) > ($3, $4) AND batch <= $5 ORDER BY batch, position LIMIT 10000",
);

/// Projects what other writers have left for longer than a living one does. That needs no lease, since it does not
/// matter who writes the rows, and how often.
pub(crate) fn adopt(
    connection: &mut Connection,
    writer: i32,
    now: Millis,
) -> Result<(), StoreError> {
    let committed_before = now.plus_ms(-LEFT_MS);
    let values = [committed_before.plus_ms(LEASE_MS).0, i64::from(writer)];
    let rows = connection.list(&LEFT, &values.map(Cell::Integer))?;
    for row in rows.iter() {
        let (writer, fence) = (row.number(0)?, row.int(1)?);
        match catch_up(connection, writer, fence, row.int(2)?, row.int(3)?) {
            // Its owner, or somebody else, is back at it.
            Err(StoreError::GuardFailed(_)) => {}
            result => result?,
        }
    }
    Ok(())
}

/// Projects the batches of a writer after `projected` up to `last`.
pub(crate) fn catch_up(
    connection: &mut Connection,
    writer: i32,
    fence: i64,
    projected: i64,
    last: i64,
) -> Result<(), StoreError> {
    let mut from = projected;
    let latest = match from < last {
        true => crate::numbers::latest(connection)?,
        false => return Ok(()),
    };
    while from < last {
        let to = (from + STEP).min(last);
        let mut rows = ProjectionRows::default();
        read_orders(connection, writer, from, to, &mut rows)?;
        read_ledger(connection, writer, from, to, &mut rows)?;
        connection.begin(true)?;
        let mark = Mark {
            writer,
            fence,
            batch: to,
            latest,
        };
        let sorted = Sorted::new(rows, connection, mark);
        match sorted.write(connection, usize::MAX) {
            Ok(_) => connection.commit()?,
            Err(error) => {
                connection.rollback();
                return Err(error);
            }
        }
        tracing::info!(writer, from, to, "projections were caught up");
        from = to;
    }
    Ok(())
}

fn read_orders(
    connection: &mut Connection,
    writer: i32,
    from: i64,
    to: i64,
    rows: &mut ProjectionRows,
) -> Result<(), StoreError> {
    let spans = feed::spans(connection, writer, from, to)?;
    read_customers(connection, &spans, rows)?;
    let mut ids: Vec<OrderId> = spans.into_iter().map(|span| span.order).collect();
    ids.sort_unstable();
    ids.dedup();
    for chunk in ids.chunks(500) {
        for order in crate::views::orders::load(connection, chunk)? {
            rows.add_order_again(&order.order);
            for (id, contact) in contacts(connection, &order.order)? {
                rows.add_contact(id, &contact);
            }
        }
    }
    Ok(())
}

/// Customers who were changed without an order stand in the feed without entries.
fn read_customers(
    connection: &mut Connection,
    spans: &[Span],
    rows: &mut ProjectionRows,
) -> Result<(), StoreError> {
    let customers = spans.iter().filter(|span| span.is_customer());
    let ids: Vec<Uuid> = customers.map(|span| span.order.uuid()).collect();
    for chunk in ids.chunks(500) {
        for (id, contact) in crate::views::contacts::load(connection, chunk)? {
            rows.add_contact(id, &contact);
        }
    }
    Ok(())
}

fn contacts(
    connection: &mut Connection,
    order: &Order,
) -> Result<Vec<(Uuid, Contact)>, StoreError> {
    let mut ids = crate::views::contacts::ids_of(order);
    ids.extend(order.placed.customer.map(CustomerId::uuid));
    Ok(crate::views::contacts::load(connection, &ids)?
        .into_iter()
        .collect())
}

fn read_ledger(
    connection: &mut Connection,
    writer: i32,
    from: i64,
    to: i64,
    rows: &mut ProjectionRows,
) -> Result<(), StoreError> {
    for bucket in 0..i64::from(connection.partitions()) {
        let (mut batch, mut position) = (from, i64::from(i32::MAX));
        loop {
            let values = [bucket, i64::from(writer), batch, position, to].map(Cell::Integer);
            let found = connection.list(&LEDGER, &values)?;
            for row in found.iter() {
                (batch, position) = (row.int(3)?, row.int(4)?);
                rows.add_ledger(
                    ItemId::from_uuid(row.uuid(1)?),
                    Millis(row.int(2)?),
                    writer,
                    batch,
                    row.number(4)?,
                );
            }
            if found.len() < LEDGER_STEP {
                break;
            }
        }
    }
    Ok(())
}

//! Blanket agreements, and what orders have called off them.

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use throughline_core::Facts;
use throughline_core::facts::Need;
use throughline_core::id::{AgreementId, CustomerId, OrderId};
use throughline_core::party::{Agreement, Call};
use throughline_core::time::Millis;
use uuid::Uuid;

use super::{Page, bounded, cell};
use crate::cursor;
use crate::engine::{Cell, Connection, Statement};
use crate::error::StoreError;
use crate::load;

pub(super) const STATEMENTS: &[&Statement] = &[&OF_CUSTOMER, &CALLS];

const OF_CUSTOMER: Statement = Statement::new(
    "agreements_of_customer",
    "SELECT body FROM customer_agreement WHERE bucket = ?1 AND customer_id = ?2 AND agreement_id < ?3
     ORDER BY agreement_id DESC LIMIT ?4",
    "SELECT body FROM customer_agreement WHERE bucket = $1 AND customer_id = $2 AND agreement_id < $3
     ORDER BY agreement_id DESC LIMIT $4",
);

const CALLS: Statement = Statement::new(
    "calls_of_agreement",
    "SELECT order_id, called, delivered FROM agreement_call WHERE bucket = ?1 AND agreement_id = ?2 AND order_id < ?3
     ORDER BY order_id DESC LIMIT ?4",
    "SELECT order_id, called, delivered FROM agreement_call WHERE bucket = $1 AND agreement_id = $2 AND order_id < $3
     ORDER BY order_id DESC LIMIT $4",
);

#[derive(Debug, Serialize, Deserialize)]
struct Position {
    id: Uuid,
}

/// One agreement.
///
/// # Errors
/// When the database cannot be read.
pub fn get(
    connection: &mut Connection,
    id: AgreementId,
) -> Result<Option<Arc<Agreement>>, StoreError> {
    let mut facts = Facts::default();
    let needs = [Need::Agreement(id)];
    load::load(connection, &needs, &mut facts, Millis::default())?;
    Ok(facts.agreements.remove(&id).flatten())
}

/// A page of a customer's agreements, latest first.
///
/// # Errors
/// [`StoreError::InvalidCursor`], and when the database cannot be read.
pub fn list(
    connection: &mut Connection,
    customer: CustomerId,
    after: Option<&str>,
    limit: usize,
) -> Result<Page<Agreement>, StoreError> {
    let limit = bounded(limit);
    let at: Option<Position> = after.map(cursor::decode).transpose()?;
    let bucket = customer.bucket(connection.partitions());
    let values = [
        Cell::Integer(bucket.into()),
        Cell::Uuid(customer.uuid()),
        Cell::Uuid(at.map_or(Uuid::max(), |position| position.id)),
        cell(limit + 1),
    ];
    let rows = connection.list(&OF_CUSTOMER, &values)?;
    let found: Result<Vec<Agreement>, StoreError> = rows.iter().map(|row| row.json(0)).collect();
    Ok(Page::cut(found?, limit, |one| {
        cursor::encode(&Position { id: one.id.uuid() })
    }))
}

/// A page of what orders have called off an agreement, latest first.
///
/// # Errors
/// [`StoreError::InvalidCursor`], and when the database cannot be read.
pub fn calls(
    connection: &mut Connection,
    agreement: AgreementId,
    after: Option<&str>,
    limit: usize,
) -> Result<Page<Call>, StoreError> {
    let limit = bounded(limit);
    let at: Option<Position> = after.map(cursor::decode).transpose()?;
    let bucket = agreement.bucket(connection.partitions());
    let values = [
        Cell::Integer(bucket.into()),
        Cell::Uuid(agreement.uuid()),
        Cell::Uuid(at.map_or(Uuid::max(), |position| position.id)),
        cell(limit + 1),
    ];
    let rows = connection.list(&CALLS, &values)?;
    let found = rows.iter().map(|row| {
        Ok(Call {
            agreement,
            order: OrderId::from_uuid(row.uuid(0)?),
            called: row.int(1)?,
            delivered: row.int(2)?,
        })
    });
    let found: Result<Vec<Call>, StoreError> = found.collect();
    Ok(Page::cut(found?, limit, |one| {
        cursor::encode(&Position {
            id: one.order.uuid(),
        })
    }))
}

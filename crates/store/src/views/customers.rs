//! Customers with their contact rows.

use throughline_core::decision::Resource;
use throughline_core::facts::ClaimKey;
use throughline_core::id::CustomerId;
use throughline_core::party::{Account, Customer, Person};
use throughline_core::time::Millis;

use super::{Page, bounded, cell, contacts, orders};
use crate::cursor;
use crate::engine::{Cell, Connection, Row, Statement};
use crate::error::StoreError;
use crate::load::{ACCOUNTS, id_keys, read_account};

pub(super) const STATEMENTS: &[&Statement] = &[&BY_ID, &LIST];

const BY_ID: Statement = Statement::new(
    "customers_by_id",
    "SELECT customer_id, external_ref, created_at, ?1 FROM customer WHERE bucket = ?2 AND customer_id = ?3",
    "SELECT c.customer_id, c.external_ref, c.created_at, k.position
     FROM unnest($1::bigint[], $2::integer[], $3::uuid[]) AS k (position, bucket, customer_id)
     CROSS JOIN LATERAL (SELECT customer_id, external_ref, created_at
         FROM customer c WHERE c.bucket = k.bucket AND c.customer_id = k.customer_id OFFSET 0) c
     ORDER BY k.position",
);

const LIST: Statement = Statement::new(
    "customers",
    "SELECT customer_id, external_ref, created_at, bucket FROM customer
     WHERE (bucket, customer_id) > (?1, ?2) ORDER BY bucket, customer_id LIMIT ?3",
    "SELECT customer_id, external_ref, created_at, bucket FROM customer
     WHERE (bucket, customer_id) > ($1, $2) ORDER BY bucket, customer_id LIMIT $3",
);

/// A customer as stored.
#[derive(Debug, Clone, PartialEq)]
pub struct StoredCustomer {
    /// The customer.
    pub customer: Customer,
    /// When the customer was first known.
    pub created_at: Millis,
}

/// One customer.
///
/// # Errors
/// When the database cannot be read.
pub fn get(
    connection: &mut Connection,
    id: CustomerId,
) -> Result<Option<StoredCustomer>, StoreError> {
    Ok(load(connection, &[id])?.pop())
}

/// Customers by id, in the order of the ids; unknown ones are absent.
///
/// # Errors
/// When the database cannot be read.
pub fn load(
    connection: &mut Connection,
    ids: &[CustomerId],
) -> Result<Vec<StoredCustomer>, StoreError> {
    let keys = id_keys(
        ids.iter().map(|customer| customer.uuid()),
        connection.partitions(),
    );
    let [rows] = connection.read([(&BY_ID, &keys)])?;
    let customers = rows.iter().map(customer).collect::<Result<_, _>>()?;
    with_people(connection, customers)
}

/// The account of a customer, without a count of orders; an empty one where there is none.
///
/// # Errors
/// When the database cannot be read.
pub fn account(connection: &mut Connection, id: CustomerId) -> Result<Account, StoreError> {
    let keys = id_keys(std::iter::once(id.uuid()), connection.partitions());
    let [rows] = connection.read([(&ACCOUNTS, &keys)])?;
    rows.first()
        .map_or_else(|| Ok(Account::default()), read_account)
}

/// The customer that an email address or an external reference recognises.
///
/// # Errors
/// When the database cannot be read.
pub fn find(
    connection: &mut Connection,
    key: &ClaimKey,
) -> Result<Option<StoredCustomer>, StoreError> {
    let claims = orders::claims(connection, std::slice::from_ref(key))?;
    match claims.first().map(|claim| claim.resource) {
        Some(Resource::Customer(id)) => get(connection, id),
        _ => Ok(None),
    }
}

/// A page of customers, in an order of no meaning.
///
/// # Errors
/// [`StoreError::InvalidCursor`], and when the database cannot be read.
pub fn list(
    connection: &mut Connection,
    after: Option<&str>,
    limit: usize,
) -> Result<Page<StoredCustomer>, StoreError> {
    let after: Option<CustomerId> = after.map(cursor::decode).transpose()?;
    let limit = bounded(limit);
    let partitions = connection.partitions();
    let from = match after {
        Some(id) => [
            Cell::Integer(id.bucket(partitions).into()),
            Cell::Uuid(id.uuid()),
            cell(limit + 1),
        ],
        None => [
            Cell::Integer(-1),
            Cell::Uuid(uuid::Uuid::nil()),
            cell(limit + 1),
        ],
    };
    let customers = connection
        .list(&LIST, &from)?
        .iter()
        .map(customer)
        .collect::<Result<_, _>>()?;
    let customers = with_people(connection, customers)?;
    Ok(Page::cut(customers, limit, |stored| {
        cursor::encode(&stored.customer.id)
    }))
}

fn customer(row: Row<'_>) -> Result<StoredCustomer, StoreError> {
    let external_ref = row.opt_text(1)?.map(str::to_owned);
    let customer = Customer {
        id: CustomerId::from_uuid(row.uuid(0)?),
        external_ref,
        person: Person::default(),
    };
    Ok(StoredCustomer {
        customer,
        created_at: Millis(row.int(2)?),
    })
}

fn with_people(
    connection: &mut Connection,
    mut customers: Vec<StoredCustomer>,
) -> Result<Vec<StoredCustomer>, StoreError> {
    let ids: Vec<uuid::Uuid> = customers
        .iter()
        .map(|stored| stored.customer.id.uuid())
        .collect();
    let mut people = contacts::load(connection, &ids)?;
    for stored in &mut customers {
        let contact = people.remove(&stored.customer.id.uuid());
        stored.customer.person = contact
            .and_then(|contact| contact.person)
            .unwrap_or_default();
    }
    Ok(customers)
}

//! Contact rows: the personal values of orders and customers.

use rustc_hash::FxHashMap;
use throughline_core::id::ContactNo;
use throughline_core::order::Order;
use throughline_core::party::Contact;
use uuid::Uuid;

use crate::engine::{Connection, Statement};
use crate::error::StoreError;
use crate::load::id_keys;

pub(super) const STATEMENTS: &[&Statement] = &[&CONTACTS];

const CONTACTS: Statement = Statement::new(
    "contacts",
    "SELECT ?1, contact_id, body FROM contact WHERE bucket = ?2 AND contact_id = ?3",
    "SELECT k.position, c.contact_id, c.body
     FROM unnest($1::bigint[], $2::integer[], $3::uuid[]) AS k (position, bucket, contact_id)
     CROSS JOIN LATERAL (SELECT contact_id, body
         FROM contact c WHERE c.bucket = k.bucket AND c.contact_id = k.contact_id OFFSET 0) c
     ORDER BY k.position",
);

/// The contact rows that an order names: its person, addresses and notes.
#[must_use]
pub fn ids_of(order: &Order) -> Vec<Uuid> {
    let (placed, progress) = (&order.placed, &order.progress);
    let of_order = [placed.person, placed.ship_to, placed.bill_to]
        .into_iter()
        .flatten();
    let of_lines = placed.lines.iter().filter_map(|line| line.ship_to);
    let of_fulfilments = progress
        .fulfilments
        .iter()
        .filter_map(|fulfilment| fulfilment.ship_to);
    let mut numbers: Vec<ContactNo> = of_order
        .chain(of_lines)
        .chain(of_fulfilments)
        .chain(progress.notes.iter().copied())
        .collect();
    numbers.sort_unstable();
    numbers.dedup();
    numbers
        .into_iter()
        .map(|number| number.of(order.id))
        .collect()
}

/// Loads contact rows by id; those that were erased or never were are absent.
///
/// # Errors
/// When the database cannot be read.
pub fn load(
    connection: &mut Connection,
    ids: &[Uuid],
) -> Result<FxHashMap<Uuid, Contact>, StoreError> {
    let keys = id_keys(ids.iter().copied(), connection.partitions());
    let [rows] = connection.read([(&CONTACTS, &keys)])?;
    rows.iter()
        .map(|row| Ok((row.uuid(1)?, row.json(2)?)))
        .collect()
}

/// Loads the contact rows of orders.
///
/// # Errors
/// When the database cannot be read.
pub fn of_orders<'a>(
    connection: &mut Connection,
    orders: impl IntoIterator<Item = &'a Order>,
) -> Result<FxHashMap<Uuid, Contact>, StoreError> {
    let ids: Vec<Uuid> = orders.into_iter().flat_map(ids_of).collect();
    load(connection, &ids)
}

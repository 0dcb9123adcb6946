//! Finding orders by words.

use rustc_hash::FxHashSet;
use throughline_core::decision::Resource;
use throughline_core::facts::ClaimKey;
use throughline_core::id::{CustomerId, OrderId, split};
use throughline_core::party::Contact;
use uuid::Uuid;

use super::orders::{self, Filter};
use super::{cell, contacts};
use crate::engine::{Cell, Connection, Statement};
use crate::error::StoreError;
use crate::projection::words;

pub(super) const STATEMENTS: &[&Statement] = &[&EXACT, &PREFIX, &EXACT_CONTACTS, &PREFIX_CONTACTS];

/// Orders looked at for one word.
const CANDIDATES: usize = 1000;
/// Latest orders looked at for one item or customer.
const LATEST: usize = super::PAGE_MAX;

// Newest volumes first. PostgreSQL has one volume.
const EXACT: Statement = Statement::new(
    "search_exact",
    "SELECT s.order_id FROM index_volume v CROSS JOIN search_token s ON s.volume = v.volume AND s.token = ?1
     ORDER BY v.volume DESC, s.order_id DESC LIMIT ?2",
    "SELECT s.order_id FROM search_token s WHERE s.volume = 0 AND s.token = $1 ORDER BY s.order_id DESC LIMIT $2",
);
const PREFIX: Statement = Statement::new(
    "search_prefix",
    "SELECT s.order_id FROM index_volume v CROSS JOIN search_token s ON s.volume = v.volume AND s.token > ?1 AND s.token < ?2
     ORDER BY v.volume DESC, s.token, s.order_id LIMIT ?3",
    "SELECT s.order_id FROM search_token s WHERE s.volume = 0 AND s.token > $1 AND s.token < $2 ORDER BY s.token, s.order_id LIMIT $3",
);
const EXACT_CONTACTS: Statement = Statement::new(
    "search_exact_contacts",
    "SELECT s.contact_id FROM index_volume v CROSS JOIN contact_token s ON s.volume = v.volume AND s.token = ?1
     ORDER BY v.volume DESC, s.contact_id DESC LIMIT ?2",
    "SELECT s.contact_id FROM contact_token s WHERE s.volume = 0 AND s.token = $1 ORDER BY s.contact_id DESC LIMIT $2",
);
const PREFIX_CONTACTS: Statement = Statement::new(
    "search_prefix_contacts",
    "SELECT s.contact_id FROM index_volume v CROSS JOIN contact_token s ON s.volume = v.volume AND s.token > ?1 AND s.token < ?2
     ORDER BY v.volume DESC, s.token, s.contact_id LIMIT ?3",
    "SELECT s.contact_id FROM contact_token s WHERE s.volume = 0 AND s.token > $1 AND s.token < $2 ORDER BY s.token, s.contact_id LIMIT $3",
);

/// Orders that are found by every one of the words. The word that fits the fewest leads, the others are looked at in
/// what it led to; of a word that fits very many orders a thousand are looked at.
pub(crate) fn orders(connection: &mut Connection, query: &str) -> Result<Vec<OrderId>, StoreError> {
    let mut words = words::of_query(query);
    words.sort_by_key(|word| std::cmp::Reverse(word.len()));
    let mut best: Option<(usize, Vec<OrderId>)> = None;
    for (position, word) in words.iter().enumerate().take(4) {
        let found = candidates(connection, word)?;
        if best
            .as_ref()
            .is_none_or(|(_, known)| found.len() < known.len())
        {
            best = Some((position, found));
        }
    }
    let Some((lead, found)) = best else {
        return Ok(Vec::new());
    };
    words.remove(lead);
    if words.is_empty() {
        Ok(found)
    } else {
        with_words(connection, &found, &words)
    }
}

fn candidates(connection: &mut Connection, word: &str) -> Result<Vec<OrderId>, StoreError> {
    let end = format!("{word}{}", char::MAX);
    let mut found: Vec<OrderId> = Vec::new();
    let exact = connection.list(&EXACT, &[Cell::text(word), cell(CANDIDATES)])?;
    let prefix = connection.list(
        &PREFIX,
        &[Cell::text(word), Cell::text(&*end), cell(CANDIDATES)],
    )?;
    for row in exact.iter().chain(prefix.iter()) {
        found.push(OrderId::from_uuid(row.uuid(0)?));
    }
    let exact = connection.list(&EXACT_CONTACTS, &[Cell::text(word), cell(CANDIDATES)])?;
    let prefix = connection.list(
        &PREFIX_CONTACTS,
        &[Cell::text(word), Cell::text(&*end), cell(CANDIDATES)],
    )?;
    let named = exact.iter().chain(prefix.iter());
    let named: Vec<Uuid> = named.map(|row| row.uuid(0)).collect::<Result<_, _>>()?;
    for contact in still_named(connection, named, word)? {
        match split(contact) {
            (customer, 0) => {
                found.extend(of_customer(connection, CustomerId::from_uuid(customer))?)
            }
            (order, _) => found.push(OrderId::from_uuid(order)),
        }
    }
    found.extend(of_sku(connection, word)?);
    let mut seen = FxHashSet::default();
    found.retain(|order| seen.insert(*order));
    found.truncate(2 * CANDIDATES);
    Ok(found)
}

/// The contact rows that have the word now. A word may outlive the value that it was taken from for a moment, or for
/// longer where a writer was killed: nobody is found by what was changed or erased.
fn still_named(
    connection: &mut Connection,
    mut named: Vec<Uuid>,
    word: &str,
) -> Result<Vec<Uuid>, StoreError> {
    let known = contacts::load(connection, &named)?;
    let has_word = |contact: &Contact| {
        let words = words::of_contact(contact);
        words.iter().any(|known| known.starts_with(word))
    };
    named.retain(|id| known.get(id).is_some_and(has_word));
    Ok(named)
}

fn of_customer(
    connection: &mut Connection,
    customer: CustomerId,
) -> Result<Vec<OrderId>, StoreError> {
    let filter = Filter {
        customer: Some(customer),
        ..Filter::default()
    };
    orders::latest(connection, &filter, LATEST)
}

/// SKUs are compared as they are written, and as they would be in capitals.
fn of_sku(connection: &mut Connection, word: &str) -> Result<Vec<OrderId>, StoreError> {
    let keys = [ClaimKey::sku(word), ClaimKey::sku(&word.to_uppercase())];
    let mut found = Vec::new();
    for claim in orders::claims(connection, &keys)? {
        if let Resource::Item(item) = claim.resource {
            let filter = Filter {
                item: Some(item),
                ..Filter::default()
            };
            found.extend(orders::latest(connection, &filter, LATEST)?);
        }
    }
    Ok(found)
}

/// The orders of which each word begins a word they are found by.
fn with_words(
    connection: &mut Connection,
    found: &[OrderId],
    wanted: &[String],
) -> Result<Vec<OrderId>, StoreError> {
    let mut kept = Vec::new();
    for chunk in found.chunks(200) {
        let stored = orders::load(connection, chunk)?;
        let mut ids: Vec<Uuid> = stored
            .iter()
            .flat_map(|stored| contacts::ids_of(&stored.order))
            .collect();
        ids.extend(
            stored
                .iter()
                .filter_map(|stored| stored.order.placed.customer)
                .map(CustomerId::uuid),
        );
        let known = contacts::load(connection, &ids)?;
        for stored in &stored {
            let order = &stored.order;
            let mut words = words::of_order(order);
            let customer = order.placed.customer.map(CustomerId::uuid);
            for id in contacts::ids_of(order).into_iter().chain(customer) {
                words.extend(known.get(&id).map(words::of_contact).unwrap_or_default());
            }
            words.extend(
                order
                    .placed
                    .lines
                    .iter()
                    .map(|line| line.sku.to_lowercase()),
            );
            if wanted
                .iter()
                .all(|wanted| words.iter().any(|word| word.starts_with(wanted)))
            {
                kept.push(order.id);
            }
        }
    }
    Ok(kept)
}

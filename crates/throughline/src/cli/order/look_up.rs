//! Everything that is known of an order, read in one snapshot.

use std::sync::Arc;

use rustc_hash::FxHashMap;
use throughline_core::command::Actor;
use throughline_core::id::{ContactNo, FulfilmentNo, LineNo};
use throughline_core::network::{LocationId, Network};
use throughline_core::order::{Entry, Fulfilment, Order};
use throughline_core::party::Contact;
use throughline_core::refusal::Refusal;
use throughline_core::sourcing::Explanation;
use throughline_core::time::Millis;
use throughline_store::{ApiKey, Connection, Store, StoreError, keys, views};
use uuid::Uuid;

use crate::cli::Failure;
use crate::http::path::{OrderName, PathName};

/// Sourcing decisions that are explained at most.
const EXPLAINED_MAX: usize = 200;

/// Everything that is known of an order.
pub(super) struct Found {
    pub(super) order: Order,
    pub(super) updated_at: Millis,
    pub(super) entries: Vec<Entry>,
    explanations: Vec<(u64, Explanation)>,
    contacts: FxHashMap<Uuid, Contact>,
    pub(super) network: Arc<Network>,
    keys: Vec<ApiKey>,
}

/// Reads an order by number or id.
///
/// # Errors
/// When there is no such order, or the database cannot be read.
pub(super) fn look_up(store: &Store, name: &str) -> Result<Found, Failure> {
    let found = match OrderName::read(name) {
        Some(known) => store.read(|connection| read(connection, known))?,
        None => None,
    };
    found.ok_or_else(|| {
        let (what, name) = (
            "order",
            format!("{name:?}; name its number, such as 1001, or its id"),
        );
        Refusal::NotFound { what, name }.into()
    })
}

fn read(connection: &mut Connection, name: OrderName) -> Result<Option<Found>, StoreError> {
    let stored = match name {
        OrderName::Id(id) => views::orders::get(connection, id)?,
        OrderName::Number(number) => views::orders::get_by_number(connection, number)?,
    };
    let Some(stored) = stored else {
        return Ok(None);
    };
    let order = stored.order;
    Ok(Some(Found {
        updated_at: stored.updated_at,
        entries: views::journal::all(connection, order.id)?,
        explanations: views::journal::explanations(connection, order.id, EXPLAINED_MAX)?,
        contacts: views::contacts::of_orders(connection, [&order])?,
        network: views::network::current(connection)?,
        keys: all_keys(connection)?,
        order,
    }))
}

fn all_keys(connection: &mut Connection) -> Result<Vec<ApiKey>, StoreError> {
    let mut all: Vec<ApiKey> = Vec::new();
    loop {
        let more = keys::list(connection, all.last().map(|key| key.id))?;
        if more.is_empty() {
            return Ok(all);
        }
        all.extend(more);
    }
}

impl Found {
    /// A contact row of the order; `None` when it was erased.
    pub(super) fn contact(&self, no: ContactNo) -> Option<&Contact> {
        self.contacts.get(&no.of(self.order.id))
    }

    /// Why locations were or were not chosen in an entry.
    pub(super) fn explanation(&self, seq: u64) -> Option<&Explanation> {
        let mut all = self.explanations.iter();
        all.find(|(known, _)| *known == seq)
            .map(|(_, explanation)| explanation)
    }

    /// The code of a location.
    pub(super) fn location(&self, id: LocationId) -> &str {
        self.network
            .location(id)
            .map_or("?", |location| location.code.as_str())
    }

    /// The SKU of a line.
    pub(super) fn sku(&self, line: LineNo) -> &str {
        self.order
            .placed
            .line(line)
            .map_or("?", |line| line.sku.as_str())
    }

    /// What people call a fulfilment: its location, with a number where the location has several.
    pub(super) fn fulfilment(&self, no: FulfilmentNo) -> String {
        let all = &self.order.progress.fulfilments;
        let Some(known) = all.iter().find(|known| known.no == no) else {
            return "?".to_owned();
        };
        let same: Vec<&Fulfilment> = all
            .iter()
            .filter(|other| other.location == known.location)
            .collect();
        let place = known
            .location
            .map_or("no location", |location| self.location(location));
        match same.iter().position(|other| other.no == no) {
            Some(position) if same.len() > 1 => format!("{place} ({})", position + 1),
            _ => place.to_owned(),
        }
    }

    /// Who did something.
    pub(super) fn actor(&self, actor: Actor) -> String {
        let Actor::Key(id) = actor else {
            return actor.to_string();
        };
        let known = self.keys.iter().find(|key| key.id == id);
        known.map_or_else(|| "a key".to_owned(), |key| key.name.clone())
    }
}

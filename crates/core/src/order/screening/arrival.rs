//! What comes with an order and is not kept in it: who, where exactly, by which card. It is looked at once.

use crate::order::amend::AmendOrder;
use crate::order::place::NewOrder;
use crate::party::Address;

/// What comes with an order and is not kept in it.
#[derive(Debug, Default)]
pub(in crate::order) struct Arrival<'a> {
    /// The email address in its compared form.
    pub(super) email: Option<String>,
    /// The merchant's own number of the customer.
    pub(super) customer_ref: Option<&'a str>,
    /// Addresses that something is shipped to, with their fields.
    pub(super) addresses: Vec<(String, &'a Address)>,
    /// Fingerprints of cards.
    pub(super) cards: Vec<&'a str>,
}

impl<'a> Arrival<'a> {
    /// What comes with a new order.
    pub(in crate::order) fn of(order: &'a NewOrder) -> Self {
        let header = order
            .ship_to
            .iter()
            .map(|address| ("/ship_to".to_owned(), address));
        let lines = order.lines.iter().enumerate().filter_map(|(at, line)| {
            Some((format!("/lines/{at}/ship_to"), line.ship_to.as_ref()?))
        });
        let cards = order
            .payments
            .iter()
            .filter_map(|payment| payment.fingerprint.as_deref());
        Self {
            email: order
                .customer
                .as_ref()
                .and_then(crate::party::Person::email_key),
            customer_ref: order.customer_ref.as_deref(),
            addresses: header.chain(lines).collect(),
            cards: cards.collect(),
        }
    }
    /// What comes with an amendment: new addresses.
    pub(in crate::order) fn of_amendment(command: &'a AmendOrder) -> Self {
        let header = command.ship_to.iter();
        let header = header.map(|address| ("/ship_to".to_owned(), address));
        let changed = command.change_lines.iter().enumerate();
        let changed = changed.filter_map(|(at, line)| {
            let field = format!("/change_lines/{at}/ship_to");
            Some((field, line.ship_to.as_ref()?))
        });
        let added = command.add_lines.iter().enumerate();
        let added = added.filter_map(|(at, line)| {
            let field = format!("/add_lines/{at}/ship_to");
            Some((field, line.ship_to.as_ref()?))
        });
        Self {
            addresses: header.chain(changed).chain(added).collect(),
            ..Self::default()
        }
    }
}

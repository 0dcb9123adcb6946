//! What screening will ask for, told before the order is decided, so that it is loaded with all else.

use super::arrival::Arrival;
use super::duplicate;
use super::tally::{TallyKey, TallyKind};
use crate::facts::{Facts, Need};
use crate::order::place::NewOrder;
use crate::party::known_customer;

/// Tells which tallies a new order needs, as far as what is loaded tells.
pub(crate) fn needs(facts: &Facts, order: &NewOrder, out: &mut Vec<Need>) {
    let Some(rules) = facts.network.screening_of(&order.channel) else {
        return;
    };
    let arrival = Arrival::of(order);
    let customer = known_customer(facts, order);
    let mut keys = Vec::new();
    if let Some(customer) = customer.filter(|_| rules.mentions("velocity.customer.")) {
        keys.push((TallyKind::Customer, customer.to_string()));
    }
    if let Some(email) = arrival
        .email
        .as_ref()
        .filter(|_| rules.mentions("velocity.email."))
    {
        keys.push((TallyKind::Email, email.clone()));
    }
    if rules.mentions("velocity.area.") {
        let destination = order
            .ship_to
            .as_ref()
            .map(|address| address.storable().destination());
        let known = destination.filter(|destination| destination.decidegrees.is_some());
        keys.extend(known.map(|destination| (TallyKind::Area, destination.square())));
    }
    if rules.mentions("velocity.card.") {
        keys.extend(
            arrival
                .cards
                .iter()
                .map(|card| (TallyKind::Card, (*card).to_owned())),
        );
    }
    if rules.duplicates.is_some() {
        let wants = order
            .lines
            .iter()
            .map(|line| (line.sku.as_str(), line.quantity));
        let key = duplicate::key_of(customer, wants, &arrival);
        keys.extend(key.map(|key| (key.kind, key.value)));
    }
    let keys = keys
        .into_iter()
        .map(|(kind, value)| TallyKey { kind, value });
    out.extend(
        keys.filter(|key| !facts.tallies.contains_key(key))
            .map(Need::Tally),
    );
}

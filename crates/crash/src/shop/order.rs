//! Placing orders.

use fastrand::Rng;
use serde_json::{Value, json};

use super::book::{Book, KnownReservation};
use super::catalogue::{CURRENCY, PATIENT, STRICT, some_location, some_sku};
use super::request::{Effect, NewOrder, Request};
use super::stock::request;
use crate::client::Method;

/// Orders of a batch at most.
const BATCH_MAX: usize = 40;

/// An order that no other is like. Every third has no reference, so that nothing but its key keeps it from being doubled.
pub(super) fn place(random: &mut Rng, book: &Book, name: &str) -> Request {
    let cart = cart(random, book);
    let channel = match cart {
        None if random.u32(..4) == 0 => STRICT,
        _ => PATIENT,
    };
    let (body, effect) = order(
        random,
        name,
        channel,
        cart.map(|at| (at, &book.reservations[at])),
    );
    Request {
        success: 201,
        ..request("/v1/orders", name, &body, effect)
    }
}

/// Many orders at once, none of which can be refused. Every other has a key of its own.
pub(super) fn place_many(random: &mut Rng, name: &str) -> Request {
    let (mut lines, mut effects) = (String::new(), Vec::new());
    for row in 0..random.usize(1..=BATCH_MAX) {
        let name = format!("{name}.{row}");
        let (mut body, effect) = order(random, &name, PATIENT, None);
        if row % 2 == 0 {
            body["idempotency_key"] = name.into();
        }
        lines.push_str(&format!("{body}\n"));
        effects.push(effect);
    }
    Request {
        method: Method::PostLines,
        body: lines,
        ..request(
            "/v1/orders/batch",
            name,
            &Value::Null,
            Effect::Batch(effects),
        )
    }
}

fn order(
    random: &mut Rng,
    name: &str,
    channel: &str,
    cart: Option<(usize, &KnownReservation)>,
) -> (Value, Effect) {
    let lines = match cart {
        Some((_, cart)) => cart
            .lines
            .iter()
            .map(|((sku, _), units)| line(random, sku, *units))
            .collect(),
        None => new_lines(random),
    };
    let payments = payments(random, name);
    let reference = (random.u32(..3) > 0).then(|| format!("ref-{name}"));
    let count = i64::try_from(lines.len()).unwrap_or(i64::MAX);
    let body = json!({
        "channel": channel,
        "external_ref": reference,
        "currency": CURRENCY,
        "customer": {"email": format!("{name}@example.com"), "name": "Sam Example"},
        "ship_to": {"name": "Sam Example", "line1": "1 Main Street", "city": "Berlin", "postal_code": "10115", "country": "DE"},
        "lines": lines,
        "po_number": name,
        "reservation_id": cart.map(|(_, cart)| &cart.id),
        "payments": payments.iter().map(|(reference, amount, captured)| payment(reference, *amount, *captured)).collect::<Vec<_>>(),
    });
    let captured = payments
        .into_iter()
        .map(|(reference, amount, captured)| (reference, if captured { amount } else { 0 }));
    let effect = Effect::Place(NewOrder {
        reference,
        marker: name.to_owned(),
        payments: captured.collect(),
        lines: count,
        reservation: cart.map(|(position, _)| position),
    });
    (body, effect)
}

/// A line of the API.
pub(super) fn line(random: &mut Rng, sku: &str, units: i64) -> Value {
    json!({"sku": sku, "quantity": units, "unit_price_minor": random.i64(100..10_000), "method": "ship"})
}

/// Now and then an order comes from a cart that is still held.
fn cart(random: &mut Rng, book: &Book) -> Option<usize> {
    let last = book.reservations.last()?;
    (last.status == "active" && random.u32(..4) == 0).then(|| book.reservations.len() - 1)
}

fn new_lines(random: &mut Rng) -> Vec<Value> {
    let pickup = (random.u32(..10) == 0).then(|| some_location(random));
    let count = random.usize(1..=3);
    let new_line = |_| {
        let sku = some_sku(random);
        let units = random.i64(1..=3);
        let mut line = line(random, &sku, units);
        if let Some(location) = pickup {
            line["method"] = "pickup".into();
            line["location"] = location.into();
        }
        line
    };
    (0..count).map(new_line).collect()
}

/// Reference, amount, and whether it is captured already.
fn payments(random: &mut Rng, name: &str) -> Vec<(String, i64, bool)> {
    match random.u32(..4) {
        0 => Vec::new(),
        1 => vec![(format!("cash-{name}"), random.i64(100..5_000), true)],
        _ => vec![(format!("card-{name}"), random.i64(1_000..20_000), false)],
    }
}

fn payment(reference: &str, amount_minor: i64, captured: bool) -> Value {
    let state = if captured { "captured" } else { "authorized" };
    json!({"state": state, "amount_minor": amount_minor, "method": "card", "reference": reference})
}

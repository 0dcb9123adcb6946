//! Stock that comes in, moves, and is held for carts.

use fastrand::Rng;
use serde_json::{Value, json};

use super::book::Book;
use super::catalogue::{some_location, some_sku};
use super::request::{Effect, Request};
use crate::client::Method;

/// Carts that a client leaves open at most.
const CARTS_MAX: usize = 10;

/// Goods come in; as many as are ordered, about.
pub(super) fn receive(random: &mut Rng, name: &str) -> Request {
    let (sku, location, units) = (some_sku(random), some_location(random), random.i64(10..=50));
    let body = json!({"sku": sku, "location": location, "quantity": units, "reference": name});
    request(
        "/v1/stock/receive",
        name,
        &body,
        Effect::Stock(vec![((sku, location.to_owned()), units)]),
    )
}

/// Units are found that nobody knew of.
pub(super) fn adjust(random: &mut Rng, name: &str) -> Request {
    let (sku, location) = (some_sku(random), some_location(random));
    let body = json!({"sku": sku, "location": location, "quantity": 1, "reference": name, "reason": "found"});
    request(
        "/v1/stock/adjust",
        name,
        &body,
        Effect::Stock(vec![((sku, location.to_owned()), 1)]),
    )
}

/// Units move from one location to another.
pub(super) fn transfer(random: &mut Rng, name: &str) -> Request {
    let (sku, from) = (some_sku(random), some_location(random));
    let to = loop {
        let to = some_location(random);
        if to != from {
            break to;
        }
    };
    let body = json!({"sku": sku, "from": from, "to": to, "quantity": 1, "reference": name});
    let moves = vec![
        ((sku.clone(), from.to_owned()), -1),
        ((sku, to.to_owned()), 1),
    ];
    request("/v1/stock/transfer", name, &body, Effect::Stock(moves))
}

/// A cart is filled, or an old one given up where there are enough.
pub(super) fn reserve(random: &mut Rng, book: &Book, name: &str) -> Request {
    let open = book
        .reservations
        .iter()
        .enumerate()
        .filter(|(_, one)| one.status == "active");
    let open: Vec<usize> = open.map(|(position, _)| position).collect();
    if open.len() >= CARTS_MAX {
        return release(book, open[random.usize(..open.len())], name);
    }
    let body = json!({
        "lines": [{"sku": some_sku(random), "quantity": random.i64(1..=2)}],
        "ttl_seconds": 24 * 3600,
        "reference": name,
    });
    Request {
        success: 201,
        ..request("/v1/reservations", name, &body, Effect::Reserve)
    }
}

fn release(book: &Book, position: usize, name: &str) -> Request {
    let path = format!("/v1/reservations/{}", book.reservations[position].id);
    Request {
        method: Method::Delete,
        body: String::new(),
        ..request(&path, name, &Value::Null, Effect::Release(position))
    }
}

/// A request that answers 200.
pub(super) fn request(path: &str, name: &str, body: &Value, effect: Effect) -> Request {
    Request {
        method: Method::Post,
        path: path.to_owned(),
        key: name.to_owned(),
        body: body.to_string(),
        success: 200,
        effect,
        tries: 0,
        early: Vec::new(),
    }
}

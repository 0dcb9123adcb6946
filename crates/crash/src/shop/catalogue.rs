//! What the shop sells and where it keeps it.

use anyhow::{Result, bail};
use fastrand::Rng;
use serde_json::{Value, json};

use crate::client::{Asked, Client, Method, Outcome};

/// Items.
pub(crate) const SKUS: usize = 20;
/// Codes of the locations, with their kinds.
pub(crate) const LOCATIONS: [(&str, &str); 4] = [
    ("NORTH", "warehouse"),
    ("SOUTH", "warehouse"),
    ("HIGH-ST", "store"),
    ("QUAY", "store"),
];
/// Takes every order; what is not there waits.
pub(crate) const PATIENT: &str = "web";
/// Refuses what is not there.
pub(crate) const STRICT: &str = "till";
/// The currency of both.
pub(crate) const CURRENCY: &str = "EUR";
/// Units of each item at each location at the start.
const STOCK: i64 = 5;

/// Makes items, locations, channels and some stock, and answers what is on hand.
///
/// # Errors
/// When the server refuses any of it.
pub(crate) fn open(client: &Client, server: &str) -> Result<Vec<((String, String), i64)>> {
    let make = |path: &str, body: Value| {
        let asked = Asked {
            method: Method::Post,
            url: &format!("{server}{path}"),
            key: None,
            body: &body.to_string(),
        };
        match client.ask(asked) {
            Outcome::Answered(answer) if answer.status < 300 => Ok(()),
            Outcome::Answered(answer) => bail!("{path} {body}: {answer}"),
            Outcome::Cut { why, .. } => bail!("{path} {body}: {why}"),
        }
    };
    for (code, kind) in LOCATIONS {
        make(
            "/v1/locations",
            json!({"code": code, "name": code, "kind": kind, "address": {"country": "DE"}}),
        )?;
    }
    for (code, shortage) in [(PATIENT, "backorder"), (STRICT, "refuse")] {
        make(
            "/v1/channels",
            json!({"code": code, "name": code, "currency": CURRENCY, "shortage": shortage, "intake": "strict"}),
        )?;
    }
    let mut stock = Vec::new();
    for number in 0..SKUS {
        let sku = sku(number);
        make(
            "/v1/items",
            json!({"sku": sku, "title": format!("Item {number}")}),
        )?;
        for (location, _) in LOCATIONS {
            make(
                "/v1/stock/receive",
                json!({"sku": sku, "location": location, "quantity": STOCK, "reference": "opening"}),
            )?;
            stock.push(((sku.clone(), location.to_owned()), STOCK));
        }
    }
    Ok(stock)
}

/// The SKU of an item.
pub(crate) fn sku(number: usize) -> String {
    format!("ITEM-{number:02}")
}

/// Some item.
pub(crate) fn some_sku(random: &mut Rng) -> String {
    sku(random.usize(..SKUS))
}

/// Some location.
pub(crate) fn some_location(random: &mut Rng) -> &'static str {
    LOCATIONS[random.usize(..LOCATIONS.len())].0
}

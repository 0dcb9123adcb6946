//! Fills an empty database over HTTP, as a new user would: a channel, locations, items, stock.

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};

use super::Access;
use crate::load::sequence::{Caller, send_all};
use crate::progress::say;
use crate::workload::catalogue::{Catalogue, LOCATIONS, RECEIVED, location_code, sku_code};
use crate::workload::order::{Demand, orders};
use crate::workload::request::{CHANNEL, CURRENCY, Template};
use crate::workload::stream::new_key;

const CONNECTIONS: usize = 64;

/// Makes everything that an order needs, then proves it by placing one.
pub(crate) fn fill(access: &Access, catalogue: &Catalogue) -> Result<()> {
    let (target, key) = (access.address, access.key.clone());
    let mut caller = Caller::open(target)?;
    caller.ask(&post("/v1/channels", &key, &channel()), 201)?;
    for location in 0..LOCATIONS {
        caller.ask(&post("/v1/locations", &key, &self::location(location)), 201)?;
    }
    say("creating items");
    let owner = key.clone();
    let items = catalogue
        .skus()
        .map(move |sku| post("/v1/items", &owner, &item(sku)));
    send_all(target, CONNECTIONS, items)?;
    say("receiving stock");
    let owner = key.clone();
    let receipts = catalogue
        .stock()
        .into_iter()
        .map(move |(sku, location)| post("/v1/stock/receive", &owner, &receipt(sku, location)));
    send_all(target, CONNECTIONS, receipts)?;
    prove(&mut caller, &key, catalogue)
}

/// Places an order of each demand and fails unless all of it was allocated: orders that
/// wait for stock would be cheaper to place than those that the goals speak of.
fn prove(caller: &mut Caller, key: &str, catalogue: &Catalogue) -> Result<()> {
    let mut random = fastrand::Rng::new();
    for demand in [Demand::Mix, Demand::Hot] {
        let order = &orders(catalogue, demand, 1, 1)[0];
        let mut request = Vec::new();
        let template = Template::request(order, key);
        template.fill(&mut request, random.u64(..), new_key(&mut random));
        let answer = caller.ask(&request, 201)?;
        let placed: Value = serde_json::from_slice(&answer).context("an answer without JSON")?;
        let units = |state: &str| -> i64 {
            let lines = placed["lines"].as_array().into_iter().flatten();
            lines.filter_map(|line| line[state].as_i64()).sum()
        };
        let ordered: i64 = order
            .lines
            .iter()
            .map(|line| i64::from(line.quantity))
            .sum();
        ensure!(
            units("ordered") == ordered && units("allocated") == ordered,
            "an order that is not allocated: {placed}"
        );
    }
    Ok(())
}

fn channel() -> Value {
    json!({
        "code": CHANNEL,
        "name": "Web shop",
        "currency": CURRENCY,
        "shortage": "backorder",
        "intake": "strict",
    })
}

fn location(location: u8) -> Value {
    json!({
        "code": location_code(location),
        "name": format!("Warehouse {}", location + 1),
        "kind": "warehouse",
        "address": {
            "name": format!("Warehouse {}", location + 1),
            "line1": format!("Depot Road {}", location + 1),
            "city": "Exampleton",
            "postal_code": format!("{:05}", 10_000 + u32::from(location) * 4_000),
            "country": "DE",
            "latitude": 48.0 + f64::from(location) * 0.3,
            "longitude": 8.0 + f64::from(location % 5),
        },
    })
}

fn item(sku: u16) -> Value {
    json!({
        "sku": sku_code(sku),
        "title": format!("Item {sku:05}"),
        "unit_cost_minor": 100 + u32::from(sku) % 5_000,
    })
}

fn receipt(sku: u16, location: u8) -> Value {
    json!({
        "sku": sku_code(sku),
        "location": location_code(location),
        "quantity": RECEIVED,
        "reference": "opening stock",
    })
}

/// A rendered POST request with a new idempotency key.
pub(crate) fn post(path: &str, key: &str, body: &Value) -> Vec<u8> {
    let body = body.to_string();
    let idempotency_key = new_key(&mut fastrand::Rng::new());
    format!(
        "POST {path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {key}\r\n\
         Content-Type: application/json\r\nIdempotency-Key: {idempotency_key}\r\n\
         Content-Length: {}\r\n\r\n{body}",
        body.len()
    )
    .into_bytes()
}

//! A network as large as promises are measured with: many locations on a map, a few items, a carrier by distance and a
//! policy that weighs costs.

use anyhow::Result;
use fastrand::Rng;
use serde_json::{Value, json};

use super::Access;
use super::setup::post;
use crate::load::sequence::{Caller, send_all};
use crate::progress::say;

/// How many locations there are.
pub(crate) const LOCATIONS: u32 = 500;
/// How many items there are.
pub(crate) const ITEMS: u32 = 40;
/// The channel that sells them.
pub(crate) const CHANNEL: &str = "web";

const CONNECTIONS: usize = 16;
/// So many of a hundred pairs of item and location have stock.
const STOCKED_PERCENT: u32 = 50;

/// The code of an item.
pub(crate) fn sku(nth: u32) -> String {
    format!("ITEM-{nth:02}")
}

/// Somewhere in the country that is delivered to.
pub(crate) fn destination(random: &mut Rng) -> (f64, f64) {
    (47.5 + 7.0 * random.f64(), 6.5 + 8.0 * random.f64())
}

/// Makes everything that a promise needs.
pub(crate) fn fill(access: &Access) -> Result<()> {
    let key = access.key.clone();
    let mut random = Rng::with_seed(500);
    let mut caller = Caller::open(access.address)?;
    let channel = json!({"code": CHANNEL, "name": "Web shop", "currency": "EUR"});
    caller.ask(&post("/v1/channels", &key, &channel), 201)?;
    caller.ask(&post("/v1/carrier-services", &key, &service()), 201)?;
    caller.ask(&put("/v1/sourcing-policies/CHEAPEST", &key, &policy()), 201)?;
    for nth in 0..ITEMS {
        let item = json!({"sku": sku(nth), "title": sku(nth), "weight_g": random.u32(100..3_000)});
        caller.ask(&post("/v1/items", &key, &item), 201)?;
    }
    say("creating a network");
    let locations: Vec<Value> = (0..LOCATIONS)
        .map(|nth| location(nth, &mut random))
        .collect();
    let owner = key.clone();
    let requests = locations
        .into_iter()
        .map(move |body| post("/v1/locations", &owner, &body));
    send_all(access.address, CONNECTIONS, requests)?;
    let receipts: Vec<Value> = (0..ITEMS * LOCATIONS)
        .filter(|_| random.u32(0..100) < STOCKED_PERCENT)
        .map(|nth| receipt(nth / LOCATIONS, nth % LOCATIONS))
        .collect();
    let requests = receipts
        .into_iter()
        .map(move |body| post("/v1/stock/receive", &key, &body));
    send_all(access.address, CONNECTIONS, requests)
}

fn location_code(nth: u32) -> String {
    format!("PLACE-{nth:03}")
}

fn location(nth: u32, random: &mut Rng) -> Value {
    let (latitude, longitude) = destination(random);
    json!({
        "code": location_code(nth),
        "name": location_code(nth),
        "kind": if nth < 20 { "warehouse" } else { "store" },
        "time_zone": "Europe/Berlin",
        "address": {"country": "DE", "city": "Exampleton", "latitude": latitude, "longitude": longitude},
        "labour": {"order_minor": random.u32(50..300), "line_minor": random.u32(20..60), "unit_minor": random.u32(5..20)},
    })
}

fn receipt(item: u32, location: u32) -> Value {
    json!({
        "sku": sku(item),
        "location": location_code(location),
        "quantity": 2 + (item * 7 + location * 3) % 20,
        "reference": "opening stock",
    })
}

fn service() -> Value {
    let zone = |code: &str, base: u32, days: u32| {
        let bracket =
            |up_to_g: u32, more: u32| json!({"up_to_g": up_to_g, "price_minor": base + more});
        json!({
            "code": code,
            "tariff": {
                "brackets": [bracket(1_000, 0), bracket(5_000, 200), bracket(10_000, 450), bracket(31_500, 900)],
                "parcel_max_g": 31_500,
            },
            "transit_days": days,
        })
    };
    json!({
        "code": "ground", "name": "Ground", "carrier": "Post", "currency": "EUR",
        "zoning": {"distance": [
            {"up_to_km": 100, "zone": "near"}, {"up_to_km": 300, "zone": "middle"}, {"up_to_km": 2_000, "zone": "far"},
        ]},
        "zones": [zone("near", 400, 1), zone("middle", 480, 2), zone("far", 560, 3)],
    })
}

fn policy() -> Value {
    json!({"name": "Cheapest", "objective": {"currency": "EUR", "split_minor": 300}})
}

/// A rendered PUT request.
fn put(path: &str, key: &str, body: &Value) -> Vec<u8> {
    let posted = post(path, key, body);
    [
        b"PUT".as_slice(),
        posted.strip_prefix(b"POST").unwrap_or(&posted),
    ]
    .concat()
}

//! How long a promise over many locations takes, and what of an item may be had.

use std::path::Path;

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};

use super::Findings;
use super::disk::percentiles;
use crate::load::outcome::Latency;
use crate::load::sequence::Caller;
use crate::process::get;
use crate::product::network::{CHANNEL, ITEMS, LOCATIONS, destination, sku};
use crate::product::setup::post;
use crate::product::{Access, Product};
use crate::progress::say;
use crate::report::row::{Goal, Row, Score, time};
use crate::settings::Settings;

/// Lines of what is asked for.
const LINES: usize = 5;
/// Milliseconds that either may take.
const GOAL_MS: f64 = 10.0;

/// Asks for promises and for availability, one after the other, on a network of its own.
pub(crate) fn measure(
    settings: &Settings,
    product: Option<&Product>,
    folder: &Path,
    findings: &mut Findings,
) -> Result<()> {
    let running = product.context("no product")?.network(folder)?;
    let mut caller = Caller::open(running.access.address)?;
    let mut random = fastrand::Rng::with_seed(5);
    prove(&mut caller, &running.access, &mut random)?;
    let (mut promises, mut levels) = (Latency::new()?, Latency::new()?);
    let key = &running.access.key;
    for _ in 0..settings.rounds {
        caller.time(settings.calls, 200, &mut promises, |buffer| {
            *buffer = post("/v1/promises", key, &inquiry(&mut random));
        })?;
        caller.time(settings.calls, 200, &mut levels, |buffer| {
            *buffer = get(&availability(&mut random), key);
        })?;
    }
    let promise = format!("a promise for {LINES} lines over {LOCATIONS} locations");
    let level = format!("availability of an item at {LOCATIONS} locations");
    for (id, name, latency) in [
        ("promise", promise, promises),
        ("availability", level, levels),
    ] {
        say(&format!("{name}: {}", percentiles(&latency)));
        findings
            .details
            .push(format!("{name}: {}", percentiles(&latency)));
        findings.rows.push(row(id, &name, &latency));
    }
    running.server.stop()
}

fn row(id: &str, name: &str, latency: &Latency) -> Row {
    let slow = latency.quantile(0.99);
    Row {
        id: id.to_owned(),
        what: format!("{name}: p99"),
        measured: time(slow),
        against: "–".to_owned(),
        score: Score::Milliseconds(slow.as_secs_f64() * 1e3),
        goal: Goal::AtMost(GOAL_MS),
    }
}

/// Fails unless everything that is asked for can be promised.
fn prove(caller: &mut Caller, access: &Access, random: &mut fastrand::Rng) -> Result<()> {
    let answer = caller.ask(&post("/v1/promises", &access.key, &inquiry(random)), 200)?;
    let told: Value = serde_json::from_slice(&answer).context("an answer without JSON")?;
    let options = told["options"].as_array().map_or(0, Vec::len);
    ensure!(options > 0, "nothing can be promised: {told}");
    let answer = caller.ask(&get(&availability(random), &access.key), 200)?;
    let told: Value = serde_json::from_slice(&answer).context("an answer without JSON")?;
    ensure!(
        told.to_string().contains("PLACE-"),
        "nothing is available: {told}"
    );
    Ok(())
}

fn inquiry(random: &mut fastrand::Rng) -> Value {
    let (latitude, longitude) = destination(random);
    let items: Vec<Value> = random
        .choose_multiple(0..ITEMS, LINES)
        .into_iter()
        .map(|nth| json!({"sku": sku(nth), "quantity": random.u32(1..4)}))
        .collect();
    json!({
        "channel": CHANNEL,
        "ship_to": {"country": "DE", "postal_code": "10115", "latitude": latitude, "longitude": longitude},
        "items": items,
    })
}

fn availability(random: &mut fastrand::Rng) -> String {
    let item = sku(random.u32(0..ITEMS));
    format!("/v1/availability?sku={item}&channel={CHANNEL}")
}

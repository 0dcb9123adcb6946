//! A lone order: nothing else runs, so its time is the disk's, the network's and our own.

use std::path::Path;

use anyhow::{Context, Result};

use super::Findings;
use super::disk::percentiles;
use crate::baseline::disk::Disk;
use crate::contest::contender::Contender;
use crate::contest::result::Ratio;
use crate::contest::stage::Stage;
use crate::load::outcome::Latency;
use crate::load::sequence::Caller;
use crate::process::get;
use crate::product::Product;
use crate::progress::say;
use crate::report::row::{Goal, Row, Score, time};
use crate::settings::Settings;
use crate::workload::order::Demand;
use crate::workload::stream::OrderStream;

/// The disk, the round trip and the order, in turn.
pub(crate) fn measure(
    stage: &mut Stage,
    settings: &Settings,
    product: Option<&Product>,
    folder: &Path,
    findings: &mut Findings,
) -> Result<()> {
    let embedded = Contender::Embedded(Demand::Mix);
    stage.prepare(&[embedded], Some(product.context("no product")?), folder)?;
    let running = stage.embedded()?;
    let orders = OrderStream::new(stage.templates(Demand::Mix, &running.access.key)?);
    let mut disk = Disk::open(folder)?;
    let mut caller = Caller::open(running.server.address)?;
    let health = get("/healthz", "");
    let (mut all_orders, mut all_syncs) = (Latency::new()?, Latency::new()?);
    let (mut all_trips, mut rounds) = (Latency::new()?, Vec::new());
    for _ in 0..settings.rounds {
        std::thread::sleep(settings.settling);
        let (mut order, mut sync) = (Latency::new()?, Latency::new()?);
        let mut trip = Latency::new()?;
        for _ in 0..10 {
            let calls = settings.calls / 10;
            disk.time_appends(calls, &mut sync)?;
            caller.time(calls, 200, &mut trip, |buffer| {
                buffer.clear();
                buffer.extend_from_slice(&health);
            })?;
            caller.time(calls, 201, &mut order, |buffer| orders.next_into(buffer))?;
        }
        let floor = sync.quantile(0.5) + trip.quantile(0.5);
        rounds.push((order.quantile(0.5).as_secs_f64(), floor.as_secs_f64()));
        all_orders.add(&order)?;
        all_syncs.add(&sync)?;
        all_trips.add(&trip)?;
    }
    say(&format!("lone order: {}", percentiles(&all_orders)));
    findings.rows.push(Row {
        id: "lone".to_owned(),
        what: "a lone order, nothing else running: p50".to_owned(),
        measured: time(all_orders.quantile(0.5)),
        against: format!(
            "one fdatasync {} + one HTTP round trip {}",
            time(all_syncs.quantile(0.5)),
            time(all_trips.quantile(0.5))
        ),
        score: Score::Ratio(Ratio::of(rounds.into_iter())?),
        goal: Goal::AtMost(1.5),
    });
    let seen = [
        ("lone order", &all_orders),
        ("one fdatasync", &all_syncs),
        ("one HTTP round trip", &all_trips),
    ];
    for (name, latency) in seen {
        findings
            .details
            .push(format!("{name}: {}", percentiles(latency)));
    }
    Ok(())
}

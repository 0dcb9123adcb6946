//! Latency at half of the peak that was just measured, with orders that arrive at random.

use std::path::Path;

use anyhow::{Context, Result, ensure};

use super::Findings;
use super::disk::percentiles;
use crate::baseline::disk::Disk;
use crate::contest::contender::Contender;
use crate::contest::result::{Ratio, Results};
use crate::contest::stage::Stage;
use crate::load::outcome::Latency;
use crate::load::{Load, paced};
use crate::progress::say;
use crate::report::row::{Goal, Row, Score, rate, time};
use crate::settings::Settings;
use crate::workload::order::Demand;
use crate::workload::stream::OrderStream;

/// More connections than orders are ever under way, so that none waits for a connection.
const CONNECTIONS: usize = 256;

/// The disk and the load, in turn.
pub(crate) fn measure(
    stage: &Stage,
    settings: &Settings,
    results: &Results,
    folder: &Path,
    findings: &mut Findings,
) -> Result<()> {
    let peak = results.get(&Contender::Embedded(Demand::Mix));
    let half = peak.context("the peak was not measured")?.rate() / 2.0;
    let running = stage.embedded()?;
    let load = Load {
        wanted: 201,
        targets: vec![running.server.address],
        connections: CONNECTIONS,
        warm_up: settings.warm_up,
        lasting: settings.lasting,
    };
    let mut disk = Disk::open(folder)?;
    let (mut orders, mut syncs) = (Latency::new()?, Latency::new()?);
    let mut rounds = Vec::new();
    for _ in 0..settings.rounds {
        std::thread::sleep(settings.settling);
        let mut sync = Latency::new()?;
        disk.time_appends(settings.calls, &mut sync)?;
        let stream = OrderStream::new(stage.templates(Demand::Mix, &running.access.key)?);
        let outcome = paced::run(&load, half, stream)?;
        say(&format!(
            "{:.0}/s offered, {:.0}/s answered: {}",
            half,
            outcome.rate(),
            percentiles(&outcome.latency)
        ));
        ensure!(
            outcome.rate() > half * 0.9,
            "half of the peak could not be offered: {:.0} of {half:.0}/s",
            outcome.rate()
        );
        let p99 = outcome.latency.quantile(0.99).as_secs_f64();
        rounds.push((p99, sync.quantile(0.5).as_secs_f64()));
        orders.add(&outcome.latency)?;
        syncs.add(&sync)?;
    }
    findings.rows.push(Row {
        id: "half-peak".to_owned(),
        what: format!("latency at half of peak load ({}): p99", rate(half)),
        measured: time(orders.quantile(0.99)),
        against: format!("one fdatasync: {}", time(syncs.quantile(0.5))),
        score: Score::Ratio(Ratio::of(rounds.into_iter())?),
        goal: Goal::AtMost(10.0),
    });
    findings
        .details
        .push(format!("at half of peak load: {}", percentiles(&orders)));
    Ok(())
}

//! Placement: one order a request, embedded and on PostgreSQL, in the mix and on one hot SKU.

use std::path::Path;

use anyhow::{Context, Result};

use super::Findings;
use crate::baseline::postgres::hand::Shape;
use crate::contest::contender::Contender::{self, Embedded, Hand, ParseOnly, TwoNodes};
use crate::contest::hold;
use crate::contest::result::{Ratio, Results};
use crate::contest::stage::Stage;
use crate::product::Product;
use crate::report::row::{Goal, Row, Score, rate, time};
use crate::settings::{Group, Settings};
use crate::workload::order::Demand::{Hot, Mix};

const A: Shape = Shape::Separate;
const B: Shape = Shape::OneStatement;

/// A row of the table: its name, who is measured against whom, and the goal.
type Comparison = (&'static str, Contender, Contender, f64);

const PLACEMENT: &[Comparison] = &[
    ("placement-parse", Embedded(Mix), ParseOnly, 0.35),
    ("placement-hand-a", Embedded(Mix), Hand(A, Mix), 7.0),
    ("placement-hand-b", Embedded(Mix), Hand(B, Mix), 3.0),
];
const POSTGRES: &[Comparison] = &[
    ("postgres-hand-a", TwoNodes(Mix), Hand(A, Mix), 4.0),
    ("postgres-hand-b", TwoNodes(Mix), Hand(B, Mix), 2.5),
];
const HOT: &[Comparison] = &[
    ("hot-mix", Embedded(Hot), Embedded(Mix), 0.8),
    ("hot-hand-b", Embedded(Hot), Hand(B, Hot), 10.0),
    ("hot-postgres-mix", TwoNodes(Hot), TwoNodes(Mix), 0.8),
    ("hot-postgres-hand-b", TwoNodes(Hot), Hand(B, Hot), 10.0),
];
const BASELINES: &[Contender] = &[Hand(A, Mix), Hand(B, Mix), Hand(A, Hot), Hand(B, Hot)];

/// Measures all contenders that the wanted rows need, side by side.
pub(crate) fn measure(
    stage: &mut Stage,
    settings: &Settings,
    product: Option<&Product>,
    folder: &Path,
    findings: &mut Findings,
) -> Result<Results> {
    let comparisons = wanted(settings);
    let contenders = contenders(&comparisons, settings);
    stage.prepare(&contenders, product, folder)?;
    let results = hold(stage, &contenders, settings)?;
    for comparison in comparisons {
        findings.rows.push(row(*comparison, &results)?);
    }
    if !results.is_empty() {
        findings.details.push(format!(
            "throughput was measured in {} rounds of {} each, after a warm-up of {}",
            settings.rounds,
            time(settings.lasting),
            time(settings.warm_up)
        ));
    }
    for (contender, measured) in &results {
        let latency = &measured.rounds[0].latency;
        findings.details.push(format!(
            "{contender}: {} with {} clients; p50 {:.2} ms, p99 {:.2} ms; \
             processor time an order: servers {:.0} µs, load generator {:.0} µs",
            rate(measured.rate()),
            measured.clients,
            latency.quantile(0.5).as_secs_f64() * 1e3,
            latency.quantile(0.99).as_secs_f64() * 1e3,
            measured.server_cost_us(),
            measured.client_cost_us(),
        ));
    }
    Ok(results)
}

fn wanted(settings: &Settings) -> Vec<&'static Comparison> {
    let groups = [
        (Group::Placement, PLACEMENT),
        (Group::Postgres, POSTGRES),
        (Group::Hot, HOT),
    ];
    groups
        .into_iter()
        .filter(|(group, _)| settings.wants(*group))
        .flat_map(|(_, comparisons)| comparisons)
        .collect()
}

fn contenders(comparisons: &[&Comparison], settings: &Settings) -> Vec<Contender> {
    let mut contenders: Vec<Contender> = comparisons
        .iter()
        .flat_map(|(_, value, base, _)| [*value, *base])
        .collect();
    if settings.wants(Group::Baselines) {
        contenders.extend(BASELINES);
    }
    if settings.wants(Group::HalfPeak) {
        contenders.push(Embedded(Mix));
    }
    contenders.sort();
    contenders.dedup();
    contenders
}

fn row(comparison: Comparison, results: &Results) -> Result<Row> {
    let (id, value, base, goal) = comparison;
    let measured = |contender| results.get(contender).context("not measured");
    let (value_rounds, base_rounds) = (measured(&value)?, measured(&base)?);
    Ok(Row {
        id: id.to_owned(),
        what: format!("placement: {value}"),
        measured: rate(value_rounds.rate()),
        against: format!("{base}: {}", rate(base_rounds.rate())),
        score: Score::Ratio(Ratio::of_rates(value_rounds, base_rounds)?),
        goal: Goal::AtLeast(goal),
    })
}

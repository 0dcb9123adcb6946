//! Bulk placement, in turn with a loop that does nothing but write the same rows.

use std::path::Path;
use std::sync::Arc;

use anyhow::{Context, Result};

use super::Findings;
use crate::baseline::sqlite_loop::SqliteLoop;
use crate::contest::result::{Ratio, median};
use crate::contest::stage::Stage;
use crate::product::bulk::{Manner, Until, place};
use crate::product::{Product, Running};
use crate::progress::say;
use crate::report::row::{Goal, Row, Score, rate};
use crate::settings::{Group, Settings};
use crate::workload::order::Demand;
use crate::workload::request::Template;

/// Many rows a request, and enough requests at once that the server always has work.
pub(crate) const MANNER: Manner = Manner {
    connections: 4,
    rows: 1_000,
};

/// Measures both sides, or the loop alone when only baselines are wanted.
pub(crate) fn measure(
    stage: &Stage,
    settings: &Settings,
    product: Option<&Product>,
    folder: &Path,
    findings: &mut Findings,
) -> Result<()> {
    let orders = &stage.demanded(Demand::Mix).orders;
    let rows: Arc<Vec<Template>> = Arc::new(orders.iter().map(Template::row).collect());
    let mut bare = SqliteLoop::set_up(folder, &stage.catalogue, orders)?;
    let running = match (settings.wants(Group::Bulk), product) {
        (true, product) => {
            let product = product.context("no product")?;
            Some(product.filled(folder, &stage.catalogue, "bulk")?)
        }
        (false, _) => None,
    };
    let (mut loop_rates, mut bulk_rates) = (Vec::new(), Vec::new());
    bare.run(orders, settings.warm_up)?;
    for _ in 0..settings.rounds {
        std::thread::sleep(settings.settling);
        loop_rates.push(bare.run(orders, settings.lasting)?.rate());
        say(&format!(
            "bare SQLite loop: {:.0}/s",
            median(loop_rates.clone())
        ));
        if let Some(running) = &running {
            std::thread::sleep(settings.settling);
            bulk_rates.push(bulk_rate(running, &rows, settings)?);
            say(&format!("bulk: {:.0}/s", median(bulk_rates.clone())));
        }
    }
    bare.check()?;
    let loop_text = format!("bare SQLite loop: {}", rate(median(loop_rates.clone())));
    findings.details.push(loop_text.clone());
    if running.is_some() {
        let pairs = bulk_rates.iter().copied().zip(loop_rates);
        findings.rows.push(Row {
            id: "bulk".to_owned(),
            what: "bulk placement (NDJSON), embedded".to_owned(),
            measured: rate(median(bulk_rates.clone())),
            against: loop_text,
            score: Score::Ratio(Ratio::of(pairs)?),
            goal: Goal::AtLeast(0.5),
        });
    }
    Ok(())
}

fn bulk_rate(running: &Running, rows: &Arc<Vec<Template>>, settings: &Settings) -> Result<f64> {
    let first = fastrand::u64(..) & !0xffff_ffff;
    place(
        running,
        rows,
        first,
        MANNER,
        Until::Elapsed(settings.lasting),
    )
}

//! Bulk placement, in turn with a loop that does nothing but write the same rows.

use std::path::Path;
use std::sync::Arc;
use std::thread;
use std::time::Instant;

use anyhow::{Context, Result};

use super::Findings;
use crate::baseline::same_rows::SameRows;
use crate::baseline::sqlite_loop::SqliteLoop;
use crate::contest::result::{Ratio, median};
use crate::contest::stage::Stage;
use crate::load::outcome::count_as_f64;
use crate::product::bulk::{Manner, Until, place};
use crate::product::projection::catch_up;
use crate::product::{Product, Running};
use crate::progress::say;
use crate::report::row::{Goal, Row, Score, rate, time};
use crate::settings::{Group, Settings};
use crate::workload::order::Demand;
use crate::workload::request::Template;

/// Many rows a request, and enough requests at once that the server always has work.
pub(crate) const MANNER: Manner = Manner {
    connections: 4,
    rows: 1_000,
};

/// Whose rows the loop writes again.
const SAMPLE: u64 = 20_000;

/// Both sides, and the rates of their rounds.
struct Sides {
    running: Running,
    rows: Arc<Vec<Template>>,
    same: SameRows,
}

/// Measures both sides, or the lean loop alone when only baselines are wanted.
pub(crate) fn measure(
    stage: &Stage,
    settings: &Settings,
    product: Option<&Product>,
    folder: &Path,
    findings: &mut Findings,
) -> Result<()> {
    let orders = &stage.demanded(Demand::Mix).orders;
    let mut lean = SqliteLoop::set_up(folder, &stage.catalogue, orders)?;
    let sides = if settings.wants(Group::Bulk) {
        Some(Sides::set_up(
            stage,
            product.context("no product")?,
            folder,
        )?)
    } else {
        None
    };
    let (mut lean_rates, mut same_rates) = (Vec::new(), Vec::new());
    let mut bulk_rates = Vec::new();
    lean.run(orders, settings.warm_up)?;
    for _ in 0..settings.rounds {
        thread::sleep(settings.settling);
        lean_rates.push(lean.run(orders, settings.lasting)?.rate());
        if let Some(sides) = &sides {
            thread::sleep(settings.settling);
            same_rates.push(sides.same.run()?);
            thread::sleep(settings.settling);
            bulk_rates.push(sides.bulk_rate(settings)?);
            say(&format!(
                "bulk: {:.0}/s; bare loop, same rows: {:.0}/s",
                median(bulk_rates.clone()),
                median(same_rates.clone())
            ));
        }
    }
    lean.check()?;
    findings.details.push(format!(
        "bare SQLite loop over the leanest tables: {}",
        rate(median(lean_rates))
    ));
    if let Some(sides) = sides {
        findings.details.push(format!(
            "a placed order is {:.1} rows, stock levels included",
            sides.same.rows_per_order()
        ));
        findings.rows.push(row(&bulk_rates, &same_rates)?);
    }
    Ok(())
}

fn row(bulk_rates: &[f64], same_rates: &[f64]) -> Result<Row> {
    let pairs = bulk_rates.iter().copied().zip(same_rates.iter().copied());
    Ok(Row {
        id: "bulk".to_owned(),
        what: "bulk placement (NDJSON), embedded".to_owned(),
        measured: rate(median(bulk_rates.to_vec())),
        against: format!(
            "bare SQLite loop, the same rows: {}",
            rate(median(same_rates.to_vec()))
        ),
        score: Score::Ratio(Ratio::of(pairs)?),
        goal: Goal::AtLeast(0.5),
    })
}

impl Sides {
    fn set_up(stage: &Stage, product: &Product, folder: &Path) -> Result<Self> {
        let orders = &stage.demanded(Demand::Mix).orders;
        let rows: Arc<Vec<Template>> = Arc::new(orders.iter().map(Template::row).collect());
        let sample = product.filled(folder, &stage.catalogue, "sample")?;
        let placed = place(&sample.access, &rows, 0, MANNER, Until::Placed(SAMPLE))?;
        catch_up(&sample.access, placed.last_reference)?;
        sample.server.stop()?;
        let filled = product.filled_database().context("nothing was filled")?;
        let loaded = folder.join("sample.db");
        Ok(Self {
            running: product.filled(folder, &stage.catalogue, "bulk")?,
            rows,
            same: SameRows::read(filled, &loaded, usize::try_from(SAMPLE)?)?,
        })
    }

    /// Orders per second, up to the moment at which a search finds the last one: what is
    /// written after the answers is part of the orders' rows.
    fn bulk_rate(&self, settings: &Settings) -> Result<f64> {
        let first = fastrand::u64(..) & !0xffff_ffff;
        let until = Until::Elapsed(settings.lasting);
        let started = Instant::now();
        let placed = place(&self.running.access, &self.rows, first, MANNER, until)?;
        let behind = catch_up(&self.running.access, placed.last_reference)?;
        say(&format!(
            "bulk: {:.0}/s, found {} later",
            placed.per_second,
            time(behind)
        ));
        let orders = count_as_f64(placed.last_reference + 1 - first);
        Ok(orders / started.elapsed().as_secs_f64())
    }
}

//! A large database beside a small one: pages of both, and the memory that the large one takes.

use std::path::Path;
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use anyhow::{Context, Result};

use super::bulk::MANNER;
use super::{Findings, pages};
use crate::product::bulk::{Until, place};
use crate::product::projection::catch_up;
use crate::product::{Product, Running};
use crate::progress::say;
use crate::report::row::{Goal, Row, Score, rate, thousands, time};
use crate::settings::{Group, Settings};
use crate::workload::catalogue::Catalogue;
use crate::workload::order::{Demand, Order, orders};
use crate::workload::request::Template;

/// A database of a known number of known orders.
pub(crate) struct Stocked {
    /// Its server.
    pub(crate) running: Running,
    /// The orders that were placed, over and over.
    pub(crate) orders: Vec<Order>,
    /// The number in the first external reference; the others follow.
    pub(crate) first_reference: u64,
    /// How many orders there are.
    pub(crate) placed: u64,
}

/// How many different orders a hundred thousand are made of: few enough that a customer has
/// ordered often enough to fill a page.
const DIFFERENT_PER_100_000: u64 = 1_640;

/// Fills both databases in bulk and measures what is wanted.
pub(crate) fn measure(
    settings: &Settings,
    product: Option<&Product>,
    folder: &Path,
    findings: &mut Findings,
) -> Result<()> {
    let product = product.context("no product")?;
    let many = stock(product, folder, "many", settings.many_orders, findings)?;
    if settings.wants(Group::Pages) {
        let few = stock(product, folder, "few", settings.few_orders, findings)?;
        pages::measure(&many, &few, settings, findings)?;
    }
    if settings.wants(Group::Memory) {
        memory(&many, settings, findings)?;
    }
    Ok(())
}

fn stock(
    product: &Product,
    folder: &Path,
    name: &str,
    count: u64,
    findings: &mut Findings,
) -> Result<Stocked> {
    let catalogue = Catalogue::new();
    let running = product.filled(folder, &catalogue, name)?;
    let different = (count * DIFFERENT_PER_100_000).div_ceil(100_000);
    let orders = orders(
        &catalogue,
        Demand::Mix,
        usize::try_from(different)?,
        u32::try_from(different)?,
    );
    let rows: Arc<Vec<Template>> = Arc::new(orders.iter().map(Template::row).collect());
    let first_reference = 1 << 40;
    say(&format!("placing {count} orders"));
    let placed = place(
        &running.access,
        &rows,
        first_reference,
        MANNER,
        Until::Placed(count),
    )?;
    let behind = catch_up(&running.access, placed.last_reference)?;
    findings.details.push(format!(
        "a database of {} orders was filled in bulk at {}; a search found the last one {} later",
        thousands(crate::load::outcome::count_as_f64(count)),
        rate(placed.per_second),
        time(behind)
    ));
    Ok(Stocked {
        running,
        orders,
        first_reference,
        placed: count,
    })
}

fn memory(many: &Stocked, settings: &Settings, findings: &mut Findings) -> Result<()> {
    thread::sleep(Duration::from_secs(5).max(settings.settling));
    let memory = many.running.server.memory()?;
    let megabytes = |kilobytes: u64| crate::load::outcome::count_as_f64(kilobytes) / 1_024.0;
    let orders = thousands(crate::load::outcome::count_as_f64(many.placed));
    findings.rows.push(Row {
        id: "memory".to_owned(),
        what: format!("memory, {orders} orders in the database, idle after load"),
        measured: format!("{:.0} MB resident", megabytes(memory.resident_kb)),
        against: "–".to_owned(),
        score: Score::Megabytes(megabytes(memory.resident_kb)),
        goal: Goal::AtMost(300.0),
    });
    findings.details.push(format!(
        "of the resident memory, {:.0} MB are the server's own and not mapped files",
        megabytes(memory.anonymous_kb)
    ));
    Ok(())
}

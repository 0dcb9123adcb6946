//! The rows of the table, each from its own measurement.

pub(crate) mod bulk;
pub(crate) mod disk;
pub(crate) mod half_peak;
pub(crate) mod large;
pub(crate) mod lone;
pub(crate) mod pages;
pub(crate) mod placement;
pub(crate) mod promise;

use std::path::Path;

use anyhow::Result;

use crate::contest::stage::Stage;
use crate::history;
use crate::product::Product;
use crate::report::row::Row;
use crate::settings::{Group, Settings};
use crate::sourcing;

/// What a run comes to.
#[derive(Default)]
pub(crate) struct Findings {
    /// The table.
    pub(crate) rows: Vec<Row>,
    /// What else was seen.
    pub(crate) details: Vec<String>,
}

/// Measures everything that the settings ask for.
pub(crate) fn measure(
    settings: &Settings,
    product: Option<&Product>,
    folder: &Path,
) -> Result<Findings> {
    let mut findings = Findings::default();
    let mut stage = Stage::new();
    let results = placement::measure(&mut stage, settings, product, folder, &mut findings)?;
    if settings.wants(Group::Baselines) {
        disk::measure(settings, folder, &mut findings)?;
    }
    if settings.wants(Group::Lone) {
        lone::measure(&mut stage, settings, product, folder, &mut findings)?;
    }
    if settings.wants(Group::HalfPeak) {
        half_peak::measure(&stage, settings, &results, folder, &mut findings)?;
    }
    stage.check()?;
    if settings.wants(Group::Bulk) || settings.wants(Group::Baselines) {
        bulk::measure(&stage, settings, product, folder, &mut findings)?;
    }
    drop(stage);
    if settings.wants(Group::Pages) || settings.wants(Group::Memory) {
        large::measure(settings, product, folder, &mut findings)?;
    }
    if settings.wants(Group::History) {
        findings
            .details
            .extend(history::measure(&settings.history)?);
    }
    if settings.wants(Group::Promise) {
        promise::measure(settings, product, folder, &mut findings)?;
    }
    if settings.wants(Group::Sourcing) {
        sourcing::measure(settings.sourced, &mut findings);
    }
    Ok(findings)
}

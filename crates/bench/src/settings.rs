//! What may be chosen about a run.

use std::path::PathBuf;
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use clap::{Parser, ValueEnum};

use crate::report::machine::root;

/// Measures Throughline against what it could cost at least, on this machine, in one run.
#[derive(Parser, Debug)]
#[command(version, about)]
pub(crate) struct Arguments {
    /// Measure only these groups of rows, and print them without writing the document.
    #[arg(long, value_delimiter = ',', value_enum)]
    pub(crate) rows: Vec<Group>,
    /// A short run with few orders, for a first look; it writes no document.
    #[arg(long)]
    pub(crate) quick: bool,
    /// How often each side of a ratio is measured, in turn.
    #[arg(long)]
    pub(crate) rounds: Option<usize>,
    /// How many seconds each measurement of throughput lasts.
    #[arg(long)]
    pub(crate) seconds: Option<f64>,
    /// How many orders the large database holds.
    #[arg(long)]
    pub(crate) orders: Option<u64>,
    /// Where the databases are made and removed again; must lie on a real disk.
    #[arg(long)]
    pub(crate) folder: Option<PathBuf>,
    /// The orders of the history: the file of UCI Online Retail, which may be packed with xz; a month of it unless given.
    #[arg(long)]
    pub(crate) history: Option<PathBuf>,
    /// The product's binary; built first unless given.
    #[arg(long)]
    pub(crate) binary: Option<PathBuf>,
    /// Where to write the table, even if only some rows are measured.
    #[arg(long)]
    pub(crate) output: Option<PathBuf>,
}

/// Rows that are measured together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Group {
    /// What everything is measured against, without the product.
    Baselines,
    /// Placing one order a request, embedded.
    Placement,
    /// The same on PostgreSQL with two nodes.
    Postgres,
    /// Every order wants the same one SKU.
    Hot,
    /// Placing many orders a request.
    Bulk,
    /// A lone order, nothing else running.
    Lone,
    /// Latency at half of peak load.
    HalfPeak,
    /// Lists, filters and searches over a large database.
    Pages,
    /// The history of a real shop on a network of twenty locations, without the product.
    History,
    /// Promises over many locations, and availability.
    Promise,
    /// How long the optimiser takes to source an order, without the product.
    Sourcing,
    /// Memory of an idle server over a large database.
    Memory,
}

/// How long and how large a run is.
#[derive(Clone, Debug)]
pub(crate) struct Settings {
    pub(crate) rounds: usize,
    pub(crate) lasting: Duration,
    pub(crate) warm_up: Duration,
    /// How long each client count is tried before the best one is measured.
    pub(crate) trying: Duration,
    /// What a server is given to finish its background work between measurements.
    pub(crate) settling: Duration,
    /// How many orders of each kind the optimiser is measured with.
    pub(crate) sourced: u64,
    /// How many single requests a latency is made of, per round.
    pub(crate) calls: usize,
    pub(crate) many_orders: u64,
    pub(crate) few_orders: u64,
    /// The orders of the history.
    pub(crate) history: PathBuf,
    rows: Vec<Group>,
}

impl Settings {
    /// What the arguments mean.
    pub(crate) fn new(arguments: &Arguments) -> Result<Self> {
        let quick = arguments.quick;
        let seconds = arguments.seconds.unwrap_or(if quick { 1.0 } else { 5.0 });
        let rounds = arguments.rounds.unwrap_or(if quick { 1 } else { 3 });
        let many_orders = arguments
            .orders
            .unwrap_or(if quick { 20_000 } else { 1_000_000 });
        ensure!(rounds > 0, "--rounds must be at least 1");
        ensure!(many_orders >= 1_000, "--orders must be at least 1,000");
        let lasting = Duration::try_from_secs_f64(seconds).context("--seconds is no time")?;
        Ok(Self {
            rounds,
            lasting,
            warm_up: lasting.mul_f64(0.2),
            trying: lasting.mul_f64(0.3),
            settling: Duration::from_millis(if quick { 200 } else { 1_000 }),
            sourced: if quick { 20 } else { 300 },
            calls: if quick { 100 } else { 500 },
            many_orders,
            few_orders: many_orders / 100,
            history: arguments
                .history
                .clone()
                .unwrap_or_else(|| root().join("data/uci/online_retail_2010-12.csv")),
            rows: arguments.rows.clone(),
        })
    }

    /// Whether these rows are wanted. Baselines alone are measured only when asked for.
    pub(crate) fn wants(&self, group: Group) -> bool {
        if self.rows.is_empty() {
            group != Group::Baselines
        } else {
            self.rows.contains(&group)
        }
    }
}

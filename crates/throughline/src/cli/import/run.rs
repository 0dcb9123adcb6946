//! The steps of an import, in their order.

use std::fs::File;
use std::io::Write;
use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};
use throughline_formats::sheet::{Mapping, ReadFault, Reconciliation, Sheet};
use throughline_store::Store;

use super::account::{Account, Counts};
use super::cancellations::Booking;
use super::customers::Customers;
use super::files;
use super::geo::{self, GeoArgs};
use super::made::Made;
use super::placing::Placing;
use super::plan::Plan;
use super::prepare::{Prepared, prepare};
use super::rejects::RejectsFile;
use super::report::{self, Report};
use super::verify::verify;
use crate::cli::flight::Flight;
use crate::cli::interrupt::Interrupt;
use crate::cli::progress::Progress;
use crate::cli::{Failure, database};
use crate::config::Settings;
use crate::execute::Executor;
use crate::wiring::clock::Stopwatch;

/// What is imported: orders, unless something else is named.
#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true, subcommand_negates_reqs = true)]
pub(in crate::cli) struct Import {
    #[command(subcommand)]
    other: Option<Other>,
    #[command(flatten)]
    orders: Option<ImportArgs>,
}

/// What else than orders can be imported.
#[derive(Debug, Subcommand)]
enum Other {
    /// Load where postal codes are, so that distances are known without coordinates
    Geo(GeoArgs),
}

/// Imports what is named.
///
/// # Errors
/// Names the file, the line and what to do.
pub(in crate::cli) fn import(what: &Import, settings: &Settings) -> Result<(), Failure> {
    match (&what.other, &what.orders) {
        (Some(Other::Geo(args)), _) => geo::import(args, settings),
        (None, Some(args)) => import_orders(args, settings),
        (None, None) => Err(Failure::Usage(
            "name a file and its mapping: throughline import FILE --map MAPPING".to_owned(),
        )),
    }
}

/// Arguments of `import` for orders.
#[derive(Debug, Args)]
struct ImportArgs {
    /// The spreadsheet: CSV or XLSX
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// The mapping: what the columns and values mean (TOML)
    #[arg(long, value_name = "MAPPING")]
    map: PathBuf,
    /// Where refused rows go; FILE.rejects.csv in the current folder unless given
    #[arg(long, value_name = "FILE")]
    rejects: Option<PathBuf>,
    /// Read and add up the file, and change nothing
    #[arg(long)]
    dry_run: bool,
}

/// Imports a spreadsheet of orders.
///
/// # Errors
/// Names the file, the line and what to do. An import that was interrupted goes on when it is run again.
fn import_orders(args: &ImportArgs, settings: &Settings) -> Result<(), Failure> {
    let stopwatch = Stopwatch::start();
    let mapping = files::mapping(&args.map)?;
    let mut sheet = files::sheet(&args.file, &mapping)?;
    let mut plan = Plan::of(&mut sheet).map_err(|fault| files::about(&args.file, &fault))?;
    add_up(&plan.reconciliation)?;
    if args.dry_run {
        return print(&format!("{}\nnothing was imported\n", plan.reconciliation));
    }
    let rejects = RejectsFile::begin(
        args.rejects.as_deref(),
        &args.file,
        &mapping,
        sheet.columns(),
    )?;
    let store = database::open(settings)?;
    let mut account = Account {
        reconciliation: Reconciliation {
            file: sheet.survey().clone(),
            ..Reconciliation::default()
        },
        rejects,
        progress: Progress::start("importing", "rows", sheet.survey().rows),
        counts: Counts::default(),
        remarks: Vec::new(),
    };
    let mut made = Made::new(std::mem::take(&mut plan.taken_from));
    let executor = database::executor(&store)?;
    let interrupt = Interrupt::watch()?;
    let mut steps = Steps {
        args,
        mapping: &mapping,
        store: &store,
        executor: &executor,
        interrupt: &interrupt,
        account: &mut account,
        made: &mut made,
    };
    let prepared = steps.run(&plan, &mut sheet);
    executor.shutdown_blocking();
    let prepared = prepared.inspect_err(|_| tell_how_to_go_on())?;
    let found = verify(&store, &interrupt, &made)?;
    let report = Report {
        file: &args.file,
        mapping: &mapping,
        account: &account,
        prepared,
        found: &found,
        took: stopwatch.elapsed(),
    };
    let text = report.text();
    finish(account, &text, found.differing)
}

struct Steps<'a> {
    args: &'a ImportArgs,
    mapping: &'a Mapping,
    store: &'a Store,
    executor: &'a Executor,
    interrupt: &'a Interrupt,
    account: &'a mut Account,
    made: &'a mut Made,
}

impl Steps<'_> {
    fn run(&mut self, plan: &Plan, sheet: &mut Sheet<File>) -> Result<Prepared, Failure> {
        let prepared = prepare(self.executor, self.interrupt, self.mapping, plan)?;
        let rows = self.mapping.policy.rows;
        let mut placing = Placing {
            store: self.store,
            rows,
            customers: Customers::new(self.mapping),
            flight: Flight::new(self.executor).until(self.interrupt),
            account: self.account,
            made: self.made,
            cancellations: Vec::new(),
        };
        let read = sheet.read(|document| placing.take(document));
        read.map_err(|fault| stopped(&self.args.file, fault))?;
        placing.finish()?;
        let cancellations = std::mem::take(&mut placing.cancellations);
        let (executor, interrupt) = (self.executor, self.interrupt);
        Booking::new(executor, interrupt, rows, self.account, self.made).book(cancellations)?;
        Ok(prepared)
    }
}

/// What is in the database stays there, and a second run finds it.
fn tell_how_to_go_on() {
    // Nobody is left to tell when standard error is closed.
    let _unseen = writeln!(
        std::io::stderr(),
        "throughline: the import has not ended; what it has made is kept, and the same command goes on from there"
    );
}

fn stopped(file: &Path, fault: ReadFault<Failure>) -> Failure {
    match fault {
        ReadFault::Sheet(fault) => files::about(file, &fault),
        ReadFault::Sink(failure) => failure,
    }
}

fn finish(account: Account, text: &str, differing: u64) -> Result<(), Failure> {
    let Account {
        reconciliation,
        rejects,
        progress,
        counts,
        ..
    } = account;
    progress.finish();
    let path = rejects.finish()?;
    let refused = report::refused(
        reconciliation.refused.rows,
        counts.orders_refused,
        path.as_deref(),
    );
    print(&format!("{text}{refused}"))?;
    add_up(&reconciliation)?;
    if differing > 0 {
        return Err(Failure::NotInOrder(
            "the database does not hold what the file says; run throughline doctor, and keep a copy of both".to_owned(),
        ));
    }
    Ok(())
}

/// The file's own sums are those of everything that becomes of it.
fn add_up(reconciliation: &Reconciliation) -> Result<(), Failure> {
    reconciliation
        .check()
        .map_err(|imbalance| Failure::NotInOrder(imbalance.to_string()))
}

fn print(text: &str) -> Result<(), Failure> {
    let written = std::io::stdout().write_all(text.as_bytes());
    written.map_err(|source| Failure::Fault {
        what: "cannot write to standard output".to_owned(),
        source,
    })
}

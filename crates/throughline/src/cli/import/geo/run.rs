//! The steps of loading postal codes: each file is read whole, and loaded in batches.

use std::io::Write;
use std::path::{Path, PathBuf};

use clap::Args;
use throughline_store::{PostalLoaded, PostalLoader, Store};

use super::report;
use super::table::{Table, read};
use super::unpack::bytes_of;
use crate::cli::interrupt::Interrupt;
use crate::cli::progress::Progress;
use crate::cli::{Failure, database};
use crate::config::Settings;
use crate::wiring::clock;

/// Codes that are loaded in one transaction: a server that writes beside it waits for no longer.
const BATCH: usize = 2_000;

/// Arguments of `import geo`.
#[derive(Debug, Args)]
pub(in crate::cli) struct GeoArgs {
    /// Tables of postal codes: CSV, or CSV packed with xz. Their first line names the columns: zip,lat,lon (United
    /// States), fsa,lat,lon (Canada), plz,a,b (Germany), or country,postal_code,latitude,longitude
    #[arg(value_name = "FILE", required = true)]
    files: Vec<PathBuf>,
}

/// Loads tables of postal codes; loading them again changes nothing.
///
/// # Errors
/// Names the file, the line and what to do. What was loaded before an interruption stays.
pub(in crate::cli) fn import(args: &GeoArgs, settings: &Settings) -> Result<(), Failure> {
    let read = |path: &PathBuf| {
        let bytes = bytes_of(path)?;
        read(&bytes).map_err(|fault| Failure::Input(format!("{}: {fault}", path.display())))
    };
    // All files are read before the first one is loaded: what is wrong with one is said before anything happens.
    let tables: Vec<Table> = args.files.iter().map(read).collect::<Result<_, _>>()?;
    let store = database::open(settings)?;
    let interrupt = Interrupt::watch()?;
    for (path, table) in args.files.iter().zip(&tables) {
        let loaded = load(&store, &interrupt, table)?;
        print(path, table, loaded)?;
    }
    Ok(())
}

fn load(store: &Store, interrupt: &Interrupt, table: &Table) -> Result<PostalLoaded, Failure> {
    let locked = |error| database::named(store, error);
    let mut loader: PostalLoader = store.postal_loader().map_err(locked)?;
    let total = table.areas.len() as u64;
    let mut progress = Progress::start("loading postal codes", "codes", total);
    let mut all = PostalLoaded::default();
    for batch in table.areas.chunks(BATCH) {
        interrupt.check()?;
        let loaded = loader.load(batch, clock::now()).map_err(locked)?;
        all.new += loaded.new;
        all.moved += loaded.moved;
        all.same += loaded.same;
        progress.advance(batch.len() as u64);
    }
    progress.finish();
    Ok(all)
}

fn print(path: &Path, table: &Table, loaded: PostalLoaded) -> Result<(), Failure> {
    let text = report::text(path, table, loaded);
    let written = std::io::stdout().write_all(text.as_bytes());
    written.map_err(|source| Failure::Fault {
        what: "cannot write to standard output".to_owned(),
        source,
    })
}

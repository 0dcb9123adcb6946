//! `throughline doctor`: what is configured and why, and whether the database is in order.

use std::io::Write;

use throughline_core::geo::LocatedBy;
use throughline_core::network::{LocationStatus, Network};
use throughline_store::{
    Engine, Store, StoreError, VIOLATIONS_MAX, check_file, check_invariants, views,
};

use super::{Failure, database};
use crate::config::{KEYS, Layers, Settings, Source};

/// Violations that are printed; more are only counted.
const SHOWN: usize = 20;

/// Explains the configuration and checks the database.
pub(super) fn examine(settings: &Settings, layers: &Layers) -> Result<(), Failure> {
    say(&format!(
        "Throughline {}\nConfiguration",
        env!("CARGO_PKG_VERSION")
    ))?;
    for key in KEYS {
        let source = layers
            .get(key.name)
            .map_or(&Source::Default, |(_, source)| source);
        say(&format!(
            "  {} = {} ({source})",
            key.name,
            settings.shown(key.name)
        ))?;
        say(&format!("      {}", key.help))?;
    }
    say("Database")?;
    let store = database::open(settings).map_err(|failure| match failure {
        Failure::Store(error) => damaged(error),
        failure => failure,
    })?;
    let engine = match store.engine() {
        Engine::Sqlite => "SQLite",
        Engine::Postgres => "PostgreSQL",
    };
    say(&format!(
        "  {engine}: {}, partitions: {}",
        store.place(),
        store.partitions()
    ))?;
    check_pages(&store)?;
    tell_places(&store)?;
    check(&store)
}

/// Locations whose distances are guesses, and what to do about it.
fn tell_places(store: &Store) -> Result<(), Failure> {
    let network = store.read(views::network::current).map_err(damaged)?;
    let unknown = "no coordinates and no country: give an address";
    tell_located(&network, None, unknown)?;
    let vague = "only the country's: give coordinates, or load postal codes (throughline import geo) and put them again";
    tell_located(&network, Some(LocatedBy::Country), vague)
}

fn tell_located(network: &Network, by: Option<LocatedBy>, problem: &str) -> Result<(), Failure> {
    let in_use = network
        .locations
        .iter()
        .filter(|location| location.status != LocationStatus::Closed);
    let so_located = in_use.filter(|location| location.place().map(|place| place.by) == by);
    let codes: Vec<&str> = so_located.map(|location| location.code.as_str()).collect();
    if codes.is_empty() {
        return Ok(());
    }
    let named = codes
        .iter()
        .take(SHOWN)
        .copied()
        .collect::<Vec<_>>()
        .join(", ");
    let more = if codes.len() > SHOWN { " ..." } else { "" };
    say(&format!(
        "  locations with {problem}: {} ({named}{more})",
        codes.len()
    ))
}

/// What the engine says of its own file comes first: nothing else can be trusted where a page is damaged.
fn check_pages(store: &Store) -> Result<(), Failure> {
    let found = store.read(check_file).map_err(damaged)?;
    if found.is_empty() {
        return Ok(());
    }
    for line in found.iter().take(SHOWN) {
        say(&format!("  {line}"))?;
    }
    Err(Failure::NotInOrder(format!(
        "the file is damaged in the places above; {REMEDY}"
    )))
}

/// Folds every journal and adds up every level; takes about as long as reading the whole database.
fn check(store: &Store) -> Result<(), Failure> {
    let violations = store.read(check_invariants).map_err(damaged)?;
    for violation in violations.iter().take(SHOWN) {
        say(&format!("  {violation}"))?;
    }
    if violations.is_empty() {
        return say("  every invariant holds");
    }
    let count = violations.len();
    let or_more = if count >= VIOLATIONS_MAX {
        " or more"
    } else {
        ""
    };
    Err(Failure::NotInOrder(format!(
        "{count}{or_more} violations of invariants were found; {REMEDY}"
    )))
}

const REMEDY: &str = "keep a copy of the database and restore a backup";

/// The usual message sends people to the doctor; here they are with it already.
fn damaged(error: StoreError) -> Failure {
    match error {
        StoreError::Corrupt { what, detail } => {
            Failure::NotInOrder(format!("{what} is damaged: {detail}; {REMEDY}"))
        }
        error => error.into(),
    }
}

fn say(line: &str) -> Result<(), Failure> {
    let written = writeln!(std::io::stdout(), "{line}");
    written.map_err(|source| Failure::Fault {
        what: "cannot write to standard output".to_owned(),
        source,
    })
}

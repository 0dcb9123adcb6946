//! `throughline doctor`: what is configured and why, and whether the database is in order.

use std::io::Write;

use throughline_store::{Store, VIOLATIONS_MAX, check_invariants};

use super::{Failure, database};
use crate::config::{KEYS, Layers, Settings, Source};

/// Violations that are printed; more are only counted.
const SHOWN: usize = 20;

/// Explains the configuration and checks the database.
pub(super) fn examine(settings: &Settings, layers: &Layers) -> Result<(), Failure> {
    say("Configuration")?;
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
    let store = database::open(settings)?;
    say(&format!(
        "  {} ({:?}), partitions: {}",
        store.place(),
        store.engine(),
        store.partitions()
    ))?;
    check(&store)
}

/// Folds every journal and adds up every level; takes about as long as reading the whole database.
fn check(store: &Store) -> Result<(), Failure> {
    let violations = store.read(check_invariants)?;
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
        "{count}{or_more} violations of invariants were found; keep a copy of the database and restore a backup"
    )))
}

fn say(line: &str) -> Result<(), Failure> {
    let written = writeln!(std::io::stdout(), "{line}");
    written.map_err(|source| Failure::Fault {
        what: "cannot write to standard output".to_owned(),
        source,
    })
}

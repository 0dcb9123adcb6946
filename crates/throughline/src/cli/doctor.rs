//! `throughline doctor`: what is configured and why, and whether the database is in order.

use std::io::Write;

use super::{Failure, database};
use crate::config::{KEYS, Layers, Settings, Source};

/// Explains the configuration and checks the database.
pub(super) fn examine(settings: &Settings, layers: &Layers) -> Result<(), Failure> {
    say("Configuration")?;
    for key in KEYS {
        let (value, source) = match layers.get(key.name) {
            Some((text, source)) => (text.clone(), source.clone()),
            None => (String::new(), Source::Default),
        };
        let value = if key.name == "database" {
            settings.database_shown()
        } else {
            value
        };
        say(&format!(
            "  {:16} {value:32} {source}: {}",
            key.name, key.help
        ))?;
    }
    say("Database")?;
    let store = database::open(settings)?;
    say(&format!(
        "  {} ({:?}), {} partitions",
        store.place(),
        store.engine(),
        store.partitions()
    ))?;
    Ok(())
}

fn say(line: &str) -> Result<(), Failure> {
    let written = writeln!(std::io::stdout(), "{line}");
    written.map_err(|source| Failure::Fault {
        what: "cannot write to standard output".to_owned(),
        source,
    })
}

//! `throughline order`: where is my order, and why; one look at everything that is known of it.

mod bar;
mod ink;
mod look_up;
mod page;
mod phrases;
mod promised;
mod timeline;
mod why;
mod words;

use std::io::{IsTerminal, Write};

use clap::Args;
use throughline_store::Store;

use super::{Failure, database};
use crate::config::Settings;

pub(super) use ink::Ink;
use look_up::look_up;

/// Arguments of `order`.
#[derive(Debug, Args)]
pub(super) struct OrderArgs {
    /// The order's number or id
    #[arg(value_name = "NUMBER or ID")]
    name: String,
}

/// Shows an order on standard output; in colours on a terminal.
///
/// # Errors
/// When there is no such order, or the database cannot be read.
pub(super) fn show(args: &OrderArgs, settings: &Settings) -> Result<(), Failure> {
    let store = database::open(settings)?;
    let no_colour = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
    let ink = Ink::new(std::io::stdout().is_terminal() && !no_colour);
    let text = text(&store, &args.name, ink)?;
    let written = std::io::stdout().write_all(text.as_bytes());
    written.map_err(|source| Failure::Fault {
        what: "cannot write to standard output".to_owned(),
        source,
    })
}

/// Everything that is known of an order, as text.
///
/// # Errors
/// When there is no such order, or the database cannot be read.
pub(super) fn text(store: &Store, name: &str, ink: Ink) -> Result<String, Failure> {
    let found = look_up(store, name)?;
    Ok(format!(
        "{}{}",
        page::text(&found, ink),
        timeline::text(&found, ink)
    ))
}

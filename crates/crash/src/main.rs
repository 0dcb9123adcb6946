//! Kills the server, or its database, under load, again and again, and checks that nothing acknowledged is lost, that
//! nothing is doubled when every request is retried with its key, and that all invariants hold.

#![expect(
    clippy::disallowed_methods,
    reason = "a crash test reads clocks; nothing of the product depends on it"
)]

mod arguments;
mod campaign;
mod check;
mod client;
mod cycle;
mod database;
mod fault;
mod server;
mod shop;
mod torn;

use std::process::ExitCode;
use std::time::{SystemTime, UNIX_EPOCH};

use anyhow::Result;
use clap::Parser;

use crate::arguments::Arguments;
use crate::campaign::{Campaign, Findings};

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    match run(&arguments) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("the crash tests cannot go on: {error:#}");
            ExitCode::from(2)
        }
    }
}

/// Whether everything was as it should be: nothing found, or, with a planted fault, something.
fn run(arguments: &Arguments) -> Result<bool> {
    let seed = arguments.seed.unwrap_or_else(seed);
    println!("seed {seed}");
    let campaigns = arguments.campaigns();
    for campaign in &campaigns {
        let findings = Campaign::prepare(*campaign, arguments, seed)?.run()?;
        if !conclude(&findings, arguments) {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Says what was found, and whether that was to be expected.
fn conclude(findings: &Findings, arguments: &Arguments) -> bool {
    let Some(fault) = arguments.plant else {
        findings.tell();
        return findings.is_empty();
    };
    if findings.is_empty() {
        println!("{fault:?} was planted and nobody noticed");
    } else {
        println!("{fault:?} was planted and noticed, as it must be:");
        findings.tell();
    }
    !findings.is_empty()
}

fn seed() -> u64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    since.map_or(0, |since| {
        u64::from(since.subsec_nanos()) ^ (since.as_secs() << 20)
    })
}

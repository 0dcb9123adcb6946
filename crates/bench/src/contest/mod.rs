//! Throughput, measured side by side: every contender at its own best number of clients, one
//! after the other, round after round, so that what disturbs the machine disturbs them all.

pub(crate) mod contender;
pub(crate) mod result;
pub(crate) mod stage;

use std::thread;

use anyhow::{Context, Result};

use self::contender::Contender;
use self::result::{Measured, Results};
use self::stage::Stage;
use crate::progress::say;
use crate::settings::Settings;

/// Measures all contenders.
pub(crate) fn hold(
    stage: &Stage,
    contenders: &[Contender],
    settings: &Settings,
) -> Result<Results> {
    let mut results = Results::new();
    for contender in contenders {
        let clients = best_clients(stage, *contender, settings)?;
        results.insert(*contender, Measured::with_clients(clients));
    }
    for round in 1..=settings.rounds {
        for contender in contenders {
            thread::sleep(settings.settling);
            let measured = results.get_mut(contender).context("not tried yet")?;
            let cpu_before = stage.cpu(*contender)?;
            let times = (settings.warm_up, settings.lasting);
            let outcome = stage
                .run(*contender, measured.clients, times)
                .with_context(|| contender.to_string())?;
            let server_cpu = stage.cpu(*contender)?.saturating_sub(cpu_before);
            say(&format!(
                "round {round} of {}: {contender}: {:.0}/s with {} clients",
                settings.rounds,
                outcome.rate(),
                measured.clients
            ));
            measured.add(outcome, server_cpu, settings);
        }
    }
    Ok(results)
}

/// Tries several client counts for a moment and answers the one with the highest rate.
fn best_clients(stage: &Stage, contender: Contender, settings: &Settings) -> Result<usize> {
    let mut best = (0.0, 0);
    let mut tried = Vec::new();
    for clients in contender.client_counts() {
        let times = (settings.trying.mul_f64(0.3), settings.trying);
        let rate = stage
            .run(contender, *clients, times)
            .with_context(|| contender.to_string())?
            .rate();
        tried.push(format!("{clients}: {rate:.0}/s"));
        if rate > best.0 {
            best = (rate, *clients);
        }
    }
    say(&format!("{contender}: tried {}", tried.join(", ")));
    Ok(best.1)
}

//! The history of a real shop, placed, sourced and shipped again on a network of twenty locations, in its own time, with and without
//! a storm in which locations turn down what they are given.
//!
//! Nothing but core decides here, on facts in memory, so that nine months pass in seconds. What the data does not have is made by
//! rule and said in the report: stock follows from the demand, weights are those of other small goods, customers live in towns.

mod network;
mod orders;
mod report;
mod shop;
mod simulate;
mod stock;
mod towns;
mod world;

use std::path::Path;

use anyhow::{Result, bail};

use self::network::Rules;
use self::simulate::{Storm, simulate};
use crate::progress::say;

/// Orders of the data, and what comes of them under each rule.
pub(crate) fn measure(file: &Path) -> Result<Vec<String>> {
    let data = orders::read(file)?;
    say(&format!(
        "history: {} orders of {} days",
        data.orders.len(),
        data.days()
    ));
    let mut lines = vec![report::of_data(&data)];
    let runs = [
        (Rules::Ranked, Storm::Never),
        (Rules::LowestCost, Storm::Never),
        (Rules::Ranked, Storm::Half),
        (Rules::LowestCost, Storm::Half),
    ];
    // Runs know nothing of each other: those with and without the storm take a processor each.
    let told = std::thread::scope(|scope| {
        let halves = [Storm::Never, Storm::Half].map(|storm| {
            let of_half = runs.iter().filter(move |run| run.1 == storm);
            let data = &data;
            scope.spawn(move || {
                of_half
                    .map(|run| told_of(data, *run))
                    .collect::<Result<Vec<_>>>()
            })
        });
        halves.map(|half| {
            half.join()
                .unwrap_or_else(|_| bail!("a run of the history broke off"))
        })
    });
    for half in told {
        lines.extend(half?.into_iter().flatten());
    }
    Ok(lines)
}

fn told_of(data: &orders::Data, (rules, storm): (Rules, Storm)) -> Result<Vec<String>> {
    let outcome = simulate(data, rules, storm)?;
    let told = report::of_run(rules, storm, &outcome);
    told.iter().for_each(|line| say(line));
    Ok(told)
}

//! What came of the runs, in words.

use std::time::Duration;

use super::network::Rules;
use super::orders::Data;
use super::simulate::{Kept, RunOutcome, Storm, Tally};

/// What the data is.
pub(super) fn of_data(data: &Data) -> String {
    let units: i64 = data.units.values().sum();
    format!(
        "history: {} orders of {} days for {units} units of {} SKUs, on 6 warehouses and 14 stores; stock: demand of a month at the beginning, then each week the average of the last four",
        data.orders.len(),
        data.days(),
        data.units.len(),
    )
}

/// What came of one run: a line in all, and with a storm one for the weeks before, in and after it.
pub(super) fn of_run(rules: Rules, storm: Storm, outcome: &RunOutcome) -> Vec<String> {
    let name = rules.name();
    let with = match storm {
        Storm::Never => "",
        Storm::Half => ", with a week in which three warehouses turn everything down",
    };
    let [all, before, during, after] = &outcome.tallies;
    let mut lines = vec![format!(
        "history, {name}{with}: {}; {} of {} weighed plans proven; {} placements a second decided by one thread, {} commands a second in all",
        told(all),
        outcome.proven,
        outcome.weighed,
        per_second(outcome.placed, outcome.placing),
        per_second(outcome.decided, outcome.deciding),
    )];
    if storm == Storm::Half {
        for (word, tally) in [
            ("the four weeks before", before),
            ("the week of the storm", during),
            ("the four weeks after", after),
        ] {
            lines.push(format!("history, {name}, {word}: {}", told(tally)));
        }
    }
    lines
}

fn told(tally: &Tally) -> String {
    format!(
        "{} orders; filled at once {} of units, delivered {}; {} parcels an order; {} an order; promised {} of orders a day with 90 % confidence, {}; of those that were proven ({}) {}; {} turned down",
        tally.orders,
        percent(tally.at_once, tally.units),
        percent(tally.delivered, tally.units),
        hundredths(signed(tally.parcels) * 100, signed(tally.orders)),
        pounds(tally.cost_minor, signed(tally.orders)),
        percent(signed(tally.promised.made), signed(tally.orders)),
        kept(tally.promised),
        percent(signed(tally.proven.made), signed(tally.promised.made)),
        kept(tally.proven),
        tally.rejected,
    )
}

fn kept(promises: Kept) -> String {
    let share = percent(signed(promises.kept), signed(promises.made));
    format!("kept {share} of them")
}

fn signed(count: u64) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

fn percent(part: i64, whole: i64) -> String {
    let tenths = part * 1_000 / whole.max(1);
    format!("{}.{} %", tenths / 10, tenths % 10)
}

fn hundredths(sum: i64, count: i64) -> String {
    let value = sum / count.max(1);
    format!("{}.{:02}", value / 100, value % 100)
}

fn pounds(minor: i64, count: i64) -> String {
    format!("GBP {}", hundredths(minor, count))
}

fn per_second(count: u64, took: Duration) -> String {
    let ms = u64::try_from(took.as_millis()).unwrap_or(u64::MAX).max(1);
    (count * 1_000 / ms).to_string()
}

//! Stock that follows from the demand: what sells in a month at the beginning, and each week what has sold on average.

use std::collections::BTreeMap;

use throughline_core::command::Command;
use throughline_core::inventory::ReceiveStock;

use super::orders::{DAY_MS, Data};
use super::towns::{STORES, WAREHOUSES};

/// Days of the first stock.
const FIRST_DAYS: i64 = 30;
/// Weeks whose average is ordered again.
const AVERAGED: usize = 4;
/// Warehouses and stores that keep a SKU, and what each of them gets of a delivery, in hundredths.
const WAREHOUSES_EACH: (usize, i64) = (3, 25);
const STORES_EACH: (usize, i64) = (5, 5);

/// A choice that is the same for the same word (FNV-1a, 64 bits).
pub(super) fn choice(word: &str) -> u64 {
    word.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x100_0000_01b3)
    })
}

/// The least whole number that is not below a quotient of positive numbers.
fn rounded_up(whole: i64, parts: i64) -> i64 {
    (whole + parts - 1) / parts
}

/// What comes in at the beginning.
pub(super) fn first(data: &Data) -> Vec<Command> {
    let days = data.days();
    let units = data.units.iter();
    let units = units.map(|(sku, units)| (sku.as_str(), rounded_up(units * FIRST_DAYS, days)));
    units.flat_map(|(sku, units)| deliver(sku, units)).collect()
}

/// Units that were wanted of each SKU, by week.
pub(super) struct Sold(Vec<BTreeMap<String, i64>>);

impl Sold {
    pub(super) fn new(data: &Data) -> Self {
        let weeks = usize::try_from(data.days() / 7 + 1).unwrap_or(1);
        let mut sold = vec![BTreeMap::new(); weeks];
        for order in &data.orders {
            let week = (order.at.0 - data.begins().0) / (7 * DAY_MS);
            let week = usize::try_from(week).unwrap_or(0);
            for (sku, units, _) in &order.lines {
                *sold[week].entry(sku.clone()).or_default() += units;
            }
        }
        Self(sold)
    }

    /// What comes in at the end of a week: what the last weeks wanted on average.
    pub(super) fn after(&self, week: usize) -> Vec<Command> {
        let from = (week + 1).saturating_sub(AVERAGED);
        let mut wanted: BTreeMap<&str, i64> = BTreeMap::new();
        for (sku, units) in self.0[from..=week].iter().flatten() {
            *wanted.entry(sku).or_default() += units;
        }
        let weeks = i64::try_from(week + 1 - from).unwrap_or(1);
        let units = wanted
            .into_iter()
            .map(|(sku, units)| (sku, rounded_up(units, weeks)));
        units.flat_map(|(sku, units)| deliver(sku, units)).collect()
    }

    pub(super) fn weeks(&self) -> usize {
        self.0.len()
    }
}

/// Divides units between the locations that keep a SKU; what is left over by rounding goes to the first.
fn deliver(sku: &str, units: i64) -> Vec<Command> {
    let choice = usize::try_from(choice(sku) % 65_536).unwrap_or(0);
    let (warehouses, stores) = (WAREHOUSES.len(), STORES.len());
    let warehouse = |step: usize| WAREHOUSES[(choice + step * 2) % warehouses].1;
    let store = |step: usize| STORES[(choice / 7 + step * 3) % stores].1;
    let kept = (0..WAREHOUSES_EACH.0).map(|step| (warehouse(step), WAREHOUSES_EACH.1));
    let kept = kept.chain((0..STORES_EACH.0).map(|step| (store(step), STORES_EACH.1)));
    let mut parts: Vec<(&str, i64)> = kept
        .map(|(town, share)| (town, units * share / 100))
        .collect();
    let given: i64 = parts.iter().map(|(_, units)| units).sum();
    parts[0].1 += units - given;
    parts.retain(|(_, units)| *units > 0);
    parts
        .into_iter()
        .map(|(town, units)| receive(sku, town, units))
        .collect()
}

fn receive(sku: &str, town: &str, quantity: i64) -> Command {
    Command::ReceiveStock(ReceiveStock {
        sku: sku.to_owned(),
        location: town.to_uppercase(),
        quantity,
        reference: "delivery".to_owned(),
        lot: None,
    })
}

//! Stock for the demonstration, derived from what the data's own orders want, so that some of them come up short.

use std::collections::BTreeMap;

use throughline_core::command::Command;
use throughline_core::inventory::ReceiveStock;
use throughline_formats::sheet::{Method, SheetOrder};

use super::fate::Fate;
use super::network::SITES;

/// Units that the orders want, by SKU, with the first title of each.
pub(super) struct Wanted<'a> {
    pub(super) units: BTreeMap<&'a str, i64>,
    pub(super) titles: BTreeMap<&'a str, &'a str>,
}

impl<'a> Wanted<'a> {
    /// Adds up the orders.
    pub(super) fn by(orders: &'a [SheetOrder]) -> Self {
        let (mut units, mut titles) = (BTreeMap::new(), BTreeMap::new());
        for line in orders.iter().flat_map(|order| &order.lines) {
            let stocked = line.method == Method::Ship;
            *units.entry(line.sku.as_str()).or_default() += if stocked { line.quantity } else { 0 };
            titles
                .entry(line.sku.as_str())
                .or_insert_with(|| line.title.as_deref().unwrap_or(&line.sku));
        }
        Self { units, titles }
    }

    /// What comes in before the orders: everything that is wanted and a fifth more, but of one SKU in eight only three
    /// quarters.
    pub(super) fn first_delivery(&self) -> impl Iterator<Item = Command> {
        self.units.iter().flat_map(|(sku, wanted)| {
            let units = if is_scarce(sku) {
                wanted * 3 / 4
            } else {
                wanted + wanted / 5
            };
            spread(units)
                .map(move |(location, units)| receive(sku, location, units, "first delivery"))
        })
    }

    /// What comes in while orders wait: half of what was short. The rest stays short.
    pub(super) fn second_delivery(&self) -> impl Iterator<Item = Command> {
        let scarce = self.units.iter().filter(|(sku, _)| is_scarce(sku));
        let units = scarce.map(|(sku, wanted)| (*sku, (wanted - wanted * 3 / 4) / 2));
        units
            .filter(|(_, units)| *units > 0)
            .map(|(sku, units)| receive(sku, SITES[0].code, units, "second delivery"))
    }
}

fn is_scarce(sku: &str) -> bool {
    Fate::of(sku).choice().is_multiple_of(8)
}

/// Divides units between the locations; what is left over by rounding goes to the first.
fn spread(units: i64) -> impl Iterator<Item = (&'static str, i64)> {
    let others: i64 = SITES[1..].iter().map(|site| units * site.share / 100).sum();
    let first = (SITES[0].code, units - others);
    let others = SITES[1..]
        .iter()
        .map(move |site| (site.code, units * site.share / 100));
    [first]
        .into_iter()
        .chain(others)
        .filter(|(_, units)| *units > 0)
}

fn receive(sku: &str, location: &str, quantity: i64, reference: &str) -> Command {
    Command::ReceiveStock(ReceiveStock {
        sku: sku.to_owned(),
        location: location.to_owned(),
        quantity,
        lot: None,
        reference: reference.to_owned(),
    })
}

//! I2, I3 and I4 of lots: they sum to the levels, are claimed by fulfilments, and are the sums of the ledger.

use std::collections::BTreeMap;

use throughline_core::id::ItemId;
use throughline_core::inventory::{Lot, LotCode, LotLevel};
use throughline_core::network::LocationId;
use throughline_core::order::{Order, Violation};

use super::violation;
use crate::Snapshot;

type Place = (ItemId, LocationId, LotCode);

pub(super) fn check(snapshot: &Snapshot, found: &mut Vec<Violation>) {
    check_levels(snapshot, found);
    check_ledger(snapshot, found);
    check_claims(snapshot, found);
}

/// I2 of each lot; all lots of an item at a location are its level there, and items without lots have none.
fn check_levels(snapshot: &Snapshot, found: &mut Vec<Violation>) {
    let mut sums: BTreeMap<(ItemId, LocationId), [i64; 5]> = BTreeMap::new();
    for ((item, location, _), lot) in &snapshot.lots {
        if !lot.is_sound() {
            found.push(violation("I2", format!("{lot:?}")));
        }
        let sum = sums.entry((*item, *location)).or_default();
        sum.iter_mut()
            .zip(lot.counts())
            .for_each(|(sum, units)| *sum += units);
    }
    for ((item, location), level) in &snapshot.levels {
        let has_lots = snapshot.items.get(item).is_some_and(|item| item.has_lots());
        let sum = sums.remove(&(*item, *location)).unwrap_or_default();
        let is = [
            level.on_hand,
            level.allocated,
            level.quarantined,
            level.damaged,
            level.in_transit,
        ];
        if has_lots && sum != is || !has_lots && sum != [0; 5] {
            let detail = format!(
                "the lots of {item} at {} sum up to {sum:?}, the level is {level:?}",
                location.0
            );
            found.push(violation("I4", detail));
        }
    }
    for (place, sum) in sums {
        found.push(violation(
            "I4",
            format!("lots {sum:?} without a level: {place:?}"),
        ));
    }
}

/// I4: the lots are the sums of the rows of the ledger that name them, and every row of an item with lots names one.
fn check_ledger(snapshot: &Snapshot, found: &mut Vec<Violation>) {
    let mut sums: BTreeMap<Place, LotLevel> = BTreeMap::new();
    for row in &snapshot.ledger {
        let change = &row.change;
        let has_lots = snapshot
            .items
            .get(&row.item)
            .is_some_and(|item| item.has_lots());
        let of_units = [
            change.on_hand,
            change.allocated,
            change.quarantined,
            change.damaged,
            change.in_transit,
        ];
        let is_named = row.lot.is_some() || of_units == [0; 5];
        if has_lots && !is_named {
            found.push(violation(
                "I4",
                format!("a row of the ledger names no lot: {row:?}"),
            ));
        }
        let Some(code) = &row.lot else { continue };
        let lot = Lot {
            code: code.clone(),
            expires_on: None,
        };
        let sum = sums.entry((row.item, row.location, code.clone()));
        sum.or_insert_with(|| LotLevel::empty(row.location, lot))
            .apply(change);
    }
    sums.retain(|_, sum| sum.counts() != [0; 5]);
    let told = sums.into_iter().map(|(place, sum)| (place, sum.counts()));
    let stored = snapshot
        .lots
        .iter()
        .map(|(place, lot)| (place.clone(), lot.counts()));
    let (told, stored): (BTreeMap<_, _>, BTreeMap<_, _>) = (told.collect(), stored.collect());
    if told != stored {
        let detail = format!("the ledger sums up to lots {told:?}, and they are {stored:?}");
        found.push(violation("I4", detail));
    }
}

/// I3: what is allocated of a lot is what unshipped fulfilment lines claim of it.
fn check_claims(snapshot: &Snapshot, found: &mut Vec<Violation>) {
    let mut claimed: BTreeMap<Place, i64> = BTreeMap::new();
    for order in snapshot.orders() {
        claims(order, |place, units| {
            *claimed.entry(place).or_default() += units;
        });
    }
    let allocated = snapshot.lots.iter().filter(|(_, lot)| lot.allocated != 0);
    let allocated = allocated.map(|(place, lot)| (place.clone(), lot.allocated));
    let allocated: BTreeMap<Place, i64> = allocated.collect();
    if claimed != allocated {
        let detail = format!("fulfilments claim lots {claimed:?}, and {allocated:?} are allocated");
        found.push(violation("I3", detail));
    }
}

fn claims(order: &Order, mut claim: impl FnMut(Place, i64)) {
    for fulfilment in &order.progress.fulfilments {
        let Some(location) = fulfilment.location else {
            continue;
        };
        for lot in &fulfilment.lots {
            let line = order.placed.lines.iter().find(|line| line.no == lot.line);
            let units = fulfilment.lines.iter().find(|entry| entry.line == lot.line);
            let left = units.map_or(0, |entry| entry.units.left());
            if let Some(item) = line.and_then(|line| line.item).filter(|_| left == 0) {
                claim(
                    (item, location, lot.lot.code.clone()),
                    lot.unpicked + lot.picked,
                );
            }
        }
    }
}

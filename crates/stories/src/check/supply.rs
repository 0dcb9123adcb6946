//! Supply: its journal tells what is stored (I6), and what is in transit is what transfers have not delivered (I3).

use std::collections::BTreeMap;

use throughline_core::id::ItemId;
use throughline_core::inventory::{Supply, SupplyRecord, SupplySource, fold_supply};
use throughline_core::network::LocationId;
use throughline_core::order::Violation;

use super::violation;
use crate::{Snapshot, ToldSupply};

pub(super) fn check(snapshot: &Snapshot, found: &mut Vec<Violation>) {
    let mut in_transit: BTreeMap<(ItemId, LocationId), i64> = BTreeMap::new();
    for told in snapshot.supplies.values() {
        check_journal(told, found);
        if let SupplySource::Transfer { .. } = told.supply.source {
            let place = (told.supply.item, told.supply.location);
            *in_transit.entry(place).or_default() += missing(&told.supply).max(0);
        }
    }
    for (place, level) in &snapshot.levels {
        let underway = in_transit.remove(place).unwrap_or(0);
        if level.in_transit != underway {
            let detail = format!("{underway} units are underway, but {level:?}");
            found.push(violation("I3", detail));
        }
    }
    in_transit.retain(|_, units| *units > 0);
    for place in in_transit.keys() {
        found.push(violation(
            "I3",
            format!("{place:?}: units underway to no level"),
        ));
    }
}

fn missing(supply: &Supply) -> i64 {
    supply.ordered - supply.received - supply.cancelled - supply.lost
}

/// Counts of units are counted from the entries, not with the function that the product uses.
fn check_journal(told: &ToldSupply, found: &mut Vec<Violation>) {
    let (mut received, mut cancelled, mut lost) = (0, 0, 0);
    for entry in &told.journal {
        match &entry.record {
            SupplyRecord::Created { .. } | SupplyRecord::Changed { .. } => {}
            SupplyRecord::Received {
                quantity, lost: l, ..
            } => {
                received += quantity;
                lost += l;
            }
            SupplyRecord::Cancelled { quantity, .. } => cancelled += quantity,
        }
    }
    let supply = told.supply.as_ref();
    let counted = (received, cancelled, lost);
    let folded = fold_supply(supply.id, &told.journal);
    let version = told.journal.len() as u64;
    if counted != (supply.received, supply.cancelled, supply.lost)
        || folded.as_ref() != Some(supply)
        || version != supply.version
    {
        let detail = format!(
            "{supply:?} is not what its journal tells of: {:?}",
            told.journal
        );
        found.push(violation("I6", detail));
    }
}

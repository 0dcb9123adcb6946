//! Rows of supply: what is known of it now, and what happened to it.

use rustc_hash::FxHashMap;
use throughline_core::decision::RevisedSupply;
use throughline_core::id::SupplyId;
use throughline_core::inventory::Supply;

use super::batch::Batch;
use super::changes::Changes;
use crate::engine::Columns;
use crate::error::StoreError;

/// Every entry is written; the current row once, in the one order in which all committers take it.
pub(super) fn gather(
    changes: &mut Changes,
    batch: &Batch<'_>,
    partitions: u16,
) -> Result<(), StoreError> {
    let mut current: FxHashMap<SupplyId, (u64, &Supply)> = FxHashMap::default();
    let revised = batch.decisions.iter();
    for revised in revised.flat_map(|(_, decision)| &decision.supplies) {
        gather_entries(&mut changes.supply_entries, revised, partitions)?;
        let known = current.entry(revised.after.id);
        known.or_insert((revised.was, &revised.after)).1 = &revised.after;
    }
    let mut current: Vec<_> = current.into_values().collect();
    current.sort_unstable_by_key(|(_, supply)| (supply.id.bucket(partitions), supply.id));
    for (was, supply) in current {
        gather_row(changes, was, supply, partitions)?;
    }
    Ok(())
}

fn gather_entries(
    rows: &mut Columns,
    revised: &RevisedSupply,
    partitions: u16,
) -> Result<(), StoreError> {
    let id = revised.after.id;
    for entry in &revised.entries {
        let row = rows.row().int(id.bucket(partitions)).uuid(id.uuid());
        let row = row.count(entry.seq).int(entry.at.0);
        let row = row.display(&entry.actor).text(entry.record.kind());
        row.int(entry.record.version()).json(&entry.record)?;
    }
    Ok(())
}

fn gather_row(
    changes: &mut Changes,
    was: u64,
    supply: &Supply,
    partitions: u16,
) -> Result<(), StoreError> {
    let (bucket, id) = (supply.id.bucket(partitions), supply.id.uuid());
    let row = if was == 0 {
        let row = changes.new_supplies.row().int(bucket).uuid(id);
        row.uuid(supply.item.uuid()).int(supply.location.0)
    } else {
        let row = changes.changed_supplies.row().int(bucket).uuid(id);
        row.count(was)
    };
    let row = row.count(supply.version).text(supply.status().as_str());
    let row = row.display(&supply.expected).int(supply.outstanding());
    row.json(supply)?;
    Ok(())
}

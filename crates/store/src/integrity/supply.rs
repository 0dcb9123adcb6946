//! Supply: its journal folds to what is stored (I6), every column says what the body says, and what is in transit is
//! what open transfers have not delivered (I3).

use rustc_hash::FxHashMap;
use throughline_core::id::ItemId;
use throughline_core::inventory::{Supply, fold_supply};
use throughline_core::network::LocationId;
use uuid::Uuid;

use super::Seen;
use super::statements::SUPPLIES;
use crate::engine::{Cell, Connection, Row};
use crate::error::StoreError;
use crate::views;

/// Checks all supply; answers the units that are in transit, by the place they will come to.
pub(super) fn check(
    connection: &mut Connection,
    seen: &mut Seen,
) -> Result<FxHashMap<(ItemId, LocationId), i64>, StoreError> {
    let mut in_transit: FxHashMap<(ItemId, LocationId), i64> = FxHashMap::default();
    let mut after = [Cell::Integer(-1), Cell::Uuid(Uuid::nil())];
    loop {
        let rows = connection.list(&SUPPLIES, &after)?;
        for row in rows.iter() {
            let cells = row.cells();
            after = [cells[0].clone(), cells[1].clone()];
            let supply: Supply = row.json(8)?;
            check_row(&supply, row, connection.partitions(), seen)?;
            check_journal(connection, &supply, seen)?;
            if supply.left_from().is_some() {
                let place = (supply.item, supply.location);
                *in_transit.entry(place).or_default() += supply.outstanding();
            }
        }
        if rows.is_empty() {
            return Ok(in_transit);
        }
    }
}

fn check_row(
    supply: &Supply,
    row: Row<'_>,
    partitions: u16,
    seen: &mut Seen,
) -> Result<(), StoreError> {
    let is = [
        row.int(0)? == i64::from(supply.item.bucket(partitions)),
        row.uuid(1)? == supply.id.uuid(),
        row.uuid(2)? == supply.item.uuid(),
        row.int(3)? == i64::from(supply.location.0),
        row.number::<u64>(4)? == supply.version,
        row.text(5)? == supply.status().as_str(),
        row.text(6)? == supply.expected.to_string(),
        row.int(7)? == supply.outstanding(),
    ];
    if let Some(column) = is.iter().position(|is| !is) {
        let id = supply.id;
        let detail = format!("supply {id}: column {column} of its row is not what its body says");
        seen.report("I6", detail);
    }
    Ok(())
}

fn check_journal(
    connection: &mut Connection,
    supply: &Supply,
    seen: &mut Seen,
) -> Result<(), StoreError> {
    let entries = views::supply::entries(connection, supply.id)?;
    let has_gaps = entries.iter().zip(1..).any(|(entry, seq)| entry.seq != seq);
    if has_gaps || fold_supply(supply.id, &entries).as_ref() != Some(supply) {
        let detail = format!("supply {}: its journal tells of another one", supply.id);
        seen.report("I6", detail);
    }
    Ok(())
}

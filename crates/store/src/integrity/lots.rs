//! Lots: no more of one is claimed than is there (I2), claims are backed (I3), and lots sum to the level, to the ledger and to what
//! orders claim (I4).

use rustc_hash::{FxHashMap, FxHashSet};
use throughline_core::id::ItemId;
use throughline_core::inventory::{Level, Lot, LotCode, LotLevel};
use throughline_core::network::LocationId;

use super::Seen;
use super::orders::item;
use super::statements::{LOT_CLAIM_SUMS, LOT_LEDGER_SUMS, LOT_LEVELS};
use crate::engine::{Cell, Connection, Row};
use crate::error::StoreError;
use crate::views;

type Place = (ItemId, LocationId);
/// A lot of an item at a location.
pub(super) type LotPlace = (ItemId, LocationId, LotCode);

/// Checks all lots against the levels.
pub(super) fn check(
    connection: &mut Connection,
    levels: &FxHashMap<Place, Level>,
    seen: &mut Seen,
) -> Result<(), StoreError> {
    let mut claimed: FxHashMap<LotPlace, i64> = FxHashMap::default();
    for bucket in 0..connection.partitions() {
        let bucket = [Cell::Integer(bucket.into())];
        for row in connection.list(&LOT_CLAIM_SUMS, &bucket)?.iter() {
            *claimed.entry(place(row)?).or_default() += row.int(3)?;
        }
    }
    if claimed != seen.lots {
        let detail = "rows of claimed lots are not what the orders' fulfilments say".to_owned();
        seen.report("I3", detail);
    }
    let mut with_lots: FxHashSet<ItemId> = FxHashSet::default();
    let mut sums: FxHashMap<Place, [i64; 5]> = FxHashMap::default();
    for bucket in 0..connection.partitions() {
        let bucket = [Cell::Integer(bucket.into())];
        let mut ledger: FxHashMap<LotPlace, [i64; 5]> = FxHashMap::default();
        for row in connection.list(&LOT_LEDGER_SUMS, &bucket)?.iter() {
            ledger.insert(place(row)?, counts(row)?);
        }
        for row in connection.list(&LOT_LEVELS, &bucket)?.iter() {
            let at = place(row)?;
            let is = counts(row)?;
            with_lots.insert(at.0);
            let sum = sums.entry((at.0, at.1)).or_default();
            sum.iter_mut()
                .zip(is)
                .for_each(|(sum, units)| *sum += units);
            check_lot(
                &at,
                is,
                ledger.remove(&at).unwrap_or_default(),
                &mut claimed,
                seen,
            );
        }
        for (at, _) in ledger.into_iter().filter(|(_, sum)| *sum != [0; 5]) {
            seen.report("I4", format!("{} has a ledger and no level", named(&at)));
        }
    }
    for at in claimed.keys() {
        seen.report("I3", format!("{} is claimed and has no level", named(at)));
    }
    let ids: Vec<ItemId> = with_lots.into_iter().collect();
    let items = views::items::by_id(connection, &ids)?;
    // Those whose tracking has ended have rows that tell of nothing.
    let has_lots = |item: &ItemId| items.get(item).is_some_and(|item| item.has_lots());
    for (at, level) in levels.iter().filter(|(at, _)| has_lots(&at.0)) {
        let is = [
            level.on_hand,
            level.allocated,
            level.quarantined,
            level.damaged,
            level.in_transit,
        ];
        let sum = sums.get(at).copied().unwrap_or_default();
        if sum != is {
            let detail = format!(
                "the level of item {} at location {} is {is:?}, and its lots add up to {sum:?}",
                at.0, at.1.0
            );
            seen.report("I4", detail);
        }
    }
    Ok(())
}

fn check_lot(
    at: &LotPlace,
    is: [i64; 5],
    told: [i64; 5],
    claimed: &mut FxHashMap<LotPlace, i64>,
    seen: &mut Seen,
) {
    let lot = Lot {
        code: at.2.clone(),
        expires_on: None,
    };
    let [on_hand, allocated, quarantined, damaged, in_transit] = is;
    let level = LotLevel {
        on_hand,
        allocated,
        quarantined,
        damaged,
        in_transit,
        ..LotLevel::empty(at.1, lot)
    };
    if !level.is_sound() {
        seen.report("I2", format!("{} is {is:?}", named(at)));
    }
    if told != is {
        let detail = format!(
            "{} is {is:?}, and its ledger adds up to {told:?}",
            named(at)
        );
        seen.report("I4", detail);
    }
    let claims = claimed.remove(at).unwrap_or_default();
    if claims != allocated {
        let detail = format!(
            "{}: allocated is {allocated}, and its rows of claimed lots say {claims}",
            named(at)
        );
        seen.report("I3", detail);
    }
}

fn named(at: &LotPlace) -> String {
    format!("lot {} of item {} at location {}", at.2, at.0, at.1.0)
}

fn place(row: Row<'_>) -> Result<LotPlace, StoreError> {
    let location = LocationId(row.number(1)?);
    Ok((item(row, 0)?, location, LotCode::new(row.text(2)?)))
}

fn counts(row: Row<'_>) -> Result<[i64; 5], StoreError> {
    Ok([
        row.int(3)?,
        row.int(4)?,
        row.int(5)?,
        row.int(6)?,
        row.int(7)?,
    ])
}

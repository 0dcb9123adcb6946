//! Whether there is room for something: a count of free units that knows nothing of plans.

use std::collections::BTreeMap;

use throughline_core::id::ItemId;
use throughline_core::inventory::ReservationState;
use throughline_core::network::{LocationId, LocationStatus};
use throughline_core::time::Millis;

use super::fairness::{queue_of, usable};
use crate::Snapshot;
use crate::lots::unfit;

/// Units that somebody wants.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Wish {
    /// Of what.
    pub item: ItemId,
    /// How many.
    pub units: i64,
    /// The only location that may serve them.
    pub from: Option<LocationId>,
}

/// Whether everything that is wished for could be claimed now. Units of reservations that have run out are free, but
/// for those who wait for them.
#[must_use]
pub fn has_room(snapshot: &Snapshot, wishes: &[Wish], now: Millis) -> bool {
    let mut free: BTreeMap<(ItemId, LocationId), i64> = BTreeMap::new();
    let open = snapshot
        .network
        .locations
        .iter()
        .filter(|one| one.status == LocationStatus::Open);
    for location in open {
        for item in snapshot.items.keys() {
            let units = free_units(snapshot, *item, location.id)
                - unfit(snapshot, *item, location.id, None)
                + expired_units(snapshot, *item, location.id, now)
                - waited_for(snapshot, *item, location.id);
            free.insert((*item, location.id), units.max(0));
        }
    }
    let bound = wishes.iter().filter_map(|wish| Some((wish, wish.from?)));
    for (wish, from) in bound {
        let Some(units) = free
            .get_mut(&(wish.item, from))
            .filter(|units| **units >= wish.units)
        else {
            return false;
        };
        *units -= wish.units;
    }
    let mut anywhere: BTreeMap<ItemId, i64> = BTreeMap::new();
    for wish in wishes.iter().filter(|wish| wish.from.is_none()) {
        *anywhere.entry(wish.item).or_default() += wish.units;
    }
    anywhere.iter().all(|(item, units)| {
        let left = free.iter().filter(|((known, _), _)| known == item);
        left.map(|(_, units)| units).sum::<i64>() >= *units
    })
}

/// Units of a level that may still be claimed: none where the item is not offered. Where an item never was, it is not
/// oversold either.
pub(super) fn free_units(snapshot: &Snapshot, item: ItemId, location: LocationId) -> i64 {
    let level = snapshot.levels.get(&(item, location));
    let level = level.filter(|_| !snapshot.is_excluded(item, location));
    level.map_or(0, |level| {
        level.on_hand + level.oversell_limit - level.allocated - level.reserved - level.safety
    })
}

fn expired_units(snapshot: &Snapshot, item: ItemId, location: LocationId, now: Millis) -> i64 {
    if snapshot.is_excluded(item, location) {
        return 0;
    }
    let expired = snapshot
        .reservations
        .values()
        .filter(|one| one.state == ReservationState::Active && one.expires_at <= now);
    let lines = expired.flat_map(|one| &one.lines);
    lines
        .filter(|line| (line.item, line.location) == (item, location))
        .map(|line| line.quantity)
        .sum()
}

/// Units that those who wait could use there.
fn waited_for(snapshot: &Snapshot, item: ItemId, location: LocationId) -> i64 {
    let rows = queue_of(snapshot, item);
    let here = rows
        .iter()
        .filter(|row| usable(snapshot, row).any(|at| at == location));
    here.map(|row| row.quantity).sum()
}

//! I2, I3 and I4 of everything that is stored.

use std::collections::{BTreeMap, BTreeSet};

use throughline_core::booking::{Slot, booked, most};
use throughline_core::id::ItemId;
use throughline_core::inventory::{Level, ReservationState};
use throughline_core::network::{Load, LocationId};
use throughline_core::order::{LocationDay, Violation, loads};

use super::{claimed, violation};
use crate::Snapshot;

pub(super) fn check(snapshot: &Snapshot, found: &mut Vec<Violation>) {
    for ((item, location), level) in &snapshot.levels {
        check_level(snapshot, *item, *location, level, found);
    }
    check_ledger(snapshot, found);
    super::lots::check(snapshot, found);
    check_backing(snapshot, found);
    check_loads(snapshot, found);
    check_bookings(snapshot, found);
}

/// Capacity: what a location has to do on a day is the sum of what the orders give it, and no more than it can, unless it
/// is one order that is more than a day.
fn check_loads(snapshot: &Snapshot, found: &mut Vec<Violation>) {
    let mut sums: BTreeMap<LocationDay, Load> = BTreeMap::new();
    for order in snapshot.orders() {
        for (day, load) in loads(order) {
            let sum = sums.entry(day).or_default();
            *sum = sum.plus(load);
        }
    }
    let mut stored = snapshot.loads.clone();
    stored.retain(|_, load| !load.is_nothing());
    if stored != sums {
        let detail = format!("days are counted as {stored:?}, and are {sums:?}");
        found.push(violation("capacity", detail));
    }
    for ((location, date), load) in sums {
        let known = snapshot.network.location(location);
        let Some(capacity) = known.and_then(|known| known.capacity.as_ref()) else {
            continue;
        };
        if load.of(capacity.unit) > capacity.limit_on(date) && load.orders > 1 {
            let detail = format!("location {} has {load:?} on {date}", location.0);
            found.push(violation("capacity", detail));
        }
    }
}

/// What is booked of the capacity of items is what the orders have booked, and no more than there is.
fn check_bookings(snapshot: &Snapshot, found: &mut Vec<Violation>) {
    let mut sums: BTreeMap<Slot, i64> = BTreeMap::new();
    for order in snapshot.orders() {
        for (slot, units) in booked(order) {
            *sums.entry(slot).or_default() += units;
        }
    }
    let mut stored = snapshot.bookings.clone();
    stored.retain(|_, units| *units != 0);
    if stored != sums {
        let detail = format!("bookings are counted as {stored:?}, and are {sums:?}");
        found.push(violation("capacity", detail));
    }
    for (slot, units) in sums {
        let most = snapshot
            .items
            .get(&slot.item)
            .map_or(0, |item| most(item, &slot));
        if units > most {
            let detail = format!("{units} of {most} are booked: {slot:?}");
            found.push(violation("capacity", detail));
        }
    }
}

/// I2: nothing is sold that is not there, but as many as may be.
fn check_level(
    snapshot: &Snapshot,
    item: ItemId,
    location: LocationId,
    level: &Level,
    found: &mut Vec<Violation>,
) {
    let counts = [
        level.on_hand,
        level.allocated,
        level.reserved,
        level.safety,
        level.quarantined,
        level.damaged,
        level.in_transit,
    ];
    let limit = snapshot
        .items
        .get(&item)
        .map_or(0, |item| item.oversell_limit);
    let is_sound = counts.iter().all(|count| *count >= 0)
        && level.allocated + level.reserved <= level.on_hand + limit;
    if !is_sound || level.oversell_limit != limit || level.location != location {
        let name = name(snapshot, item, location);
        found.push(violation(
            "I2",
            format!("{name}: {level:?}, the item's limit is {limit}"),
        ));
    }
}

/// I4: the levels are the sums of the ledger.
fn check_ledger(snapshot: &Snapshot, found: &mut Vec<Violation>) {
    let mut sums: BTreeMap<(ItemId, LocationId), Level> = BTreeMap::new();
    for row in &snapshot.ledger {
        let sum = sums.entry((row.item, row.location));
        sum.or_insert_with(|| Level::empty(row.location, 0))
            .apply(&row.change);
        if row.change.is_nothing() && !["counted", "cycle_counted"].contains(&row.reason.as_str()) {
            found.push(violation(
                "I4",
                format!("a row of the ledger changes nothing: {row:?}"),
            ));
        }
    }
    for key in places(snapshot)
        .chain(sums.keys().copied())
        .collect::<BTreeSet<_>>()
    {
        let level = snapshot.level(key.0, key.1);
        let sum = sums
            .get(&key)
            .copied()
            .unwrap_or_else(|| Level::empty(key.1, 0));
        let sum = Level {
            oversell_limit: level.oversell_limit,
            ..sum
        };
        if sum != level {
            let name = name(snapshot, key.0, key.1);
            found.push(violation(
                "I4",
                format!("{name}: the ledger sums up to {sum:?}, the level is {level:?}"),
            ));
        }
    }
}

/// I3: what is allocated is what fulfilments claim, and what is reserved is what reservations claim.
fn check_backing(snapshot: &Snapshot, found: &mut Vec<Violation>) {
    for (item, location) in places(snapshot).collect::<BTreeSet<_>>() {
        let level = snapshot.level(item, location);
        let orders = snapshot.orders.values().map(|told| &told.order);
        let allocated: i64 = orders.map(|order| claimed(order, item, location)).sum();
        let active = snapshot
            .reservations
            .values()
            .filter(|one| one.state == ReservationState::Active);
        let lines = active
            .flat_map(|one| &one.lines)
            .filter(|line| (line.item, line.location) == (item, location));
        let reserved: i64 = lines.map(|line| line.quantity).sum();
        if (level.allocated, level.reserved) != (allocated, reserved) {
            let name = name(snapshot, item, location);
            let detail = format!(
                "{name}: {allocated} claimed by fulfilments, {reserved} by reservations, but {level:?}"
            );
            found.push(violation("I3", detail));
        }
    }
    // A count may have taken all units of a line, or of all lines; then the reservation has ended.
    let of_nothing = snapshot.reservations.values().filter(|one| {
        let mut units = one.lines.iter().map(|line| line.quantity);
        let is_active = one.state == ReservationState::Active;
        units.clone().any(|units| units < 0) || is_active && units.all(|units| units == 0)
    });
    found.extend(
        of_nothing.map(|one| violation("I3", format!("a reservation of nothing: {one:?}"))),
    );
}

/// Every item at every location that anything is known of.
fn places(snapshot: &Snapshot) -> impl Iterator<Item = (ItemId, LocationId)> {
    let locations = snapshot
        .network
        .locations
        .iter()
        .map(|location| location.id);
    let items = snapshot.items.keys();
    let all = items.flat_map(move |item| locations.clone().map(move |location| (*item, location)));
    all.chain(snapshot.levels.keys().copied())
}

fn name(snapshot: &Snapshot, item: ItemId, location: LocationId) -> String {
    let sku = snapshot.items.get(&item).map_or("?", |item| &item.sku);
    let code = snapshot
        .network
        .location(location)
        .map_or("?", |location| &location.code);
    format!("{sku}@{code}")
}

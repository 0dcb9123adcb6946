//! Bookings: what orders take of the capacity that an item has at a location on a day. Units that are made to order take
//! it by the day; visits take it by the slot of a day.

use std::collections::BTreeMap;

use jiff::civil::Date;
use smallvec::SmallVec;

use crate::catalog::Item;
use crate::id::ItemId;
use crate::network::LocationId;
use crate::order::Order;

/// The slot that is the whole day: what is made to order.
pub const WHOLE_DAY: u16 = 0;

/// What is counted as one: an item at a location, on a local day, in a slot of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Slot {
    /// The item that is made, or the service.
    pub item: ItemId,
    /// Who makes it, or does it.
    pub location: LocationId,
    /// The local day.
    pub date: Date,
    /// The number of the slot in its day; [`WHOLE_DAY`] for what is made to order.
    pub number: u16,
}

/// What is booked of one item, by location, day and slot, as far as days are not over.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Booked(BTreeMap<(LocationId, Date, u16), i64>);

/// A change of what is booked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SlotChange {
    /// Where and when.
    pub slot: Slot,
    /// Units, or visits, more than before.
    pub change: i64,
    /// The most that may be booked afterwards; the largest number where nothing is added.
    pub most: i64,
}

type Units = SmallVec<[(Slot, i64); 2]>;

impl Booked {
    /// Units booked in a slot.
    #[must_use]
    pub fn units(&self, slot: &Slot) -> i64 {
        let place = (slot.location, slot.date, slot.number);
        self.0.get(&place).copied().unwrap_or_default()
    }

    /// Adds units to a slot.
    pub fn add(&mut self, slot: &Slot, units: i64) {
        let place = (slot.location, slot.date, slot.number);
        *self.0.entry(place).or_default() += units;
    }
}

/// What the order has booked, each slot once, in ascending order.
#[must_use]
pub fn booked(order: &Order) -> SmallVec<[(Slot, i64); 2]> {
    let mut all = Units::new();
    for made in &order.progress.productions {
        let slot = Slot {
            item: made.item,
            location: made.location,
            date: made.day,
            number: WHOLE_DAY,
        };
        add(&mut all, slot, made.booked());
    }
    for visit in &order.progress.visits {
        let slot = Slot {
            item: visit.item,
            location: visit.time.location,
            date: visit.time.date,
            number: visit.time.slot,
        };
        add(&mut all, slot, visit.taken());
    }
    all.retain(|(_, units)| *units != 0);
    all
}

fn add(all: &mut Units, slot: Slot, units: i64) {
    match all.binary_search_by_key(&slot, |(known, _)| *known) {
        Ok(position) => all[position].1 += units,
        Err(position) => all.insert(position, (slot, units)),
    }
}

/// What changed between two states of an order, in ascending order.
#[must_use]
pub fn booking_changes(before: Option<&Order>, after: &Order) -> SmallVec<[(Slot, i64); 2]> {
    let mut changes = booked(after);
    for (slot, units) in before.map(booked).unwrap_or_default() {
        add(&mut changes, slot, -units);
    }
    changes.retain(|(_, units)| *units != 0);
    changes
}

/// The most that may be booked of an item in a slot.
#[must_use]
pub fn most(item: &Item, slot: &Slot) -> i64 {
    let Some(position) = slot.number.checked_sub(1) else {
        let maker = item.selling.maker(slot.location);
        return maker.map_or(0, |maker| maker.capacity.limit_on(slot.date));
    };
    let mut teams = item.selling.visits.iter();
    let team = teams.find(|team| team.location == slot.location);
    let slot = team.and_then(|team| team.slots.get(usize::from(position)));
    slot.map_or(0, |slot| slot.visits)
}

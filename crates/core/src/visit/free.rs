//! The slots that are free.

use jiff::civil::Date;

use crate::booking::{Booked, Slot};
use crate::catalog::Item;
use crate::network::{LocationId, Network};
use crate::order::VisitTime;
use crate::party::Destination;
use crate::time::Millis;

/// Most days that are looked at.
pub const DAYS_AHEAD_MAX: u16 = 60;

/// Where slots are looked for.
#[derive(Debug, Clone, Copy)]
pub struct Looked<'a> {
    /// Locations and calendars.
    pub network: &'a Network,
    /// The time.
    pub now: Millis,
    /// Where the customer is.
    pub destination: &'a Destination,
    /// The day on which the goods are there: slots are on later days. Today's are offered where there is none.
    pub goods_on: Option<Date>,
    /// Days from the first possible one on; at most [`DAYS_AHEAD_MAX`].
    pub days: u16,
}

/// A slot with room.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FreeSlot {
    /// When, and by whom.
    pub time: VisitTime,
    /// Visits that it has room for.
    pub free: i64,
}

/// The slots of a service that have room, the earliest first, then those of preferred locations.
#[must_use]
pub fn free_slots(item: &Item, booked: &Booked, looked: Looked<'_>) -> Vec<FreeSlot> {
    let mut found = Vec::new();
    for team in &item.selling.visits {
        let Some(location) = looked.network.location(team.location) else {
            continue;
        };
        if !location.is_open(looked.now) || !location.ships_to(looked.destination) {
            continue;
        }
        let local = location.local_time(looked.now);
        let today = local.date();
        let minute = u16::try_from(i32::from(local.hour()) * 60 + i32::from(local.minute()));
        let minute = minute.unwrap_or_default();
        let after_goods = looked.goods_on.and_then(|day| day.tomorrow().ok());
        let first = after_goods.map_or(today, |day| day.max(today));
        let days = first.series(jiff::Span::new().days(1));
        let days = days.take(usize::from(looked.days.min(DAYS_AHEAD_MAX)));
        for date in days.filter(|day| location.works_on(looked.network, *day)) {
            for (position, slot) in team.slots.iter().enumerate() {
                let number = u16::try_from(position + 1).unwrap_or(u16::MAX);
                let taken = booked.units(&Slot {
                    item: item.id,
                    location: location.id,
                    date,
                    number,
                });
                let has_begun = date == today && slot.from_minute <= minute;
                let free = slot.visits - taken;
                if free > 0 && !has_begun {
                    let time = VisitTime {
                        location: location.id,
                        date,
                        slot: number,
                        name: slot.name.clone(),
                        from_minute: slot.from_minute,
                        until_minute: slot.until_minute,
                    };
                    found.push(FreeSlot { time, free });
                }
            }
        }
    }
    let priority = |id: LocationId| looked.network.location(id).map_or(0, |one| one.priority);
    found.sort_by_key(|one| {
        let time = &one.time;
        let place = (priority(time.location), time.location, time.slot);
        (time.date, time.from_minute, place)
    });
    found
}

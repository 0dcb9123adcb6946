//! What is booked of the capacity of items.

use super::Attempt;
use crate::booking::{Booked, Slot, SlotChange, booking_changes, most};
use crate::decide::Stop;
use crate::facts::Need;
use crate::id::ItemId;

impl Attempt<'_> {
    /// What is booked of an item, this attempt's own bookings included.
    ///
    /// # Errors
    /// Stops when that was not looked up yet.
    pub fn booked(&self, item: ItemId) -> Result<Booked, Stop> {
        let known = self.facts.booked.get(&item);
        let known = known.ok_or_else(|| Stop::Missing(vec![Need::Booked(item)]))?;
        let mut booked = known.clone();
        for (before, now) in self.changed_orders() {
            for (slot, units) in booking_changes(before, now) {
                if slot.item == item {
                    booked.add(&slot, units);
                }
            }
        }
        Ok(booked)
    }

    /// Counts what changed orders have booked, bound by the capacity of the items as they are now.
    ///
    /// # Errors
    /// Stops when an item was not loaded yet.
    pub fn count_bookings(&mut self) -> Result<(), Stop> {
        let changes = self
            .changed_orders()
            .flat_map(|(before, now)| booking_changes(before, now));
        let changes: Vec<(Slot, i64)> = changes.collect();
        for (slot, change) in changes {
            let most = if change > 0 {
                most(self.item(slot.item)?, &slot)
            } else {
                i64::MAX
            };
            self.decision
                .bookings
                .push(SlotChange { slot, change, most });
        }
        Ok(())
    }
}

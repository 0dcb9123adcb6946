//! What is booked of the capacity of items is what the orders have booked.

use throughline_core::booking::Slot;

use super::Seen;
use crate::engine::Connection;
use crate::error::StoreError;
use crate::views;

pub(super) fn check(connection: &mut Connection, seen: &mut Seen) -> Result<(), StoreError> {
    let mut booked = std::mem::take(&mut seen.booked);
    for (slot, stored) in views::bookings::all(connection)? {
        let orders = booked.remove(&slot).unwrap_or_default();
        compare(slot, stored, orders, seen);
    }
    for (slot, orders) in booked {
        compare(slot, 0, orders, seen);
    }
    Ok(())
}

fn compare(slot: Slot, stored: i64, orders: i64, seen: &mut Seen) {
    if stored != orders {
        let Slot {
            item,
            location,
            date,
            number,
        } = slot;
        let detail = format!(
            "item {item} at location {} on {date}, slot {number}: {stored} are booked, the orders have {orders}",
            location.0
        );
        seen.report("capacity", detail);
    }
}

//! What is booked of the capacity of items: the net difference of a batch, and the limit that it must keep.

use std::collections::BTreeMap;

use throughline_core::booking::{Slot, SlotChange};
use throughline_core::decision::Decision;

use crate::engine::{Columns, Statement};

pub(super) const STATEMENTS: &[&Statement] = &[&ENSURE, &UPDATE];

/// Slots that nothing may be booked in yet.
pub(super) const ENSURE: Statement = Statement::new(
    "ensure_bookings",
    "INSERT INTO slot_booking (bucket, item_id, location, day, slot, units) VALUES (?1, ?2, ?3, ?4, ?5, 0) ON CONFLICT DO NOTHING",
    "INSERT INTO slot_booking (bucket, item_id, location, day, slot, units)
     SELECT k.bucket, k.item_id, k.location, k.day, k.slot, 0
     FROM unnest($1::integer[], $2::uuid[], $3::integer[], $4::text[], $5::integer[]) AS k (bucket, item_id, location, day, slot)
     ON CONFLICT DO NOTHING",
);

/// Differences under guard. Parameter 7 is the most that may be booked afterwards.
pub(super) const UPDATE: Statement = Statement::guarded(
    "update_bookings",
    &[1, 2, 3, 4],
    "UPDATE slot_booking SET units = units + ?6
     WHERE bucket = ?1 AND item_id = ?2 AND location = ?3 AND day = ?4 AND slot = ?5 AND units + ?6 BETWEEN 0 AND ?7",
    "UPDATE slot_booking b SET units = b.units + k.units
     FROM unnest($1::integer[], $2::uuid[], $3::integer[], $4::text[], $5::integer[], $6::bigint[], $7::bigint[])
          AS k (bucket, item_id, location, day, slot, units, most)
     WHERE b.bucket = k.bucket AND b.item_id = k.item_id AND b.location = k.location AND b.day = k.day AND b.slot = k.slot
       AND b.units + k.units BETWEEN 0 AND k.most
     RETURNING b.item_id, b.location, b.day, b.slot",
);

/// Rows of a batch about bookings.
#[derive(Debug, Default)]
pub(super) struct BookingRows {
    pub new: Columns,
    pub changed: Columns,
}

impl BookingRows {
    pub(super) fn clear(&mut self) {
        self.new.clear();
        self.changed.clear();
    }

    /// Gathers the net differences, in the one order in which all committers take them. Where a limit was changed in
    /// between, the larger one binds the batch: each decision has kept the one that it knew.
    pub(super) fn gather<'a>(
        &mut self,
        decisions: impl Iterator<Item = &'a Decision>,
        partitions: u16,
    ) {
        let mut net: BTreeMap<(i32, Slot), (i64, i64)> = BTreeMap::new();
        for changed in decisions.flat_map(|decision| &decision.bookings) {
            let SlotChange { slot, change, most } = *changed;
            let most = if change > 0 { most } else { i64::MIN };
            net.entry((slot.item.bucket(partitions), slot))
                .and_modify(|sum| *sum = (sum.0 + change, sum.1.max(most)))
                .or_insert((change, most));
        }
        for ((bucket, slot), (change, most)) in net {
            if change == 0 {
                continue;
            }
            let row = self.new.row().int(bucket).uuid(slot.item.uuid());
            row.int(slot.location.0)
                .display(&slot.date)
                .int(slot.number);
            let row = self.changed.row().int(bucket).uuid(slot.item.uuid());
            row.int(slot.location.0)
                .display(&slot.date)
                .int(slot.number)
                .int(change)
                .int(if change > 0 { most } else { i64::MAX });
        }
    }
}

//! Rows of reservations.

use std::collections::hash_map::Entry as Slot;

use rustc_hash::FxHashMap;
use throughline_core::id::{ItemId, ReservationId};
use throughline_core::inventory::ReservationState;

use super::{Batch, Changes, Reservation, Stamp, StoreError, reservation_state};

impl Changes {
    /// A reservation is made active, and ends once. One that does both in the batch is written as it ends.
    pub(super) fn gather_reservations(
        &mut self,
        batch: &Batch<'_>,
        stamp: Stamp,
    ) -> Result<(), StoreError> {
        let mut current: FxHashMap<ReservationId, (bool, &Reservation)> = FxHashMap::default();
        for reservation in batch
            .decisions
            .iter()
            .flat_map(|(_, decision)| &decision.reservations)
        {
            match current.entry(reservation.id) {
                Slot::Occupied(mut known) => known.get_mut().1 = reservation,
                Slot::Vacant(slot) => {
                    slot.insert((reservation.state == ReservationState::Active, reservation));
                }
            }
        }
        let mut current: Vec<_> = current.into_values().collect();
        current.sort_unstable_by_key(|(_, reservation)| reservation.id);
        for (made, reservation) in current {
            let rows = if made {
                &mut self.reservations
            } else {
                &mut self.ended_reservations
            };
            let row = rows
                .row()
                .int(reservation.id.bucket(stamp.partitions))
                .uuid(reservation.id.uuid());
            row.int(reservation.expires_at.0)
                .text(reservation_state(reservation.state))
                .json(reservation)?;
            let ends = !made && reservation.state != ReservationState::StockShort;
            self.gather_reservation_lines(ends, reservation, stamp);
        }
        Ok(())
    }

    /// Lines are deleted and written again: a count may have made an active reservation smaller. Those of a reservation
    /// that ends otherwise must be what was let go.
    pub(super) fn gather_reservation_lines(
        &mut self,
        ends: bool,
        reservation: &Reservation,
        stamp: Stamp,
    ) {
        let mut lines: Vec<(ItemId, u16, i64)> = Vec::with_capacity(reservation.lines.len());
        for line in &reservation.lines {
            match lines
                .iter_mut()
                .find(|(item, location, _)| (*item, *location) == (line.item, line.location.0))
            {
                Some((_, _, quantity)) => *quantity += line.quantity,
                None => lines.push((line.item, line.location.0, line.quantity)),
            }
        }
        let active = reservation.state == ReservationState::Active;
        for (item, location, quantity) in lines {
            let bucket = item.bucket(stamp.partitions);
            let (item, id, expires_at) =
                (item.uuid(), reservation.id.uuid(), reservation.expires_at.0);
            let rows = if ends {
                &mut self.ended_reservation_lines
            } else {
                &mut self.gone_reservation_lines
            };
            if ends && quantity == 0 {
                continue;
            }
            let row = rows.row().int(bucket).uuid(item).int(expires_at).uuid(id);
            if ends {
                row.int(location).int(quantity);
            }
            if active && quantity > 0 {
                self.reservation_lines
                    .row()
                    .int(bucket)
                    .uuid(item)
                    .int(expires_at)
                    .uuid(id)
                    .int(location)
                    .int(quantity);
            }
        }
    }
}

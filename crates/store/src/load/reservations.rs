//! Loading reservations.

use std::sync::Arc;

use throughline_core::Facts;
use throughline_core::id::ReservationId;
use throughline_core::inventory::Reservation;

use crate::engine::{Columns, Rows, Statement};
use crate::error::StoreError;

pub(super) const RESERVATIONS: Statement = Statement::new(
    "load_reservations",
    "SELECT ?1, body FROM reservation WHERE bucket = ?2 AND reservation_id = ?3",
    "SELECT k.position, r.body
     FROM unnest($1::bigint[], $2::integer[], $3::uuid[]) AS k (position, bucket, reservation_id)
     CROSS JOIN LATERAL (SELECT body
         FROM reservation r WHERE r.bucket = k.bucket AND r.reservation_id = k.reservation_id OFFSET 0) r
     ORDER BY k.position",
);

pub(super) fn keys(wanted: &[ReservationId], partitions: u16) -> Columns {
    super::id_keys(
        wanted.iter().map(|reservation| reservation.uuid()),
        partitions,
    )
}

pub(super) fn take(
    wanted: &[ReservationId],
    rows: &Rows,
    facts: &mut Facts,
) -> Result<(), StoreError> {
    for reservation in wanted {
        facts.reservations.insert(*reservation, None);
    }
    for row in rows.iter() {
        let reservation: Reservation = row.json(1)?;
        facts
            .reservations
            .insert(reservation.id, Some(Arc::new(reservation)));
    }
    Ok(())
}

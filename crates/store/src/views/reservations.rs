//! Reservations.

use std::sync::Arc;

use throughline_core::Facts;
use throughline_core::facts::Need;
use throughline_core::id::ReservationId;
use throughline_core::inventory::Reservation;
use throughline_core::time::Millis;

use super::{bounded, cell};
use crate::engine::{Cell, Connection, Statement};
use crate::error::StoreError;
use crate::load;

pub(super) const STATEMENTS: &[&Statement] = &[&EXPIRED];

const EXPIRED: Statement = Statement::new(
    "expired_reservations",
    "SELECT reservation_id FROM reservation WHERE state = 'active' AND expires_at <= ?1 ORDER BY expires_at, reservation_id LIMIT ?2",
    "SELECT reservation_id FROM reservation WHERE state = 'active' AND expires_at <= $1 ORDER BY expires_at, reservation_id LIMIT $2",
);

/// One reservation.
///
/// # Errors
/// When the database cannot be read.
pub fn get(
    connection: &mut Connection,
    id: ReservationId,
) -> Result<Option<Arc<Reservation>>, StoreError> {
    let mut facts = Facts::default();
    load::load(
        connection,
        &[Need::Reservation(id)],
        &mut facts,
        Millis::default(),
    )?;
    Ok(facts.reservations.remove(&id).flatten())
}

/// Active reservations that have run out, longest first; for the sweeper.
///
/// # Errors
/// When the database cannot be read.
pub fn expired(
    connection: &mut Connection,
    now: Millis,
    limit: usize,
) -> Result<Vec<ReservationId>, StoreError> {
    let rows = connection.list(&EXPIRED, &[Cell::Integer(now.0), cell(bounded(limit))])?;
    rows.iter()
        .map(|row| Ok(ReservationId::from_uuid(row.uuid(0)?)))
        .collect()
}

//! Reservations within an attempt.

use super::Attempt;
use crate::decide::Stop;
use crate::facts::Need;
use crate::id::ReservationId;
use crate::inventory::Reservation;
use crate::refusal::Refusal;

impl Attempt<'_> {
    /// A reservation as the attempt has made it.
    ///
    /// # Errors
    /// Stops when it was not loaded yet; refuses when there is none.
    pub fn reservation(&self, id: ReservationId) -> Result<Reservation, Stop> {
        if let Some(known) = self
            .decision
            .reservations
            .iter()
            .rev()
            .find(|known| known.id == id)
        {
            return Ok(known.clone());
        }
        match self.facts.reservations.get(&id) {
            Some(Some(reservation)) => Ok(reservation.as_ref().clone()),
            Some(None) => Err(Refusal::NotFound {
                what: "reservation",
                name: id.to_string(),
            }
            .into()),
            None => Err(Stop::Missing(vec![Need::Reservation(id)])),
        }
    }

    /// Several reservations as the attempt has made them.
    ///
    /// # Errors
    /// Stops when some were not loaded yet, and names all of them at once; refuses when there is no such reservation.
    pub fn reservations(&self, ids: &[ReservationId]) -> Result<Vec<Reservation>, Stop> {
        let mut known = Vec::with_capacity(ids.len());
        let mut missing = Vec::new();
        for id in ids {
            match self.reservation(*id) {
                Ok(reservation) => known.push(reservation),
                Err(Stop::Missing(needs)) => missing.extend(needs),
                Err(refused @ Stop::Refused(_)) => return Err(refused),
            }
        }
        if missing.is_empty() {
            Ok(known)
        } else {
            Err(Stop::Missing(missing))
        }
    }

    /// Writes a reservation as it is now.
    pub fn put_reservation(&mut self, reservation: Reservation) {
        self.decision
            .reservations
            .retain(|known| known.id != reservation.id);
        self.decision.reservations.push(reservation);
    }
}

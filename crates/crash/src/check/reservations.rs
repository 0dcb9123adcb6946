//! Carts: those that were acknowledged are held, used or given up, as they were.

use super::Check;
use crate::shop::Buyer;

impl Check<'_> {
    pub(super) fn reservations(&mut self, buyers: &[Buyer], all: bool) {
        let known = buyers.iter().flat_map(|buyer| &buyer.book.reservations);
        for reservation in known.filter(|reservation| all || reservation.touched) {
            let Some(found) = self.read(&format!("/v1/reservations/{}", reservation.id)) else {
                continue;
            };
            if found["status"] != reservation.status {
                let (id, was) = (&reservation.id, reservation.status);
                self.found(format!(
                    "reservation {id} was {was} and is {}",
                    found["status"]
                ));
            }
        }
    }
}

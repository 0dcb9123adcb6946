//! Stock: on hand is what came in less what left, and what is reserved is what open carts hold.

use std::collections::BTreeMap;

use super::Check;
use crate::shop::{Buyer, Place};

impl Check<'_> {
    pub(super) fn stock(&mut self, buyers: &[Buyer], opening: &BTreeMap<Place, i64>) {
        let mut on_hand = opening.clone();
        let mut reserved: BTreeMap<Place, i64> = BTreeMap::new();
        for book in buyers.iter().map(|buyer| &buyer.book) {
            for (place, units) in &book.on_hand {
                *on_hand.entry(place.clone()).or_default() += units;
            }
            let open = book
                .reservations
                .iter()
                .filter(|reservation| reservation.status == "active");
            for (place, units) in open.flat_map(|reservation| &reservation.lines) {
                *reserved.entry(place.clone()).or_default() += units;
            }
        }
        for row in self.list("/v1/stock") {
            let name = |name: &str| row[name].as_str().unwrap_or_default().to_owned();
            let place = (name("sku"), name("location"));
            let expected =
                [on_hand.remove(&place), reserved.remove(&place)].map(Option::unwrap_or_default);
            let units = |name: &str| row[name].as_i64().unwrap_or(i64::MIN);
            let found = [units("on_hand"), units("reserved")];
            if found != expected {
                self.found(format!(
                    "{} at {}: by what was acknowledged {} are on hand and {} reserved, and the stock says {} and {}",
                    place.0, place.1, expected[0], expected[1], found[0], found[1]
                ));
            }
            if units("allocated") + units("reserved") > units("on_hand") {
                self.found(format!("more is claimed than there is: {row}"));
            }
        }
        on_hand.retain(|_, units| *units != 0);
        if !on_hand.is_empty() || !reserved.is_empty() {
            self.found(format!(
                "levels are not listed: {on_hand:?}, reserved {reserved:?}"
            ));
        }
    }
}

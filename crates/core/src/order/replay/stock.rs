//! What would have been available of an item while past orders were decided otherwise.
//!
//! It begins with what was available when the range began. What happened then to everybody else happens again: receipts,
//! counts, reservations, orders of other times. What the replayed orders took then is left out, and what they take now is taken
//! instead; what they gave back then by a cancellation they give back now, where they took it.

use rustc_hash::{FxHashMap, FxHashSet};

use crate::id::OrderId;
use crate::inventory::{Level, LevelChange};
use crate::network::LocationId;
use crate::time::Millis;

/// A movement of an item, as the ledger has it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Moved {
    /// When.
    pub at: Millis,
    /// Where.
    pub location: LocationId,
    /// For which order.
    pub order: Option<OrderId>,
    /// What changed.
    pub change: LevelChange,
}

impl Moved {
    /// What it makes more of to be available.
    fn units(&self) -> i64 {
        let change = &self.change;
        change.on_hand - change.allocated - change.reserved - change.safety
    }
}

/// What is available of one item, as time goes on.
#[derive(Debug, Clone, Default)]
pub struct PastStock {
    available: FxHashMap<LocationId, i64>,
    /// What happens later, the latest first.
    later: Vec<Moved>,
    /// What replayed orders have taken now.
    taken: FxHashMap<OrderId, Vec<(LocationId, i64)>>,
    /// What they claimed then.
    claimed: FxHashMap<OrderId, i64>,
}

impl PastStock {
    /// From the levels of today and everything that has moved since the range began, the latest first.
    #[must_use]
    pub fn new(today: &[Level], moved: Vec<Moved>) -> Self {
        let mut available = FxHashMap::default();
        for level in today {
            available.insert(level.location, level.available());
        }
        for one in &moved {
            *available.entry(one.location).or_default() -= one.units();
        }
        Self {
            available,
            later: moved,
            ..Self::default()
        }
    }

    /// Sets what is available somewhere when the range begins.
    pub fn set(&mut self, location: LocationId, units: i64) {
        self.available.insert(location, units);
    }

    /// Lets everything happen up to a time. `replayed` are the orders that are decided again.
    pub fn advance(&mut self, to: Millis, replayed: &FxHashSet<OrderId>) {
        while let Some(at) = self.later.last().map(|one| one.at).filter(|at| *at <= to) {
            // What is moved in one commit is looked at together: units that were only moved are not given back.
            let mut claims: FxHashMap<OrderId, i64> = FxHashMap::default();
            while let Some(one) = self.later.pop_if(|one| one.at == at) {
                match one.order.filter(|order| replayed.contains(order)) {
                    Some(order) if one.change.on_hand == 0 => {
                        *claims.entry(order).or_default() += one.change.allocated;
                    }
                    // What leaves was claimed before; what comes back comes back here.
                    Some(_) | None => {
                        *self.available.entry(one.location).or_default() += one.units();
                    }
                }
            }
            for (order, units) in claims {
                self.claim(order, units);
            }
        }
    }

    fn claim(&mut self, order: OrderId, units: i64) {
        let claimed = self.claimed.entry(order).or_default();
        *claimed += units;
        if units >= 0 {
            return;
        }
        let taken = self.taken.get_mut(&order);
        let Some(taken) = taken else { return };
        let has: i64 = taken.iter().map(|(_, units)| units).sum();
        let mut given_back = (has - (*claimed).max(0)).clamp(0, -units);
        for (location, units) in taken.iter_mut().rev() {
            let back = given_back.min(*units);
            *units -= back;
            given_back -= back;
            *self.available.entry(*location).or_default() += back;
        }
    }

    /// An order takes units.
    pub fn take(&mut self, order: OrderId, location: LocationId, units: i64) {
        *self.available.entry(location).or_default() -= units;
        self.taken.entry(order).or_default().push((location, units));
    }

    /// Levels that have so much available, by location.
    #[must_use]
    pub fn levels(&self, oversell_limit: i64) -> Vec<Level> {
        let levels = self.available.iter().map(|(location, units)| Level {
            on_hand: (*units).max(0),
            allocated: (-*units).max(0),
            ..Level::empty(*location, oversell_limit)
        });
        let mut levels: Vec<Level> = levels.collect();
        levels.sort_unstable_by_key(|level| level.location);
        levels
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const L1: LocationId = LocationId(0);
    const L2: LocationId = LocationId(1);

    fn order(number: u128) -> OrderId {
        OrderId::new(Millis(0), number << 40)
    }

    fn moved(
        at: i64,
        location: LocationId,
        by: Option<u128>,
        on_hand: i64,
        allocated: i64,
    ) -> Moved {
        Moved {
            at: Millis(at),
            location,
            order: by.map(order),
            change: LevelChange {
                on_hand,
                allocated,
                ..LevelChange::default()
            },
        }
    }

    fn level(location: LocationId, on_hand: i64, allocated: i64) -> Level {
        Level {
            on_hand,
            allocated,
            ..Level::empty(location, 0)
        }
    }

    fn available(stock: &PastStock) -> Vec<i64> {
        stock.levels(0).iter().map(Level::available).collect()
    }

    /// Received at 1, taken by order 1 at 2, by order 2 (of another time) at 3, shipped by order 1 at 4, and given back by
    /// order 3 at 6, which had taken it at 5.
    fn history() -> (Vec<Level>, Vec<Moved>) {
        let mut moved = vec![
            moved(1, L1, None, 10, 0),
            moved(2, L1, Some(1), 0, 4),
            moved(3, L1, Some(2), 0, 1),
            moved(4, L1, Some(1), -4, -4),
            moved(5, L1, Some(3), 0, 2),
            moved(6, L1, Some(3), 0, -2),
        ];
        moved.reverse();
        (vec![level(L1, 6, 1), level(L2, 7, 0)], moved)
    }

    #[test]
    fn what_happened_to_others_happens_again_and_the_replayed_orders_take_anew() {
        let (today, moved) = history();
        let mut stock = PastStock::new(&today, moved);
        let replayed: FxHashSet<OrderId> = [order(1), order(3)].into_iter().collect();
        assert_eq!(available(&stock), [0, 7]);
        stock.advance(Millis(2), &replayed);
        assert_eq!(available(&stock), [10, 7]);
        stock.take(order(1), L2, 4);
        stock.advance(Millis(4), &replayed);
        assert_eq!(
            available(&stock),
            [9, 3],
            "the other one's unit is taken, and what leaves changes nothing"
        );
        stock.advance(Millis(5), &replayed);
        stock.take(order(3), L2, 1);
        stock.take(order(3), L1, 1);
        assert_eq!(available(&stock), [8, 2]);
        stock.advance(Millis(6), &replayed);
        assert_eq!(
            available(&stock),
            [9, 3],
            "what was cancelled is given back where it is now"
        );
    }

    #[test]
    fn with_nobody_replayed_it_ends_as_it_is_today() {
        let (today, moved) = history();
        let mut stock = PastStock::new(&today, moved);
        stock.advance(Millis(9), &FxHashSet::default());
        assert_eq!(
            stock
                .levels(0)
                .iter()
                .map(Level::available)
                .collect::<Vec<_>>(),
            [5, 7]
        );
    }

    #[test]
    fn units_that_are_only_moved_are_not_given_back() {
        let mut log = vec![
            moved(1, L1, Some(1), 0, 2),
            moved(2, L1, Some(1), 0, -2),
            moved(2, L2, Some(1), 0, 2),
        ];
        log.reverse();
        let mut stock = PastStock::new(&[level(L1, 5, 0), level(L2, 5, 2)], log);
        let replayed: FxHashSet<OrderId> = [order(1)].into_iter().collect();
        stock.advance(Millis(1), &replayed);
        stock.take(order(1), L1, 2);
        stock.advance(Millis(2), &replayed);
        assert_eq!(available(&stock), [3, 5]);
        stock.set(L2, 1);
        assert_eq!(available(&stock), [3, 1]);
    }
}

//! How many units are waited for, in all: what the queue adds up to.

use crate::network::LocationId;
use crate::order::Order;
use crate::order::source::waiting_rows;

use super::Waiting;
use crate::id::ItemId;

/// Units of an item that orders wait for, added up.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Waited {
    /// Units that any location may serve.
    pub anywhere: i64,
    /// Units that only one location may serve, by ascending location.
    pub bound: Vec<(LocationId, i64)>,
}

impl Waited {
    /// All units.
    #[must_use]
    pub fn total(&self) -> i64 {
        let bound: i64 = self.bound.iter().map(|(_, units)| units).sum();
        self.anywhere + bound
    }

    /// Units that only this location may serve.
    #[must_use]
    pub fn bound_to(&self, location: LocationId) -> i64 {
        let known = self.bound.iter().find(|(known, _)| *known == location);
        known.map_or(0, |(_, units)| *units)
    }

    /// Adds units, or takes them off when negative.
    pub fn add(&mut self, location: Option<LocationId>, units: i64) {
        let Some(location) = location else {
            self.anywhere += units;
            return;
        };
        match self
            .bound
            .binary_search_by_key(&location, |(known, _)| *known)
        {
            Ok(position) => self.bound[position].1 += units,
            Err(position) => self.bound.insert(position, (location, units)),
        }
        self.bound.retain(|(_, units)| *units != 0);
    }
}

/// What an order adds to the units that are waited for, compared with before: it tells of items with the only location
/// that may serve them, if there is one, and of the units; they are negative where fewer are waited for.
pub fn waited_changes(
    before: Option<&Order>,
    after: &Order,
    mut tell: impl FnMut(ItemId, Option<LocationId>, i64),
) {
    let mut all = |rows: Vec<(ItemId, Waiting)>, sign: i64| {
        for (item, row) in rows {
            tell(item, row.location, sign * row.quantity);
        }
    };
    all(before.map(waiting_rows).unwrap_or_default(), -1);
    all(waiting_rows(after), 1);
}

//! What comes of deciding past orders again, beside what was decided then.

use serde::{Deserialize, Serialize};

use crate::money::Currency;
use crate::network::{Load, LocationId};
use crate::sourcing::Cost;

/// One order, as it was decided then and as it is decided now.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrderReplay {
    /// Units that were to be sourced.
    pub wanted: i64,
    /// Then.
    pub was: SideOfOrder,
    /// Now.
    pub replayed: SideOfOrder,
    /// The currency of the costs; absent where they cannot be compared: the policy does not weigh costs, or it could not do
    /// what was done then, or both do not serve as many units.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub currency: Option<Currency>,
}

/// What was decided on one order.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SideOfOrder {
    /// Who serves so much.
    pub placings: Vec<Placing>,
    /// What that costs by the policy of the replay, where it can be compared.
    #[serde(default)]
    pub cost: Cost,
    /// Kilometres of all parcels.
    pub distance_km: i64,
    /// Days that the last parcel is late, where a day was asked for and its arrival is known.
    pub late_days: i64,
}

/// What one location serves of an order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Placing {
    /// Which.
    pub location: LocationId,
    /// What it has to do.
    pub load: Load,
}

impl SideOfOrder {
    /// Units that are served.
    #[must_use]
    pub fn served(&self) -> i64 {
        self.placings.iter().map(|one| one.load.units).sum()
    }

    /// Locations.
    #[must_use]
    pub fn locations(&self) -> i64 {
        let mut locations: Vec<LocationId> = self.placings.iter().map(|one| one.location).collect();
        locations.sort_unstable();
        locations.dedup();
        i64::try_from(locations.len()).unwrap_or(i64::MAX)
    }
}

impl OrderReplay {
    /// Whether something else is done now.
    #[must_use]
    pub fn is_other(&self) -> bool {
        let sorted = |side: &SideOfOrder| {
            let placings = side.placings.iter();
            let mut units: Vec<_> = placings.map(|one| (one.location, one.load.units)).collect();
            units.sort_unstable();
            units
        };
        sorted(&self.was) != sorted(&self.replayed)
    }
}

/// What has come of a replay so far.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReplayReport {
    /// Orders of the range.
    pub found: i64,
    /// Orders that have been looked at.
    pub done: i64,
    /// Orders that were never sourced, or whose journals begin later.
    pub never_sourced: i64,
    /// Orders that cannot be decided on under the circumstances of the replay.
    pub refused: i64,
    /// Orders that other locations serve, or not as much.
    pub other: i64,
    /// Then.
    pub was: Side,
    /// Now.
    pub replayed: Side,
    /// What both cost, by currency, of the orders whose costs can be compared.
    pub costs: Vec<CostPair>,
    /// What both give locations to do.
    pub locations: Vec<LocationPair>,
}

/// What was decided on many orders.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Side {
    /// Units that were wanted.
    pub wanted: i64,
    /// Units that are served at once.
    pub served: i64,
    /// Orders that are served whole.
    pub whole: i64,
    /// Locations beyond the first one of each order.
    pub splits: i64,
    /// Kilometres of all parcels.
    pub distance_km: i64,
    /// Orders that come later than was asked for.
    pub late_orders: i64,
    /// Days that they are late.
    pub late_days: i64,
}

/// What orders cost then and now, by the policy of the replay.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct CostPair {
    /// Of all costs.
    pub currency: Currency,
    /// Orders whose costs can be compared.
    pub orders: i64,
    /// Then.
    pub was: Cost,
    /// Now.
    pub replayed: Cost,
}

/// What a location has to do then and now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct LocationPair {
    /// Which.
    pub location: LocationId,
    /// Then.
    pub was: Load,
    /// Now.
    pub replayed: Load,
}

impl ReplayReport {
    /// Adds an order.
    pub fn add(&mut self, one: &OrderReplay) {
        self.done += 1;
        self.other += i64::from(one.is_other());
        self.was.add(&one.was, one.wanted);
        self.replayed.add(&one.replayed, one.wanted);
        for placing in &one.was.placings {
            let pair = self.location(placing.location);
            pair.was = pair.was.plus(placing.load);
        }
        for placing in &one.replayed.placings {
            let pair = self.location(placing.location);
            pair.replayed = pair.replayed.plus(placing.load);
        }
        if let Some(currency) = one.currency {
            let pair = self.costs_in(currency);
            pair.orders += 1;
            pair.was = pair.was.plus(one.was.cost);
            pair.replayed = pair.replayed.plus(one.replayed.cost);
        }
    }

    fn location(&mut self, location: LocationId) -> &mut LocationPair {
        let known = self
            .locations
            .binary_search_by_key(&location, |one| one.location);
        let at = known.unwrap_or_else(|at| {
            self.locations.insert(
                at,
                LocationPair {
                    location,
                    was: Load::default(),
                    replayed: Load::default(),
                },
            );
            at
        });
        &mut self.locations[at]
    }

    fn costs_in(&mut self, currency: Currency) -> &mut CostPair {
        let known = self.costs.iter().position(|one| one.currency == currency);
        let at = known.unwrap_or_else(|| {
            self.costs.push(CostPair {
                currency,
                orders: 0,
                was: Cost::default(),
                replayed: Cost::default(),
            });
            self.costs.len() - 1
        });
        &mut self.costs[at]
    }
}

impl Side {
    fn add(&mut self, one: &SideOfOrder, wanted: i64) {
        let served = one.served();
        self.wanted += wanted;
        self.served += served;
        self.whole += i64::from(served >= wanted);
        self.splits += (one.locations() - 1).max(0);
        self.distance_km = self.distance_km.saturating_add(one.distance_km);
        self.late_orders += i64::from(one.late_days > 0);
        self.late_days += one.late_days;
    }

    /// Units of a thousand that are served at once.
    #[must_use]
    pub fn fill_rate_permille(&self) -> i64 {
        match self.wanted {
            0 => 1_000,
            wanted => self.served.saturating_mul(1_000) / wanted,
        }
    }
}

//! What is to be decided: demands, the sources that may serve them, and what everything costs.

use std::sync::Arc;

use crate::carrier::Tariff;

/// Larger costs, of a source or for a unit that nobody serves, count as this much, in minor units.
pub const LARGEST_COST_MINOR: i64 = 1_000_000_000_000;
/// Larger credits (costs below zero) count as this much, in minor units.
pub const LARGEST_CREDIT_MINOR: i64 = 100_000_000;
/// Of one demand at most so many units are planned.
pub const LARGEST_QUANTITY: i64 = 100_000;
/// Cases of more units count as this many.
pub const LARGEST_CASE: i64 = 10_000;

/// Demands, sources and the limits of the search. Entries that are missing from a list count as zero.
#[derive(Debug, Clone, Default)]
pub struct Problem {
    /// What is wanted; up to 64 demands.
    pub demands: Vec<Demand>,
    /// How many pools of stock there are: items that demands draw on.
    pub pools: usize,
    /// Demands that come whole from one source, or not at all.
    pub bundles: Vec<Bundle>,
    /// Who may serve; of equal plans the one with earlier sources is taken.
    pub sources: Vec<Source>,
    /// The most sources that may be used.
    pub max_sources: Option<u32>,
    /// Bounds the search; it is counted, not timed.
    pub node_budget: u64,
    /// How many further plans are reported.
    pub runners_up: usize,
}

/// Units of one pool that are wanted.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Demand {
    /// Which pool they are drawn from.
    pub pool: usize,
    /// Units, at most [`LARGEST_QUANTITY`].
    pub quantity: i64,
    /// What each unit costs that nobody serves, in minor units.
    pub unserved_minor: i64,
    /// Grams of one unit, by weight class (actual weight, or volume by a carrier's divisor).
    pub weights_g: Vec<i64>,
    /// Units of a case that is never broken: what a source gives is a multiple of it, and so is what is planned. Any number of
    /// units where it is 0 or 1; at most [`LARGEST_CASE`].
    pub case: i64,
}

/// Demands that come whole from one source, or not at all: a kit, or lines that are kept together.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Bundle {
    /// Positions of the demands. Bundles that share a demand are one bundle.
    pub demands: Vec<usize>,
}

/// A location that may serve, and what that costs.
#[derive(Debug, Clone, Default)]
pub struct Source {
    /// The caller's name for it; plans repeat it.
    pub id: u32,
    /// Claimable units by pool.
    pub has: Vec<i64>,
    /// Cost once if it is used at all, in minor units: labour per order, split penalty, lateness.
    pub fixed_minor: i64,
    /// Cost for each demand that it serves units of, in minor units, not below zero.
    pub line_minor: i64,
    /// Cost per unit by pool, in minor units; below zero it is a credit.
    pub unit_minor: Vec<i64>,
    /// By pool, what the last units cost more.
    pub scarce: Vec<Scarcity>,
    /// The most units that it may still take.
    pub units_max: Option<i64>,
    /// The most demands that it may still take.
    pub lines_max: Option<i64>,
    /// Ways to send what it serves, of which the cheapest is taken; empty where nothing is sent.
    pub shipping: Vec<Shipping>,
}

/// What the last units of a pool cost more.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Scarcity {
    /// Units that cost nothing more. Where all that is wanted of the pool comes in cases of one size, whole cases of them: a case
    /// that has last units in it counts as one of them.
    pub free_units: i64,
    /// What each further unit costs in addition, in minor units, not below zero.
    pub extra_minor: i64,
}

/// One way to send a shipment.
#[derive(Debug, Clone)]
pub struct Shipping {
    /// The caller's name for it; plans repeat it.
    pub id: u32,
    /// By which of the weights it is priced.
    pub weight_class: usize,
    /// Its prices, which never fall as the weight rises.
    pub tariff: Arc<Tariff>,
    /// What it costs beside the tariff, in minor units: lateness of this service.
    pub fixed_minor: i64,
}

impl Demand {
    /// Units that are planned.
    pub(super) fn units(&self) -> i64 {
        let units = self.quantity.clamp(0, LARGEST_QUANTITY);
        units - units % self.case()
    }

    /// Units that are given together.
    pub(super) fn case(&self) -> i64 {
        self.case.clamp(1, LARGEST_CASE)
    }

    /// Grams of one unit in a class.
    pub(super) fn weight_g(&self, class: usize) -> i64 {
        at(&self.weights_g, class).clamp(0, i64::from(u32::MAX))
    }

    /// What a unit costs that nobody serves.
    pub(super) fn unserved(&self) -> i64 {
        self.unserved_minor.clamp(0, LARGEST_COST_MINOR)
    }
}

impl Source {
    /// Claimable units of a pool.
    pub(super) fn units(&self, pool: usize) -> i64 {
        at(&self.has, pool).clamp(0, LARGEST_QUANTITY * 64)
    }

    /// Cost of one unit of a pool.
    pub(super) fn unit(&self, pool: usize) -> i64 {
        cost(at(&self.unit_minor, pool)).min(LARGEST_COST_MINOR / 1_000)
    }

    /// What the last units of a pool cost more.
    pub(super) fn scarcity(&self, pool: usize) -> Scarcity {
        let given = self.scarce.get(pool).copied().unwrap_or_default();
        Scarcity {
            free_units: given.free_units.max(0),
            extra_minor: given.extra_minor.clamp(0, LARGEST_COST_MINOR / 1_000),
        }
    }

    /// Cost if it is used at all.
    pub(super) fn fixed(&self) -> i64 {
        cost(self.fixed_minor)
    }

    /// Cost for each demand.
    pub(super) fn line(&self) -> i64 {
        cost(self.line_minor).max(0)
    }
}

impl Shipping {
    /// What it costs beside the tariff.
    pub(super) fn fixed(&self) -> i64 {
        cost(self.fixed_minor)
    }
}

impl Problem {
    /// The same where cases that have last units in them count as last ones; none where nothing changes.
    pub(super) fn with_whole_cases(&self) -> Option<Self> {
        if self.demands.iter().all(|demand| demand.case() == 1)
            || self.sources.iter().all(|source| source.scarce.is_empty())
        {
            return None;
        }
        let mut whole = self.clone();
        for pool in 0..self.pools {
            let demands = self.demands.iter().filter(|demand| demand.pool == pool);
            let mut cases = demands.map(Demand::case);
            let Some(case) = cases
                .next()
                .filter(|case| cases.all(|other| other == *case))
            else {
                continue;
            };
            for source in &mut whole.sources {
                if let Some(scarce) = source.scarce.get_mut(pool) {
                    scarce.free_units -= scarce.free_units.rem_euclid(case);
                }
            }
        }
        Some(whole)
    }
}

fn at(list: &[i64], position: usize) -> i64 {
    list.get(position).copied().unwrap_or(0)
}

/// A cost within what can be added up.
fn cost(minor: i64) -> i64 {
    minor.clamp(-LARGEST_CREDIT_MINOR, LARGEST_COST_MINOR)
}

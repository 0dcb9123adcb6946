//! What comes out: a plan with its cost broken down, how sure it is, and what else was met.

use super::problem::Problem;
use super::reason::Loss;

/// A cost broken down, in minor units.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Cost {
    /// For being used at all.
    pub fixed_minor: i64,
    /// For the demands served.
    pub lines_minor: i64,
    /// For the units.
    pub units_minor: i64,
    /// For last units.
    pub scarcity_minor: i64,
    /// For sending it, with the fixed cost of the way it is sent.
    pub shipping_minor: i64,
}

/// What one source serves.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Served {
    /// The caller's name for the source.
    pub id: u32,
    /// Its position in the problem.
    pub position: usize,
    /// Units by demand.
    pub units: Vec<i64>,
    /// The way it is sent; none where nothing is sent.
    pub shipping: Option<u32>,
    /// What that costs.
    pub cost: Cost,
}

/// Who serves what.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Plan {
    /// By the order of sources.
    pub served: Vec<Served>,
    /// Units by demand that nobody serves.
    pub unserved: Vec<i64>,
    /// What those cost, in minor units.
    pub unserved_minor: i64,
    /// Cost of everything, in minor units.
    pub total_minor: i64,
}

/// How sure it is that no plan is cheaper.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Proof {
    /// None is.
    Optimal,
    /// The node budget ran out.
    Gap {
        /// No plan costs less than this, in minor units.
        bound_minor: i64,
    },
}

/// The answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Solution {
    /// The cheapest plan that was met.
    pub best: Plan,
    /// How sure that is.
    pub proof: Proof,
    /// Nodes of the search.
    pub nodes: u64,
    /// Further plans, by cost, each with other sources: the best ones that were met. That they are the next
    /// best of all is not proven.
    pub runners_up: Vec<Plan>,
    /// By source, what it would cost if it served everything alone, in minor units; none where it cannot.
    pub alone: Vec<Option<i64>>,
    /// By source, whether it can serve anything at all.
    pub(super) able: Vec<bool>,
}

impl Cost {
    /// The sum.
    #[must_use]
    pub fn total_minor(&self) -> i64 {
        [
            self.fixed_minor,
            self.lines_minor,
            self.units_minor,
            self.scarcity_minor,
            self.shipping_minor,
        ]
        .into_iter()
        .fold(0, i64::saturating_add)
    }
}

impl Solution {
    /// Why a source of the problem is not in the best plan: the first reason that holds; none where it is in it.
    #[must_use]
    pub fn why_not(&self, problem: &Problem, position: usize) -> Option<Loss> {
        if self
            .best
            .served
            .iter()
            .any(|served| served.position == position)
        {
            return None;
        }
        let alone = self.alone.get(position).copied().flatten();
        let source = problem.sources.get(position)?;
        let used = self.best.served.iter().map(|served| served.position);
        let able = self.able.get(position).is_some_and(|able| *able);
        Some(match Loss::without_units(problem, source, able) {
            Some(loss) => loss,
            None => Loss::against(problem, source, used, alone),
        })
    }
}

impl Plan {
    /// A plan from units by source position and demand.
    pub(super) fn priced(problem: &Problem, units: Vec<(usize, Vec<i64>)>) -> Self {
        let mut unserved: Vec<i64> = problem.demands.iter().map(super::Demand::units).collect();
        let mut served = Vec::new();
        for (position, units) in units {
            for (left, units) in unserved.iter_mut().zip(&units) {
                *left -= units;
            }
            served.push(Served::priced(problem, position, units));
        }
        served.sort_by_key(|served: &Served| served.position);
        let left = problem.demands.iter().zip(&unserved);
        let unserved_minor = left
            .map(|(demand, left)| demand.unserved() * left)
            .fold(0, i64::saturating_add);
        let total_minor = served
            .iter()
            .map(|served| served.cost.total_minor())
            .fold(unserved_minor, i64::saturating_add);
        Self {
            served,
            unserved,
            unserved_minor,
            total_minor,
        }
    }
}

impl Served {
    fn priced(problem: &Problem, position: usize, units: Vec<i64>) -> Self {
        let source = &problem.sources[position];
        let mut cost = Cost {
            fixed_minor: source.fixed(),
            ..Cost::default()
        };
        let mut by_pool: Vec<(usize, i64)> = Vec::new();
        for (demand, units) in problem.demands.iter().zip(&units) {
            if *units == 0 {
                continue;
            }
            cost.lines_minor += source.line();
            cost.units_minor += source.unit(demand.pool) * units;
            match by_pool.iter_mut().find(|(pool, _)| *pool == demand.pool) {
                Some((_, taken)) => *taken += units,
                None => by_pool.push((demand.pool, *units)),
            }
        }
        for (pool, units) in by_pool {
            cost.scarcity_minor += super::board::extra(source, pool, units);
        }
        let shipping = cheapest(problem, position, &units);
        cost.shipping_minor = shipping.map_or(0, |(price, _)| price);
        Self {
            id: source.id,
            position,
            units,
            shipping: shipping.map(|(_, id)| id),
            cost,
        }
    }
}

/// The cheapest way to send these units, and its price.
fn cheapest(problem: &Problem, position: usize, units: &[i64]) -> Option<(i64, u32)> {
    let ways = problem.sources[position].shipping.iter();
    let priced = ways.filter_map(|way| {
        let weight: i64 = problem
            .demands
            .iter()
            .zip(units)
            .map(|(demand, units)| demand.weight_g(way.weight_class) * units)
            .sum();
        let quote = way.tariff.shipment(weight)?;
        Some((quote.price_minor.saturating_add(way.fixed()), way.id))
    });
    priced.min_by_key(|(price, _)| *price)
}

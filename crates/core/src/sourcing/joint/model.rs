//! What competes for what, and what comes out.

use crate::network::CapacityUnit;
use crate::sourcing::solve::Problem;

/// Who competes, for what.
#[derive(Debug, Clone, Default)]
pub struct Joint {
    /// Lines that travel together, the first ones first in rank: scarce units are theirs.
    pub contenders: Vec<Contender>,
    /// Free units, each of one item at one location.
    pub stock: Vec<i64>,
    /// What locations may still take on days.
    pub rooms: Vec<Room>,
    /// The most rounds of prices; it is counted, not timed.
    pub rounds: u32,
}

/// Lines that travel together.
#[derive(Debug, Clone, Default)]
pub struct Contender {
    /// What it wants, and what everything costs. What its sources have is the most that they may give to it.
    pub problem: Problem,
    /// By source and pool, which of the shared stock it draws on.
    pub stock: Vec<Vec<usize>>,
    /// By source, which room it takes; none where days are not counted.
    pub rooms: Vec<Option<usize>>,
    /// Its place where one is served after the other.
    pub queued: usize,
}

/// What a location may still take on a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Room {
    /// What is counted.
    pub unit: CapacityUnit,
    /// How much is left.
    pub left: i64,
}

/// Who serves what of one contender: units by demand, by position of the source.
pub type Given = Vec<(usize, Vec<i64>)>;

/// What came out.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Outcome {
    /// By contender, who serves what.
    pub given: Vec<Given>,
    /// By contender, what that costs, without what nobody serves, in minor units.
    pub costs_minor: Vec<i64>,
    /// By contender, who would have served what one after the other.
    pub alone: Vec<Given>,
    /// By contender, what that would have cost.
    pub alone_costs_minor: Vec<i64>,
    /// What it comes to.
    pub together: Tally,
    /// What one after the other would have come to.
    pub one_by_one: Tally,
    /// No plan that gives everybody the same units costs less than this, in minor units.
    pub bound_minor: i64,
    /// Rounds of prices.
    pub rounds: u32,
}

/// What a plan for all comes to.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Tally {
    /// What it costs, without what nobody serves, in minor units.
    pub cost_minor: i64,
    /// Units that are served.
    pub served: i64,
    /// Units that are wanted.
    pub wanted: i64,
    /// Locations beyond the first one, summed up.
    pub splits: i64,
}

impl Tally {
    /// The same, at so much less.
    #[must_use]
    pub fn less(self, minor: i64) -> Self {
        Self {
            cost_minor: self.cost_minor - minor,
            ..self
        }
    }
}

impl Outcome {
    /// How much less another plan could cost at most; 0 where it is proven that none does.
    #[must_use]
    pub fn gap_minor(&self) -> i64 {
        (self.together.cost_minor - self.bound_minor).max(0)
    }
}

impl Contender {
    /// Units by demand that are given.
    pub(super) fn served(&self, given: &Given) -> Vec<i64> {
        let mut served = vec![0; self.problem.demands.len()];
        for (_, units) in given {
            served
                .iter_mut()
                .zip(units)
                .for_each(|(sum, units)| *sum += units);
        }
        served
    }

    /// What a source's share takes of a room.
    pub(crate) fn load(unit: CapacityUnit, units: &[i64]) -> i64 {
        match unit {
            CapacityUnit::Orders => i64::from(units.iter().any(|units| *units > 0)),
            CapacityUnit::Lines => units.iter().map(|units| i64::from(*units > 0)).sum(),
            CapacityUnit::Units => units.iter().sum(),
        }
    }
}

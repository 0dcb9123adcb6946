//! What is left of shared stock and rooms, and a contender's best plan on that.

use super::model::{Contender, Given, Joint, Room};
use crate::network::CapacityUnit;
use crate::sourcing::solve::{LARGEST_COST_MINOR, Problem, Proof, solve};

/// What is left of everything that is shared.
#[derive(Debug, Clone)]
pub(super) struct Left {
    pub(super) stock: Vec<i64>,
    pub(super) rooms: Vec<Room>,
}

/// Prices on everything that is shared, in minor units, not below zero.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Prices {
    pub(super) stock: Vec<i64>,
    pub(super) rooms: Vec<i64>,
}

/// A contender's plan.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Planned {
    pub(super) given: Given,
    /// What it costs with what nobody serves, without prices.
    pub(super) total_minor: i64,
    /// What of that is for units that nobody serves.
    pub(super) unserved_minor: i64,
    /// What every plan costs at least, prices included.
    pub(super) bound_minor: i64,
}

impl Left {
    pub(super) fn of(joint: &Joint) -> Self {
        Self {
            stock: joint.stock.clone(),
            rooms: joint.rooms.clone(),
        }
    }

    /// Takes what a plan needs, or gives it back (`sign` -1).
    pub(super) fn take(&mut self, contender: &Contender, given: &Given, sign: i64) {
        for (source, units) in given {
            for (demand, units) in contender.problem.demands.iter().zip(units) {
                self.stock[contender.stock[*source][demand.pool]] -= sign * units;
            }
            if let Some(room) = contender.rooms[*source] {
                let room = &mut self.rooms[room];
                room.left -= sign * Contender::load(room.unit, units);
            }
        }
    }

    /// Whether a plan fits into what is left.
    pub(super) fn fits(&mut self, contender: &Contender, given: &Given) -> bool {
        self.take(contender, given, 1);
        let touched = given.iter().all(|(source, _)| {
            let stock = contender.stock[*source].iter();
            let room = contender.rooms[*source];
            stock.clone().all(|at| self.stock[*at] >= 0)
                && room.is_none_or(|room| self.rooms[room].left >= 0)
        });
        self.take(contender, given, -1);
        touched
    }

    /// The best plan of a contender on what is left.
    pub(super) fn plan(&self, contender: &Contender) -> Planned {
        plan(contender, self, None)
    }
}

/// The best plan of a contender on what there is, at prices if there are any.
pub(super) fn plan(contender: &Contender, left: &Left, prices: Option<&Prices>) -> Planned {
    let mut problem = contender.problem.clone();
    problem.runners_up = 0;
    for (position, source) in problem.sources.iter_mut().enumerate() {
        let stock = &contender.stock[position];
        let most = source.has.iter().zip(stock);
        source.has = most
            .map(|(most, at)| left.stock[*at].clamp(0, *most))
            .collect();
        if let Some(prices) = prices {
            source.unit_minor.resize(stock.len(), 0);
            let units = source.unit_minor.iter_mut().zip(stock);
            units.for_each(|(minor, at)| *minor += prices.stock[*at]);
        }
        if let Some(at) = contender.rooms[position] {
            let room = left.rooms[at];
            let price = prices.map_or(0, |prices| prices.rooms[at]);
            match room.unit {
                CapacityUnit::Orders => {
                    source.fixed_minor += price;
                    if room.left <= 0 {
                        source.has.fill(0);
                    }
                }
                CapacityUnit::Lines => {
                    source.line_minor += price;
                    source.lines_max = Some(least(source.lines_max, room.left));
                }
                CapacityUnit::Units => {
                    source.unit_minor.resize(stock.len(), 0);
                    source
                        .unit_minor
                        .iter_mut()
                        .for_each(|minor| *minor += price);
                    source.units_max = Some(least(source.units_max, room.left));
                }
            }
        }
    }
    planned(contender, &problem, left, prices)
}

fn least(known: Option<i64>, left: i64) -> i64 {
    known.unwrap_or(i64::MAX).min(left.max(0))
}

fn planned(
    contender: &Contender,
    problem: &Problem,
    left: &Left,
    prices: Option<&Prices>,
) -> Planned {
    let solution = solve(problem);
    let best = solution.best;
    let served = best.served.into_iter();
    let given: Given = served.map(|one| (one.position, one.units)).collect();
    let paid = prices.map_or(0, |prices| prices.of(contender, &given, left));
    Planned {
        given,
        total_minor: best.total_minor - paid,
        unserved_minor: best.unserved_minor,
        bound_minor: match solution.proof {
            Proof::Optimal => best.total_minor,
            Proof::Gap { bound_minor } => bound_minor,
        },
    }
}

impl Prices {
    pub(super) fn none(joint: &Joint) -> Self {
        Self {
            stock: vec![0; joint.stock.len()],
            rooms: vec![0; joint.rooms.len()],
        }
    }

    /// What a plan pays for what it takes.
    fn of(&self, contender: &Contender, given: &Given, left: &Left) -> i64 {
        let mut paid = 0;
        for (source, units) in given {
            for (demand, units) in contender.problem.demands.iter().zip(units) {
                paid += self.stock[contender.stock[*source][demand.pool]] * units;
            }
            if let Some(room) = contender.rooms[*source] {
                paid += self.rooms[room] * Contender::load(left.rooms[room].unit, units);
            }
        }
        paid
    }

    /// What everything that is shared is worth, in minor units.
    pub(super) fn worth(&self, joint: &Joint) -> i64 {
        let stock = self.stock.iter().zip(&joint.stock);
        let rooms = self.rooms.iter().zip(&joint.rooms);
        let stock: i64 = stock.map(|(price, units)| price * units.max(&0)).sum();
        stock
            + rooms
                .map(|(price, room)| price * room.left.max(0))
                .sum::<i64>()
    }

    /// Keeps prices within what the optimiser adds up.
    pub(super) const MOST: i64 = LARGEST_COST_MINOR / 10_000;
}

//! The cheapest plan for all by trying every assignment of whole units, straight from the definition of the cost.

use super::super::model::{Contender, Joint};

/// The least cost of all assignments, with what nobody serves.
pub(super) fn least_cost(joint: &Joint) -> i64 {
    let mut search = Search {
        joint,
        stock: joint.stock.clone(),
        rooms: joint.rooms.iter().map(|room| room.left).collect(),
        least: i64::MAX,
    };
    search.contender(0, 0);
    search.least
}

struct Search<'j> {
    joint: &'j Joint,
    stock: Vec<i64>,
    rooms: Vec<i64>,
    least: i64,
}

impl Search<'_> {
    fn contender(&mut self, at: usize, cost: i64) {
        let Some(contender) = self.joint.contenders.get(at) else {
            self.least = self.least.min(cost);
            return;
        };
        let problem = &contender.problem;
        let mut units = vec![vec![0; problem.demands.len()]; problem.sources.len()];
        self.spread(at, contender, &mut units, (0, 0), cost);
    }

    fn spread(
        &mut self,
        at: usize,
        contender: &Contender,
        units: &mut Vec<Vec<i64>>,
        (demand, source): (usize, usize),
        cost: i64,
    ) {
        let problem = &contender.problem;
        if demand == problem.demands.len() {
            return self.rooms(at, contender, units, cost);
        }
        if source == problem.sources.len() {
            return self.spread(at, contender, units, (demand + 1, 0), cost);
        }
        let given: i64 = units.iter().map(|units| units[demand]).sum();
        let stock = contender.stock[source][problem.demands[demand].pool];
        let cap = problem.sources[source].has[problem.demands[demand].pool];
        let most = (problem.demands[demand].quantity - given)
            .min(self.stock[stock])
            .min(cap);
        let case = problem.demands[demand].case.max(1);
        for quantity in (0..=most).filter(|units| units % case == 0) {
            units[source][demand] = quantity;
            self.stock[stock] -= quantity;
            self.spread(at, contender, units, (demand, source + 1), cost);
            self.stock[stock] += quantity;
        }
        units[source][demand] = 0;
    }

    fn rooms(&mut self, at: usize, contender: &Contender, units: &[Vec<i64>], cost: i64) {
        let loads: Vec<(usize, i64)> = contender
            .rooms
            .iter()
            .zip(units)
            .filter_map(|(room, units)| {
                let room = (*room)?;
                Some((room, Contender::load(self.joint.rooms[room].unit, units)))
            })
            .collect();
        loads
            .iter()
            .for_each(|(room, load)| self.rooms[*room] -= load);
        if self.rooms.iter().all(|left| *left >= 0)
            && let Some(own) = cost_of(contender, units)
        {
            self.contender(at + 1, cost + own);
        }
        loads
            .iter()
            .for_each(|(room, load)| self.rooms[*room] += load);
    }
}

fn cost_of(contender: &Contender, units: &[Vec<i64>]) -> Option<i64> {
    let problem = &contender.problem;
    let used = units
        .iter()
        .filter(|units| units.iter().any(|one| *one > 0));
    if problem
        .max_sources
        .is_some_and(|most| used.count() > most as usize)
    {
        return None;
    }
    let mut cost = 0;
    for (source, units) in problem.sources.iter().zip(units) {
        let lines = i64::try_from(units.iter().filter(|units| **units > 0).count()).unwrap();
        if lines > 0 {
            cost += source.fixed_minor + lines * source.line_minor;
        }
        for (demand, units) in problem.demands.iter().zip(units) {
            cost += source.unit_minor[demand.pool] * units;
        }
    }
    for (at, demand) in problem.demands.iter().enumerate() {
        let served: i64 = units.iter().map(|units| units[at]).sum();
        cost += (demand.quantity - served) * demand.unserved_minor;
    }
    Some(cost)
}

//! The cheapest plan by trying every assignment of whole units, straight from the definition of the cost.

use super::super::problem::{Problem, Source};

/// The least cost of all assignments.
pub(super) fn least_cost(problem: &Problem) -> i64 {
    let mut units = vec![vec![0; problem.demands.len()]; problem.sources.len()];
    let mut least = i64::MAX;
    spread(problem, &mut units, 0, 0, &mut least);
    least
}

/// Tries every quantity of each demand at each source.
fn spread(
    problem: &Problem,
    units: &mut [Vec<i64>],
    demand: usize,
    source: usize,
    least: &mut i64,
) {
    if demand == problem.demands.len() {
        if let Some(cost) = cost(problem, units) {
            *least = (*least).min(cost);
        }
        return;
    }
    if source == problem.sources.len() {
        return spread(problem, units, demand + 1, 0, least);
    }
    let given: i64 = units.iter().map(|units| units[demand]).sum();
    let pool = problem.demands[demand].pool;
    let most = (problem.demands[demand].quantity - given).min(problem.sources[source].has[pool]);
    for quantity in (0..=most).filter(|units| units % problem.demands[demand].case.max(1) == 0) {
        units[source][demand] = quantity;
        spread(problem, units, demand, source + 1, least);
    }
    units[source][demand] = 0;
}

/// What an assignment costs; none where it is not allowed.
pub(super) fn cost(problem: &Problem, units: &[Vec<i64>]) -> Option<i64> {
    let used = units
        .iter()
        .filter(|units| units.iter().any(|units| *units > 0))
        .count();
    if problem.max_sources.is_some_and(|most| used > most as usize) || splits_bundle(problem, units)
    {
        return None;
    }
    let mut cost = 0;
    for (source, units) in problem.sources.iter().zip(units) {
        cost += cost_of_source(problem, source, units)?;
    }
    for (position, demand) in problem.demands.iter().enumerate() {
        let served: i64 = units.iter().map(|units| units[position]).sum();
        cost += (demand.quantity - served) * demand.unserved_minor;
    }
    Some(cost)
}

fn splits_bundle(problem: &Problem, units: &[Vec<i64>]) -> bool {
    problem.bundles.iter().any(|bundle| {
        units.iter().any(|units| {
            let all = bundle
                .demands
                .iter()
                .all(|at| units[*at] == problem.demands[*at].quantity);
            let none = bundle.demands.iter().all(|at| units[*at] == 0);
            !all && !none
        })
    })
}

fn cost_of_source(problem: &Problem, source: &Source, units: &[i64]) -> Option<i64> {
    let lines = i64::try_from(units.iter().filter(|units| **units > 0).count()).unwrap();
    if lines == 0 {
        return Some(0);
    }
    if source
        .units_max
        .is_some_and(|most| units.iter().sum::<i64>() > most)
        || source.lines_max.is_some_and(|most| lines > most)
    {
        return None;
    }
    let mut cost = source.fixed_minor + lines * source.line_minor;
    for pool in 0..problem.pools {
        let demands = problem.demands.iter().zip(units);
        let drawn: i64 = demands
            .filter(|(demand, _)| demand.pool == pool)
            .map(|(_, units)| units)
            .sum();
        if drawn > source.has[pool] {
            return None;
        }
        cost += drawn * source.unit_minor[pool];
        if let Some(scarce) = source.scarce.get(pool) {
            let free = scarce.free_units - scarce.free_units % one_case(problem, pool);
            cost += (drawn - free).max(0) * scarce.extra_minor;
        }
    }
    Some(cost + shipping(problem, source, units)?)
}

/// The size of all cases of a pool; 1 where there is no such size.
fn one_case(problem: &Problem, pool: usize) -> i64 {
    let demands = problem.demands.iter().filter(|demand| demand.pool == pool);
    let mut sizes: Vec<i64> = demands.map(|demand| demand.case.max(1)).collect();
    sizes.dedup();
    match sizes[..] {
        [size] => size,
        _ => 1,
    }
}

fn shipping(problem: &Problem, source: &Source, units: &[i64]) -> Option<i64> {
    if source.shipping.is_empty() {
        return Some(0);
    }
    let priced = source.shipping.iter().filter_map(|way| {
        let demands = problem.demands.iter().zip(units);
        let weight: i64 = demands
            .map(|(demand, units)| demand.weights_g[way.weight_class] * units)
            .sum();
        Some(way.tariff.shipment(weight)?.price_minor + way.fixed_minor)
    });
    priced.min()
}

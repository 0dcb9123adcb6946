//! What is kept of a decision: who serves, why the others do not, and what it costs.

use super::candidates::Open;
use super::freight::Freight;
use super::planning::{Found, Planner, Serving};
use super::weigh::{credit, fixed};
use crate::network::LocationId;
use crate::sourcing::policy::{Goal, Objective, Policy};
use crate::sourcing::solve::{Loss, Plan, Problem, Proof, Served, Solution};
use crate::sourcing::{Cost, Other, Reason, RunnerUp, ServedCost, Weighing};

/// Locations that are not in the plan of which is kept what they would have cost alone.
const OTHERS_MAX: usize = 20;

/// What is kept of a solution.
pub(super) fn found(
    planner: &Planner<'_, '_>,
    policy: &Policy,
    open: &[&Open<'_>],
    problem: &Problem,
    solution: &Solution,
    freight: &Freight<'_, '_>,
) -> Found {
    let served = solution.best.served.iter().map(|served| {
        let one = open[served.position];
        Serving {
            location: one.location.id,
            units: served.units.iter().copied().collect(),
            work_day: planner.day_of(one),
            route: freight.route(planner, one, served.shipping, &served.units),
        }
    });
    let unserved = solution.best.unserved.iter().copied();
    Found {
        served: served.collect(),
        missing: unserved.collect(),
        reasons: reasons(open, problem, solution),
        weighing: Some(weighing(planner, policy, open, problem, solution, freight)),
    }
}

fn reasons(
    open: &[&Open<'_>],
    problem: &Problem,
    solution: &Solution,
) -> Vec<(LocationId, Reason)> {
    let reason = |(position, one): (usize, &&Open<'_>)| {
        let reason = match solution.why_not(problem, position) {
            None => Reason::Chosen,
            Some(Loss::HasNothing) => Reason::NoStock,
            Some(Loss::ServesNothing) => Reason::ServesNothing,
            Some(Loss::Dominated { .. }) => Reason::Dominated,
            Some(Loss::CostsMore {
                alone_minor: Some(_),
            }) => Reason::CostsMore,
            Some(Loss::CostsMore { alone_minor: None }) => Reason::NotNeeded,
        };
        (one.location.id, reason)
    };
    open.iter().enumerate().map(reason).collect()
}

/// What is kept of the decision.
fn weighing(
    planner: &Planner<'_, '_>,
    policy: &Policy,
    open: &[&Open<'_>],
    problem: &Problem,
    solution: &Solution,
    freight: &Freight<'_, '_>,
) -> Weighing {
    let objective = match &policy.goal {
        Goal::LowestCost(objective) => Some(objective),
        Goal::Ranked(_) => None,
    };
    let is_money = objective.is_some();
    // The first location is no split, except after other pieces.
    let split = match (objective, planner.before.is_empty()) {
        (Some(objective), true) => objective.split_minor,
        _ => 0,
    };
    let total = |plan: &Plan| {
        let first = if plan.served.is_empty() { 0 } else { split };
        plan.total_minor - plan.unserved_minor - first
    };
    let mut served: Vec<ServedCost> = Vec::new();
    for one in &solution.best.served {
        let at = open[one.position];
        let route = freight.route(planner, at, one.shipping, &one.units);
        let late = freight.late_minor(route.as_ref());
        let cost = objective.map(|objective| broken_down(planner, objective, at, one, late));
        served.push(ServedCost {
            location: at.location.id,
            has: problem.sources[one.position].has.clone(),
            route,
            cost: cost.unwrap_or_default(),
        });
    }
    if let Some(first) = served.first_mut().filter(|_| planner.before.is_empty()) {
        first.cost.split_minor = 0;
    }
    let best = &solution.best;
    let runners_up = solution.runners_up.iter();
    let runners_up = runners_up.filter(|plan| is_money && plan.unserved == best.unserved);
    Weighing {
        currency: objective.map(|objective| objective.currency),
        total_minor: if is_money { total(&solution.best) } else { 0 },
        proven: solution.proof == Proof::Optimal && planner.party.piece.is_none(),
        gap_minor: match solution.proof {
            Proof::Gap { bound_minor } if is_money => Some(solution.best.total_minor - bound_minor),
            Proof::Gap { .. } | Proof::Optimal => None,
        },
        margin: None,
        nodes: solution.nodes,
        items: planner.demands.items.to_vec(),
        served,
        runners_up: runners_up
            .map(|plan| RunnerUp {
                total_minor: total(plan),
                locations: locations(open, plan),
            })
            .collect(),
        others: others(open, solution, is_money, split),
    }
}

fn locations(open: &[&Open<'_>], plan: &Plan) -> Vec<LocationId> {
    let served = plan.served.iter();
    served
        .map(|served| open[served.position].location.id)
        .collect()
}

/// The cheapest of those that are not in the plan and could serve everything alone.
fn others(open: &[&Open<'_>], solution: &Solution, is_money: bool, split: i64) -> Vec<Other> {
    let is_served = |position: usize| {
        let mut served = solution.best.served.iter();
        served.any(|served| served.position == position)
    };
    let alone = solution.alone.iter().enumerate();
    let mut others: Vec<Other> = alone
        .filter(|(position, _)| is_money && !is_served(*position))
        .filter_map(|(position, alone)| {
            Some(Other {
                location: open[position].location.id,
                alone_minor: (*alone)? - split,
            })
        })
        .collect();
    others.sort_by_key(|other| (other.alone_minor, other.location));
    others.truncate(OTHERS_MAX);
    others
}

fn broken_down(
    planner: &Planner<'_, '_>,
    objective: &Objective,
    open: &Open<'_>,
    served: &Served,
    late: i64,
) -> Cost {
    let units: i64 = served.units.iter().sum();
    let credit = credit(planner, objective, open).saturating_mul(units);
    // What the location has to do was looked up when it was weighed.
    let fixed = fixed(planner, objective, open).unwrap_or_default();
    Cost {
        labour_minor: fixed.labour_minor
            + served.cost.lines_minor
            + served.cost.units_minor
            + credit,
        credit_minor: credit,
        scarcity_minor: served.cost.scarcity_minor,
        carrier_minor: served.cost.shipping_minor - late,
        late_minor: late,
        ..fixed
    }
}

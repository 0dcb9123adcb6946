//! Thousands of small cases with every feature, against brute force.

use std::sync::Arc;

use super::super::run::{Way, solve_by};
use super::super::{
    Bundle, Demand, Plan, Problem, Proof, Scarcity, Shipping, Solution, Source, solve,
};
use super::brute_force::{cost, least_cost};
use super::chance::Chance;
use crate::carrier::{Bracket, Tariff};

/// Which features a case may have.
#[derive(Clone, Copy)]
pub(super) struct Features {
    pub(super) shared: bool,
    pub(super) bundles: bool,
    pub(super) limits: bool,
    pub(super) scarcity: bool,
    pub(super) credits: bool,
    pub(super) heavy: bool,
    pub(super) cheap_to_leave: bool,
    pub(super) cases: Cases,
    pub(super) quantity: i64,
    /// What a unit costs that nobody serves, where that is not cheap.
    pub(super) unserved_minor: i64,
}

/// Whether units come in cases.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Cases {
    None,
    /// Everything that is wanted of a pool in cases of one size.
    ByPool,
    /// Every demand in cases of its own size, on shared pools too.
    ByDemand,
}

pub(super) const PLAIN: Features = Features {
    shared: false,
    bundles: false,
    limits: false,
    scarcity: false,
    credits: false,
    heavy: false,
    cheap_to_leave: false,
    cases: Cases::None,
    quantity: 3,
    unserved_minor: 1_000_000_000,
};

pub(super) const EVERYTHING: Features = Features {
    shared: true,
    bundles: true,
    limits: true,
    scarcity: true,
    credits: true,
    heavy: true,
    cheap_to_leave: true,
    cases: Cases::None,
    quantity: 3,
    unserved_minor: 1_000_000_000,
};

fn tariff(chance: &mut Chance, heavy: bool) -> Tariff {
    let first = chance.within(300, 700);
    let second = first + chance.within(0, 300);
    let parcel_max_g = if heavy {
        chance.within(3, 8) * 500
    } else {
        30_000
    };
    let brackets = vec![
        Bracket {
            up_to_g: 1_000,
            price_minor: first,
        },
        Bracket {
            up_to_g: 2_500,
            price_minor: second,
        },
    ];
    Tariff {
        brackets: if chance.percent(80) {
            brackets
        } else {
            Vec::new()
        },
        per_kg_minor: (!heavy || chance.percent(70)).then(|| chance.within(0, 150)),
        minimum_minor: chance.within(0, 400),
        parcel_max_g,
    }
}

fn demands(chance: &mut Chance, features: Features, count: usize, pools: usize) -> Vec<Demand> {
    let unserved = |chance: &mut Chance| match features.cheap_to_leave && chance.percent(40) {
        true => chance.within(0, 900),
        false => features.unserved_minor,
    };
    (0..count)
        .map(|nth| Demand {
            pool: if features.shared {
                index(chance, pools)
            } else {
                nth
            },
            quantity: chance.within(0, features.quantity).max(chance.within(0, 1)),
            unserved_minor: unserved(chance),
            weights_g: vec![chance.within(0, 8) * 250, chance.within(0, 4) * 400],
            case: 0,
        })
        .collect()
}

/// Makes units cases, some of one unit.
fn in_cases(chance: &mut Chance, cases: Cases, mut problem: Problem) -> Problem {
    if cases == Cases::None {
        return problem;
    }
    let sizes: Vec<i64> = (0..problem.pools).map(|_| chance.within(1, 4)).collect();
    for demand in &mut problem.demands {
        demand.case = match cases {
            Cases::ByDemand => chance.within(1, 4),
            Cases::ByPool | Cases::None => sizes[demand.pool],
        };
        demand.quantity *= demand.case;
        demand.weights_g.iter_mut().for_each(|grams| *grams /= 3);
    }
    for source in &mut problem.sources {
        for units in &mut source.has {
            *units = *units * 2 + chance.within(0, 3).min(*units);
        }
        source.units_max = source.units_max.map(|most| most * 2);
        let scarce = source.scarce.iter_mut();
        scarce.for_each(|scarce| scarce.free_units *= 2);
    }
    problem
}

fn index(chance: &mut Chance, count: usize) -> usize {
    usize::try_from(chance.within(0, i64::try_from(count).unwrap() - 1)).unwrap()
}

fn source(
    chance: &mut Chance,
    features: Features,
    id: u32,
    pools: usize,
    tariffs: &[Arc<Tariff>],
) -> Source {
    let ways = if chance.percent(10) {
        0
    } else {
        chance.within(1, 2)
    };
    let way = |chance: &mut Chance, id| Shipping {
        id,
        weight_class: index(chance, 2),
        tariff: Arc::clone(&tariffs[index(chance, tariffs.len())]),
        fixed_minor: chance.within(0, 2) * 100,
    };
    let credit = if features.credits { -300 } else { 0 };
    let has_stock = chance.within(30, 90);
    Source {
        id,
        has: (0..pools)
            .map(|_| {
                if chance.percent(has_stock) {
                    chance.within(0, 4)
                } else {
                    0
                }
            })
            .collect(),
        fixed_minor: chance.within(0, 3) * 120,
        line_minor: chance.within(0, 2) * 30,
        unit_minor: (0..pools).map(|_| chance.within(credit, 60)).collect(),
        scarce: match features.scarcity {
            true => (0..pools).map(|_| scarcity(chance)).collect(),
            false => Vec::new(),
        },
        units_max: (features.limits && chance.percent(40)).then(|| chance.within(0, 6)),
        lines_max: (features.limits && chance.percent(40)).then(|| chance.within(0, 3)),
        shipping: (0..ways)
            .map(|id| way(chance, u32::try_from(id).unwrap()))
            .collect(),
    }
}

fn scarcity(chance: &mut Chance) -> Scarcity {
    Scarcity {
        free_units: chance.within(0, 2),
        extra_minor: chance.within(0, 200),
    }
}

pub(super) fn problem(
    chance: &mut Chance,
    features: Features,
    demand_count: usize,
    source_count: u32,
) -> Problem {
    let pools = if features.shared { 2 } else { demand_count };
    let tariffs: Vec<_> = (0..3)
        .map(|_| Arc::new(tariff(chance, features.heavy)))
        .collect();
    let bundled = features.bundles && demand_count > 1 && chance.percent(50);
    let members = if chance.percent(50) {
        vec![0, 1]
    } else {
        vec![demand_count - 1]
    };
    let problem = Problem {
        demands: demands(chance, features, demand_count, pools),
        pools,
        bundles: if bundled {
            vec![Bundle { demands: members }]
        } else {
            Vec::new()
        },
        sources: (0..source_count)
            .map(|id| source(chance, features, id, pools, &tariffs))
            .collect(),
        max_sources: (features.limits && chance.percent(30))
            .then(|| u32::try_from(chance.within(0, 2)).unwrap()),
        node_budget: 10_000_000,
        runners_up: 3,
    };
    in_cases(chance, features.cases, problem)
}

/// Units of a plan by source and demand.
pub(super) fn units(problem: &Problem, plan: &Plan) -> Vec<Vec<i64>> {
    let mut units = vec![vec![0; problem.demands.len()]; problem.sources.len()];
    for served in &plan.served {
        units[served.position].clone_from(&served.units);
    }
    units
}

fn check(problem: &Problem, name: &str) {
    check_one(problem, &solve(problem), name);
    check_one(
        problem,
        &solve_by(problem, Way::Sets),
        &format!("{name} by sets"),
    );
}

fn check_one(problem: &Problem, solution: &Solution, name: &str) {
    for served in &solution.best.served {
        let mut units = problem.demands.iter().zip(&served.units);
        let is_whole = units.all(|(demand, units)| units % demand.case.max(1) == 0);
        assert!(is_whole, "{name} breaks a case: {problem:#?}\n{served:#?}");
    }
    assert_eq!(solution.proof, Proof::Optimal, "{name}: {problem:#?}");
    assert_eq!(
        solution.best.total_minor,
        least_cost(problem),
        "{name}: {problem:#?}\n{solution:#?}"
    );
    for plan in std::iter::once(&solution.best).chain(&solution.runners_up) {
        let real = cost(problem, &units(problem, plan));
        assert_eq!(
            real,
            Some(plan.total_minor),
            "{name}: {problem:#?}\n{plan:#?}"
        );
        assert!(plan.total_minor >= solution.best.total_minor);
    }
    let mut sets: Vec<Vec<usize>> = std::iter::once(&solution.best)
        .chain(&solution.runners_up)
        .map(|plan| plan.served.iter().map(|served| served.position).collect())
        .collect();
    let all = sets.len();
    sets.sort();
    sets.dedup();
    assert_eq!(sets.len(), all, "{name}: every plan has other sources");
}

fn check_many(name: &str, features: Features, cases: u64) {
    for seed in 0..cases {
        let mut chance = Chance(seed);
        let demand_count = usize::try_from(chance.within(1, 3)).unwrap();
        let source_count = u32::try_from(chance.within(1, 4)).unwrap();
        let source_count = if demand_count == 3 {
            source_count.min(3)
        } else {
            source_count
        };
        let problem = problem(&mut chance, features, demand_count, source_count);
        check(&problem, &format!("{name} {seed}"));
    }
}

#[test]
fn plain_cases_cost_what_brute_force_finds() {
    check_many("plain", PLAIN, 1_000);
}

#[test]
fn demands_that_share_a_pool_cost_what_brute_force_finds() {
    check_many(
        "shared",
        Features {
            shared: true,
            ..PLAIN
        },
        500,
    );
}

#[test]
fn bundles_cost_what_brute_force_finds() {
    check_many(
        "bundles",
        Features {
            bundles: true,
            shared: true,
            ..PLAIN
        },
        500,
    );
}

#[test]
fn limits_of_sources_units_and_lines_cost_what_brute_force_finds() {
    check_many(
        "limits",
        Features {
            limits: true,
            ..PLAIN
        },
        500,
    );
}

#[test]
fn scarcity_and_credits_cost_what_brute_force_finds() {
    let features = Features {
        scarcity: true,
        credits: true,
        ..PLAIN
    };
    check_many("scarcity", features, 500);
}

#[test]
fn shipments_of_several_parcels_cost_what_brute_force_finds() {
    let features = Features {
        heavy: true,
        quantity: 5,
        ..PLAIN
    };
    check_many("heavy", features, 300);
}

#[test]
fn units_that_are_cheap_to_leave_cost_what_brute_force_finds() {
    check_many(
        "cheap to leave",
        Features {
            cheap_to_leave: true,
            ..PLAIN
        },
        500,
    );
}

#[test]
fn everything_together_costs_what_brute_force_finds() {
    check_many("everything", EVERYTHING, 2_000);
}

#[test]
fn whole_cases_cost_what_brute_force_finds() {
    let plain = Features {
        cases: Cases::ByPool,
        ..PLAIN
    };
    check_many("cases", plain, 500);
    let everything = Features {
        cases: Cases::ByPool,
        ..EVERYTHING
    };
    check_many("cases and everything", everything, 700);
}

#[test]
fn cases_of_several_sizes_of_one_item_cost_what_brute_force_finds() {
    let features = Features {
        cases: Cases::ByDemand,
        ..EVERYTHING
    };
    check_many("mixed cases", features, 700);
}

#[test]
fn single_units_over_many_sources_cost_what_brute_force_finds() {
    for seed in 0..500 {
        let mut chance = Chance(seed);
        let features = Features {
            quantity: 1,
            ..EVERYTHING
        };
        let problem = problem(&mut chance, features, 4, 5);
        check(&problem, &format!("single units {seed}"));
    }
}

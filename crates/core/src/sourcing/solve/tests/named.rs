//! What the optimiser does, by name.

use std::sync::Arc;

use super::super::{Demand, Loss, Problem, Proof, Shipping, Solution, Source, solve};
use super::chance::Chance;
use crate::carrier::{Bracket, Tariff};

/// Parcels of up to a kilogram for one price, of up to two for another one.
fn tariff(light_minor: i64, heavy_minor: i64) -> Arc<Tariff> {
    let bracket = |up_to_g, price_minor| Bracket {
        up_to_g,
        price_minor,
    };
    Arc::new(Tariff {
        brackets: vec![bracket(1_000, light_minor), bracket(2_000, heavy_minor)],
        per_kg_minor: None,
        minimum_minor: 0,
        parcel_max_g: 2_000,
    })
}

/// A source that ships for 500 up to a kilogram and for 800 up to two.
fn source(id: u32, has: &[i64], fixed_minor: i64) -> Source {
    Source {
        id,
        has: has.to_vec(),
        fixed_minor,
        shipping: vec![Shipping {
            id: 7,
            weight_class: 0,
            tariff: tariff(500, 800),
            fixed_minor: 0,
        }],
        ..Source::default()
    }
}

/// One demand of a quantity on each pool, half a kilogram a unit.
fn problem(quantities: &[i64], sources: Vec<Source>) -> Problem {
    let demand = |(pool, quantity): (usize, &i64)| Demand {
        pool,
        quantity: *quantity,
        unserved_minor: 1_000_000,
        weights_g: vec![500],
        case: 0,
    };
    Problem {
        demands: quantities.iter().enumerate().map(demand).collect(),
        pools: quantities.len(),
        sources,
        node_budget: 100_000,
        runners_up: 2,
        ..Problem::default()
    }
}

fn used(solution: &Solution) -> Vec<u32> {
    solution
        .best
        .served
        .iter()
        .map(|served| served.id)
        .collect()
}

#[test]
fn one_parcel_is_cheaper_than_two() {
    let sources = vec![
        source(1, &[1, 0], 0),
        source(2, &[0, 1], 0),
        source(3, &[1, 1], 300),
    ];
    let solution = solve(&problem(&[1, 1], sources));
    assert_eq!((used(&solution), solution.best.total_minor), (vec![3], 800));
    assert_eq!(solution.proof, Proof::Optimal);
}

#[test]
fn two_parcels_are_cheaper_than_a_dear_one() {
    let sources = vec![
        source(1, &[1, 0], 0),
        source(2, &[0, 1], 0),
        source(3, &[1, 1], 600),
    ];
    let solution = solve(&problem(&[1, 1], sources));
    assert_eq!(
        (used(&solution), solution.best.total_minor),
        (vec![1, 2], 1_000)
    );
}

#[test]
fn of_equal_sources_the_first_one_is_taken() {
    let sources = vec![source(4, &[1], 10), source(9, &[1], 0), source(2, &[1], 0)];
    assert_eq!(used(&solve(&problem(&[1], sources))), vec![9]);
}

#[test]
fn a_line_is_split_where_no_source_has_all_of_it() {
    let solution = solve(&problem(&[3], vec![source(1, &[2], 0), source(2, &[2], 0)]));
    let units: Vec<&[i64]> = solution
        .best
        .served
        .iter()
        .map(|served| &served.units[..])
        .collect();
    assert_eq!(units.iter().map(|units| units[0]).sum::<i64>(), 3);
    assert_eq!((units.len(), solution.best.total_minor), (2, 1_000));
}

#[test]
fn what_nobody_has_stays_unserved_and_is_counted() {
    let solution = solve(&problem(&[3], vec![source(1, &[1], 0)]));
    assert_eq!(solution.best.unserved, vec![2]);
    assert_eq!(solution.best.total_minor, 2_000_500);
    assert_eq!(solution.proof, Proof::Optimal);
}

#[test]
fn more_sources_than_allowed_are_not_used() {
    let mut problem = problem(&[1, 1], vec![source(1, &[1, 0], 0), source(2, &[0, 1], 0)]);
    problem.max_sources = Some(1);
    let solution = solve(&problem);
    assert_eq!(
        (solution.best.served.len(), solution.best.total_minor),
        (1, 1_000_500)
    );
}

#[test]
fn the_cost_is_broken_down_and_names_how_it_is_sent() {
    let mut one = source(1, &[5], 40);
    one.line_minor = 30;
    one.unit_minor = vec![20];
    one.scarce = vec![super::super::Scarcity {
        free_units: 1,
        extra_minor: 5,
    }];
    let solution = solve(&problem(&[3], vec![one]));
    let served = &solution.best.served[0];
    assert_eq!(served.shipping, Some(7));
    let expected = super::super::Cost {
        fixed_minor: 40,
        lines_minor: 30,
        units_minor: 60,
        scarcity_minor: 10,
        shipping_minor: 800,
    };
    assert_eq!((served.cost, served.cost.total_minor()), (expected, 940));
    assert_eq!(solution.alone, vec![Some(940)]);
}

#[test]
fn every_source_left_out_has_its_reason() {
    let mut full = source(5, &[1, 1], 0);
    full.units_max = Some(0);
    let mut credit = source(4, &[1, 1], 50);
    credit.unit_minor = vec![-10, 0];
    let sources = vec![
        source(1, &[1, 1], 0),
        source(2, &[0, 0], 0),
        source(3, &[1, 1], 20),
        credit,
        full,
    ];
    let problem = problem(&[1, 1], sources);
    let solution = solve(&problem);
    let reasons: Vec<Option<Loss>> = (0..5).map(|at| solution.why_not(&problem, at)).collect();
    let expected = [
        None,
        Some(Loss::HasNothing),
        Some(Loss::Dominated { by: 1 }),
        Some(Loss::CostsMore {
            alone_minor: Some(540),
        }),
        Some(Loss::ServesNothing),
    ];
    assert_eq!(reasons, expected);
}

#[test]
fn runners_up_use_other_sources_and_cost_no_less() {
    let sources = vec![source(1, &[1], 0), source(2, &[1], 5), source(3, &[1], 9)];
    let solution = solve(&problem(&[1], sources));
    let others: Vec<(u32, i64)> = solution
        .runners_up
        .iter()
        .map(|plan| (plan.served[0].id, plan.total_minor))
        .collect();
    assert_eq!(others, vec![(2, 505), (3, 509)]);
}

/// Many sources with one or two of six items, which are wanted in quantities that nobody has.
fn thin() -> Problem {
    let mut chance = Chance(11);
    let mut has = || {
        (0..6)
            .map(|_| i64::from(chance.percent(25)))
            .collect::<Vec<i64>>()
    };
    let sources = (0..60)
        .map(|id| source(id, &has(), i64::from(id % 7) * 13))
        .collect();
    problem(&[3, 4, 3, 4, 3, 4], sources)
}

#[test]
fn a_small_budget_ends_with_a_plan_and_a_bound_that_holds() {
    let mut problem = thin();
    problem.node_budget = 2_000;
    let solution = solve(&problem);
    let Proof::Gap { bound_minor } = solution.proof else {
        panic!(
            "a search of {} nodes should not have been enough",
            solution.nodes
        );
    };
    problem.node_budget = 50_000;
    let longer = solve(&problem);
    assert!(bound_minor <= longer.best.total_minor);
    assert!(longer.best.total_minor <= solution.best.total_minor);
    assert!(bound_minor > 0);
}

#[test]
fn the_same_problem_has_the_same_answer() {
    let problem = thin();
    assert_eq!(solve(&problem), solve(&problem));
}

#[test]
fn nothing_wanted_costs_nothing() {
    let solution = solve(&problem(&[], vec![source(1, &[], 0)]));
    assert_eq!(
        (solution.best.total_minor, solution.proof),
        (0, Proof::Optimal)
    );
    let solution = solve(&problem(&[0], vec![source(1, &[4], 0)]));
    assert_eq!(
        (solution.best.total_minor, solution.best.served.len()),
        (0, 0)
    );
}

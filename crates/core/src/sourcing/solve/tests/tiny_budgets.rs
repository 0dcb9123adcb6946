//! What holds when the budget runs out: the plan can be carried out, and the bound lies below every plan.

use super::super::run::{Way, solve_by};
use super::super::{Problem, Proof, Solution};
use super::brute_force::{cost, least_cost};
use super::chance::Chance;
use super::small_cases::{EVERYTHING, Features, PLAIN, problem, units};

/// Budgets from nothing to what is just too little.
const BUDGETS: [u64; 8] = [0, 1, 5, 20, 60, 150, 400, 1_000];

/// The plan is allowed and costs what it says, and the least cost lies between the bound and that. Says whether a gap
/// is left.
fn check(problem: &Problem, solution: &Solution, least: i64, name: &str) -> bool {
    let best = &solution.best;
    let real = cost(problem, &units(problem, best));
    assert_eq!(real, Some(best.total_minor), "{name}: {problem:#?}");
    assert!(best.total_minor >= least, "{name}: {problem:#?}");
    match solution.proof {
        Proof::Optimal => {
            assert_eq!(best.total_minor, least, "{name}: {problem:#?}");
            false
        }
        Proof::Gap { bound_minor } => {
            assert!(bound_minor <= least, "{name}: {bound_minor}, {problem:#?}");
            assert!(bound_minor < best.total_minor, "{name}: no gap is no gap");
            true
        }
    }
}

/// Checks cases with every budget, and that some of them had to end with a gap.
fn check_many(name: &str, features: Features, (demands, sources): (usize, u32), cases: u64) {
    let mut gaps = 0;
    for seed in 0..cases {
        let mut problem = problem(&mut Chance(seed), features, demands, sources);
        let least = least_cost(&problem);
        for budget in BUDGETS {
            problem.node_budget = budget;
            for way in [Way::Best, Way::Sets] {
                let solution = solve_by(&problem, way);
                let name = format!("{name} {seed}, {budget} nodes, {way:?}");
                gaps += usize::from(check(&problem, &solution, least, &name));
            }
        }
    }
    assert!(gaps > 0, "{name}: no budget was too small");
}

#[test]
fn a_plain_order_has_a_plan_and_a_bound_whatever_the_budget() {
    check_many("plain", PLAIN, (3, 3), 300);
}

#[test]
fn an_order_with_everything_has_a_plan_and_a_bound_whatever_the_budget() {
    check_many("everything", EVERYTHING, (3, 3), 600);
}

#[test]
fn single_units_have_a_plan_and_a_bound_whatever_the_budget() {
    let features = Features {
        quantity: 1,
        ..EVERYTHING
    };
    check_many("single units", features, (4, 5), 300);
}

//! Cases with names.

use super::super::model::{Contender, Joint, Room};
use super::super::plan_together;
use crate::network::CapacityUnit;
use crate::sourcing::solve::{Demand, LARGEST_COST_MINOR, Problem, Source};

/// Somebody who wants one unit, at the cost of each location.
fn wants_one(costs: &[i64], queued: usize) -> Contender {
    let source = |(location, cost): (usize, &i64)| Source {
        id: u32::try_from(location).unwrap(),
        has: vec![9],
        fixed_minor: *cost,
        unit_minor: vec![0],
        ..Source::default()
    };
    Contender {
        problem: Problem {
            demands: vec![Demand {
                pool: 0,
                quantity: 1,
                unserved_minor: LARGEST_COST_MINOR,
                weights_g: Vec::new(),
                case: 0,
            }],
            pools: 1,
            sources: costs.iter().enumerate().map(source).collect(),
            node_budget: 20_000,
            ..Problem::default()
        },
        stock: (0..costs.len()).map(|location| vec![location]).collect(),
        rooms: vec![None; costs.len()],
        queued,
    }
}

#[test]
fn the_first_one_goes_farther_where_that_saves_the_second_one_more() {
    let joint = Joint {
        contenders: vec![wants_one(&[100, 110], 0), wants_one(&[100, 500], 1)],
        stock: vec![1, 1],
        rooms: Vec::new(),
        rounds: 50,
    };
    let outcome = plan_together(&joint);
    assert_eq!(outcome.one_by_one.cost_minor, 600);
    assert_eq!(outcome.together.cost_minor, 210);
    assert_eq!(outcome.bound_minor, 210);
    assert_eq!(outcome.given, [vec![(1, vec![1])], vec![(0, vec![1])]]);
}

#[test]
fn a_day_that_takes_one_order_goes_to_whom_it_saves_most() {
    let mut joint = Joint {
        contenders: vec![wants_one(&[100, 110], 0), wants_one(&[100, 500], 1)],
        stock: vec![9, 9],
        rooms: vec![Room {
            unit: CapacityUnit::Orders,
            left: 1,
        }],
        rounds: 50,
    };
    for contender in &mut joint.contenders {
        contender.rooms[0] = Some(0);
    }
    let outcome = plan_together(&joint);
    assert_eq!(outcome.together.cost_minor, 210);
    assert_eq!(outcome.gap_minor(), 0);
}

#[test]
fn the_last_unit_goes_to_the_first_in_rank_whatever_it_costs() {
    let joint = Joint {
        contenders: vec![wants_one(&[900], 1), wants_one(&[100], 0)],
        stock: vec![1],
        rooms: Vec::new(),
        rounds: 50,
    };
    let outcome = plan_together(&joint);
    assert_eq!(outcome.given, [vec![(0, vec![1])], vec![]]);
    assert_eq!((outcome.together.served, outcome.together.wanted), (1, 2));
    // The queue would have given it to the other one.
    assert_eq!(outcome.one_by_one.cost_minor, 100);
}

#[test]
fn nobody_costs_nothing() {
    let outcome = plan_together(&Joint::default());
    assert_eq!((outcome.together.cost_minor, outcome.bound_minor), (0, 0));
}

#[test]
fn the_same_problem_has_the_same_answer() {
    let joint = Joint {
        contenders: (0..12)
            .map(|at: usize| {
                let cost = |by: usize| i64::try_from((at * 37 + by * 91) % 200).unwrap();
                wants_one(&[cost(1), cost(2), cost(3)], at)
            })
            .collect(),
        stock: vec![4, 4, 4],
        rooms: Vec::new(),
        rounds: 80,
    };
    let outcome = plan_together(&joint);
    assert_eq!(outcome, plan_together(&joint));
    assert!(outcome.together.cost_minor <= outcome.one_by_one.cost_minor);
    assert!(outcome.bound_minor <= outcome.together.cost_minor);
}

//! Random small cases.

use super::super::model::{Contender, Joint, Outcome, Room};
use super::super::service::serve;
use super::super::together::{one_by_one, plan_together, served};
use super::brute_force::least_cost;
use super::chance::Chance;
use crate::network::CapacityUnit;
use crate::sourcing::solve::{Demand, LARGEST_COST_MINOR, Problem, Source};

const CASES: u64 = 400;

/// What a case has.
#[derive(Clone, Copy)]
struct Shape {
    contenders: i64,
    locations: i64,
    items: i64,
    rooms: bool,
    limits: bool,
    cases: Cases,
}

/// Whether units come in cases.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Cases {
    None,
    /// For everybody in cases of two.
    Twos,
    /// For some in cases of two or three.
    Some,
}

fn joint(chance: &mut Chance, shape: Shape) -> Joint {
    let size = |number: i64| usize::try_from(number).unwrap();
    let (locations, items) = (size(shape.locations), size(shape.items));
    let most = match shape.cases {
        Cases::None => 3,
        Cases::Twos | Cases::Some => 5,
    };
    let stock = (0..locations * items)
        .map(|_| chance.within(0, most))
        .collect();
    let units = [
        CapacityUnit::Orders,
        CapacityUnit::Lines,
        CapacityUnit::Units,
    ];
    let rooms: Vec<Room> = (0..locations)
        .filter(|_| shape.rooms)
        .map(|_| Room {
            unit: units[size(chance.within(0, 2))],
            left: chance.within(0, 4),
        })
        .collect();
    let count = chance.within(2, shape.contenders);
    let contenders = (0..count).map(|number| contender(chance, shape, size(number)));
    Joint {
        contenders: contenders.collect(),
        stock,
        rooms,
        rounds: 60,
    }
}

fn contender(chance: &mut Chance, shape: Shape, number: usize) -> Contender {
    let size = |number: i64| usize::try_from(number).unwrap();
    let items = size(shape.items);
    let wanted = (0..items)
        .filter(|_| chance.percent(70))
        .collect::<Vec<_>>();
    let wanted = if wanted.is_empty() { vec![0] } else { wanted };
    let case = match shape.cases {
        Cases::None => 1,
        Cases::Twos => 2,
        Cases::Some => chance.within(1, 3),
    };
    let demand = |pool: usize, quantity| Demand {
        pool,
        quantity: quantity * case,
        unserved_minor: LARGEST_COST_MINOR,
        weights_g: Vec::new(),
        case,
    };
    let most = if case == 1 { 3 } else { 2 };
    let demands = wanted
        .iter()
        .map(|item| demand(*item, chance.within(1, most)))
        .collect();
    let (mut sources, mut stock, mut rooms) = (Vec::new(), Vec::new(), Vec::new());
    for location in 0..size(shape.locations) {
        if sources.is_empty() || chance.percent(75) {
            sources.push(Source {
                id: u32::try_from(location).unwrap(),
                has: vec![if chance.percent(80) { 9 } else { 1 }; items],
                fixed_minor: chance.within(0, 300),
                line_minor: chance.within(0, 30),
                unit_minor: (0..items).map(|_| chance.within(0, 120)).collect(),
                ..Source::default()
            });
            stock.push((0..items).map(|item| location * items + item).collect());
            rooms.push(shape.rooms.then_some(location));
        }
    }
    Contender {
        problem: Problem {
            demands,
            pools: items,
            sources,
            max_sources: (shape.limits && chance.percent(40)).then_some(1),
            node_budget: 20_000,
            ..Problem::default()
        },
        stock,
        rooms,
        queued: size(chance.within(0, 9)) * 10 + number,
    }
}

/// Checks one case; whether the best plan was proven.
fn check(joint: &Joint, seed: u64) -> bool {
    let outcome = plan_together(joint);
    check_fits(joint, &outcome, seed);
    let flow = serve(joint);
    let served = served(joint, &flow, &one_by_one(joint));
    let least = least_cost(&served);
    let contenders = served.contenders.iter().zip(&outcome.given);
    let unserved: i64 = contenders
        .map(|(one, given)| {
            let demands = one.problem.demands.iter().zip(one.served(given));
            demands
                .map(|(demand, units)| (demand.quantity - units) * demand.unserved_minor)
                .sum::<i64>()
        })
        .sum();
    let found = outcome.together.cost_minor + unserved;
    let bound = outcome.bound_minor + unserved;
    assert!(bound <= least, "case {seed}: bound {bound}, least {least}");
    assert!(least <= found, "case {seed}: least {least}, found {found}");
    if bound == found {
        assert_eq!(least, found, "case {seed}");
    }
    bound == found
}

/// Nobody takes what is not there.
fn check_fits(joint: &Joint, outcome: &Outcome, seed: u64) {
    let mut left = super::super::ledger::Left::of(joint);
    for (contender, given) in joint.contenders.iter().zip(&outcome.given) {
        left.take(contender, given, 1);
        let demands = contender.problem.demands.iter();
        let mut served = demands.zip(contender.served(given));
        assert!(
            served.all(|(demand, units)| units <= demand.quantity),
            "case {seed}"
        );
        for (_, units) in given {
            let mut units = contender.problem.demands.iter().zip(units);
            let is_whole = units.all(|(demand, units)| units % demand.case.max(1) == 0);
            assert!(is_whole, "case {seed} breaks a case");
        }
    }
    assert!(left.stock.iter().all(|units| *units >= 0), "case {seed}");
    assert!(left.rooms.iter().all(|room| room.left >= 0), "case {seed}");
}

fn run(shape: Shape, least_proven: usize) {
    let proven = (0..CASES).filter(|seed| check(&joint(&mut Chance(*seed), shape), *seed));
    let proven = proven.count();
    assert!(
        proven >= least_proven,
        "{proven} of {CASES} cases were proven"
    );
}

const PLAIN: Shape = Shape {
    contenders: 3,
    locations: 2,
    items: 2,
    rooms: false,
    limits: false,
    cases: Cases::None,
};

const TWOS: Shape = Shape {
    cases: Cases::Twos,
    ..PLAIN
};

const SOME: Shape = Shape {
    cases: Cases::Some,
    ..PLAIN
};

#[test]
fn the_bound_and_the_plan_enclose_what_brute_force_finds() {
    run(PLAIN, 360);
}

#[test]
fn one_item_at_three_locations_is_enclosed_too() {
    let shape = Shape {
        locations: 3,
        items: 1,
        ..PLAIN
    };
    run(shape, 360);
}

#[test]
fn full_days_and_single_locations_are_enclosed_too() {
    let shape = Shape {
        rooms: true,
        limits: true,
        ..PLAIN
    };
    run(shape, 360);
}

#[test]
fn whole_cases_are_enclosed_too() {
    run(TWOS, 360);
    let shape = Shape {
        rooms: true,
        limits: true,
        ..TWOS
    };
    run(shape, 360);
}

#[test]
fn whole_cases_beside_single_units_are_enclosed_too() {
    run(SOME, 340);
}

#[test]
fn scarce_units_go_to_the_first_in_rank_as_far_as_they_reach() {
    assert_eq!(most_are_served(PLAIN), CASES);
}

#[test]
fn scarce_cases_go_to_the_first_in_rank_as_far_as_they_reach() {
    assert_eq!(most_are_served(TWOS), CASES);
}

#[test]
fn scarce_cases_of_several_sizes_nearly_always_do() {
    // To find the most of them is as hard as packing; nobody takes what is not there, whatever is found.
    assert!(most_are_served(SOME) >= CASES - CASES / 50);
}

/// In how many cases everybody gets the most that is left to them by those ahead.
fn most_are_served(shape: Shape) -> u64 {
    let mut most = 0;
    for seed in 0..CASES {
        let joint = joint(&mut Chance(seed), shape);
        let flow = serve(&joint);
        let mut served = Vec::new();
        for (position, contender) in joint.contenders.iter().enumerate() {
            for demand in 0..contender.problem.demands.len() {
                served.push(flow.units((position, demand)));
            }
        }
        let best = most_in_order(&joint);
        assert!(served <= best, "case {seed}: {served:?} of {best:?}");
        most += u64::from(served == best);
    }
    most
}

/// The largest units by demand, compared one after the other, that can be given: by trying all assignments.
fn most_in_order(joint: &Joint) -> Vec<i64> {
    let demands: Vec<(usize, usize)> = joint
        .contenders
        .iter()
        .enumerate()
        .flat_map(|(at, one)| (0..one.problem.demands.len()).map(move |demand| (at, demand)))
        .collect();
    let mut most = Vec::new();
    let mut stock = joint.stock.clone();
    try_all(joint, &demands, &mut Vec::new(), &mut stock, &mut most);
    most
}

fn try_all(
    joint: &Joint,
    demands: &[(usize, usize)],
    served: &mut Vec<i64>,
    stock: &mut [i64],
    most: &mut Vec<i64>,
) {
    let Some((at, demand)) = demands.get(served.len()) else {
        if *served > *most {
            most.clone_from(served);
        }
        return;
    };
    let contender = &joint.contenders[*at];
    let demand = &contender.problem.demands[*demand];
    let from: Vec<(usize, i64)> = contender
        .stock
        .iter()
        .zip(&contender.problem.sources)
        .map(|(stock, source)| (stock[demand.pool], source.has[demand.pool]))
        .collect();
    spread(
        joint,
        demands,
        (&from, demand.quantity, 0, demand.case.max(1)),
        served,
        stock,
        most,
    );
}

fn spread(
    joint: &Joint,
    demands: &[(usize, usize)],
    (from, wanted, taken, case): (&[(usize, i64)], i64, i64, i64),
    served: &mut Vec<i64>,
    stock: &mut [i64],
    most: &mut Vec<i64>,
) {
    let Some(((first, cap), rest)) = from.split_first() else {
        served.push(taken);
        try_all(joint, demands, served, stock, most);
        served.pop();
        return;
    };
    for units in (0..=wanted.min(stock[*first]).min(*cap)).filter(|units| units % case == 0) {
        stock[*first] -= units;
        let next = (rest, wanted - units, taken + units, case);
        spread(joint, demands, next, served, stock, most);
        stock[*first] += units;
    }
}

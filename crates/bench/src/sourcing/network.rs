//! Made-up networks: locations on a map, their stock and costs, and orders that somewhere wants.

use std::sync::Arc;

use fastrand::Rng;
use throughline_core::carrier::{Bracket, Tariff};
use throughline_core::order::source::NODE_BUDGET;
use throughline_core::sourcing::solve::{Demand, Problem, Scarcity, Shipping, Source};

/// Zones of distance, each with its tariffs.
const ZONES: i64 = 8;
/// Cost of a unit that nobody serves: more than everything else together.
const UNSERVED_MINOR: i64 = 100_000_000;
/// The upper ends of brackets, and what each adds to the first price.
const BRACKETS: [(i64, i64); 7] = [
    (500, 0),
    (1_000, 60),
    (2_000, 140),
    (5_000, 290),
    (10_000, 520),
    (20_000, 900),
    (31_500, 1_300),
];

/// How large and how well stocked a network is.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Shape {
    pub(crate) lines: usize,
    pub(crate) sources: u32,
    /// Percent of the items that a location stocks, at least and at most.
    pub(crate) stocks: (i64, i64),
    /// Quantities that are wanted and stocked.
    pub(crate) wanted: Wanted,
    /// Whether locations differ in cost.
    pub(crate) differ: bool,
}

/// How much of an item is wanted, and stocked where it is stocked.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Wanted {
    /// Mostly one unit, of stock from a few to many.
    Usual,
    /// One unit of each.
    One,
    /// Up to forty units, of stock from a few to many.
    Many,
    /// Up to three units, where hardly anyone has more than one.
    Thin,
}

/// A network and an order, the same for the same seed.
pub(crate) fn problem(shape: Shape, seed: u64) -> Problem {
    let mut random = Rng::with_seed(seed);
    let tariffs = tariffs(&mut random, shape.differ);
    Problem {
        demands: (0..shape.lines)
            .map(|pool| demand(&mut random, shape, pool))
            .collect(),
        pools: shape.lines,
        bundles: Vec::new(),
        sources: (0..shape.sources)
            .map(|id| source(&mut random, shape, id, &tariffs))
            .collect(),
        max_sources: None,
        node_budget: NODE_BUDGET,
        runners_up: 3,
    }
}

/// By zone, a slow service and a fast one.
fn tariffs(random: &mut Rng, differ: bool) -> Vec<[Arc<Tariff>; 2]> {
    let base = random.i64(350..550);
    let of_zone = |zone: i64| {
        let zone = if differ { zone } else { 0 };
        [
            tariff(base + zone * 55, zone),
            tariff(base + 380 + zone * 120, zone),
        ]
        .map(Arc::new)
    };
    (0..ZONES).map(of_zone).collect()
}

fn tariff(base: i64, zone: i64) -> Tariff {
    let bracket = |(up_to_g, more): (i64, i64)| Bracket {
        up_to_g,
        price_minor: base + more * (8 + zone) / 8,
    };
    Tariff {
        brackets: BRACKETS.map(bracket).to_vec(),
        per_kg_minor: None,
        minimum_minor: 0,
        parcel_max_g: 31_500,
    }
}

fn demand(random: &mut Rng, shape: Shape, pool: usize) -> Demand {
    let quantity = match (shape.wanted, random.i64(0..100)) {
        (Wanted::One, _) | (Wanted::Usual, 0..70) => 1,
        (Wanted::Usual, 70..95) => random.i64(2..=4),
        (Wanted::Usual, _) => random.i64(5..=20),
        (Wanted::Many, _) => random.i64(1..=40),
        (Wanted::Thin, _) => random.i64(1..=3),
    };
    Demand {
        pool,
        quantity,
        unserved_minor: UNSERVED_MINOR,
        weights_g: vec![random.i64(50..2_000)],
        case: 1,
    }
}

fn source(random: &mut Rng, shape: Shape, id: u32, tariffs: &[[Arc<Tariff>; 2]]) -> Source {
    // Distances: twice as far is four times as many locations.
    let zone = random.i64(0..ZONES * ZONES).isqrt();
    let [slow, fast] = &tariffs[usize::try_from(zone).unwrap_or(0)];
    let late_days = 1 + zone / 2;
    let stocks = random.i64(shape.stocks.0..=shape.stocks.1);
    let vary = |random: &mut Rng, low: i64, high: i64| {
        if shape.differ {
            random.i64(low..=high)
        } else {
            low
        }
    };
    let has: Vec<i64> = (0..shape.lines)
        .map(|_| stock(random, shape.wanted, stocks))
        .collect();
    Source {
        id,
        fixed_minor: vary(random, 80, 250) + vary(random, 0, 60),
        line_minor: vary(random, 20, 60),
        unit_minor: has
            .iter()
            .map(|_| unit_cost(random, shape.differ))
            .collect(),
        scarce: has
            .iter()
            .map(|has| scarcity(random, *has, shape.differ))
            .collect(),
        has,
        units_max: (random.i64(0..100) < 5).then(|| random.i64(5..100)),
        lines_max: None,
        shipping: vec![way(0, slow, late_days * 40), way(1, fast, 0)],
    }
}

fn stock(random: &mut Rng, wanted: Wanted, stocks: i64) -> i64 {
    if random.i64(0..100) >= stocks {
        return 0;
    }
    match (wanted, random.i64(0..100)) {
        (Wanted::Thin, 0..90) => 1,
        (Wanted::Thin, _) | (_, 0..40) => random.i64(1..=3),
        (_, 40..80) => random.i64(4..=20),
        _ => random.i64(20..=200),
    }
}

/// Labour of a unit; one in ten is overstocked and has a credit.
fn unit_cost(random: &mut Rng, differ: bool) -> i64 {
    match random.i64(0..10) {
        0 if differ => random.i64(-60..0),
        _ if differ => random.i64(5..=20),
        _ => 10,
    }
}

/// One in five keeps its last two units for those nearby.
fn scarcity(random: &mut Rng, has: i64, differ: bool) -> Scarcity {
    if differ && random.i64(0..5) == 0 {
        return Scarcity {
            free_units: (has - 2).max(0),
            extra_minor: random.i64(20..200),
        };
    }
    Scarcity::default()
}

fn way(id: u32, tariff: &Arc<Tariff>, fixed_minor: i64) -> Shipping {
    Shipping {
        id,
        weight_class: 0,
        tariff: Arc::clone(tariff),
        fixed_minor,
    }
}

//! How long the optimiser takes, and what it proves, on made-up networks of many shapes.

mod network;

use std::hint::black_box;
use std::time::{Duration, Instant};

use throughline_core::sourcing::solve::{Proof, solve};

use self::network::{Shape, Wanted, problem};
use crate::report::row::{Goal, Row, Score, time};
use crate::rows::Findings;

/// What is measured, by name.
const CASES: &[(&str, Shape)] = &[
    (
        "1 line × 2,000 locations",
        shape(1, 2_000, (30, 70), Wanted::Usual),
    ),
    (
        "5 lines × 500 locations",
        shape(5, 500, (30, 70), Wanted::Usual),
    ),
    (
        "10 lines × 2,000 locations",
        shape(10, 2_000, (30, 70), Wanted::Usual),
    ),
    (
        "10 lines × 2,000, one unit each",
        shape(10, 2_000, (30, 70), Wanted::One),
    ),
    (
        "10 lines × 2,000, 30 % stocked",
        shape(10, 2_000, (30, 30), Wanted::Usual),
    ),
    (
        "10 lines × 2,000, up to 40 units",
        shape(10, 2_000, (30, 70), Wanted::Many),
    ),
    (
        "20 lines × 2,000 locations",
        shape(20, 2_000, (30, 70), Wanted::Usual),
    ),
    (
        "10 lines × 2,000, scarce",
        shape(10, 2_000, (3, 12), Wanted::Usual),
    ),
    (
        "10 lines × 2,000, thin and scarce",
        shape(10, 2_000, (3, 12), Wanted::Thin),
    ),
    (
        "10 lines × 2,000, thin, scarce and alike",
        Shape {
            differ: false,
            ..shape(10, 2_000, (3, 12), Wanted::Thin)
        },
    ),
];

const fn shape(lines: usize, sources: u32, stocks: (i64, i64), wanted: Wanted) -> Shape {
    Shape {
        lines,
        sources,
        stocks,
        wanted,
        differ: true,
    }
}

/// How often each order is solved; the shortest time counts.
const TIMES: usize = 3;

/// What came of one case.
struct Measured {
    took: Duration,
    nodes: u64,
    sources: usize,
    /// How much cheaper another plan may be at most, in hundredths of a percent; none where proven.
    gap: Option<i64>,
}

/// The case whose goal is in the table, and its milliseconds.
const GOAL: (&str, f64) = ("10 lines × 2,000 locations", 5.0);

/// A row for the case that has a goal, and one line of text for each case.
pub(crate) fn measure(orders: u64, findings: &mut Findings) {
    for (name, shape) in CASES {
        let mut all: Vec<Measured> = (0..orders).map(|seed| one(*shape, seed)).collect();
        all.sort_by_key(|measured| measured.took);
        if *name == GOAL.0 {
            findings.rows.push(row(&all));
        }
        findings.details.push(line(name, &all));
    }
}

/// The time within which so many of a hundred were solved.
fn at(all: &[Measured], percent: usize) -> Duration {
    all[(all.len() * percent / 100).min(all.len() - 1)].took
}

fn row(all: &[Measured]) -> Row {
    let slow = at(all, 99);
    Row {
        id: "sourcing".to_owned(),
        what: format!("sourcing an order, {}: p99", GOAL.0),
        measured: time(slow),
        against: "–".to_owned(),
        score: Score::Milliseconds(slow.as_secs_f64() * 1e3),
        goal: Goal::AtMost(GOAL.1),
    }
}

fn line(name: &str, all: &[Measured]) -> String {
    let at = |percent: usize| at(all, percent);
    let proven = all.iter().filter(|measured| measured.gap.is_none()).count();
    let mut nodes: Vec<u64> = all.iter().map(|measured| measured.nodes).collect();
    nodes.sort_unstable();
    let most_sources = all
        .iter()
        .map(|measured| measured.sources)
        .max()
        .unwrap_or(0);
    let gap = all
        .iter()
        .filter_map(|measured| measured.gap)
        .max()
        .unwrap_or(0);
    format!(
        "sourcing {name}: p50 {:.2?}, p99 {:.2?}, max {:.2?}; {proven} of {} proven, widest gap {}.{:02} %; nodes p50 {}, max {}; up to {most_sources} locations",
        at(50),
        at(99),
        at(100),
        all.len(),
        gap / 100,
        gap % 100,
        nodes[nodes.len() / 2],
        nodes[nodes.len() - 1],
    )
}

fn one(shape: Shape, seed: u64) -> Measured {
    let problem = problem(shape, seed);
    let mut took = Duration::MAX;
    let mut solution = solve(&problem);
    // The shortest of a few: others use the machine too.
    for _ in 0..TIMES {
        let start = Instant::now();
        solution = black_box(solve(black_box(&problem)));
        took = took.min(start.elapsed());
    }
    let total = solution.best.total_minor.max(1);
    Measured {
        took,
        nodes: solution.nodes,
        sources: solution.best.served.len(),
        gap: match solution.proof {
            Proof::Optimal => None,
            Proof::Gap { bound_minor } => {
                Some((total - bound_minor).saturating_mul(10_000) / total)
            }
        },
    }
}

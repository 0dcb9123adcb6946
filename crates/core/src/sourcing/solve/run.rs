//! The steps of a solution, from the cheapest to the most thorough: it ends where the best plan is proven.
//!
//! A node is a piece of work that takes about a microsecond. Everything whose amount is not a small multiple of the
//! size of the problem is charged to the budget.

use super::SCALE;
use super::assign::assign;
use super::board::Board;
use super::columns::Columns;
use super::compose::End;
use super::cover::Cover;
use super::digits::Digits;
use super::greedy::{exchange, greedy, promising};
use super::met::{Found, Met};
use super::outcome::{Plan, Proof, Solution};
use super::prices::{Prices, least_rates};
use super::problem::Problem;
use super::refine::refine;
use super::search::Search;
use super::{ascent, compose};

/// Nodes that one of the first plans may take.
const FIRST_NODES: u64 = 200;
/// Nodes that a plan may take where looking by columns was too much.
const NEXT_NODES: u64 = 2_000;
/// A worth by which every want counts the same.
const EVEN: i64 = 1 << 30;
/// The first look goes beyond the bound by the bound divided by this.
const FIRST_SHARE: i128 = 32;
/// Rows that are tried in exchange.
const PROMISING: usize = 48;
/// Wants of rows that are priced in about the time of one node.
const WANTS_PRICED: u64 = 64;
/// Steps of columns, and of putting them together, that take about as long as one node.
const COLUMN_STEPS: u64 = 24;
const COMPOSE_STEPS: u64 = 192;
/// Wants of sources that are looked at in about the time of one node when sources are exchanged.
const WANTS_EXCHANGED: u64 = 32;
/// Rows of which it is followed whether they are used, at first and at most.
const FOLLOWED_FIRST: usize = 8;
const FOLLOWED: usize = 20;

/// What came of looking for plans below a cost.
enum Looked {
    /// The cheapest one is among those met.
    Found,
    /// There is none.
    Nothing,
    /// Not everything could be looked at; what remains costs at least this, scaled.
    Open(i128),
}

/// How plans are looked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Way {
    /// By columns where demands share no stock, and by sets of sources where that is too much.
    Best,
    /// By sets of sources alone, so that tests see both.
    #[cfg_attr(
        not(test),
        expect(dead_code, reason = "only tests leave the columns out")
    )]
    Sets,
}

/// The cheapest assignment of whole units to sources.
#[must_use]
pub fn solve(problem: &Problem) -> Solution {
    solve_by(problem, Way::Best)
}

/// The same in a given way.
pub(super) fn solve_by(problem: &Problem, way: Way) -> Solution {
    let board = Board::new(problem);
    let nothing = nothing_served(&board);
    let mut run = Run {
        met: Met::new(nothing, problem.runners_up),
        nodes: 0,
        bound: None,
        board: &board,
        way,
    };
    let alone = run.singles();
    run.prove();
    run.solution(alone)
}

struct Run<'b, 'a> {
    board: &'b Board<'a>,
    met: Met,
    nodes: u64,
    /// Where the budget ran out, what every plan costs at least, scaled.
    bound: Option<i128>,
    way: Way,
}

fn nothing_served(board: &Board<'_>) -> i64 {
    let parts = board.parts.parts.iter();
    parts
        .map(|part| part.unserved * part.quantity)
        .fold(0, i64::saturating_add)
}

impl Run<'_, '_> {
    /// What every source would cost that can serve everything alone, by position.
    fn singles(&mut self) -> Vec<Option<i64>> {
        let mut alone = vec![None; self.board.problem.sources.len()];
        for row in 0..self.board.len() {
            let Some(total) = self.board.alone(row) else {
                continue;
            };
            let position = self.board.sources[row];
            alone[position] = Some(total);
            if self.board.problem.max_sources != Some(0) {
                let all = self.board.parts.parts.iter().map(|part| part.quantity);
                self.met.keep(Found {
                    total,
                    served: vec![(position, all.collect())],
                });
            }
        }
        alone
    }

    fn prove(&mut self) {
        if self.board.len() == 0 || self.board.problem.max_sources == Some(0) {
            return;
        }
        let even: Vec<i64> = (0..self.board.wants())
            .map(|want| self.even_worth(want))
            .collect();
        let near = promising(self.board, &even);
        self.try_set(&greedy(self.board, &near, &even), FIRST_NODES);
        let start = least_rates(self.board, &near);
        let mut summit = ascent::climb(self.board, &near, start, self.cutoff());
        let cover = Cover::new(self.board);
        let digits = match self.way {
            Way::Best => Digits::of(self.board),
            Way::Sets => None,
        };
        if let Some(digits) = &digits {
            let (refined, steps) = refine(self.board, (&cover, digits), summit, self.cutoff());
            self.nodes += steps / COLUMN_STEPS;
            summit = refined;
        }
        self.charge_pricing(summit.priced);
        let mut rows: Vec<usize> = summit.costs.iter().map(|(_, row)| *row).collect();
        let prices = Prices::new(self.board, &cover, &summit.costs, summit.worth);
        self.try_set(&greedy(self.board, &near, &prices.worth), FIRST_NODES);
        if self.narrow(&prices, &cover, &mut rows) {
            self.look(digits.as_ref(), &cover, &prices, &rows);
        }
    }

    /// Looks for cheaper plans by columns, and where that is too much, by sets of sources.
    fn look(&mut self, digits: Option<&Digits>, cover: &Cover, prices: &Prices, rows: &[usize]) {
        let mut floor = prices.bound();
        if let Some(digits) = digits {
            match self.deepen(prices, rows, cover, |run, useful, below| {
                run.by_columns((cover, prices, digits), useful, below)
            }) {
                Some(bound) => floor = floor.max(bound),
                None => return,
            }
        }
        self.improve(prices, rows);
        let bound = self.deepen(prices, rows, cover, |run, useful, below| {
            run.by_search(cover, prices, useful, below)
        });
        self.bound = bound.map(|bound| bound.max(floor));
    }

    /// Looks for plans below a cost that rises from the bound on: the first that is found is the cheapest, and what
    /// was gone through without one has raised the bound. Says what plans cost at least where it had to end.
    fn deepen(
        &mut self,
        prices: &Prices,
        rows: &[usize],
        cover: &Cover,
        mut look: impl FnMut(&mut Self, &[usize], i128) -> Looked,
    ) -> Option<i128> {
        let mut floor = prices.bound();
        let mut beyond = (floor / FIRST_SHARE).max((self.cutoff() - floor) / FIRST_SHARE);
        beyond = beyond.max(i128::from(SCALE));
        loop {
            let below = self.cutoff().min(prices.bound() + beyond);
            let mut useful = rows.to_vec();
            useful.retain(|row| prices.bound_with(cover, *row) < below);
            match look(self, &useful, below) {
                Looked::Found => return None,
                Looked::Nothing if below == self.cutoff() => return None,
                Looked::Nothing => floor = below,
                Looked::Open(bound) => return Some(floor.max(bound)),
            }
            beyond += beyond / 2;
        }
    }

    /// Looks by columns. Where the cheapest way to put them together uses a source twice, it is followed from then on
    /// whether that one is used.
    fn by_columns(
        &mut self,
        with: (&Cover, &Prices, &Digits),
        rows: &[usize],
        below: i128,
    ) -> Looked {
        let (_, prices, digits) = with;
        let gap = i64::try_from(below - prices.constant).unwrap_or(i64::MAX / 4);
        let mut followed = most_credited(prices, rows);
        loop {
            let most = self.left() / 2;
            let most_steps = most * COLUMN_STEPS;
            let columns = Columns::enumerate(self.board, with, (rows, &followed), gap, most_steps);
            let Some(columns) = columns else {
                self.nodes += most;
                return Looked::Open(prices.bound());
            };
            self.nodes += columns.steps / COLUMN_STEPS;
            let most_steps = self.left() / 2 * COMPOSE_STEPS;
            let composed = compose::cheapest(self.board, with, &columns, below, most_steps);
            self.nodes += composed.steps / COMPOSE_STEPS;
            let plan = match composed.end {
                End::Cheapest(plan) => plan,
                End::Nothing => return Looked::Nothing,
                End::TooMany(bound) => return Looked::Open(bound),
            };
            let twice = plan.used_twice();
            if twice.is_empty() {
                self.met.keep(plan.found(self.board, digits));
                return Looked::Found;
            }
            followed.extend(twice);
            if followed.len() > FOLLOWED {
                return Looked::Open(i128::from(plan.total) * i128::from(SCALE));
            }
        }
    }

    /// Looks by sets of sources.
    fn by_search(&mut self, cover: &Cover, prices: &Prices, rows: &[usize], below: i128) -> Looked {
        let (before, left) = (self.met.best(), self.left());
        let search = Search::new(self.board, cover, prices, rows, &mut self.met, below, left);
        let (nodes, open) = search.run();
        self.nodes += nodes;
        match open {
            Some(bound) => Looked::Open(bound),
            None if self.met.best() < before => Looked::Found,
            None => Looked::Nothing,
        }
    }

    /// Exchanges sources of the best plan for promising ones.
    fn improve(&mut self, prices: &Prices, rows: &[usize]) {
        let mut promising = rows.to_vec();
        promising.sort_by_key(|row| (prices.reduced[*row], *row));
        promising.truncate(PROMISING);
        for start in [greedy(self.board, rows, &prices.worth), self.best_rows()] {
            let most = self.left() / 4 * WANTS_EXCHANGED;
            let (better, looked_at) = exchange(self.board, start, &promising, most);
            self.nodes += looked_at / WANTS_EXCHANGED;
            self.try_set(&better, NEXT_NODES.min(self.left() / 4));
        }
    }

    /// Rows of the best plan.
    fn best_rows(&self) -> Vec<usize> {
        let rows = 0..self.board.len();
        let used = self.met.best_sources();
        rows.filter(|row| used.contains(&self.board.sources[*row]))
            .collect()
    }

    fn charge_pricing(&mut self, rows: usize) {
        let wants = rows.saturating_mul(self.board.wants());
        self.nodes += u64::try_from(wants).unwrap_or(u64::MAX) / WANTS_PRICED;
    }

    fn left(&self) -> u64 {
        self.board.problem.node_budget.saturating_sub(self.nodes)
    }

    /// Worth by which every want counts the same.
    fn even_worth(&self, want: usize) -> i64 {
        EVEN / self.board.parts.wants[want].quantity.max(1)
    }

    fn try_set(&mut self, rows: &[usize], most_nodes: u64) {
        let assigned = assign(self.board, rows, self.met.best(), most_nodes);
        self.nodes += assigned.nodes;
        if let Some(found) = assigned.best {
            self.met.keep(found);
        }
    }

    fn cutoff(&self) -> i128 {
        i128::from(self.met.best()) * i128::from(SCALE)
    }

    /// Keeps the rows that a cheaper plan may use; says whether there may be one.
    fn narrow(&self, prices: &Prices, cover: &Cover, rows: &mut Vec<usize>) -> bool {
        let cutoff = self.cutoff();
        if prices.bound() >= cutoff {
            return false;
        }
        rows.retain(|row| prices.bound_with(cover, *row) < cutoff);
        !rows.is_empty()
    }

    fn solution(self, alone: Vec<Option<i64>>) -> Solution {
        let problem = self.board.problem;
        let best = self.met.best();
        let mut able = vec![false; problem.sources.len()];
        for position in &self.board.sources {
            able[*position] = true;
        }
        let mut plans = self
            .met
            .plans()
            .into_iter()
            .map(|found| plan(self.board, found));
        let proof = match self.bound.map(minor_rounded_up) {
            Some(bound_minor) if bound_minor < best => Proof::Gap { bound_minor },
            _ => Proof::Optimal,
        };
        Solution {
            best: plans.next().unwrap_or_default(),
            proof,
            nodes: self.nodes,
            runners_up: plans.collect(),
            alone,
            able,
        }
    }
}

/// Rows that pay most for being used at all, as far as they may be followed from the beginning.
fn most_credited(prices: &Prices, rows: &[usize]) -> Vec<usize> {
    let credited = rows.iter().filter(|row| prices.credit[**row] < 0);
    let mut credited: Vec<usize> = credited.copied().collect();
    credited.sort_by_key(|row| (prices.credit[*row], *row));
    credited.truncate(FOLLOWED_FIRST);
    credited
}

fn minor_rounded_up(scaled: i128) -> i64 {
    let scale = i128::from(SCALE);
    i64::try_from((scaled + scale - 1).div_euclid(scale)).unwrap_or(i64::MAX)
}

fn plan(board: &Board<'_>, found: Found) -> Plan {
    let problem = board.problem;
    let by_demand = |units: Vec<i64>| {
        let mut demands = vec![0; problem.demands.len()];
        for (part, units) in board.parts.parts.iter().zip(units) {
            for demand in &part.demands {
                let each = if part.whole {
                    problem.demands[*demand].units()
                } else {
                    1
                };
                demands[*demand] = units * each;
            }
        }
        demands
    };
    let served = found.served.into_iter();
    Plan::priced(
        problem,
        served.map(|(at, units)| (at, by_demand(units))).collect(),
    )
}

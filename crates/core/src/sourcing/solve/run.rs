//! The steps of a solution, from the cheapest to the most thorough: it ends where the best plan is proven.

use super::SCALE;
use super::assign::assign;
use super::board::Board;
use super::columns::{Columns, States};
use super::cover::Cover;
use super::greedy::{exchange, greedy};
use super::met::{Found, Met};
use super::outcome::{Plan, Proof, Solution};
use super::prices::{Prices, least_rates};
use super::problem::Problem;
use super::search::Search;
use super::{ascent, table};

/// Nodes that the first plan may take.
const FIRST_NODES: u64 = 2_000;
/// A worth by which every want counts the same.
const EVEN: i64 = 1 << 30;
/// The first look goes beyond the bound by the bound divided by this.
const FIRST_SHARE: i128 = 32;
/// Rows that are tried in exchange.
const PROMISING: usize = 48;
/// Steps of columns, and of tables, that take about as long as one node of the search.
const COLUMN_STEPS: u64 = 4;
const TABLE_STEPS: u64 = 32;

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
    /// By a table where there are few enough states, else by sets of sources.
    Best,
    /// By sets of sources alone, so that tests see both.
    #[cfg_attr(
        not(test),
        expect(dead_code, reason = "only tests leave the table out")
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
        let mut rows: Vec<usize> = (0..self.board.len()).collect();
        if rows.is_empty() || self.board.problem.max_sources == Some(0) {
            return;
        }
        let even: Vec<i64> = (0..self.board.wants())
            .map(|want| self.even_worth(want))
            .collect();
        self.try_set(&greedy(self.board, &rows, &even));
        let start = least_rates(self.board, &rows);
        let worth = ascent::climb(self.board, &mut rows, start, self.cutoff());
        let cover = Cover::new(self.board);
        let prices = Prices::new(self.board, &cover, &rows, worth);
        self.improve(&prices, &rows);
        if self.narrow(&prices, &cover, &mut rows) {
            self.deepen(&cover, &prices, &rows);
        }
    }

    /// Looks for plans below a cost that rises from the bound on: the first that is found is the cheapest, and what
    /// was gone through without one has raised the bound.
    fn deepen(&mut self, cover: &Cover, prices: &Prices, rows: &[usize]) {
        let mut states = match self.way {
            Way::Best => States::of(self.board),
            Way::Sets => None,
        };
        let mut floor = prices.bound();
        let mut beyond = (floor / FIRST_SHARE).max((self.cutoff() - floor) / FIRST_SHARE);
        beyond = beyond.max(i128::from(SCALE));
        loop {
            let below = self.cutoff().min(prices.bound() + beyond);
            let mut useful = rows.to_vec();
            useful.retain(|row| prices.bound_with(cover, *row) < below);
            let tabled = states
                .as_ref()
                .map(|states| self.by_table(cover, prices, states, &useful, below));
            let looked = match tabled {
                Some(looked @ (Looked::Found | Looked::Nothing)) => looked,
                Some(Looked::Open(bound)) => {
                    floor = floor.max(bound);
                    states = None;
                    self.by_search(cover, prices, &useful, below)
                }
                None => self.by_search(cover, prices, &useful, below),
            };
            match looked {
                Looked::Found => return,
                Looked::Nothing if below == self.cutoff() => return,
                Looked::Nothing => floor = below,
                Looked::Open(bound) => {
                    self.bound = Some(floor.max(bound));
                    return;
                }
            }
            beyond += beyond / 2;
        }
    }

    /// Looks by columns and a table of states.
    fn by_table(
        &mut self,
        cover: &Cover,
        prices: &Prices,
        states: &States,
        rows: &[usize],
        below: i128,
    ) -> Looked {
        let gap = i64::try_from(below - prices.constant).unwrap_or(i64::MAX / 4);
        let most = self.left() / 2;
        let with = (cover, prices, states);
        let Some(columns) = Columns::enumerate(self.board, with, rows, gap, most * COLUMN_STEPS)
        else {
            self.nodes += most;
            return Looked::Open(prices.bound());
        };
        self.nodes += columns.steps / COLUMN_STEPS;
        let most = self.left() / 2;
        let cutoff = minor_rounded_up(below);
        let plan = table::cheapest(self.board, with, &columns, cutoff, most * TABLE_STEPS);
        let Ok(plan) = plan else {
            self.nodes += most;
            return Looked::Open(prices.bound());
        };
        let Some(plan) = plan else {
            return Looked::Nothing;
        };
        self.nodes += plan.steps / TABLE_STEPS;
        let bound = i128::from(plan.bound) * i128::from(SCALE);
        match plan.found(self.board, states) {
            Some(found) => {
                self.met.keep(found);
                Looked::Found
            }
            None => Looked::Open(bound),
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
            let better = exchange(self.board, start, &promising);
            self.try_set(&better);
        }
    }

    /// Rows of the best plan.
    fn best_rows(&self) -> Vec<usize> {
        let rows = 0..self.board.len();
        let used = self.met.best_sources();
        rows.filter(|row| used.contains(&self.board.sources[*row]))
            .collect()
    }

    fn left(&self) -> u64 {
        self.board.problem.node_budget.saturating_sub(self.nodes)
    }

    /// Worth by which every want counts the same.
    fn even_worth(&self, want: usize) -> i64 {
        EVEN / self.board.parts.wants[want].quantity.max(1)
    }

    fn try_set(&mut self, rows: &[usize]) {
        let assigned = assign(self.board, rows, self.met.best(), FIRST_NODES);
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

//! The steps of a solution, from the cheapest to the most thorough: it ends where the best plan is proven.

use super::SCALE;
use super::assign::assign;
use super::board::Board;
use super::columns::{Columns, States};
use super::cover::Cover;
use super::greedy::greedy;
use super::met::{Found, Met};
use super::outcome::{Plan, Proof, Solution};
use super::prices::{Prices, least_rates};
use super::problem::Problem;
use super::search::Search;
use super::{ascent, table};

/// Nodes that the first plan may take.
const FIRST_NODES: u64 = 2_000;
/// The gap is divided by these, one after the other.
const GAP_SHARES: [i128; 2] = [4, 1];
/// Steps of columns and tables that take about as long as one node of the search.
const STEPS_PER_NODE: u64 = 16;

/// The cheapest assignment of whole units to sources.
#[must_use]
pub fn solve(problem: &Problem) -> Solution {
    let board = Board::new(problem);
    let nothing = nothing_served(&board);
    let mut run = Run {
        met: Met::new(nothing, problem.runners_up),
        nodes: 0,
        bound: None,
        board: &board,
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
        let first = greedy(self.board, &rows);
        self.try_set(&first);
        let cover = Cover::new(self.board);
        let mut prices = vec![self.first_prices(&cover, &rows)];
        if !self.narrow(&prices, &cover, &mut rows) {
            return;
        }
        let worth = ascent::climb(self.board, &rows, &prices[0].worth, self.cutoff());
        prices.insert(0, Prices::new(self.board, &cover, &rows, worth));
        prices.sort_by_key(|prices| std::cmp::Reverse(prices.bound()));
        if !self.narrow(&prices, &cover, &mut rows) || self.by_table(&cover, &prices, &rows) {
            return;
        }
        let budget = self.board.problem.node_budget;
        let left = budget.saturating_sub(self.nodes);
        let (nodes, open) =
            Search::new(self.board, &cover, &prices, &rows, &mut self.met, left).run();
        self.nodes += nodes;
        self.bound = open;
    }

    /// Looks for the cheapest plan by columns; says whether that settled it.
    fn by_table(&mut self, cover: &Cover, prices: &[Prices], rows: &[usize]) -> bool {
        let Some(states) = States::of(self.board) else {
            return false;
        };
        // A part of the gap first: what it finds makes the whole gap smaller.
        for share in GAP_SHARES {
            let gap = self.cutoff() - prices[0].constant;
            let gap = i64::try_from(gap / share).unwrap_or(i64::MAX / 4);
            let most_steps = self.left().saturating_mul(STEPS_PER_NODE);
            let with = (cover, &prices[0], &states);
            let Some(columns) = Columns::enumerate(self.board, with, rows, gap, most_steps) else {
                self.nodes += most_steps / STEPS_PER_NODE / 2;
                return false;
            };
            self.nodes += columns.steps / STEPS_PER_NODE;
            let with = (cover, prices, &states);
            let most_steps = self.left().saturating_mul(STEPS_PER_NODE);
            let plan = table::cheapest(self.board, with, &columns, self.met.best(), most_steps);
            match plan {
                Err(table::TooMany) => return false,
                Ok(None) if share == 1 => return true,
                Ok(None) => {}
                Ok(Some(plan)) => {
                    self.nodes += plan.steps / STEPS_PER_NODE;
                    match plan.found(self.board, &states) {
                        Some(found) => self.met.keep(found),
                        None => return false,
                    }
                    if share == 1 {
                        return true;
                    }
                }
            }
        }
        true
    }

    fn left(&self) -> u64 {
        self.board.problem.node_budget.saturating_sub(self.nodes)
    }

    /// The prices that bound best, of those under which no source gains by its units.
    fn first_prices(&self, cover: &Cover, rows: &[usize]) -> Prices {
        let cheapest = rows.iter().copied().min_by_key(|row| {
            let lines = &self.board.freights.get(self.board.freight[*row]).lines;
            self.board.fixed[*row].saturating_add(lines[0].start)
        });
        let freight = self.board.freight[cheapest.unwrap_or(0)];
        let lines = &self.board.freights.get(freight).lines;
        let level = Prices::new(
            self.board,
            cover,
            rows,
            least_rates(self.board, rows, &lines[0]),
        );
        lines[1..]
            .iter()
            .map(|line| Prices::new(self.board, cover, rows, least_rates(self.board, rows, line)))
            .fold(level, |best, other| {
                if other.bound() > best.bound() {
                    other
                } else {
                    best
                }
            })
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
    fn narrow(&self, prices: &[Prices], cover: &Cover, rows: &mut Vec<usize>) -> bool {
        let cutoff = self.cutoff();
        if prices.iter().any(|prices| prices.bound() >= cutoff) {
            return false;
        }
        rows.retain(|row| {
            prices
                .iter()
                .all(|prices| prices.bound_with(cover, *row) < cutoff)
        });
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

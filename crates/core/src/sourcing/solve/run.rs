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
use super::prices::{Class, Prices, least_rates};
use super::problem::Problem;
use super::refine::refine;
use super::search::{ASSIGNED_A_NODE, Reach, Search};
use super::{ascent, compose};

/// Nodes that one of the first plans may take.
const FIRST_NODES: u64 = 100;
/// Nodes that a plan may take where looking by columns was too much.
const NEXT_NODES: u64 = 1_000;
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

/// Plans of so many sources are looked for apart, by sets; and so many more at least are many.
const FEW: usize = 2;
const FEW_AND_ONE: u32 = 3;
/// The first look at them takes the budget divided by this.
const FIRST_LOOK: u64 = 8;

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
    let whole = problem.with_whole_cases();
    let problem = whole.as_ref().unwrap_or(problem);
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

/// What plans of all classes are looked for with.
struct Grounds {
    cover: Cover,
    /// None where plans are not made of columns.
    digits: Option<Digits>,
    /// Rows that prices are made for first.
    near: Vec<usize>,
}

/// Plans of few sources, or of many.
#[derive(Default)]
struct Side {
    /// None where there are no such plans.
    prices: Option<Prices>,
    /// Rows that a cheaper plan may use.
    rows: Vec<usize>,
    /// What those that were not looked at cost at least, scaled; none where all were.
    open: Option<i128>,
    /// Sets whose bound is below this have their best assignment, scaled.
    finished: i128,
}

impl Side {
    /// Prices to begin others with.
    fn from(&self) -> Vec<i64> {
        let prices = self.prices.iter();
        let worth = prices.flat_map(|prices| prices.worth.iter().chain([&prices.each]));
        worth.copied().collect()
    }
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

    /// Plans of few sources and of many are proven apart.
    fn prove(&mut self) {
        let most = self.board.most_sources();
        if self.board.len() == 0 || most == 0 {
            return;
        }
        let even: Vec<i64> = (0..self.board.wants())
            .map(|want| self.even_worth(want))
            .collect();
        let near = promising(self.board, &even);
        self.try_set(&greedy(self.board, &near, &even), FIRST_NODES);
        let grounds = Grounds {
            cover: Cover::new(self.board),
            digits: match self.way {
                Way::Best => Digits::of(self.board),
                Way::Sets => None,
            },
            near,
        };
        let few = Class {
            least: 0,
            most: most.min(FEW),
        };
        let many = Class {
            least: FEW_AND_ONE,
            most,
        };
        let mut from = least_rates(self.board, few, &grounds.near);
        let mut side = Side::default();
        if most <= FEW || self.may_serve(FEW) {
            side = self.price(&grounds, few, from);
            from = side.from();
            self.look_by_search(&grounds, &mut side, self.left() / FIRST_LOOK);
        }
        let mut other = Side::default();
        if most > FEW {
            other = self.price(&grounds, many, from);
            self.look_by_columns(&grounds, &mut other);
        }
        // Now that cheaper plans are known, few sources may be gone through.
        self.look_by_search(&grounds, &mut side, self.left() / 4 * 3);
        self.look_by_columns(&grounds, &mut side);
        self.improve(&other);
        self.look_by_search(&grounds, &mut other, self.left());
        self.bound = match (side.open, other.open) {
            (Some(one), Some(other)) => Some(one.min(other)),
            (one, other) => one.or(other),
        };
    }

    /// Whether so many sources may serve enough for a cheaper plan: what they have to leave, and the credits that they
    /// may bring, say that it may not be.
    fn may_serve(&self, sources: usize) -> bool {
        let board = self.board;
        let rows = 0..board.len();
        let once = rows.clone().map(|row| {
            let freight = board.freights.get(board.freight[row]);
            let price = freight.lines.iter().map(|line| line.start).min();
            (board.fixed[row] + price.unwrap_or(0)).min(0)
        });
        let shares = i128::try_from(sources).unwrap_or(i128::MAX);
        let mut least = i128::from(once.min().unwrap_or(0)) * shares;
        for want in 0..board.wants() {
            let numbers = rows.clone().map(|row| board.row(row));
            let unit = numbers.clone().map(|row| row.unit[want]).min();
            let mut had: Vec<i64> = numbers.map(|row| row.most[want]).collect();
            had.sort_unstable();
            let most: i64 = had.iter().rev().take(sources).sum();
            let short = (board.servable(want) - most).max(0);
            least += i128::from(unit.unwrap_or(0).min(0)) * i128::from(board.servable(want));
            least += i128::from(board.unserved[want]) * i128::from(short) * i128::from(SCALE);
        }
        board.lacking_minor * i128::from(SCALE) + least < self.cutoff()
    }

    /// Prices for plans of so many sources, beginning with some others.
    fn price(&mut self, grounds: &Grounds, class: Class, from: Vec<i64>) -> Side {
        let (board, cover) = (self.board, &grounds.cover);
        let mut summit = ascent::climb(board, class, &grounds.near, from, self.cutoff());
        if let Some(digits) = &grounds.digits {
            let (refined, steps) = refine(board, (cover, digits), class, summit, self.cutoff());
            self.nodes += steps / COLUMN_STEPS;
            summit = refined;
        }
        self.charge_pricing(summit.priced);
        let rows: Vec<usize> = summit.costs.iter().map(|(_, row)| *row).collect();
        let prices = Prices::new(board, cover, class, &summit.costs, summit.worth);
        self.try_set(&greedy(board, &grounds.near, &prices.worth), FIRST_NODES);
        let bound = prices.bound();
        Side {
            rows,
            open: (bound < self.cutoff()).then_some(bound),
            finished: bound,
            prices: Some(prices),
        }
    }

    /// Looks for cheaper plans by columns, if any may be open.
    fn look_by_columns(&mut self, grounds: &Grounds, side: &mut Side) {
        let (Some(prices), Some(floor), Some(digits)) = (&side.prices, side.open, &grounds.digits)
        else {
            return;
        };
        let with = (&grounds.cover, prices, digits);
        let depth = (prices.bound(), with.0);
        side.open = self.deepen(prices, &side.rows, depth, |run, useful, below| {
            run.by_columns(with, useful, below)
        });
        side.open = side.open.map(|open| open.max(floor));
    }

    /// Looks for cheaper plans by sets of sources, if any may be open, with so many nodes.
    fn look_by_search(&mut self, grounds: &Grounds, side: &mut Side, nodes: u64) {
        let (Some(prices), Some(floor)) = (&side.prices, side.open) else {
            return;
        };
        let (cover, is_few) = (&grounds.cover, prices.class.most <= FEW);
        let end = self.nodes + nodes;
        let mut finished = side.finished;
        side.open = self.deepen(
            prices,
            &side.rows,
            (finished, cover),
            |run, useful, below| {
                let reach = Reach {
                    below,
                    finished: is_few.then_some(finished),
                    budget: end.saturating_sub(run.nodes),
                };
                let looked = run.by_search(cover, prices, useful, reach);
                if let Looked::Nothing = looked {
                    finished = below;
                }
                looked
            },
        );
        side.finished = finished;
        side.open = side.open.map(|open| open.max(floor));
    }

    /// Looks for plans below a cost that rises from the bound on: the first that is found is the cheapest, and what
    /// was gone through without one has raised the bound. Says what plans cost at least where it had to end.
    fn deepen(
        &mut self,
        prices: &Prices,
        rows: &[usize],
        (from, cover): (i128, &Cover),
        mut look: impl FnMut(&mut Self, &[usize], i128) -> Looked,
    ) -> Option<i128> {
        let mut floor = from;
        let mut beyond = (floor / FIRST_SHARE).max((self.cutoff() - floor) / FIRST_SHARE);
        beyond = beyond.max(i128::from(SCALE));
        loop {
            let below = self.cutoff().min(from + beyond);
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
    fn by_search(
        &mut self,
        cover: &Cover,
        prices: &Prices,
        rows: &[usize],
        reach: Reach,
    ) -> Looked {
        let below = reach.below;
        let search = Search::new(self.board, cover, prices, rows, &mut self.met, reach);
        let (nodes, open) = search.run();
        self.nodes += nodes;
        match open {
            Some(bound) => Looked::Open(bound),
            // Everything that could be cheaper was gone through.
            None if self.cutoff() <= below => Looked::Found,
            None => Looked::Nothing,
        }
    }

    /// Exchanges sources of the best plan for promising ones, if a cheaper one may be open.
    fn improve(&mut self, side: &Side) {
        let (Some(prices), Some(_)) = (&side.prices, side.open) else {
            return;
        };
        let rows = &side.rows;
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
        let most_steps = most_nodes * ASSIGNED_A_NODE;
        let assigned = assign(self.board, rows, self.met.best(), most_steps);
        self.nodes += assigned.nodes / ASSIGNED_A_NODE;
        if let Some(found) = assigned.best {
            self.met.keep(found);
        }
    }

    fn cutoff(&self) -> i128 {
        i128::from(self.met.best()) * i128::from(SCALE)
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
                    problem.demands[*demand].case()
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

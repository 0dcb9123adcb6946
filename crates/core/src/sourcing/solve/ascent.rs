//! Better prices, by going uphill: where more is wanted than is served under these prices, they rise.
//!
//! A step goes where the last ones went on the whole (a subgradient with momentum), and as far as the bound could
//! rise (Polyak's length).

use super::board::Board;
use super::gains::Pricer;
use super::prices::{ceiling, constant, credits};

/// Times that all rows are looked at, beside the last one.
const PASSES: usize = 2;
/// Times that the near rows are looked at between two passes.
const ROUNDS: usize = 4;
/// Near rows: those that cost least beyond what they are worth.
const NEAR: usize = 200;
/// Rows that are added in each round to those that prices are made for.
const ADDED: usize = 20;
/// Steps of a round.
const STEPS: usize = 40;
/// Steps without a better bound after which the stride is halved.
const PATIENCE: usize = 4;
/// The stride at first, in sixteenths of the whole way to the aim.
const STRIDE: i128 = 16;
/// Parts of a direction; one of them is what is short now, and all others are where the last step went.
const MOMENTUM: i128 = 2;
/// Shares of a want are counted in parts of this.
const SHARE: i128 = 1 << 16;
/// Steps aim at most above the bound by the bound divided by this.
const NEAR_AIM: i128 = 8;
/// But so much of the way to the aim at least.
const LEAST_SHARE: i128 = 16;
/// Rows whose reduced cost is surely above the bound divided by this are not looked at again.
pub(super) const FAR_SHARE: i128 = 8;

/// Where the way ended.
pub(super) struct Summit {
    /// The prices with the best bound.
    pub(super) worth: Vec<i64>,
    /// Rows that a plan below the aim may use, rising, each with its reduced cost or less, scaled.
    pub(super) costs: Vec<(i64, usize)>,
    /// Reduced costs that were worked out.
    pub(super) priced: usize,
}

/// The way uphill.
struct Ascent<'b, 'a> {
    board: &'b Board<'a>,
    pricer: Pricer,
    /// No plan is looked for that costs as much, scaled.
    aim: i128,
    /// Rows that prices are made for, rising.
    active: Vec<usize>,
    priced: usize,
}

/// The prices with the best bound met on the way up to the aim (scaled). It begins among the `near` rows, the most
/// promising first.
pub(super) fn climb(board: &Board<'_>, near: &[usize], from: Vec<i64>, aim: i128) -> Summit {
    let mut active = near[..near.len().min(2 * ADDED)].to_vec();
    active.sort_unstable();
    let mut ascent = Ascent {
        board,
        pricer: Pricer::default(),
        aim,
        active,
        priced: 0,
    };
    ascent.climb(near, from)
}

impl Ascent<'_, '_> {
    fn climb(&mut self, near: &[usize], from: Vec<i64>) -> Summit {
        let mut worth = self.go_up(near, from);
        let rows: Vec<usize> = (0..self.board.len()).collect();
        let mut costs = self.price(&rows, &worth);
        let (mut best, mut best_worth, mut best_costs) = (i128::MIN, worth.clone(), Vec::new());
        for pass in 0..=PASSES {
            let bound = constant(self.board, &worth) + self.credits(&costs);
            costs.retain(|(cost, _)| bound + i128::from(*cost) < self.aim);
            let before = worth.clone();
            let is_better = bound > best;
            if is_better {
                (best, best_worth) = (bound, worth.clone());
                best_costs.clone_from(&costs);
            }
            if pass == PASSES || bound >= self.aim {
                break;
            }
            let near = cheapest(costs.clone(), NEAR);
            self.add(costs.clone());
            if is_better {
                worth = self.go_up(&near, worth);
            } else {
                // Too far for those that were not looked at: half of the way.
                let halves = worth.iter_mut().zip(&best_worth);
                halves.for_each(|(worth, best)| *worth = *best + (*worth - *best) / 2);
            }
            if worth == best_worth {
                break;
            }
            self.priced += reprice(self.board, &mut costs, (&before, &worth), best / FAR_SHARE);
        }
        Summit {
            worth: best_worth,
            costs: best_costs,
            priced: self.priced,
        }
    }

    fn price(&mut self, rows: &[usize], worth: &[i64]) -> Vec<(i64, usize)> {
        self.priced += rows.len();
        let rows = rows.iter();
        rows.map(|row| (self.pricer.reduced_cost(self.board, *row, worth), *row))
            .collect()
    }

    /// The sum of reduced costs below zero, of as many rows as may be used.
    fn credits(&self, costs: &[(i64, usize)]) -> i128 {
        let below = costs.iter().map(|(cost, _)| *cost);
        credits(self.board, below.filter(|cost| *cost < 0).collect())
    }

    /// Adds the rows that cost least.
    fn add(&mut self, costs: Vec<(i64, usize)>) {
        self.active.extend(cheapest(costs, ADDED));
        self.active.sort_unstable();
        self.active.dedup();
    }

    /// Makes prices for the active rows, until none of the near ones is missed among them.
    fn go_up(&mut self, near: &[usize], from: Vec<i64>) -> Vec<i64> {
        let mut worth = from;
        for _ in 0..ROUNDS {
            let active = std::mem::take(&mut self.active);
            worth = go_up(self.board, &worth, self.aim, |worth| {
                self.relaxed(&active, worth)
            });
            self.active = active;
            let costs = self.price(near, &worth);
            let is_missed =
                |(cost, row): &(i64, usize)| *cost < 0 && self.active.binary_search(row).is_err();
            if !costs.iter().any(is_missed) {
                break;
            }
            self.add(costs);
        }
        worth
    }

    /// The bound of prices for these rows, and by want the share that is short (below zero: served too often).
    fn relaxed(&mut self, rows: &[usize], worth: &[i64]) -> (i128, Vec<i128>) {
        let board = self.board;
        let mut below = self.price(rows, worth);
        below.retain(|(cost, _)| *cost < 0);
        if below.len() > board.most_sources() {
            below.sort_unstable();
            below.truncate(board.most_sources());
        }
        let mut taken = vec![0; board.wants()];
        for (_, row) in &below {
            self.pricer.add_choice(board, *row, worth, &mut taken);
        }
        (
            constant(board, worth) + self.credits(&below),
            short(board, &taken),
        )
    }
}

/// Goes uphill from some prices up to an aim. What is asked for each time is the bound of prices, and by want the share
/// that is short under them.
pub(super) fn go_up(
    board: &Board<'_>,
    from: &[i64],
    aim: i128,
    mut relaxed: impl FnMut(&[i64]) -> (i128, Vec<i128>),
) -> Vec<i64> {
    let mut worth = from.to_vec();
    let mut direction: Vec<i128> = Vec::new();
    let (mut best, mut best_worth) = (i128::MIN, worth.clone());
    let (mut stride, mut idle) = (STRIDE, 0);
    for _ in 0..STEPS {
        let (bound, short) = relaxed(&worth);
        if bound > best {
            (best, idle) = (bound, 0);
            best_worth.clone_from(&worth);
        } else {
            idle += 1;
        }
        if idle == PATIENCE {
            (stride, idle) = (stride / 2, 0);
            worth.clone_from(&best_worth);
            direction.clear();
            continue;
        }
        turn(&mut direction, short);
        // An aim that is far above what can be reached would lead astray.
        let beyond = (best / NEAR_AIM).max((aim - best) / LEAST_SHARE);
        let way = aim.min(best + beyond) - bound;
        if stride == 0 || best >= aim || !step(board, &mut worth, &direction, way * stride) {
            break;
        }
    }
    best_worth
}

/// By want the share that is short of what can be served (below zero: it is served too often).
pub(super) fn short(board: &Board<'_>, taken: &[i64]) -> Vec<i128> {
    let wants = taken.iter().enumerate();
    let share = |(want, taken): (usize, &i64)| {
        let servable = board.servable(want);
        i128::from(servable - taken) * SHARE / i128::from(servable.max(1))
    };
    wants.map(share).collect()
}

/// Works out reduced costs again for other prices, and says how often. A source gains no more than the rise of what it
/// has: where that leaves a cost that is far, it is enough to know.
pub(super) fn reprice(
    board: &Board<'_>,
    costs: &mut [(i64, usize)],
    (from, to): (&[i64], &[i64]),
    far: i128,
) -> usize {
    let mut pricer = Pricer::default();
    let pairs = from.iter().zip(to);
    let rises: Vec<i64> = pairs.map(|(from, to)| (to - from).max(0)).collect();
    let far = i64::try_from(far).unwrap_or(i64::MAX).max(1);
    let mut priced = 0;
    for (cost, row) in costs {
        let most = board.row(*row).most;
        let rise = rises.iter().zip(most).map(|(rise, most)| rise * most);
        let least = *cost - rise.sum::<i64>();
        *cost = if least >= far {
            least
        } else {
            priced += 1;
            pricer.reduced_cost(board, *row, to)
        };
    }
    priced
}

/// The rows that cost least.
fn cheapest(mut costs: Vec<(i64, usize)>, most: usize) -> Vec<usize> {
    if costs.len() > most {
        costs.select_nth_unstable(most);
        costs.truncate(most);
    }
    costs.into_iter().map(|(_, row)| row).collect()
}

/// Turns a direction towards what is short now.
fn turn(direction: &mut Vec<i128>, short: Vec<i128>) {
    if direction.is_empty() {
        *direction = short;
        return;
    }
    for (direction, short) in direction.iter_mut().zip(short) {
        *direction = (*direction + short * (MOMENTUM - 1)) / MOMENTUM;
    }
}

/// Moves prices towards what is short; says whether anything moved.
fn step(board: &Board<'_>, worth: &mut [i64], short: &[i128], way: i128) -> bool {
    let square: i128 = short.iter().map(|short| short * short).sum();
    if square == 0 {
        return false;
    }
    let mut moved = false;
    for (want, worth) in worth.iter_mut().enumerate() {
        let servable = i128::from(board.servable(want).max(1));
        // The stride counts sixteenths.
        let change = way * SHARE * short[want] / (STRIDE * square * servable);
        let highest = ceiling(board, want);
        let next = i128::from(*worth) + change;
        let next = i64::try_from(next)
            .unwrap_or(highest)
            .clamp(-highest, highest);
        moved |= next != *worth;
        *worth = next;
    }
    moved
}

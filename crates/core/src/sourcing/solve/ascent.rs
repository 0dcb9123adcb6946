//! Better prices, by going uphill: where more is wanted than is served under these prices, they rise.
//!
//! A step goes where the last ones went on the whole (a subgradient with momentum), and as far as the bound could
//! rise (Polyak's length).

use super::board::Board;
use super::gains::{add_choice, reduced_cost};
use super::prices::{ceiling, constant, credits};

/// Times that all rows are looked at.
const PASSES: usize = 3;
/// Times that the near rows are looked at between two passes.
const ROUNDS: usize = 4;
/// Near rows: those that cost least beyond what they are worth.
const NEAR: usize = 300;
/// Rows that are added in each round to those that prices are made for.
const ADDED: usize = 32;
/// Steps of a round.
const STEPS: usize = 40;
/// Steps without a better bound after which the stride is halved.
const PATIENCE: usize = 4;
/// The stride at first, in sixteenths of the whole way to the aim.
const STRIDE: i128 = 16;
/// How much of the direction is that of the step before.
const MOMENTUM: i128 = 2;
/// Shares of a want are counted in parts of this.
const SHARE: i128 = 1 << 16;
/// Steps aim at most above the bound by the bound divided by this.
const NEAR_AIM: i128 = 4;
/// But so much of the way to the aim at least.
const LEAST_SHARE: i128 = 16;

/// The way uphill.
pub(super) struct Ascent<'b, 'a> {
    board: &'b Board<'a>,
    /// No plan is looked for that costs as much, scaled.
    aim: i128,
    /// Rows that prices are made for, rising.
    active: Vec<usize>,
    /// Reduced costs that were worked out.
    priced: usize,
}

/// The prices with the best bound met on the way up to the aim (scaled), and how many reduced costs were worked out.
/// Rows that no plan below the aim can use are taken out on the way.
pub(super) fn climb(
    board: &Board<'_>,
    rows: &mut Vec<usize>,
    from: Vec<i64>,
    aim: i128,
) -> (Vec<i64>, usize) {
    let mut ascent = Ascent {
        board,
        aim,
        active: Vec::new(),
        priced: 0,
    };
    let worth = ascent.climb(rows, from);
    (worth, ascent.priced)
}

impl Ascent<'_, '_> {
    fn climb(&mut self, rows: &mut Vec<usize>, from: Vec<i64>) -> Vec<i64> {
        let (mut best, mut best_worth) = (i128::MIN, from.clone());
        let mut worth = from;
        for pass in 0..=PASSES {
            let mut costs = self.price(rows, &worth);
            let (bound, _) = relaxed(self.board, &costs, &worth);
            costs.retain(|(cost, _)| bound + i128::from(*cost) < self.aim);
            rows.clear();
            rows.extend(costs.iter().map(|(_, row)| *row));
            if bound >= self.aim {
                return worth;
            }
            let is_better = bound > best;
            if is_better {
                best = bound;
                best_worth.clone_from(&worth);
            } else {
                // Too far for those that were not looked at: half of the way.
                let halves = worth.iter_mut().zip(&best_worth);
                halves.for_each(|(worth, best)| *worth = *best + (*worth - *best) / 2);
            }
            if pass == PASSES {
                break;
            }
            let near = cheapest(costs.clone(), NEAR);
            self.add(costs);
            if is_better {
                worth = self.go_up(&near, worth);
            }
            if worth == best_worth {
                break;
            }
        }
        rows.sort_unstable();
        best_worth
    }

    fn price(&mut self, rows: &[usize], worth: &[i64]) -> Vec<(i64, usize)> {
        self.priced += rows.len();
        let rows = rows.iter();
        rows.map(|row| (reduced_cost(self.board, *row, worth), *row))
            .collect()
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
            worth = self.round(&worth);
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

    /// Goes uphill for the active rows.
    fn round(&mut self, from: &[i64]) -> Vec<i64> {
        let active = std::mem::take(&mut self.active);
        let mut worth = from.to_vec();
        let mut direction: Vec<i128> = Vec::new();
        let (mut best, mut best_worth) = (i128::MIN, worth.clone());
        let (mut stride, mut idle) = (STRIDE, 0);
        for _ in 0..STEPS {
            let (bound, short) = relaxed(self.board, &self.price(&active, &worth), &worth);
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
            let beyond = (best / NEAR_AIM).max((self.aim - best) / LEAST_SHARE);
            let way = self.aim.min(best + beyond) - bound;
            if stride == 0
                || best >= self.aim
                || !step(self.board, &mut worth, &direction, way * stride)
            {
                break;
            }
        }
        self.active = active;
        best_worth
    }
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

/// The bound of prices, and by want the share that is short (below zero: served too often).
fn relaxed(board: &Board<'_>, costs: &[(i64, usize)], worth: &[i64]) -> (i128, Vec<i128>) {
    let mut below: Vec<(i64, usize)> = costs
        .iter()
        .copied()
        .filter(|(cost, _)| *cost < 0)
        .collect();
    let most = board.most_sources();
    if below.len() > most {
        below.sort_unstable();
        below.truncate(most);
    }
    let mut taken = vec![0; board.wants()];
    for (_, row) in &below {
        add_choice(board, *row, worth, &mut taken);
    }
    let costs = below.into_iter().map(|(cost, _)| cost).collect();
    let short = taken.iter().enumerate().map(|(want, taken)| {
        let servable = board.servable(want);
        i128::from(servable - taken) * SHARE / i128::from(servable.max(1))
    });
    (
        constant(board, worth) + credits(board, costs),
        short.collect(),
    )
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

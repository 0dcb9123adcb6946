//! Prices by what sources really can serve, whole units at the real price of their shipment.
//!
//! The bound of [`super::gains`] takes a part of a unit where that fits better. Here every source has a list of columns;
//! prices go uphill for those ([`super::ascent`]), then sources are asked whether they have a better column under the
//! new prices, until none has (column generation).

use super::ascent::{FAR_SHARE, Summit, go_up, reprice, short};
use super::board::Board;
use super::cover::Cover;
use super::digits::Digits;
use super::finder::{Column, Finder};
use super::prices::{constant, credits};

/// Times that columns are asked for.
const ROUNDS: usize = 4;
/// Steps of columns that may be taken.
const MOST_STEPS: u64 = 30_000;
/// Rows that have a column at first: those that cost less beyond their worth than the bound divided by this.
const FIRST_SHARE: i128 = 64;
/// Rows that are asked: those that cost less than the bound divided by this.
const NEAR_SHARE: i128 = 12;

/// Columns of one row.
struct Known {
    row: usize,
    /// Cost, scaled, of each, and its units by want in turn.
    costs: Vec<i64>,
    units: Vec<i64>,
}

/// Columns by row.
struct Pool<'b, 'a> {
    board: &'b Board<'a>,
    digits: &'b Digits,
    cover: &'b Cover,
    known: Vec<Known>,
    steps: u64,
}

/// Better prices than these, if there are any; a reduced cost below zero is that of a column. Says how many steps of columns it
/// took.
pub(super) fn refine(
    board: &Board<'_>,
    (cover, digits): (&Cover, &Digits),
    from: Summit,
    aim: i128,
) -> (Summit, u64) {
    let mut pool = Pool {
        board,
        digits,
        cover,
        known: Vec::new(),
        steps: 0,
    };
    let mut summit = from;
    let better = pool.climb(&mut summit, aim);
    let Some((worth, bound)) = better else {
        return (summit, pool.steps);
    };
    let mut costs = summit.costs.clone();
    let both = (&summit.worth[..], &worth[..]);
    summit.priced += reprice(board, &mut costs, both, bound / FAR_SHARE);
    let before = pool.bound(&summit.costs, &summit.worth);
    if pool.ask(&mut costs, &worth).is_some() {
        let bound = pool.bound(&costs, &worth);
        if bound > before {
            costs.retain(|(cost, _)| bound + i128::from(*cost) < aim);
            summit.worth = worth;
            summit.costs = costs;
        }
    }
    (summit, pool.steps)
}

impl Pool<'_, '_> {
    /// The best prices for the rows that are near, and their bound; none where that is not better, or takes too long.
    fn climb(&mut self, summit: &mut Summit, aim: i128) -> Option<(Vec<i64>, i128)> {
        self.first(summit)?;
        let before = self.bound(&summit.costs, &summit.worth);
        let near = i64::try_from(before / NEAR_SHARE).unwrap_or(i64::MAX);
        let near = summit.costs.iter().filter(|(cost, _)| *cost < near);
        let mut near: Vec<(i64, usize)> = near.copied().collect();
        let (mut best, mut best_worth) = (before, summit.worth.clone());
        for _ in 0..ROUNDS {
            let worth = go_up(self.board, &best_worth, aim, |worth| self.relaxed(worth));
            let mut costs = near.clone();
            let both = (&best_worth[..], &worth[..]);
            summit.priced += reprice(self.board, &mut costs, both, best / FAR_SHARE);
            let is_missed = self.ask(&mut costs, &worth)?;
            let bound = self.bound(&costs, &worth);
            if bound > best {
                (best, best_worth, near) = (bound, worth, costs);
            }
            if !is_missed || best >= aim {
                break;
            }
        }
        (best > before).then_some((best_worth, best))
    }

    /// The first columns: the best of the rows that cost least.
    fn first(&mut self, summit: &mut Summit) -> Option<()> {
        let bound = self.bound(&summit.costs, &summit.worth);
        let gap = i64::try_from(bound / FIRST_SHARE).unwrap_or(i64::MAX);
        for (cost, row) in &mut summit.costs {
            if *cost < gap {
                let least = self.find(*row, &summit.worth, gap)?;
                // From zero on it is not of interest how much it is.
                *cost = (*cost).max(least.min(0));
            }
        }
        Some(())
    }

    /// Asks the rows that seem to gain for their best columns, and puts down what they really cost. Says whether any
    /// column is new, or nothing if it takes too long.
    fn ask(&mut self, costs: &mut [(i64, usize)], worth: &[i64]) -> Option<bool> {
        let mut is_missed = false;
        for (cost, row) in costs {
            if *cost < 0 {
                let known = self.least_known(*row, worth);
                let least = self.find(*row, worth, known)?;
                is_missed |= least < known;
                *cost = (*cost).max(least.min(known));
            }
        }
        Some(is_missed)
    }

    /// The least reduced cost of the columns of a row that are known, but not above zero.
    fn least_known(&self, row: usize, worth: &[i64]) -> i64 {
        let known = self.known.iter().find(|known| known.row == row);
        known.map_or(0, |known| known.least(worth).0.min(0))
    }

    /// Looks for the best column of a row below a gap, and adds those met on the way. Says what the best one costs, or
    /// the gap if there is none.
    fn find(&mut self, row: usize, worth: &[i64], gap: i64) -> Option<i64> {
        let place = self.known.iter().position(|known| known.row == row);
        let place = place.unwrap_or_else(|| {
            self.known.push(Known {
                row,
                costs: Vec::new(),
                units: Vec::new(),
            });
            self.known.len() - 1
        });
        let (wants, digits) = (self.board.wants(), self.digits);
        let known = &mut self.known[place];
        let mut least = gap;
        let mut finder = Finder {
            board: self.board,
            digits,
            bit: &self.cover.bit,
            worth,
            credit: 0,
            gap,
            keep: |column: Column, _: u32| {
                known.costs.push(column.cost * super::SCALE);
                let units = (0..wants).map(|want| digits.units(column.units, want));
                known.units.extend(units);
                least = column.reduced;
                least
            },
            steps: 0,
            most_steps: MOST_STEPS.saturating_sub(self.steps),
        };
        finder.find(row);
        let (steps, most) = (finder.steps, finder.most_steps);
        self.steps += steps;
        (steps <= most).then_some(least)
    }

    /// The bound of prices for the columns that are known, and by want the share that is short.
    fn relaxed(&self, worth: &[i64]) -> (i128, Vec<i128>) {
        let mut taken = vec![0; self.board.wants()];
        let mut below = Vec::new();
        for known in &self.known {
            let (least, column) = known.least(worth);
            if least < 0 {
                below.push(least);
                let wants = taken.len();
                let units = &known.units[column * wants..(column + 1) * wants];
                for (taken, units) in taken.iter_mut().zip(units) {
                    *taken += units;
                }
            }
        }
        let bound = constant(self.board, worth) + credits(self.board, below);
        (bound, short(self.board, &taken))
    }

    fn bound(&self, costs: &[(i64, usize)], worth: &[i64]) -> i128 {
        let below = costs.iter().map(|(cost, _)| *cost);
        let below = below.filter(|cost| *cost < 0).collect();
        constant(self.board, worth) + credits(self.board, below)
    }
}

impl Known {
    /// The least reduced cost, and the column that has it.
    fn least(&self, worth: &[i64]) -> (i64, usize) {
        let columns = self.units.chunks_exact(worth.len()).zip(&self.costs);
        let reduced = columns.map(|(units, cost)| {
            let worths = units.iter().zip(worth).map(|(units, worth)| units * worth);
            cost - worths.sum::<i64>()
        });
        let least = reduced.enumerate().map(|(nth, cost)| (cost, nth)).min();
        least.unwrap_or((i64::MAX / 4, 0))
    }
}

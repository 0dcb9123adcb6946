//! Prices per unit, and the bound that they give.
//!
//! If every unit of a want is worth its price, a source is worth what it serves, and costs what it costs; what
//! remains, at the source's best choice, is its reduced cost. The worth of everything, and the reduced
//! costs of the sources used, are never more than a plan's cost (Lagrange's relaxation of the demands). No price
//! may be above what leaving a unit unserved costs.

use super::SCALE;
use super::board::Board;
use super::cover::Cover;

/// Worth of one want, at most, scaled: sums of worths can be added up.
const LARGEST_WORTH: i64 = 1 << 54;

/// Prices, and what follows from them. Everything is scaled.
#[derive(Debug)]
pub(super) struct Prices {
    /// By want, the worth of one unit.
    pub(super) worth: Vec<i64>,
    /// What every plan costs at least, before its sources' reduced costs.
    pub(super) constant: i128,
    /// By row, what using it adds; never below zero.
    pub(super) reduced: Vec<i64>,
    /// By row, what of it is in the credits already; never above zero.
    pub(super) credit: Vec<i64>,
    /// By set of wants, what is added until somebody helps with each of them.
    pub(super) cover: Vec<i64>,
    /// By want, what each unit adds that is left unserved.
    pub(super) left: Vec<i64>,
}

impl Prices {
    /// What follows from these prices for the rows, which come with their reduced costs.
    pub(super) fn new(
        board: &Board<'_>,
        cover: &Cover,
        costs: &[(i64, usize)],
        worth: Vec<i64>,
    ) -> Self {
        let mut reduced = vec![i64::MAX / 4; board.len()];
        let mut credit = vec![0; board.len()];
        for (cost, row) in costs {
            reduced[*row] = (*cost).max(0);
            credit[*row] = (*cost).min(0);
        }
        let left: Vec<i64> = worth
            .iter()
            .zip(&board.unserved)
            .map(|(worth, unserved)| unserved * SCALE - worth)
            .collect();
        let below = credit.iter().copied().filter(|credit| *credit < 0);
        let credits = credits(board, below.collect());
        Self {
            constant: constant(board, &worth) + credits,
            credit,
            cover: cover.table(
                costs
                    .iter()
                    .map(|(cost, row)| (cover.helps[*row], (*cost).max(0))),
                &left,
            ),
            worth,
            reduced,
            left,
        }
    }

    /// What every plan costs at least.
    pub(super) fn bound(&self) -> i128 {
        self.constant + i128::from(self.cover[self.cover.len() - 1])
    }

    /// What every plan with this row costs at least.
    pub(super) fn bound_with(&self, cover: &Cover, row: usize) -> i128 {
        let others = cover.all() & !(cover.helps[row] as usize);
        self.constant + i128::from(self.reduced[row]) + i128::from(self.cover[others])
    }
}

/// The worth of everything that can be served, and what cannot.
pub(super) fn constant(board: &Board<'_>, worth: &[i64]) -> i128 {
    let worths = worth.iter().enumerate();
    let all: i128 = worths
        .map(|(want, worth)| i128::from(*worth) * i128::from(board.servable(want)))
        .sum();
    all + board.lacking_minor * i128::from(SCALE)
}

/// The sum of reduced costs below zero, of as many rows as may be used.
pub(super) fn credits(board: &Board<'_>, mut below: Vec<i64>) -> i128 {
    below.sort_unstable();
    let most = board.most_sources();
    below.iter().take(most).map(|cost| i128::from(*cost)).sum()
}

/// The largest price of a want that is allowed.
pub(super) fn ceiling(board: &Board<'_>, want: usize) -> i64 {
    let quantity = board.parts.wants[want].quantity.max(1);
    (board.unserved[want] * SCALE).min(LARGEST_WORTH / quantity)
}

/// Prices under which no source gains by any unit, however it is sent.
pub(super) fn least_rates(board: &Board<'_>, rows: &[usize]) -> Vec<i64> {
    let mut worth: Vec<i64> = (0..board.wants())
        .map(|want| ceiling(board, want))
        .collect();
    for row in rows {
        let row = board.row(*row);
        for (want, worth) in worth.iter_mut().enumerate() {
            if row.most[want] > 0 {
                let rate = row.unit[want] + row.first[want].div_euclid(row.most[want]);
                *worth = (*worth).min(rate);
            }
        }
    }
    worth
}

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

/// How many sources plans use. What is proven for few sources and for many apart is proven for all, and either is
/// proven more easily: as many sources as are needed at least are worth something themselves.
#[derive(Debug, Clone, Copy)]
pub(super) struct Class {
    /// At least so many; none need any.
    pub(super) least: u32,
    /// At most so many.
    pub(super) most: usize,
}

/// Prices, and what follows from them. Everything is scaled.
#[derive(Debug)]
pub(super) struct Prices {
    /// By want, the worth of one unit.
    pub(super) worth: Vec<i64>,
    /// The worth of a source itself.
    pub(super) each: i64,
    /// How many sources the plans have that these are prices for.
    pub(super) class: Class,
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
    /// What follows from these prices (by want, and of a source) for the rows, which come with their reduced costs.
    pub(super) fn new(
        board: &Board<'_>,
        cover: &Cover,
        class: Class,
        costs: &[(i64, usize)],
        mut worth: Vec<i64>,
    ) -> Self {
        let credits = credits(class, costs.iter().map(|(cost, _)| *cost));
        let constant = constant(board, class, &worth) + credits;
        let each = worth.pop().unwrap_or_default();
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
        Self {
            constant,
            each,
            class,
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

/// The worth of everything that can be served and of the sources that are needed, and what cannot be served.
pub(super) fn constant(board: &Board<'_>, class: Class, worth: &[i64]) -> i128 {
    let worths = worth.iter().enumerate();
    let all: i128 = worths
        .map(|(want, worth)| i128::from(*worth) * i128::from(needed(board, class, want)))
        .sum();
    all + board.lacking_minor * i128::from(SCALE)
}

/// How much there must be of a want, or, as the last of the wants, how many sources.
pub(super) fn needed(board: &Board<'_>, class: Class, want: usize) -> i64 {
    if want == board.wants() {
        i64::from(class.least)
    } else {
        board.servable(want)
    }
}

/// The sum of reduced costs below zero, of as many rows as may be used.
pub(super) fn credits(class: Class, costs: impl Iterator<Item = i64>) -> i128 {
    let mut below: Vec<i64> = costs.filter(|cost| *cost < 0).collect();
    if below.len() > class.most {
        below.sort_unstable();
        below.truncate(class.most);
    }
    below.into_iter().map(i128::from).sum()
}

/// The largest price of a want that is allowed, or of a source itself.
pub(super) fn ceiling(board: &Board<'_>, class: Class, want: usize) -> i64 {
    if want == board.wants() {
        let least = i64::from(class.least);
        return if least == 0 { 0 } else { LARGEST_WORTH / least };
    }
    let quantity = board.parts.wants[want].quantity.max(1);
    (board.unserved[want] * SCALE).min(LARGEST_WORTH / quantity)
}

/// Prices under which no source gains by any unit, however it is sent; a source itself is worth nothing.
pub(super) fn least_rates(board: &Board<'_>, class: Class, rows: &[usize]) -> Vec<i64> {
    let mut worth: Vec<i64> = (0..board.wants())
        .map(|want| ceiling(board, class, want))
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
    worth.push(0);
    worth
}

//! A first plan: one source after the other, each time the one that serves most for its cost; then exchanges.

use smallvec::SmallVec;

use super::SCALE;
use super::board::Board;
use super::freight::Line;

/// Exchanges that are made at most.
const ROUNDS: usize = 6;

/// Promising rows, and at least how many of each want.
const PROMISING: usize = 192;
const PROMISING_OF_WANT: usize = 16;
/// Costs for a share are compared in parts of this.
const FINE: u32 = 16;

/// The rows that serve most for their cost, the best first, with some for every want.
pub(super) fn promising(board: &Board<'_>, worth: &[i64]) -> Vec<usize> {
    let all: Vec<i64> = (0..board.wants())
        .map(|want| board.servable(want))
        .collect();
    let by_share = |row: usize| {
        let (share, cost) = worth_and_cost(board, row, &all, worth);
        (cost.min(i64::MAX >> FINE) << FINE) / (share >> FINE).max(1)
    };
    let mut rows: Vec<(i64, usize)> = (0..board.len()).map(|row| (by_share(row), row)).collect();
    rows.sort_unstable();
    let mut chosen = Vec::new();
    let mut missing: Vec<usize> = vec![PROMISING_OF_WANT; board.wants()];
    for (_, row) in rows {
        let most = board.row(row).most;
        let has = |want: usize| most[want] > 0 && missing[want] > 0;
        if chosen.len() < PROMISING || (0..board.wants()).any(has) {
            chosen.push(row);
            for (missing, most) in missing.iter_mut().zip(most) {
                *missing = missing.saturating_sub(usize::from(*most > 0));
            }
        }
    }
    chosen
}

/// Rows that together serve what can be served, as far as they may be used, by what their units are worth.
pub(super) fn greedy(board: &Board<'_>, rows: &[usize], worth: &[i64]) -> Vec<usize> {
    let most = board.most_sources();
    let mut short: Vec<i64> = (0..board.wants())
        .map(|want| board.servable(want))
        .collect();
    let mut chosen: Vec<usize> = Vec::new();
    while chosen.len() < most && short.iter().any(|short| *short > 0) {
        let free = rows.iter().copied().filter(|row| !chosen.contains(row));
        let Some(row) = cheapest_share(board, free, &short, worth) else {
            break;
        };
        chosen.push(row);
        for (short, most) in short.iter_mut().zip(board.row(row).most) {
            *short = (*short - most).max(0);
        }
    }
    chosen
}

fn cheapest_share(
    board: &Board<'_>,
    rows: impl Iterator<Item = usize>,
    short: &[i64],
    worth: &[i64],
) -> Option<usize> {
    let mut best: Option<(usize, i64, i64)> = None;
    for row in rows {
        let (share, cost) = worth_and_cost(board, row, short, worth);
        let cheaper = best.is_none_or(|(_, least, of)| {
            i128::from(cost) * i128::from(of) < i128::from(least) * i128::from(share)
        });
        if share > 0 && cheaper {
            best = Some((row, cost, share));
        }
    }
    best.map(|(row, ..)| row)
}

/// The worth of what a row can add, and what that costs about; both scaled.
fn worth_and_cost(board: &Board<'_>, row: usize, short: &[i64], worth: &[i64]) -> (i64, i64) {
    let line = &board.freights.get(board.freight[row]).lines;
    let line = &line[line.len().min(2) - 1];
    let numbers = board.row(row);
    let (mut share, mut cost) = (0, board.fixed[row].saturating_add(line.start));
    for (want, short) in short.iter().enumerate() {
        let units = numbers.most[want].min(*short);
        if units > 0 {
            share += units * worth[want].max(1);
            let rate = numbers.unit[want] + line.per_want[want];
            cost = cost.saturating_add(numbers.first[want] + rate.saturating_mul(units));
        }
    }
    (share, cost.max(1))
}

/// Exchanges one row after the other for another one, adds one or drops one, as long as the set seems to get cheaper,
/// and at most so many wants of sources are looked at. Says how many were.
pub(super) fn exchange(
    board: &Board<'_>,
    mut set: Vec<usize>,
    rows: &[usize],
    most: u64,
) -> (Vec<usize>, u64) {
    let mut trials = Trials {
        board,
        looked_at: 0,
        most,
    };
    let mut cost = trials.about(&set);
    for _ in 0..ROUNDS {
        let Some((next, cheaper)) = trials.neighbour(&set, rows, cost) else {
            break;
        };
        (set, cost) = (next, cheaper);
    }
    (set, trials.looked_at)
}

/// Sets that are tried.
struct Trials<'b, 'a> {
    board: &'b Board<'a>,
    /// Wants of sources that were looked at, and how many may be.
    looked_at: u64,
    most: u64,
}

impl Trials<'_, '_> {
    fn about(&mut self, set: &[usize]) -> i128 {
        let wants = (set.len() + 1) * self.board.wants();
        self.looked_at += u64::try_from(wants).unwrap_or(u64::MAX);
        about(self.board, set)
    }

    /// The cheapest set that differs by one row, if it is cheaper.
    fn neighbour(
        &mut self,
        set: &[usize],
        rows: &[usize],
        cost: i128,
    ) -> Option<(Vec<usize>, i128)> {
        let mut best: Option<(Vec<usize>, i128)> = None;
        for next in neighbours(set, rows, self.board.most_sources()) {
            if self.looked_at > self.most {
                break;
            }
            let cheaper = self.about(&next);
            if cheaper < best.as_ref().map_or(cost, |best| best.1) {
                best = Some((next, cheaper));
            }
        }
        best
    }
}

/// Sets that differ by one row.
fn neighbours<'s>(
    set: &'s [usize],
    rows: &'s [usize],
    most: usize,
) -> impl Iterator<Item = Vec<usize>> + 's {
    (0..=set.len()).flat_map(move |place| {
        let mut others = set.to_vec();
        if place < set.len() {
            others.remove(place);
        }
        let dropped = (place < set.len()).then(|| others.clone());
        let rows = if others.len() < most { rows } else { &[] };
        let added = rows
            .iter()
            .filter(|row| !set.contains(row))
            .map(move |row| {
                let mut next = others.clone();
                next.push(*row);
                next
            });
        dropped.into_iter().chain(added)
    })
}

/// What a set would cost, about, scaled: every unit where it is cheapest, freight by a line below it.
fn about(board: &Board<'_>, set: &[usize]) -> i128 {
    let lines: SmallVec<[&Line; 8]> = set
        .iter()
        .map(|row| {
            let freight = board.freight[*row];
            &board.freights.get(freight).lines[board.line_for(freight, set.len())]
        })
        .collect();
    let mut cost = 0_i128;
    for (row, line) in set.iter().zip(&lines) {
        cost += i128::from(board.fixed[*row]) + i128::from(line.start);
    }
    for want in 0..board.wants() {
        let mut left = board.servable(want);
        let mut offers: SmallVec<[(i64, i64); 8]> = SmallVec::new();
        for (row, line) in set.iter().zip(&lines) {
            let numbers = board.row(*row);
            if numbers.most[want] > 0 {
                let rate = numbers.unit[want] + line.per_want[want];
                let units = numbers.most[want].min(left).max(1);
                offers.push((rate + numbers.first[want] / units, numbers.most[want]));
            }
        }
        offers.sort_unstable();
        for (average, most) in offers {
            let units = most.min(left);
            cost += i128::from(average) * i128::from(units);
            left -= units;
        }
        cost += i128::from(board.unserved[want]) * i128::from(SCALE) * i128::from(left);
    }
    cost
}

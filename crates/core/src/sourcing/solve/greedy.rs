//! A first plan: one source after the other, each time the one that serves most for its cost.

use super::SCALE;
use super::board::Board;

/// Shares of wants are counted in parts of this.
const SHARE: i64 = 1 << 16;

/// Rows that together serve what can be served, as far as they may be used.
pub(super) fn greedy(board: &Board<'_>, rows: &[usize]) -> Vec<usize> {
    let most = board
        .problem
        .max_sources
        .map_or(usize::MAX, |most| most as usize);
    let mut short: Vec<i64> = (0..board.wants())
        .map(|want| board.servable(want))
        .collect();
    let mut chosen: Vec<usize> = Vec::new();
    while chosen.len() < most && short.iter().any(|short| *short > 0) {
        let free = rows.iter().copied().filter(|row| !chosen.contains(row));
        let Some(row) = cheapest_share(board, free, &short) else {
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
) -> Option<usize> {
    let mut best: Option<(usize, i64, i64)> = None;
    for row in rows {
        let (share, cost) = share_and_cost(board, row, short);
        let cheaper = best.is_none_or(|(_, least, of)| {
            i128::from(cost) * i128::from(of) < i128::from(least) * i128::from(share)
        });
        if share > 0 && cheaper {
            best = Some((row, cost, share));
        }
    }
    best.map(|(row, ..)| row)
}

/// The share of all wants that a row can add, and what that costs about, in minor units.
fn share_and_cost(board: &Board<'_>, row: usize, short: &[i64]) -> (i64, i64) {
    let line = &board.freights.get(board.freight[row]).lines;
    let line = &line[line.len().min(2) - 1];
    let numbers = board.row(row);
    let (mut share, mut cost) = (0, board.fixed[row].saturating_add(line.start));
    for (want, short) in short.iter().enumerate() {
        let units = numbers.most[want].min(*short);
        if units > 0 {
            share += units * SHARE / board.parts.wants[want].quantity;
            let rate = numbers.unit[want] + line.per_want[want];
            cost = cost.saturating_add(numbers.first[want] + rate.saturating_mul(units));
        }
    }
    (share, (cost / SCALE).max(1))
}

//! Better prices, by going uphill: where more is wanted than is served under these prices, they rise.

use super::board::Board;
use super::prices::{add_choice, ceiling, constant, credits, reduced_cost};

/// Steps that are made at most.
const STEPS: usize = 40;
/// Steps without a better bound after which the stride is halved.
const PATIENCE: usize = 3;
/// Shares of a want are counted in parts of this.
const SHARE: i128 = 1 << 16;
/// The stride at first, in sixteenths of the whole way to the aim.
const STRIDE: i128 = 16;

/// The prices with the best bound met on the way from these up to the aim (scaled).
pub(super) fn climb(board: &Board<'_>, rows: &[usize], from: &[i64], aim: i128) -> Vec<i64> {
    let mut worth = from.to_vec();
    let (mut best, mut best_worth) = (i128::MIN, worth.clone());
    let (mut stride, mut idle) = (STRIDE, 0);
    for _ in 0..STEPS {
        let (bound, short) = relaxed(board, rows, &worth);
        if bound > best {
            (best, idle) = (bound, 0);
            best_worth.clone_from(&worth);
        } else {
            idle += 1;
        }
        if idle == PATIENCE {
            (stride, idle) = (stride / 2, 0);
        }
        if stride == 0 || best >= aim || !step(board, &mut worth, &short, (aim - bound) * stride) {
            break;
        }
    }
    best_worth
}

/// The bound of prices, and by want the share that is short (below zero: served too often).
fn relaxed(board: &Board<'_>, rows: &[usize], worth: &[i64]) -> (i128, Vec<i128>) {
    let mut below: Vec<(i64, usize)> = rows
        .iter()
        .map(|row| (reduced_cost(board, *row, worth), *row))
        .filter(|(cost, _)| *cost < 0)
        .collect();
    below.sort_unstable();
    let most = board
        .problem
        .max_sources
        .map_or(usize::MAX, |most| most as usize);
    below.truncate(most);
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

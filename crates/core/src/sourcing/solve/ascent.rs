//! Better prices, by going uphill: where more is wanted than is served under these prices, they rise.

use super::board::Board;
use super::prices::{add_choice, ceiling, constant, credits, reduced_cost};

/// Times that all rows are looked at.
const PASSES: usize = 8;
/// Rows that prices are made for between two passes: those that cost least beyond what they are worth.
const ACTIVE: usize = 96;
/// Steps between two passes.
const STEPS: usize = 30;
/// Steps without a better bound after which the stride is halved.
const PATIENCE: usize = 3;
/// Shares of a want are counted in parts of this.
const SHARE: i128 = 1 << 16;
/// Steps aim at most above the bound by the bound divided by this.
const NEAR: i128 = 4;
/// But so much of the way to the aim at least.
const LEAST_SHARE: i128 = 16;
/// The stride at first, in sixteenths of the whole way to the aim.
const STRIDE: i128 = 16;

/// The prices with the best bound met on the way from these up to the aim (scaled). Rows that no plan below the
/// aim can use are taken out on the way.
pub(super) fn climb(
    board: &Board<'_>,
    rows: &mut Vec<usize>,
    from: Vec<i64>,
    aim: i128,
) -> Vec<i64> {
    let (mut best, mut best_worth) = (i128::MIN, from.clone());
    let mut worth = from;
    let mut active: Vec<usize> = Vec::new();
    for _ in 0..PASSES {
        let mut costs = priced(board, rows, &worth);
        let (bound, _) = relaxed(board, &costs, &worth);
        costs.retain(|(cost, _)| bound + i128::from(*cost) < aim);
        rows.clear();
        rows.extend(costs.iter().map(|(_, row)| *row));
        if bound >= aim {
            return worth;
        }
        add_cheapest(&mut active, costs);
        if bound > best {
            best = bound;
            best_worth.clone_from(&worth);
            worth = ascend(board, &active, &worth, aim);
        } else {
            // Too far for those that were not looked at: half of the way.
            let halves = worth.iter_mut().zip(&best_worth);
            halves.for_each(|(worth, best)| *worth = *best + (*worth - *best) / 2);
        }
        if worth == best_worth {
            break;
        }
    }
    rows.sort_unstable();
    best_worth
}

fn priced(board: &Board<'_>, rows: &[usize], worth: &[i64]) -> Vec<(i64, usize)> {
    let rows = rows.iter();
    rows.map(|row| (reduced_cost(board, *row, worth), *row))
        .collect()
}

fn add_cheapest(active: &mut Vec<usize>, mut costs: Vec<(i64, usize)>) {
    if costs.len() > ACTIVE {
        costs.select_nth_unstable(ACTIVE);
        costs.truncate(ACTIVE);
    }
    active.extend(costs.into_iter().map(|(_, row)| row));
    active.sort_unstable();
    active.dedup();
}

/// Goes uphill for a few rows.
fn ascend(board: &Board<'_>, rows: &[usize], from: &[i64], aim: i128) -> Vec<i64> {
    let mut worth = from.to_vec();
    let (mut best, mut best_worth) = (i128::MIN, worth.clone());
    let (mut stride, mut idle) = (STRIDE, 0);
    for _ in 0..STEPS {
        let (bound, short) = relaxed(board, &priced(board, rows, &worth), &worth);
        if bound > best {
            (best, idle) = (bound, 0);
            best_worth.clone_from(&worth);
        } else {
            idle += 1;
        }
        if idle == PATIENCE {
            (stride, idle) = (stride / 2, 0);
            worth.clone_from(&best_worth);
            continue;
        }
        // An aim that is far above what can be reached would lead astray.
        let near = aim.min(best + (best / NEAR).max((aim - best) / LEAST_SHARE));
        if stride == 0 || best >= aim || !step(board, &mut worth, &short, (near - bound) * stride) {
            break;
        }
    }
    best_worth
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

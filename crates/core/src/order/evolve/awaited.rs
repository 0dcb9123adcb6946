//! The supply that is named for units that wait: never for more units than do.

use crate::id::LineNo;
use crate::order::entry::Awaited;
use crate::order::{Order, waits_for_stock};

/// Other supply is named for these lines, or none any more.
pub(super) fn replace(
    order: &mut Order,
    lines: impl Iterator<Item = LineNo> + Clone,
    awaited: &[Awaited],
) {
    if awaited.is_empty() && order.progress.awaited.is_empty() {
        return;
    }
    let named = &mut order.progress.awaited;
    named.retain(|known| !lines.clone().any(|line| line == known.line));
    named.extend_from_slice(awaited);
    named.sort_by_key(|known| (known.line, known.expected_on, known.supply));
    given_up(order);
}

/// Units that waited were served: the supply that was expected first is used up first.
pub(super) fn served(order: &mut Order) {
    trim(order, true);
}

/// Units that waited are not wanted any more: the supply that was expected last is let go first.
pub(super) fn given_up(order: &mut Order) {
    trim(order, false);
}

fn trim(order: &mut Order, from_the_first: bool) {
    let progress = &order.progress;
    if progress.awaited.is_empty() {
        return;
    }
    let positions = 0..progress.lines.len();
    let waiting: Vec<i64> = positions
        .map(|position| waits_for_stock(order, position))
        .collect();
    let progress = &mut order.progress;
    let waits = |line: LineNo| {
        let position = order.placed.lines.iter().position(|known| known.no == line);
        position.map_or(0, |position| waiting[position])
    };
    let mut left: Vec<(LineNo, i64)> = Vec::new();
    let mut keep = |units: &mut Awaited| {
        let position = left.iter().position(|(line, _)| *line == units.line);
        let position = position.unwrap_or_else(|| {
            left.push((units.line, waits(units.line)));
            left.len() - 1
        });
        let room = &mut left[position].1;
        units.quantity = units.quantity.min(*room);
        *room -= units.quantity;
    };
    // What comes last in the walk is cut first.
    if from_the_first {
        progress.awaited.iter_mut().rev().for_each(&mut keep);
    } else {
        progress.awaited.iter_mut().for_each(&mut keep);
    }
    progress.awaited.retain(|units| units.quantity > 0);
}

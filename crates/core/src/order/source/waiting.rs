//! What an order waits for, as rows of the queue of each item.

use super::held_lines;
use crate::id::ItemId;
use crate::inventory::Waiting;
use crate::order::{Order, waits_for_stock};

/// Tells what an order waits for now, compared with before: rows that are gone come with
/// quantity 0 and their old place in the queue, new or changed rows come after them.
pub fn waiting_changes(
    before: Option<&Order>,
    after: &Order,
    mut tell: impl FnMut(ItemId, Waiting),
) {
    let old = before.map(waiting_rows).unwrap_or_default();
    let new = waiting_rows(after);
    old.iter()
        .filter(|row| !new.contains(row))
        .for_each(|(item, row)| {
            tell(
                *item,
                Waiting {
                    quantity: 0,
                    ..*row
                },
            )
        });
    new.iter()
        .filter(|row| !old.contains(row))
        .for_each(|(item, row)| tell(*item, *row));
}

/// What an order waits for. A hold that blocks sourcing takes the order out of the queue; its age is kept.
#[must_use]
pub fn waiting_rows(order: &Order) -> Vec<(ItemId, Waiting)> {
    let progress = &order.progress;
    if progress.lines.iter().all(|line| line.backordered == 0) {
        return Vec::new();
    }
    let is_held = held_lines(order);
    let rows = order
        .placed
        .lines
        .iter()
        .zip(&progress.lines)
        .enumerate()
        .map(|(position, (line, state))| (line, state, waits_for_stock(order, position)))
        .filter(|(line, _, waits)| *waits > 0 && !is_held(line));
    rows.filter_map(|(line, state, quantity)| {
        let waiting = Waiting {
            priority: progress.priority,
            since: state.waiting_since?,
            order: order.id,
            line: line.no,
            quantity,
            location: line.location,
        };
        Some((line.item?, waiting))
    })
    .collect()
}

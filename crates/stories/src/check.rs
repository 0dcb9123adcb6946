//! What must always be true, checked on everything that is stored; computed from the orders alone where that is possible,
//! not with the functions that the product uses.

mod change;
mod effect;
mod fairness;
mod lots;
mod orders;
mod room;
mod shelf;
mod stock;
mod supply;

use throughline_core::id::{ItemId, LineNo};
use throughline_core::inventory::Waiting;
use throughline_core::network::LocationId;
use throughline_core::order::{HoldKind, Order, Violation};

pub use change::changes;
pub use effect::effects;
pub use fairness::{overtaken, stuck};
pub use room::{Wish, has_room};
pub use shelf::Shelf;

use crate::Snapshot;

/// Everything that is wrong with what is stored: I1 to I7, as far as they can be seen there.
#[must_use]
pub fn check(snapshot: &Snapshot) -> Vec<Violation> {
    let mut found = Vec::new();
    orders::check(snapshot, &mut found);
    stock::check(snapshot, &mut found);
    supply::check(snapshot, &mut found);
    found
}

/// Units that lines of an order that have not left claim at a location.
#[must_use]
pub fn claimed(order: &Order, item: ItemId, location: LocationId) -> i64 {
    let here = order
        .progress
        .fulfilments
        .iter()
        .filter(|one| one.location == Some(location));
    let lines = here.flat_map(|fulfilment| &fulfilment.lines);
    let lines = lines.filter(|entry| {
        let line = order.placed.lines.iter().find(|line| line.no == entry.line);
        line.is_some_and(|line| line.item == Some(item))
    });
    lines
        .map(|entry| entry.units.assigned + entry.units.picked + entry.units.packed)
        .sum()
}

/// Who waits for an item, in the order in which they are served.
pub fn queue<'a>(orders: impl Iterator<Item = &'a Order>, item: ItemId) -> Vec<Waiting> {
    let mut queue: Vec<Waiting> = orders.flat_map(|order| waits(order, item)).collect();
    queue.sort_unstable_by_key(|row| (row.priority, row.since, row.order, row.line));
    queue
}

fn waits(order: &Order, item: ItemId) -> Vec<Waiting> {
    let lines = order.placed.lines.iter().zip(&order.progress.lines);
    let lines = lines.filter(|(line, state)| {
        line.item == Some(item) && state.backordered > 0 && !is_held(order, line.no)
    });
    let row = |(line, state): (
        &throughline_core::order::Line,
        &throughline_core::order::LineProgress,
    )| Waiting {
        priority: order.progress.priority,
        since: state
            .waiting_since
            .expect("whoever waits does so since some time"),
        order: order.id,
        line: line.no,
        quantity: state.backordered,
        location: line.location,
    };
    lines.map(row).collect()
}

/// Whether a hold keeps a line from being sourced.
#[must_use]
pub fn is_held(order: &Order, line: LineNo) -> bool {
    order.progress.holds.iter().any(|hold| {
        hold.released_at.is_none()
            && !matches!(hold.kind, HoldKind::Payment | HoldKind::Credit)
            && (hold.lines.is_empty() || hold.lines.contains(&line))
    })
}

pub(crate) fn violation(invariant: &'static str, detail: String) -> Violation {
    Violation { invariant, detail }
}

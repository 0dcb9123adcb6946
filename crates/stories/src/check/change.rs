//! What a step may not change: the past.

use throughline_core::order::{Order, Violation};

use super::violation;
use crate::Snapshot;

/// What changed that never may.
#[must_use]
pub fn changes(before: &Snapshot, after: &Snapshot) -> Vec<Violation> {
    let mut found = Vec::new();
    for (id, old) in &before.orders {
        let Some(new) = after.orders.get(id) else {
            found.push(violation(
                "I6",
                format!("order {} is gone", old.order.number),
            ));
            continue;
        };
        if !new.journal.starts_with(&old.journal) {
            found.push(violation(
                "I6",
                format!("order {}: its past was rewritten", old.order.number),
            ));
        }
        check_order(&old.order, &new.order, &mut found);
    }
    for (id, old) in &before.reservations {
        let has_ended = old.state != throughline_core::inventory::ReservationState::Active;
        if has_ended && after.reservations.get(id) != Some(old) {
            found.push(violation(
                "I7",
                format!("a reservation that has ended changed: {old:?}"),
            ));
        }
    }
    for (id, old) in &before.supplies {
        let is_kept = after.supplies.get(id).is_some_and(|new| {
            let has_ended = old.supply.outstanding() == 0;
            new.journal.starts_with(&old.journal) && (!has_ended || new == old)
        });
        if !is_kept {
            let detail = format!("the past of supply was rewritten: {old:?}");
            found.push(violation("I6", detail));
        }
    }
    if after.ledger.len() < before.ledger.len() {
        found.push(violation("I4", "rows of the ledger are gone".to_owned()));
    }
    found
}

fn check_order(old: &Order, new: &Order, found: &mut Vec<Violation>) {
    let mut lost =
        |what: &str| found.push(violation("I6", format!("order {}: {what}", old.number)));
    if old.number != new.number || old.version > new.version {
        lost("its number or version changed");
    }
    if old != new && old.version == new.version {
        lost("it changed without a journal entry");
    }
    if old.progress.draft {
        return;
    }
    for (line, state) in old.placed.lines.iter().zip(&old.progress.lines) {
        let position = new
            .placed
            .lines
            .iter()
            .position(|known| known.no == line.no);
        let Some(position) = position else {
            lost("a line is gone");
            continue;
        };
        let now = &new.progress.lines[position];
        if now.cancelled < state.cancelled || now.returned < state.returned {
            lost("what was cancelled or came back is not so any more");
        }
        if left(new, line.no) < left(old, line.no) {
            lost("what has left is back");
        }
        if new.placed.lines[position].sku != line.sku {
            lost("a line is about something else now");
        }
    }
    for payment in &old.progress.payments {
        let now = new
            .progress
            .payments
            .iter()
            .find(|known| known.no == payment.no);
        let is_kept = now.is_some_and(|now| {
            now.captured_minor >= payment.captured_minor
                && now.refunded_minor >= payment.refunded_minor
                && (payment.ended.is_none() || now.ended == payment.ended)
        });
        if !is_kept {
            lost("what was paid is not so any more");
        }
    }
}

fn left(order: &Order, line: throughline_core::id::LineNo) -> i64 {
    let lines = order
        .progress
        .fulfilments
        .iter()
        .flat_map(|fulfilment| &fulfilment.lines);
    lines
        .filter(|entry| entry.line == line)
        .map(|entry| entry.units.left())
        .sum()
}

//! What is made for an order: never more than waits for it, as far as nobody has begun.

use super::claim_child;
use crate::id::{LineNo, ProductionNo};
use crate::order::entry::Record;
use crate::order::{Order, Production, ProductionState};
use crate::time::Millis;

/// Makers were asked.
pub(super) fn request(order: &mut Order, asked: &[Production]) {
    for production in asked {
        claim_child(&mut order.progress, production.no.0);
        order.progress.productions.push(production.clone());
    }
}

/// What a maker says or does.
pub(super) fn apply(order: &mut Order, record: &Record, at: Millis) {
    match record {
        Record::ProductionAccepted {
            production,
            reference,
            due,
        } => edit(order, *production, |one| {
            one.state = ProductionState::Accepted;
            one.reference.clone_from(reference);
            one.due = *due;
        }),
        Record::ProductionStarted { production, due } => edit(order, *production, |one| {
            one.state = ProductionState::Started { at };
            one.due = due.or(one.due);
        }),
        Record::ProductionCompleted {
            production,
            quantity,
            ..
        } => edit(order, *production, |one| {
            one.state = ProductionState::Completed {
                at,
                made: *quantity,
            };
        }),
        Record::ProductionRejected { production, .. } => {
            let location = order.progress.production(*production);
            let location = location.map(|one| one.location);
            edit(order, *production, |one| {
                one.state = ProductionState::Rejected { at };
            });
            let excluded = &mut order.progress.excluded;
            excluded.extend(location.filter(|location| !excluded.contains(location)));
        }
        _ => {}
    }
}

/// Changes one production order.
pub(super) fn edit(order: &mut Order, no: ProductionNo, change: impl FnOnce(&mut Production)) {
    let all = &mut order.progress.productions;
    if let Some(one) = all.iter_mut().find(|one| one.no == no) {
        change(one);
    }
}

/// Units are not wanted any more, or came from elsewhere: production that nobody has begun is given up, what was to be
/// finished last first. What has begun goes on, and what it makes is free.
pub(super) fn given_up(order: &mut Order, at: Millis) {
    if !order
        .progress
        .productions
        .iter()
        .any(Production::is_waiting)
    {
        return;
    }
    let lines: Vec<LineNo> = order.placed.lines.iter().map(|line| line.no).collect();
    for (position, line) in lines.into_iter().enumerate() {
        let wanted = order.progress.lines[position].backordered;
        let mut excess = order.progress.in_production(line) - wanted;
        let mut waiting: Vec<&mut Production> = order
            .progress
            .productions
            .iter_mut()
            .filter(|one| one.line == line && one.is_waiting())
            .collect();
        waiting.sort_by_key(|one| (one.expected_on(), one.no));
        for one in waiting.into_iter().rev() {
            let taken = excess.clamp(0, one.quantity);
            excess -= taken;
            if taken == one.quantity {
                one.state = ProductionState::Cancelled { at };
            } else {
                one.quantity -= taken;
            }
        }
    }
}

//! Visits are booked, moved and ended.

use super::claim_child;
use crate::id::VisitNo;
use crate::order::entry::Record;
use crate::order::{Order, Visit, VisitState};
use crate::time::Millis;

pub(super) fn apply(order: &mut Order, record: &Record, at: Millis) {
    match record {
        Record::VisitBooked { visit } => {
            claim_child(&mut order.progress, visit.no.0);
            order.progress.visits.push(visit.clone());
        }
        Record::VisitMoved { visit, time, .. } => {
            edit(order, *visit, |one| one.time = time.clone());
        }
        Record::VisitCompleted { visit } => edit(order, *visit, |one| {
            one.state = VisitState::Completed { at };
        }),
        Record::VisitMissed { visit, .. } => edit(order, *visit, |one| {
            one.state = VisitState::Missed { at };
        }),
        Record::VisitCancelled { visit, .. } => edit(order, *visit, |one| {
            one.state = VisitState::Cancelled { at };
        }),
        _ => {}
    }
}

fn edit(order: &mut Order, no: VisitNo, change: impl FnOnce(&mut Visit)) {
    let all = &mut order.progress.visits;
    if let Some(one) = all.iter_mut().find(|one| one.no == no) {
        change(one);
    }
}

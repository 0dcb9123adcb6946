//! Visits follow the goods that they are for: later where those are later, and not at all where those are cancelled.

use super::book::{goods_on, slots};
use crate::decide::{Attempt, Stop};
use crate::id::{LineNo, OrderId};
use crate::order::cancel::{CancelOrder, cancel_order, cancellable};
use crate::order::{LineUnits, Order, Record, Visit, VisitReason, left_to_deliver};

/// Moves and cancels the visits of changed orders as their goods ask for.
///
/// # Errors
/// Stops when facts are missing.
pub(crate) fn follow(attempt: &mut Attempt<'_>) -> Result<(), Stop> {
    let changed = attempt.changed_orders();
    let with_visits = changed.filter(|(_, now)| now.progress.visits.iter().any(Visit::is_booked));
    let ids: Vec<OrderId> = with_visits.map(|(_, now)| now.id).collect();
    for id in ids {
        let booked = attempt.look_at(id)?.progress.visits.clone();
        for visit in booked.iter().filter(|one| one.is_booked()) {
            follow_one(attempt, id, visit)?;
        }
    }
    Ok(())
}

fn follow_one(attempt: &mut Attempt<'_>, id: OrderId, visit: &Visit) -> Result<(), Stop> {
    let order = attempt.order(id)?.clone();
    if left_to_deliver(&order, visit.line) <= 0 {
        return end(attempt, id, visit, VisitReason::NotWanted);
    }
    if !visit.after.is_empty() && visit.after.iter().all(|no| is_cancelled(&order, *no)) {
        let quantity = cancellable(&order, visit.line);
        let line = visit.line;
        let cancel = CancelOrder {
            reason: "the goods that it was for were cancelled".to_owned(),
            lines: Some(vec![LineUnits { line, quantity }]),
        };
        if quantity > 0 {
            cancel_order(attempt, id, &cancel)?;
        }
        return end(attempt, id, visit, VisitReason::NotWanted);
    }
    // Where no day is promised just now, the visit stays until there is one.
    let Ok(Some(goods_on)) = goods_on(&order, &visit.after) else {
        return Ok(());
    };
    if visit.time.date > goods_on {
        return Ok(());
    }
    let slots = slots(attempt, &order, visit.line, Some(goods_on));
    let slots = match slots {
        Ok(slots) => slots,
        Err(missing @ Stop::Missing(_)) => return Err(missing),
        Err(Stop::Refused(_)) => Vec::new(),
    };
    match slots.into_iter().next() {
        Some(next) => attempt.record(
            id,
            Record::VisitMoved {
                visit: visit.no,
                time: next.time,
                reason: VisitReason::GoodsLate,
            },
        ),
        None => end(attempt, id, visit, VisitReason::NoSlot),
    }
}

fn is_cancelled(order: &Order, no: LineNo) -> bool {
    let lines = order.placed.lines.iter().zip(&order.progress.lines);
    let mut of_line = lines.filter(|(line, _)| line.no == no);
    of_line.all(|(line, progress)| progress.cancelled == line.quantity)
}

fn end(
    attempt: &mut Attempt<'_>,
    id: OrderId,
    visit: &Visit,
    reason: VisitReason,
) -> Result<(), Stop> {
    let visit = visit.no;
    attempt.record(id, Record::VisitCancelled { visit, reason })
}

//! What a journal entry does to stock. Entries carry outcomes, so one function tells, and every
//! allocation of an order is backed by construction (I3).

use super::entry::{FulfilmentUnits, LineUnits, Record, ReleaseReason};
use super::{Fulfilment, Order};
use crate::id::{FulfilmentNo, LineNo};
use crate::inventory::{LevelChange, MoveReason, Reference, StockMove};
use crate::network::LocationId;

/// The movements of stock that go with an entry written to the order as it is before it.
#[must_use]
pub fn stock_moves(order: &Order, record: &Record) -> Vec<StockMove> {
    match record {
        Record::LinesSourced { allotments, .. } => {
            let lines = allotments.iter().flat_map(|allotment| {
                allotment
                    .lines
                    .iter()
                    .filter_map(|units| Some((allotment.location?, units.line, units.quantity)))
            });
            let change = |quantity| LevelChange {
                allocated: quantity,
                ..LevelChange::default()
            };
            lines
                .filter_map(|(location, line, quantity)| {
                    moved(
                        order,
                        location,
                        line,
                        change(quantity),
                        MoveReason::Allocated,
                    )
                })
                .collect()
        }
        Record::UnitsReleased { units, reason, .. } => units
            .iter()
            .filter_map(|units| released(order, units, *reason))
            .collect(),
        Record::FulfilmentShipped { fulfilment, .. } => {
            leaving(order, *fulfilment, MoveReason::Shipped, |units| {
                units.packed
            })
        }
        Record::PickedUp { fulfilment } => {
            leaving(order, *fulfilment, MoveReason::PickedUp, |units| {
                units.picked + units.packed
            })
        }
        Record::ReturnReceived {
            no,
            location,
            lines,
        } => {
            let Some(location) = *location else {
                return Vec::new();
            };
            let returned = order.progress.returns.iter().find(|one| one.no == *no);
            let line_of = |number: u16| {
                returned.and_then(|one| one.lines.iter().find(|line| line.no == number))
            };
            let came_back = lines.iter().filter_map(|(number, quantity, disposition)| {
                moved(
                    order,
                    location,
                    line_of(*number)?.line,
                    disposition.change(*quantity),
                    MoveReason::Returned,
                )
            });
            came_back
                .filter(|moved| !moved.change.is_nothing())
                .collect()
        }
        _ => Vec::new(),
    }
}

fn moved(
    order: &Order,
    location: LocationId,
    line: LineNo,
    change: LevelChange,
    reason: MoveReason,
) -> Option<StockMove> {
    // Digital and service units never were on a shelf, so they cannot come back to one.
    let line = order
        .placed
        .line(line)
        .filter(|line| line.method.uses_stock())?;
    let item = line.item?;
    Some(StockMove {
        item,
        location,
        change,
        reason,
        reference: Reference::Order(order.id),
        saw_on_hand: None,
    })
}

fn released(order: &Order, units: &FulfilmentUnits, reason: ReleaseReason) -> Option<StockMove> {
    let location = order.progress.fulfilment(units.fulfilment)?.location?;
    let total = units.total();
    let back = LevelChange {
        allocated: -total,
        ..LevelChange::default()
    };
    let gone = LevelChange {
        on_hand: -total,
        ..back
    };
    let (change, reason) = match reason {
        ReleaseReason::ShortPick => (gone, MoveReason::ShortPicked),
        ReleaseReason::Damaged => (
            LevelChange {
                damaged: total,
                ..gone
            },
            MoveReason::FoundDamaged,
        ),
        ReleaseReason::Quarantined => (
            LevelChange {
                quarantined: total,
                ..gone
            },
            MoveReason::Quarantined,
        ),
        ReleaseReason::Cancelled
        | ReleaseReason::Amended
        | ReleaseReason::Rejected
        | ReleaseReason::StockShort
        | ReleaseReason::Resourced
        | ReleaseReason::Moved => (back, MoveReason::Deallocated),
    };
    moved(order, location, units.line, change, reason)
}

fn leaving(
    order: &Order,
    no: FulfilmentNo,
    reason: MoveReason,
    count: fn(&super::Units) -> i64,
) -> Vec<StockMove> {
    let Some(Fulfilment {
        location: Some(location),
        lines,
        ..
    }) = order.progress.fulfilment(no)
    else {
        return Vec::new();
    };
    let units = lines.iter().map(|line| LineUnits {
        line: line.line,
        quantity: count(&line.units),
    });
    let change = |quantity: i64| LevelChange {
        on_hand: -quantity,
        allocated: -quantity,
        ..LevelChange::default()
    };
    units
        .filter(|units| units.quantity > 0)
        .filter_map(|units| moved(order, *location, units.line, change(units.quantity), reason))
        .collect()
}

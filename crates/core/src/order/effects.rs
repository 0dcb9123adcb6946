//! What a journal entry does to stock. Entries carry outcomes, so one function tells, and every
//! allocation of an order is backed by construction (I3).

use super::entry::{Allotment, FulfilmentUnits, LineUnits, Record, ReleaseReason};
use super::lots::PickedLot;
use super::lots::ReleasedLot;
use super::{Fulfilment, Order};
use crate::id::{FulfilmentNo, LineNo, ProductionNo};
use crate::inventory::{LevelChange, Lot, MoveReason, Reference, StockMove};
use crate::network::LocationId;

/// The movements of stock that go with an entry written to the order as it is before it.
#[must_use]
pub fn stock_moves(order: &Order, record: &Record) -> Vec<StockMove> {
    match record {
        Record::LinesSourced { allotments, .. } => allotments
            .iter()
            .flat_map(|allotment| allotted(order, allotment))
            .collect(),
        Record::UnitsReleased {
            units,
            reason,
            lots,
            ..
        } => units
            .iter()
            .flat_map(|units| released(order, units, *reason, lots))
            .collect(),
        Record::UnitsPicked {
            fulfilment, lots, ..
        } => lots
            .iter()
            .flat_map(|lot| exchanged(order, *fulfilment, lot))
            .collect(),
        Record::FulfilmentShipped { fulfilment, .. } => {
            leaving(order, *fulfilment, MoveReason::Shipped, |units| {
                units.packed
            })
        }
        Record::ProductionCompleted {
            production,
            quantity,
            lot,
        } => made(order, *production, *quantity, lot.as_ref())
            .into_iter()
            .collect(),
        // What was sent to the store has left already.
        Record::PickedUp { fulfilment } => {
            leaving(order, *fulfilment, MoveReason::PickedUp, |units| {
                units.picked + units.packed
            })
        }
        Record::ReturnReceived {
            no,
            location,
            lines,
            lots,
            ..
        } => {
            let Some(location) = *location else {
                return Vec::new();
            };
            let returned = order.progress.returns.iter().find(|one| one.no == *no);
            let line_of = |number: u16| {
                returned.and_then(|one| one.lines.iter().find(|line| line.no == number))
            };
            let of_lots = lots.iter().map(|lot| {
                let change = lot.disposition.change(lot.quantity);
                (lot.line, change, Some(&lot.lot))
            });
            let has_lots = |number: u16| lots.iter().any(|lot| lot.line == number);
            let others = lines.iter().filter(|(number, ..)| !has_lots(*number));
            let others = others.map(|(number, quantity, disposition)| {
                (*number, disposition.change(*quantity), None)
            });
            let came_back = of_lots.chain(others).filter_map(|(number, change, lot)| {
                let line = line_of(number)?.line;
                let reason = MoveReason::Returned;
                Some(moved(order, location, line, change, reason)?.of_lot(lot))
            });
            came_back
                .filter(|moved| !moved.change.is_nothing())
                .collect()
        }
        _ => Vec::new(),
    }
}

/// Units that were made come into the maker's stock, free for whoever is given them.
fn made(
    order: &Order,
    production: ProductionNo,
    quantity: i64,
    lot: Option<&Lot>,
) -> Option<StockMove> {
    let made = order.progress.production(production)?;
    let change = LevelChange {
        on_hand: quantity,
        ..LevelChange::default()
    };
    let (location, line) = (made.location, made.line);
    Some(moved(order, location, line, change, MoveReason::Received)?.of_lot(lot))
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
        lot: None,
    })
}

fn allotted(order: &Order, allotment: &Allotment) -> Vec<StockMove> {
    let Some(location) = allotment.location else {
        return Vec::new();
    };
    let change = |quantity| LevelChange {
        allocated: quantity,
        ..LevelChange::default()
    };
    let claim = |line, quantity| {
        moved(
            order,
            location,
            line,
            change(quantity),
            MoveReason::Allocated,
        )
    };
    let mut moves = Vec::with_capacity(allotment.lines.len());
    for units in &allotment.lines {
        let lots = allotment.lots.iter().filter(|lot| lot.line == units.line);
        let before = moves.len();
        moves.extend(
            lots.filter_map(|lot| Some(claim(lot.line, lot.quantity)?.of_lot(Some(&lot.lot)))),
        );
        if moves.len() == before {
            moves.extend(claim(units.line, units.quantity));
        }
    }
    moves
}

/// Units of another lot were picked than were allotted: the claim goes over to it.
fn exchanged(order: &Order, no: FulfilmentNo, picked: &PickedLot) -> Vec<StockMove> {
    let fulfilment = order.progress.fulfilment(no);
    let location = fulfilment.and_then(|fulfilment| fulfilment.location);
    let (Some(location), Some(allotted)) = (location, &picked.instead_of) else {
        return Vec::new();
    };
    let claim = |lot: &Lot, quantity| {
        let change = LevelChange {
            allocated: quantity,
            ..LevelChange::default()
        };
        let reason = MoveReason::LotExchanged;
        Some(moved(order, location, picked.line, change, reason)?.of_lot(Some(lot)))
    };
    let moves = [
        claim(allotted, -picked.quantity),
        claim(&picked.lot, picked.quantity),
    ];
    moves.into_iter().flatten().collect()
}

fn released(
    order: &Order,
    units: &FulfilmentUnits,
    reason: ReleaseReason,
    lots: &[ReleasedLot],
) -> Vec<StockMove> {
    let place = (units.fulfilment, units.line);
    let of_line = lots
        .iter()
        .filter(|lot| (lot.fulfilment, lot.units.line) == place);
    let of_lots: Vec<StockMove> = of_line
        .filter_map(|lot| {
            let total = lot.units.unpicked + lot.units.picked;
            Some(released_units(order, units, total, reason)?.of_lot(Some(&lot.units.lot)))
        })
        .collect();
    if of_lots.is_empty() {
        let all = released_units(order, units, units.total(), reason);
        return all.into_iter().collect();
    }
    of_lots
}

fn released_units(
    order: &Order,
    units: &FulfilmentUnits,
    total: i64,
    reason: ReleaseReason,
) -> Option<StockMove> {
    let location = order.progress.fulfilment(units.fulfilment)?.location?;
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
    let known = order.progress.fulfilment(no);
    let Some((fulfilment, location)) = known.and_then(|one| Some((one, one.location?))) else {
        return Vec::new();
    };
    let Fulfilment { lines, lots, .. } = fulfilment;
    let units = lines.iter().map(|line| LineUnits {
        line: line.line,
        quantity: count(&line.units),
    });
    let change = |quantity: i64| LevelChange {
        on_hand: -quantity,
        allocated: -quantity,
        ..LevelChange::default()
    };
    let leave = |line, quantity| moved(order, location, line, change(quantity), reason);
    let mut moves = Vec::with_capacity(lines.len());
    for units in units.filter(|units| units.quantity > 0) {
        let before = moves.len();
        let picked = lots
            .iter()
            .filter(|lot| lot.line == units.line && lot.picked > 0);
        moves.extend(
            picked.filter_map(|lot| Some(leave(lot.line, lot.picked)?.of_lot(Some(&lot.lot)))),
        );
        if moves.len() == before {
            moves.extend(leave(units.line, units.quantity));
        }
    }
    moves
}

//! Which units the fulfilments of an order have, where items have serial numbers: part of the entries, so that folding and
//! the lives of the units need nothing else.

use serde::{Deserialize, Serialize};

use super::entry::{FulfilmentUnits, Record, ReleaseReason};
use super::{Fulfilment, Order};
use crate::id::{FulfilmentNo, ItemId, LineNo, ReturnNo};
use crate::inventory::{SerialEvent, SerialNumber, SerialState};
use crate::network::LocationId;
use crate::returns::Disposition;

/// A unit of a line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LineSerial {
    /// The line of the order.
    pub line: LineNo,
    /// The unit.
    pub serial: SerialNumber,
}

/// A unit that leaves a fulfilment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReleasedSerial {
    /// The fulfilment.
    pub fulfilment: FulfilmentNo,
    /// The unit.
    #[serde(flatten)]
    pub unit: LineSerial,
}

/// A unit that came back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReturnedSerial {
    /// Number of the return line.
    pub line: u16,
    /// The unit.
    pub serial: SerialNumber,
    /// What becomes of it.
    pub disposition: Disposition,
}

/// What an entry of an order does to a unit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SerialChange {
    /// The item.
    pub item: ItemId,
    /// The unit.
    pub serial: SerialNumber,
    /// What happens to it.
    pub event: SerialEvent,
    /// Where it is then.
    pub state: SerialState,
}

impl Fulfilment {
    /// The units of a line that are known by their numbers, in the order they were picked.
    pub fn serials_of(&self, line: LineNo) -> impl Iterator<Item = &SerialNumber> {
        let here = self.serials.iter().filter(move |unit| unit.line == line);
        here.map(|unit| &unit.serial)
    }

    /// Takes a unit out.
    pub(super) fn drop_serial(&mut self, unit: &LineSerial) {
        self.serials.retain(|known| known != unit);
    }
}

/// Fills in the units that an entry does not name: those that were picked last are let go first.
pub(crate) fn complete(order: &Order, record: &mut Record) {
    let (units, serials) = match record {
        Record::UnitsReleased { units, serials, .. }
        | Record::FulfilmentSplit { units, serials, .. } => (units, serials),
        _ => return,
    };
    for released in units.iter() {
        let known = order.progress.fulfilment(released.fulfilment);
        let Some(fulfilment) = known.filter(|known| !known.serials.is_empty()) else {
            continue;
        };
        complete_line(fulfilment, released, serials);
    }
}

fn complete_line(
    fulfilment: &Fulfilment,
    released: &FulfilmentUnits,
    serials: &mut Vec<ReleasedSerial>,
) {
    let is_gone = |serial: &SerialNumber, gone: &[ReleasedSerial]| {
        let place = (released.fulfilment, released.line);
        let of_line = gone.iter();
        let mut of_line = of_line.filter(|one| (one.fulfilment, one.unit.line) == place);
        of_line.any(|one| one.unit.serial == *serial)
    };
    let here = || fulfilment.serials_of(released.line);
    let left = here().filter(|serial| !is_gone(serial, serials)).count();
    let picked = fulfilment
        .units(released.line)
        .map_or(0, |units| units.total() - units.assigned);
    let stay = picked - released.picked - released.packed;
    let more = left.saturating_sub(usize::try_from(stay).unwrap_or(0));
    let last: Vec<SerialNumber> = here()
        .filter(|serial| !is_gone(serial, serials))
        .skip(left - more)
        .cloned()
        .collect();
    serials.extend(last.into_iter().map(|serial| ReleasedSerial {
        fulfilment: released.fulfilment,
        unit: LineSerial {
            line: released.line,
            serial,
        },
    }));
}

/// What an entry, written to the order as it is before it, does to units with serial numbers.
#[must_use]
pub fn serial_changes(order: &Order, record: &Record) -> Vec<SerialChange> {
    match record {
        Record::UnitsPicked {
            fulfilment,
            serials,
            ..
        } => {
            let Some(location) = place(order, *fulfilment) else {
                return Vec::new();
            };
            let picked = serials.iter().map(|unit| {
                let state = SerialState::Picked {
                    location,
                    order: order.id,
                    line: unit.line,
                };
                change(order, unit, SerialEvent::Picked, state)
            });
            picked.flatten().collect()
        }
        Record::UnitsReleased {
            serials, reason, ..
        } => {
            let released = serials.iter().map(|one| {
                let location = place(order, one.fulfilment)?;
                let (event, state) = released(*reason, location);
                change(order, &one.unit, event, state)
            });
            released.flatten().collect()
        }
        Record::FulfilmentShipped { fulfilment, .. } => {
            leaving(order, *fulfilment, SerialEvent::Shipped)
        }
        Record::PickedUp { fulfilment } => leaving(order, *fulfilment, SerialEvent::PickedUp),
        Record::ReturnReceived {
            no,
            location: Some(location),
            serials,
            ..
        } => {
            let returned = serials
                .iter()
                .map(|one| returned(order, *no, *location, one));
            returned.flatten().collect()
        }
        _ => Vec::new(),
    }
}

fn place(order: &Order, no: FulfilmentNo) -> Option<LocationId> {
    order.progress.fulfilment(no)?.location
}

fn change(
    order: &Order,
    unit: &LineSerial,
    event: SerialEvent,
    state: SerialState,
) -> Option<SerialChange> {
    Some(SerialChange {
        item: order.placed.line(unit.line)?.item?,
        serial: unit.serial.clone(),
        event,
        state,
    })
}

fn released(reason: ReleaseReason, location: LocationId) -> (SerialEvent, SerialState) {
    let there = SerialState::InStock { location };
    match reason {
        ReleaseReason::ShortPick => (SerialEvent::NotFound, SerialState::Gone { location }),
        ReleaseReason::Damaged => (SerialEvent::FoundDamaged, there),
        ReleaseReason::Quarantined => (SerialEvent::Quarantined, there),
        ReleaseReason::Cancelled
        | ReleaseReason::Amended
        | ReleaseReason::Rejected
        | ReleaseReason::StockShort
        | ReleaseReason::Resourced
        | ReleaseReason::Moved => (SerialEvent::PutBack, there),
    }
}

fn leaving(order: &Order, no: FulfilmentNo, event: SerialEvent) -> Vec<SerialChange> {
    let fulfilment = order.progress.fulfilment(no);
    let Some((fulfilment, location)) = fulfilment.and_then(|one| Some((one, one.location?))) else {
        return Vec::new();
    };
    let gone = fulfilment.serials.iter().map(|unit| {
        let state = SerialState::Shipped {
            location,
            order: order.id,
            line: unit.line,
        };
        change(order, unit, event, state)
    });
    gone.flatten().collect()
}

fn returned(
    order: &Order,
    no: ReturnNo,
    location: LocationId,
    came: &ReturnedSerial,
) -> Option<SerialChange> {
    let known = order.progress.returns.iter().find(|one| one.no == no)?;
    let line = known.lines.iter().find(|line| line.no == came.line)?.line;
    let unit = LineSerial {
        line,
        serial: came.serial.clone(),
    };
    let (event, state) = match came.disposition {
        Disposition::Scrap => (SerialEvent::Scrapped, SerialState::Gone { location }),
        Disposition::Restock
        | Disposition::Refurbish
        | Disposition::Quarantine
        | Disposition::Missing => (SerialEvent::Returned, SerialState::InStock { location }),
    };
    change(order, &unit, event, state)
}

/// The units of a line that have left with the order and have not come back.
#[must_use]
pub fn shipped_serials(order: &Order, line: LineNo) -> Vec<SerialNumber> {
    let left = order.progress.fulfilments.iter();
    let left = left.filter(|one| one.units(line).is_some_and(|units| units.left() > 0));
    let mut out: Vec<SerialNumber> = left.flat_map(|one| one.serials_of(line)).cloned().collect();
    let returns = order.progress.returns.iter().flat_map(|one| &one.lines);
    let back = returns.filter(|returned| returned.line == line);
    for serial in back.flat_map(|returned| &returned.serials) {
        if let Some(position) = out.iter().position(|known| known == serial) {
            out.swap_remove(position);
        }
    }
    out
}

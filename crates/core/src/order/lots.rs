//! Which lots the units of fulfilments belong to: part of the entries, so that folding and stock moves need nothing else.

use serde::{Deserialize, Serialize};

use super::entry::{FulfilmentUnits, LineUnits, Record};
use super::{Fulfilment, Order};
use crate::id::{FulfilmentNo, LineNo};
use crate::inventory::Lot;
use crate::returns::Disposition;

fn zero(value: &i64) -> bool {
    *value == 0
}

/// Units of a lot that were allotted to a line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LineLot {
    /// The line of the order.
    pub line: LineNo,
    /// The lot.
    pub lot: Lot,
    /// Units.
    pub quantity: i64,
}

/// Units of a lot in a fulfilment. They sum to the units of its line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FulfilmentLot {
    /// The line of the order.
    pub line: LineNo,
    /// The lot.
    pub lot: Lot,
    /// Units not yet picked.
    #[serde(default, skip_serializing_if = "zero")]
    pub unpicked: i64,
    /// Units picked, or beyond that: packed, shipped and what became of them.
    #[serde(default, skip_serializing_if = "zero")]
    pub picked: i64,
}

/// Units of a lot that leave a fulfilment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReleasedLot {
    /// The fulfilment.
    pub fulfilment: FulfilmentNo,
    /// What of which lot.
    #[serde(flatten)]
    pub units: FulfilmentLot,
}

/// Units of a lot that were picked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PickedLot {
    /// The line of the order.
    pub line: LineNo,
    /// The lot they are of.
    pub lot: Lot,
    /// Units.
    pub quantity: i64,
    /// The lot that had been allotted, if it was another one; its units are free again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub instead_of: Option<Lot>,
}

/// Units of a lot that came back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReturnedLot {
    /// Number of the return line.
    pub line: u16,
    /// The lot.
    pub lot: Lot,
    /// Units.
    pub quantity: i64,
    /// What becomes of them.
    pub disposition: Disposition,
}

impl Fulfilment {
    /// The lots of a line.
    pub fn lots_of(&self, line: LineNo) -> impl Iterator<Item = &FulfilmentLot> {
        self.lots.iter().filter(move |lot| lot.line == line)
    }

    /// Takes units of a lot in, or out where they are negative.
    pub(super) fn add_lot(&mut self, units: &FulfilmentLot) {
        let mut known = self.lots.iter_mut();
        let known = known.find(|one| (one.line, &one.lot.code) == (units.line, &units.lot.code));
        match known {
            Some(known) => {
                known.unpicked += units.unpicked;
                known.picked += units.picked;
            }
            None => {
                self.lots.push(units.clone());
                self.lots
                    .sort_by(|a, b| (a.line, a.lot.place()).cmp(&(b.line, b.lot.place())));
            }
        }
        self.lots.retain(|one| one.unpicked + one.picked != 0);
    }
}

impl FulfilmentLot {
    /// The same units, leaving.
    #[must_use]
    pub(super) fn leaving(&self) -> Self {
        Self {
            unpicked: -self.unpicked,
            picked: -self.picked,
            ..self.clone()
        }
    }
}

/// Fills in the lots that an entry does not name: those that expire last are let go first, and those that expire first
/// are picked first.
pub(crate) fn complete(order: &Order, record: &mut Record) {
    let has_lots = |no: FulfilmentNo| {
        let fulfilment = order.progress.fulfilment(no);
        fulfilment.is_some_and(|fulfilment| !fulfilment.lots.is_empty())
    };
    match record {
        Record::UnitsReleased { units, lots, .. }
            if units.iter().any(|one| has_lots(one.fulfilment)) =>
        {
            complete_released(order, units, lots);
        }
        Record::FulfilmentSplit {
            from, units, lots, ..
        } if has_lots(*from) => {
            complete_released(order, units, lots);
        }
        Record::UnitsPicked {
            fulfilment,
            lines,
            lots,
        } => {
            let known = order.progress.fulfilment(*fulfilment);
            if let Some(known) = known.filter(|known| !known.lots.is_empty()) {
                complete_picked(known, lines, lots);
            }
        }
        _ => {}
    }
}

fn complete_released(order: &Order, units: &[FulfilmentUnits], lots: &mut Vec<ReleasedLot>) {
    for released in units {
        let Some(fulfilment) = order.progress.fulfilment(released.fulfilment) else {
            continue;
        };
        let place = (released.fulfilment, released.line);
        let of_line = |one: &&ReleasedLot| (one.fulfilment, one.units.line) == place;
        let named: (i64, i64) = lots.iter().filter(of_line).fold((0, 0), |sum, one| {
            (sum.0 + one.units.unpicked, sum.1 + one.units.picked)
        });
        let mut unpicked = released.assigned - named.0;
        let mut picked = released.picked + released.packed - named.1;
        let mut more = Vec::new();
        for known in fulfilment.lots_of(released.line) {
            let gone: (i64, i64) = lots
                .iter()
                .filter(of_line)
                .filter(|one| one.units.lot.code == known.lot.code)
                .fold((0, 0), |sum, one| {
                    (sum.0 + one.units.unpicked, sum.1 + one.units.picked)
                });
            more.push((known, known.unpicked - gone.0, known.picked - gone.1));
        }
        for (known, free, free_picked) in more.into_iter().rev() {
            let taken = FulfilmentLot {
                unpicked: unpicked.min(free).max(0),
                picked: picked.min(free_picked).max(0),
                ..known.clone()
            };
            unpicked -= taken.unpicked;
            picked -= taken.picked;
            if taken.unpicked + taken.picked > 0 {
                lots.push(ReleasedLot {
                    fulfilment: released.fulfilment,
                    units: taken,
                });
            }
        }
    }
}

fn complete_picked(fulfilment: &Fulfilment, lines: &[LineUnits], lots: &mut Vec<PickedLot>) {
    for picked in lines {
        let named = lots.iter().filter(|lot| lot.line == picked.line);
        let mut left = picked.quantity - named.map(|lot| lot.quantity).sum::<i64>();
        let mut more = Vec::new();
        for known in fulfilment.lots_of(picked.line) {
            let taken = left.min(known.unpicked - used(lots, known)).max(0);
            left -= taken;
            if taken > 0 {
                more.push(PickedLot {
                    line: picked.line,
                    lot: known.lot.clone(),
                    quantity: taken,
                    instead_of: None,
                });
            }
        }
        lots.extend(more);
    }
}

/// Units allotted of a lot that picked units have used up, themselves or by being picked instead of them.
pub(crate) fn used(picked: &[PickedLot], known: &FulfilmentLot) -> i64 {
    let of_line = picked.iter().filter(|one| one.line == known.line);
    let used = of_line.filter(|one| {
        let allotted = one.instead_of.as_ref().unwrap_or(&one.lot);
        allotted.code == known.lot.code
    });
    used.map(|one| one.quantity).sum()
}

/// Units of each lot of a line that have left with the order's fulfilments, less those that came back.
#[must_use]
pub fn shipped_lots(order: &Order, line: LineNo) -> Vec<(Lot, i64)> {
    let mut shipped: Vec<(Lot, i64)> = Vec::new();
    let mut add = |lot: &Lot, units: i64| match shipped.iter_mut().find(|(known, _)| known == lot) {
        Some((_, known)) => *known += units,
        None => shipped.push((lot.clone(), units)),
    };
    let left = order.progress.fulfilments.iter();
    let left = left.filter(|one| one.units(line).is_some_and(|units| units.left() > 0));
    for lot in left.flat_map(|fulfilment| fulfilment.lots_of(line)) {
        add(&lot.lot, lot.picked);
    }
    let returns = order.progress.returns.iter().flat_map(|one| &one.lines);
    for (lot, units) in returns
        .filter(|returned| returned.line == line)
        .flat_map(|returned| &returned.lots)
    {
        add(lot, -units);
    }
    shipped.retain(|(_, units)| *units > 0);
    shipped
}

//! Units that a change takes back from the locations that have them.

use crate::id::{FulfilmentNo, LineNo};
use crate::order::source::assigned;
use crate::order::{FulfilmentUnits, Line, LineUnits, Method, Order, Placed, Units, Verb, checks};
use crate::refusal::Refusal;

/// What a change takes back.
#[derive(Debug, Default)]
pub(super) struct Released {
    /// All of it.
    pub(super) units: Vec<FulfilmentUnits>,
    /// What of it still is ordered, and goes elsewhere now.
    pub(super) again: Vec<LineUnits>,
}

/// Assigned units that the change takes back: those beyond the new quantity, and those on their
/// way to an address that changes. Picked units refuse.
pub(super) fn released(order: &Order, placed: &Placed) -> Result<Released, Refusal> {
    let mut released = Released::default();
    let lines = order.placed.lines.iter().zip(&order.progress.lines);
    for (old, state) in lines.filter(|(line, _)| !line.is_kit) {
        let Some(new) = placed.line(old.no) else {
            continue;
        };
        let fewer = old.quantity - new.quantity;
        let excess = (fewer - state.open - state.backordered).max(0);
        let moves = old.ship_to != new.ship_to
            || (old.ship_to.is_none() && order.placed.ship_to != placed.ship_to);
        let taken = if moves && old.method == Method::Ship {
            relocated(order, old, &mut released.units)?
        } else {
            reduced(order, old.no, excess, &mut released.units)
        };
        if taken < excess {
            return Err(Refusal::QuantityExceeded {
                what: "take away",
                line: checks::line_id(order, old.no),
                asked: fewer,
                limit: fewer - (excess - taken),
            });
        }
        if taken > excess {
            released.again.push(LineUnits {
                line: old.no,
                quantity: taken - excess,
            });
        }
    }
    Ok(released)
}

/// Takes all assigned units of a line back; says how many.
fn relocated(
    order: &Order,
    line: &Line,
    released: &mut Vec<FulfilmentUnits>,
) -> Result<i64, Refusal> {
    let picked: i64 = units_of(order, line.no)
        .map(|(_, units)| units.picked + units.packed)
        .sum();
    if picked > 0 {
        let line = checks::line_id(order, line.no);
        let why = format!("{picked} units of line {line} are picked for the old address");
        return Err(Refusal::illegal(Verb::Amend, why));
    }
    Ok(reduced(order, line.no, i64::MAX, released))
}

/// Takes at most so many assigned units of a line back, from the newest fulfilments first; says how many.
fn reduced(
    order: &Order,
    line: LineNo,
    mut excess: i64,
    released: &mut Vec<FulfilmentUnits>,
) -> i64 {
    let mut sum = 0;
    for (fulfilment, units) in units_of(order, line) {
        let taken = excess.min(units.assigned);
        excess -= taken;
        sum += taken;
        if taken > 0 {
            released.push(assigned(fulfilment, line, taken));
        }
    }
    sum
}

fn units_of(order: &Order, no: LineNo) -> impl Iterator<Item = (FulfilmentNo, Units)> {
    let fulfilments = order.progress.fulfilments.iter().rev();
    fulfilments.filter_map(move |fulfilment| Some((fulfilment.no, *fulfilment.units(no)?)))
}

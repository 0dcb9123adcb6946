//! The units of goods that came back, by their serial numbers: of those that had left with the order.

use super::Disposition;
use super::receive::ReceiveReturn;
use crate::id::LineNo;
use crate::inventory::{SerialNumber, parse_serials};
use crate::order::{Order, ReturnedSerial, shipped_serials};
use crate::refusal::Refusal;

/// What one named line means: return lines, units, what becomes of them.
type Receipt = Vec<(u16, i64, Disposition)>;

/// Finds the units that came back. What did not come is not named. Units that left before their item had serial
/// numbers have none.
///
/// # Errors
/// Refuses units that have not left with the line or are back already, and a number of them that cannot be.
pub(super) fn serials(
    order: &Order,
    command: &ReceiveReturn,
    receipts: &[Receipt],
) -> Result<Vec<ReturnedSerial>, Refusal> {
    let mut found: Vec<ReturnedSerial> = Vec::new();
    let mut known: Vec<Out> = Vec::new();
    for (position, (received, receipt)) in command.lines.iter().zip(receipts).enumerate() {
        let field = format!("/lines/{position}/serials");
        let mut named = parse_serials(&field, &received.serials)?.into_iter();
        for (number, quantity, disposition) in receipt {
            let line = super::lots::line_of(order, command.no, *number);
            let Some(line) = line.filter(|_| disposition.came_back()) else {
                continue;
            };
            if !known.iter().any(|out| out.line == line) {
                known.push(Out::of(order, line));
            }
            let Some(out) = known.iter_mut().find(|out| out.line == line) else {
                continue;
            };
            for serial in out.take(&field, *quantity, &mut named)? {
                found.push(ReturnedSerial {
                    line: *number,
                    serial,
                    disposition: *disposition,
                });
            }
        }
        if let Some(serial) = named.next() {
            let name = serial.as_str();
            return Err(Refusal::unknown(field, "unit of this shipment", name));
        }
    }
    Ok(found)
}

/// The units of a line that are with the customer.
struct Out {
    line: LineNo,
    named: Vec<SerialNumber>,
    /// How many have left without numbers.
    nameless: usize,
}

impl Out {
    fn of(order: &Order, line: LineNo) -> Self {
        let named = shipped_serials(order, line);
        let nameless = returnable(order, line).saturating_sub(named.len());
        Self {
            line,
            named,
            nameless,
        }
    }

    /// Takes the next units that are named, as many as come back less those that may have left without numbers.
    fn take(
        &mut self,
        field: &str,
        quantity: i64,
        named: &mut impl Iterator<Item = SerialNumber>,
    ) -> Result<Vec<SerialNumber>, Refusal> {
        let quantity = usize::try_from(quantity).unwrap_or(0);
        let came: Vec<SerialNumber> = named.take(quantity.min(self.named.len())).collect();
        let others = quantity - came.len();
        if others > self.nameless {
            let least = quantity - self.nameless;
            let problem =
                format!("must name serial numbers of units that have left, at least {least}");
            return Err(Refusal::invalid(field, problem));
        }
        self.nameless -= others;
        for serial in &came {
            let Some(place) = self.named.iter().position(|one| one == serial) else {
                let name = serial.as_str();
                return Err(Refusal::unknown(field, "unit of this shipment", name));
            };
            self.named.swap_remove(place);
        }
        Ok(came)
    }
}

/// Units of a line that have left and have not come back, with or without numbers.
fn returnable(order: &Order, line: LineNo) -> usize {
    let fulfilments = order.progress.fulfilments.iter();
    let left: i64 = fulfilments
        .filter_map(|one| one.units(line))
        .map(crate::order::Units::left)
        .sum();
    let lines = order.progress.returns.iter().flat_map(|one| &one.lines);
    let back: i64 = lines
        .filter(|returned| returned.line == line)
        .flat_map(|returned| &returned.received)
        .filter(|(disposition, _)| disposition.came_back())
        .map(|(_, units)| units)
        .sum();
    usize::try_from(left - back).unwrap_or(0)
}

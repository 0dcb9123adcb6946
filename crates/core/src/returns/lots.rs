//! The lots of goods that came back: of those that had left with the order.

use super::Disposition;
use super::receive::{ReceiveReturn, ReceivedLine};
use crate::decide::{Attempt, Stop};
use crate::id::{LineNo, OrderId, ReturnNo};
use crate::inventory::{Lot, NamedLot};
use crate::order::{Order, ReturnedLot, shipped_lots};
use crate::refusal::Refusal;

/// What one named line means: return lines, units, what becomes of them.
type Receipt = Vec<(u16, i64, Disposition)>;

/// Finds the lots of what came back. What did not come is of no lot.
///
/// # Errors
/// Refuses lots that have not left with the line, more units of a lot than have, and no lot where several have left.
pub(super) fn lots(
    attempt: &mut Attempt<'_>,
    id: OrderId,
    command: &ReceiveReturn,
    receipts: &[Receipt],
) -> Result<Vec<ReturnedLot>, Stop> {
    let mut found: Vec<ReturnedLot> = Vec::new();
    let mut left: Vec<(LineNo, Vec<(Lot, i64)>)> = Vec::new();
    for (position, (received, receipt)) in command.lines.iter().zip(receipts).enumerate() {
        let field = format!("/lines/{position}/lot");
        for (number, quantity, disposition) in receipt {
            let order = attempt.order(id)?;
            let came_back = disposition.came_back();
            let Some(line) = line_of(order, command.no, *number).filter(|_| came_back) else {
                continue;
            };
            if !left.iter().any(|(known, _)| *known == line) {
                left.push((line, shipped_lots(order, line)));
            }
            let known = left.iter_mut().find(|(known, _)| *known == line);
            let Some((_, lots)) = known.filter(|(_, lots)| !lots.is_empty()) else {
                found.extend(unshipped(
                    attempt,
                    id,
                    line,
                    &field,
                    (*number, *quantity),
                    received,
                )?);
                continue;
            };
            let lot = one_of(lots, &field, *quantity, received.lot.as_deref())?;
            found.push(ReturnedLot {
                line: *number,
                lot,
                quantity: *quantity,
                disposition: *disposition,
            });
        }
    }
    Ok(found)
}

fn line_of(order: &Order, no: ReturnNo, number: u16) -> Option<LineNo> {
    let returned = order.progress.returns.iter().find(|one| one.no == no)?;
    let line = returned.lines.iter().find(|line| line.no == number)?;
    Some(line.line)
}

/// Takes units off the lot that is named, or off the only one.
fn one_of(
    lots: &mut [(Lot, i64)],
    field: &str,
    quantity: i64,
    named: Option<&str>,
) -> Result<Lot, Refusal> {
    let position = match named {
        Some(code) => lots.iter().position(|(lot, _)| lot.code.as_str() == code),
        None if lots.len() == 1 => Some(0),
        None => {
            return Err(Refusal::invalid(
                field,
                "must name the lot: units of several lots have left with the line",
            ));
        }
    };
    let Some(position) = position else {
        let code = named.unwrap_or_default();
        return Err(Refusal::unknown(field, "lot of this shipment", code));
    };
    let (lot, units) = &mut lots[position];
    if *units < quantity {
        return Err(Refusal::invalid(
            field,
            format!("names a lot of which {units} units can come back"),
        ));
    }
    *units -= quantity;
    Ok(lot.clone())
}

/// Units that left before the item had lots, or as history: their lot is the one that is read off them now.
fn unshipped(
    attempt: &mut Attempt<'_>,
    id: OrderId,
    line: LineNo,
    field: &str,
    (number, quantity): (u16, i64),
    received: &ReceivedLine,
) -> Result<Option<ReturnedLot>, Stop> {
    let item = attempt
        .order(id)?
        .placed
        .line(line)
        .and_then(|line| line.item);
    let Some((item, code)) = item.zip(received.lot.as_deref()) else {
        return Ok(None);
    };
    let named = NamedLot {
        code: code.to_owned(),
        ..NamedLot::default()
    };
    let lot = attempt.seen_lot_of(item, field, Some(&named))?;
    Ok(lot.map(|lot| ReturnedLot {
        line: number,
        lot,
        quantity,
        disposition: received.disposition,
    }))
}

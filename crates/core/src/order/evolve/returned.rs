//! What came back.

use super::progress_of;
use crate::order::Order;
use crate::order::lots::ReturnedLot;
use crate::order::serials::ReturnedSerial;

pub(super) fn receive_return(
    order: &mut Order,
    no: crate::id::ReturnNo,
    received: &[(u16, i64, crate::returns::Disposition)],
) {
    for &(line_no, quantity, disposition) in received {
        let line = order
            .progress
            .returns
            .iter_mut()
            .filter(|r| r.no == no)
            .flat_map(|r| &mut r.lines)
            .find(|l| l.no == line_no);
        let Some(line) = line else { continue };
        line.received.push((disposition, quantity));
        let line = line.line;
        if let Some(progress) = progress_of(order, line).filter(|_| disposition.came_back()) {
            progress.returned += quantity;
        }
    }
}

pub(super) fn receive_lot(order: &mut Order, no: crate::id::ReturnNo, came: &ReturnedLot) {
    let returns = order.progress.returns.iter_mut().filter(|r| r.no == no);
    let mut lines = returns.flat_map(|r| &mut r.lines);
    let Some(line) = lines.find(|line| line.no == came.line) else {
        return;
    };
    match line.lots.iter_mut().find(|(lot, _)| *lot == came.lot) {
        Some((_, units)) => *units += came.quantity,
        None => line.lots.push((came.lot.clone(), came.quantity)),
    }
}

pub(super) fn receive_serial(order: &mut Order, no: crate::id::ReturnNo, came: &ReturnedSerial) {
    let returns = order.progress.returns.iter_mut().filter(|r| r.no == no);
    let mut lines = returns.flat_map(|r| &mut r.lines);
    if let Some(line) = lines.find(|line| line.no == came.line) {
        line.serials.push(came.serial.clone());
    }
}

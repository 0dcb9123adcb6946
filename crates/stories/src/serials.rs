//! The units of the item with serial numbers: every picked one is a new one, and those that came in are named where the
//! product asks which.

use throughline_core::fulfilment::PickLine;
use throughline_core::id::LineNo;
use throughline_core::inventory::SerialNumber;
use throughline_core::order::{Fulfilment, Order, Package, shipped_serials};

use crate::cast::Sku;

fn has_some(order: &Order, line: LineNo) -> bool {
    let line = order.placed.line(line);
    line.is_some_and(|line| line.sku == Sku::B.to_string())
}

/// Numbers of units that nobody has seen, for units of a line that are picked now.
pub(crate) fn picked_serials(order: &Order, line: LineNo, quantity: i64) -> Vec<String> {
    let quantity = if has_some(order, line) { quantity } else { 0 };
    let number = |unit| format!("{}-{}-{}-{unit}", order.number, order.version, line.0);
    (0..quantity).map(number).collect()
}

/// All units that are assigned, one line after the other, if some of them have to be scanned.
pub(crate) fn all_scanned(order: &Order, work: &Fulfilment) -> Option<Vec<PickLine>> {
    let assigned = work.lines.iter().filter(|entry| entry.units.assigned > 0);
    let lines: Vec<PickLine> = assigned
        .map(|entry| PickLine {
            line: entry.line,
            quantity: entry.units.assigned,
            short: 0,
            lots: Vec::new(),
            short_lot: None,
            serials: picked_serials(order, entry.line, entry.units.assigned),
        })
        .collect();
    let is_asked = lines.iter().any(|line| !line.serials.is_empty());
    is_asked.then_some(lines)
}

/// The first units of a line.
pub(crate) fn first_units(work: &Fulfilment, line: LineNo, quantity: i64) -> Vec<String> {
    let quantity = usize::try_from(quantity).unwrap_or(0);
    texts(work.serials_of(line).take(quantity))
}

/// Units of each line, as many as are in the packages; they do not tell which.
pub(crate) fn in_packages<'a>(
    work: &Fulfilment,
    packages: impl Iterator<Item = &'a Package> + Clone,
) -> Vec<String> {
    let of_line = |line: LineNo| {
        let units = packages.clone().flat_map(|package| &package.lines);
        let units = units.filter(move |units| units.line == line);
        units.map(|units| units.quantity).sum()
    };
    let lines = work.lines.iter();
    lines
        .flat_map(|entry| first_units(work, entry.line, of_line(entry.line)))
        .collect()
}

/// Units of a line that come back.
pub(crate) fn returned_serials(order: &Order, line: LineNo, quantity: i64) -> Vec<String> {
    let quantity = usize::try_from(quantity).unwrap_or(0);
    texts(shipped_serials(order, line).iter().take(quantity))
}

fn texts<'a>(serials: impl Iterator<Item = &'a SerialNumber>) -> Vec<String> {
    serials.map(ToString::to_string).collect()
}

//! How units of fulfilments are packed, unpacked, split off and put together.

use super::{claim_child, edit, edit_units, shift};
use crate::id::{FulfilmentNo, LineNo, PackageNo};
use crate::order::progress::Package;
use crate::order::{Fulfilment, FulfilmentUnits, Order};

/// Takes released units out of packages that have not left, last package first.
pub(super) fn unpack(fulfilment: &mut Fulfilment, line: LineNo, mut quantity: i64) {
    for package in fulfilment
        .packages
        .iter_mut()
        .rev()
        .filter(|package| package.outcome.is_none())
    {
        for units in package.lines.iter_mut().filter(|units| units.line == line) {
            let taken = quantity.min(units.quantity);
            units.quantity -= taken;
            quantity -= taken;
        }
        package.lines.retain(|units| units.quantity > 0);
    }
    fulfilment
        .packages
        .retain(|package| !package.lines.is_empty());
}

pub(super) fn pack(fulfilment: &mut Fulfilment, packages: &[Package]) {
    for units in packages.iter().flat_map(|package| &package.lines) {
        edit_units(fulfilment, units.line, |u| {
            shift(&mut u.picked, &mut u.packed, units.quantity)
        });
    }
    fulfilment.packages.extend_from_slice(packages);
}

pub(super) fn split(
    order: &mut Order,
    from: FulfilmentNo,
    into: FulfilmentNo,
    moved: &[FulfilmentUnits],
    packages: &[PackageNo],
) {
    claim_child(&mut order.progress, into.0);
    let Some(source) = order.progress.fulfilments.iter_mut().find(|f| f.no == from) else {
        return;
    };
    let mut target = Fulfilment {
        no: into,
        split_from: Some(from),
        lines: Vec::new(),
        lots: Vec::new(),
        serials: Vec::new(),
        packages: Vec::new(),
        ..source.clone()
    };
    for units in moved {
        edit_units(source, units.line, |u| {
            u.assigned -= units.assigned;
            u.picked -= units.picked;
            u.packed -= units.packed;
        });
        edit_units(&mut target, units.line, |u| {
            u.assigned += units.assigned;
            u.picked += units.picked;
            u.packed += units.packed;
        });
    }
    let (gone, kept) = std::mem::take(&mut source.packages)
        .into_iter()
        .partition(|package| packages.contains(&package.no));
    source.packages = kept;
    target.packages = gone;
    source.lines.retain(|line| line.units.total() > 0);
    order.progress.fulfilments.push(target);
}

/// The one that is left without units is cancelled.
pub(super) fn merge(order: &mut Order, from: FulfilmentNo, into: FulfilmentNo) {
    let fulfilments = &mut order.progress.fulfilments;
    let Some(source) = fulfilments.iter_mut().find(|one| one.no == from) else {
        return;
    };
    let lines = std::mem::take(&mut source.lines);
    let packages = std::mem::take(&mut source.packages);
    let lots = std::mem::take(&mut source.lots);
    let serials = std::mem::take(&mut source.serials);
    let picking_since = source.picking_since;
    edit(order, into, |target| {
        target.picking_since = target.picking_since.into_iter().chain(picking_since).min();
        target.packages.extend(packages);
        for moved in &lines {
            edit_units(target, moved.line, |units| units.add(&moved.units));
        }
        lots.iter().for_each(|lot| target.add_lot(lot));
        target.serials.extend(serials);
    });
}

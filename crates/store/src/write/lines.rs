//! The narrow projection of an order's lines, and the rows of stock that its fulfilments claim.

use smallvec::SmallVec;
use throughline_core::id::{FulfilmentNo, ItemId, LineNo};
use throughline_core::network::LocationId;
use throughline_core::order::{Line, Method, Order, Units};

use super::batch::Revised;
use crate::engine::Columns;

/// The quantities of a line in the order of the columns, from `ordered` to `returned`.
pub(crate) type Quantities = [i64; 13];

/// One row of the projection.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct LineRow<'a> {
    pub line: &'a Line,
    pub quantities: Quantities,
}

/// One row of stock that a fulfilment line claims.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct AllocationRow {
    pub fulfilment: FulfilmentNo,
    pub line: LineNo,
    pub item: ItemId,
    pub location: LocationId,
    pub quantity: i64,
}

/// Sums what the fulfilments say about each line.
pub(crate) fn line_rows(order: &Order) -> SmallVec<[LineRow<'_>; 4]> {
    let lines = &order.placed.lines;
    let mut sums: SmallVec<[Units; 4]> = smallvec::smallvec![Units::default(); lines.len()];
    for entry in order
        .progress
        .fulfilments
        .iter()
        .flat_map(|fulfilment| &fulfilment.lines)
    {
        if let Ok(position) = lines.binary_search_by_key(&entry.line, |line| line.no) {
            sums[position].add(&entry.units);
        }
    }
    let states = order.progress.lines.iter();
    let rows = lines
        .iter()
        .zip(states)
        .zip(&sums)
        .map(|((line, state), units)| LineRow {
            line,
            quantities: [
                line.quantity,
                state.open,
                state.backordered,
                units.assigned,
                units.picked,
                units.packed,
                units.shipped,
                units.delivered,
                units.refused,
                units.lost,
                units.returned_to_sender,
                state.cancelled,
                state.returned,
            ],
        });
    rows.collect()
}

/// The rows of stock that the order claims: unshipped units at a location.
pub(crate) fn allocation_rows(order: &Order) -> SmallVec<[AllocationRow; 4]> {
    let mut rows = SmallVec::new();
    for fulfilment in &order.progress.fulfilments {
        let Some(location) = fulfilment.location else {
            continue;
        };
        for entry in fulfilment
            .lines
            .iter()
            .filter(|entry| entry.units.unshipped() > 0)
        {
            let item = order.placed.line(entry.line).and_then(|line| line.item);
            let quantity = entry.units.unshipped();
            rows.extend(item.map(|item| AllocationRow {
                fulfilment: fulfilment.no,
                line: entry.line,
                item,
                location,
                quantity,
            }));
        }
    }
    rows
}

pub(crate) fn method(method: Method) -> &'static str {
    match method {
        Method::Ship => "ship",
        Method::Pickup => "pickup",
        Method::Digital => "digital",
        Method::Service => "service",
    }
}

/// Changes of the line projection.
pub(super) fn gather_lines(
    revised: Revised<'_>,
    bucket: i32,
    upserts: &mut Columns,
    deletes: &mut Columns,
) {
    let order = revised.after.id.uuid();
    let before = revised
        .before
        .map(|order| line_rows(order))
        .unwrap_or_default();
    let after = line_rows(revised.after);
    for row in after.iter().filter(|row| !before.contains(row)) {
        let line = row.line;
        let columns = upserts
            .row()
            .int(bucket)
            .uuid(order)
            .int(line.no.0)
            .opt_uuid(line.item.map(ItemId::uuid));
        let columns = columns.text(&line.sku).text(method(line.method));
        row.quantities
            .iter()
            .fold(columns, |columns, quantity| columns.int(*quantity));
    }
    for row in before
        .iter()
        .filter(|row| revised.after.placed.line(row.line.no).is_none())
    {
        deletes.row().int(bucket).uuid(order).int(row.line.no.0);
    }
}

/// Changes of the claimed stock.
pub(super) fn gather_allocations(
    revised: Revised<'_>,
    bucket: i32,
    upserts: &mut Columns,
    deletes: &mut Columns,
) {
    let order = revised.after.id.uuid();
    let before = revised
        .before
        .map(|order| allocation_rows(order))
        .unwrap_or_default();
    let after = allocation_rows(revised.after);
    for row in after.iter().filter(|row| !before.contains(row)) {
        let columns = upserts
            .row()
            .int(bucket)
            .uuid(order)
            .int(row.fulfilment.0)
            .int(row.line.0);
        columns
            .uuid(row.item.uuid())
            .int(row.location.0)
            .int(row.quantity);
    }
    let stays = |row: &AllocationRow| {
        after
            .iter()
            .any(|kept| (kept.fulfilment, kept.line) == (row.fulfilment, row.line))
    };
    for row in before.iter().filter(|row| !stays(row)) {
        deletes
            .row()
            .int(bucket)
            .uuid(order)
            .int(row.fulfilment.0)
            .int(row.line.0);
    }
}

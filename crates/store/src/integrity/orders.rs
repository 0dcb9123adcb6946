//! Orders: the journal folds to what is stored (I6), quantities and money are conserved (I1, I5), and every column and
//! projection says what the body says.

use rustc_hash::FxHashSet;
use throughline_core::facts::ClaimKey;
use throughline_core::id::{ItemId, OrderId};
use throughline_core::order::source::waiting_rows;
use throughline_core::order::{Entry, Order, Record, fold, loads, statuses, totals, violations};
use uuid::Uuid;

use super::Seen;
use super::statements::{ALLOCATIONS, LINES, ORDERS};
use crate::engine::{Cell, Connection, Row, Rows};
use crate::error::StoreError;
use crate::feed::Span;
use crate::load::{CLAIMS, claim_keys, id_keys, read_order};
use crate::views::journal;
use crate::write::{allocation_rows, line_rows, lot_allocation_rows, method};

pub(super) fn check(connection: &mut Connection, seen: &mut Seen) -> Result<(), StoreError> {
    let (mut bucket, mut id) = (-1, Uuid::nil());
    loop {
        let rows = connection.list(&ORDERS, &[Cell::Integer(bucket), Cell::Uuid(id)])?;
        let mut orders = Vec::with_capacity(rows.len());
        for row in rows.iter() {
            (bucket, id) = (row.int(0)?, row.uuid(1)?);
            let order = read_order(row, 1)?;
            check_row(&order, row, connection.partitions(), seen)?;
            orders.push(order);
        }
        if orders.is_empty() {
            return Ok(());
        }
        seen.orders += orders.len() as u64;
        let placed = check_journals(connection, &orders, seen)?;
        check_projections(connection, &orders, seen)?;
        check_claims(connection, &orders, &placed, seen)?;
    }
}

fn check_row(
    order: &Order,
    row: Row<'_>,
    partitions: u16,
    seen: &mut Seen,
) -> Result<(), StoreError> {
    violations(order)
        .into_iter()
        .for_each(|found| seen.report(found.invariant, found.detail));
    for allocation in allocation_rows(order) {
        *seen
            .allocated
            .entry((allocation.item, allocation.location))
            .or_default() += allocation.quantity;
    }
    for row in lot_allocation_rows(order) {
        let place = (row.item, row.location, row.lot.code.clone());
        *seen.lots.entry(place).or_default() += row.quantity;
    }
    super::serials::gather(order, seen);
    super::legs::gather(order, &mut seen.legs);
    for (day, load) in loads(order) {
        let sum = seen.loads.entry(day).or_default();
        *sum = sum.plus(load);
    }
    for (slot, units) in throughline_core::booking::booked(order) {
        *seen.booked.entry(slot).or_default() += units;
    }
    if let Some(customer) = order.placed.customer {
        let owed = throughline_core::party::owed_on(order);
        if owed != 0 {
            *seen.owed.entry(customer).or_default() += owed;
        }
    }
    for (agreement, item, units) in throughline_core::party::calls_of(order) {
        let sum = seen.calls.entry((agreement, item)).or_default();
        (0..2).for_each(|at| sum[at] += units[at]);
    }
    for (item, waiting) in waiting_rows(order) {
        seen.waiting.entry(item).or_default().push(waiting);
    }
    let (status, placed) = (statuses(order), &order.placed);
    let is = [
        row.int(0)? == i64::from(order.id.bucket(partitions)),
        row.text(7)? == status.order.as_str(),
        row.text(8)? == status.payment.as_str(),
        row.text(9)? == status.fulfilment.as_str(),
        row.text(10)? == status.returns.as_str(),
        row.int(11)? == i64::from(placed.channel.0),
        row.opt_uuid(12)? == placed.customer.map(|customer| customer.uuid()),
        row.opt_text(13)? == placed.external_ref.as_deref(),
        row.text(14)? == placed.currency.to_string(),
        row.int(15)? == totals(order).total_minor,
        row.int(16)? == placed.placed_at.0,
    ];
    if let Some(column) = is.iter().position(|is| !is) {
        seen.report(
            "I6",
            format!(
                "order {}: column {column} of its row is not what its body says",
                order.id
            ),
        );
    }
    Ok(())
}

/// Checks the journals, and tells which of the orders were ever placed.
fn check_journals(
    connection: &mut Connection,
    orders: &[Order],
    seen: &mut Seen,
) -> Result<FxHashSet<OrderId>, StoreError> {
    let mut placed = FxHashSet::default();
    for chunk in orders.chunks(100) {
        let spans: Vec<Span> = chunk
            .iter()
            .map(|order| Span {
                order: order.id,
                first: 0,
                last: u64::from(u32::MAX),
            })
            .collect();
        let mut entries = journal::spans(connection, &spans)?.into_iter().peekable();
        for order in chunk {
            let mut journal = Vec::new();
            while let Some((_, entry)) = entries.next_if(|(id, _)| *id == order.id) {
                journal.push(entry);
            }
            let is_placing = |entry: &Entry| matches!(entry.record, Record::OrderPlaced { .. });
            placed.extend(journal.iter().any(is_placing).then_some(order.id));
            if journal.iter().zip(1..).any(|(entry, seq)| entry.seq != seq) {
                seen.report("I6", format!("order {}: its journal has gaps", order.id));
            }
            match fold(order.id, &journal) {
                Some(folded) if folded == *order => {}
                Some(folded) => {
                    let version = folded.version;
                    let detail = format!(
                        "order {} at version {}: its journal folds to another order, of version {version}",
                        order.id, order.version
                    );
                    seen.report("I6", detail);
                }
                None => seen.report(
                    "I6",
                    format!("order {}: its journal makes no order", order.id),
                ),
            }
        }
    }
    Ok(placed)
}

/// The line projection, and the rows of claimed stock (I3).
fn check_projections(
    connection: &mut Connection,
    orders: &[Order],
    seen: &mut Seen,
) -> Result<(), StoreError> {
    let keys = id_keys(
        orders.iter().map(|order| order.id.uuid()),
        connection.partitions(),
    );
    let [lines, allocations] = connection.read([(&LINES, &keys), (&ALLOCATIONS, &keys)])?;
    let expected = orders.iter().enumerate().flat_map(|(position, order)| {
        line_rows(order).into_iter().map(move |row| {
            let item = row
                .line
                .item
                .map_or(Cell::Null, |item| Cell::Uuid(item.uuid()));
            let mut cells = vec![count(position), Cell::Integer(row.line.no.0.into()), item];
            cells.extend([
                Cell::text(row.line.sku.as_str()),
                Cell::text(method(row.line.method)),
            ]);
            cells.extend(row.quantities.map(Cell::Integer));
            cells
        })
    });
    compare(orders, expected.collect(), &lines, "I1", "lines", seen);
    let expected = orders.iter().enumerate().flat_map(|(position, order)| {
        let mut rows = allocation_rows(order);
        rows.sort_unstable_by_key(|row| (row.fulfilment, row.line));
        rows.into_iter().map(move |row| {
            let numbers = [
                count(position),
                Cell::Integer(row.fulfilment.0.into()),
                Cell::Integer(row.line.0.into()),
            ];
            let mut cells = numbers.to_vec();
            cells.extend([
                Cell::Uuid(row.item.uuid()),
                Cell::Integer(row.location.0.into()),
                Cell::Integer(row.quantity),
            ]);
            cells
        })
    });
    compare(
        orders,
        expected.collect(),
        &allocations,
        "I3",
        "claimed stock",
        seen,
    );
    Ok(())
}

fn count(position: usize) -> Cell {
    crate::views::cell(position)
}

fn compare(
    orders: &[Order],
    expected: Vec<Vec<Cell>>,
    found: &Rows,
    invariant: &'static str,
    what: &str,
    seen: &mut Seen,
) {
    if expected.len() == found.len()
        && expected
            .iter()
            .zip(found.iter())
            .all(|(expected, found)| expected == found.cells())
    {
        return;
    }
    let named = |cells: &[Cell]| match cells.first() {
        Some(Cell::Integer(position)) => usize::try_from(*position)
            .ok()
            .and_then(|position| orders.get(position))
            .map(|order| order.id),
        _ => None,
    };
    let found: Vec<&[Cell]> = found.iter().map(Row::cells).collect();
    let missing = expected
        .iter()
        .filter(|row| !found.contains(&row.as_slice()))
        .map(Vec::as_slice);
    let surplus = found
        .iter()
        .filter(|row| !expected.iter().any(|known| known == *row))
        .copied();
    let mut ids: Vec<OrderId> = missing.chain(surplus).filter_map(named).collect();
    ids.sort_unstable();
    ids.dedup();
    ids.iter().for_each(|id| {
        seen.report(
            invariant,
            format!("order {id}: its rows of {what} are not what its body says"),
        )
    });
}

/// Every order has its number and its reference to itself (I7). A draft claims its reference when it is placed.
fn check_claims(
    connection: &mut Connection,
    orders: &[Order],
    placed: &FxHashSet<OrderId>,
    seen: &mut Seen,
) -> Result<(), StoreError> {
    let mut keys = Vec::with_capacity(2 * orders.len());
    for order in orders {
        keys.push((order.id, ClaimKey::order_number(order.number)));
        let reference = order.placed.external_ref.as_deref();
        let reference = reference.filter(|_| placed.contains(&order.id));
        keys.extend(reference.map(|reference| {
            (
                order.id,
                ClaimKey::external_ref(order.placed.channel, reference),
            )
        }));
    }
    let wanted: Vec<ClaimKey> = keys.iter().map(|(_, key)| key.clone()).collect();
    let columns = claim_keys(&wanted, connection.partitions());
    let [rows] = connection.read([(&CLAIMS, &columns)])?;
    let mut claimed = vec![None; keys.len()];
    for row in rows.iter() {
        let position: usize = row.number(0)?;
        if let Some(claim) = claimed.get_mut(position) {
            *claim = crate::claim::read(row, 1)?.order();
        }
    }
    for ((order, key), claimed) in keys.iter().zip(claimed) {
        if claimed != Some(*order) {
            seen.report(
                "I7",
                format!(
                    "order {order}: its {:?} {} is claimed by {claimed:?}",
                    key.kind, key.value
                ),
            );
        }
    }
    Ok(())
}

/// The item of a row.
pub(super) fn item(row: Row<'_>, column: usize) -> Result<ItemId, StoreError> {
    row.uuid(column).map(ItemId::from_uuid)
}

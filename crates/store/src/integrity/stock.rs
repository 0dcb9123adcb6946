//! Stock: no oversell (I2), allocations are backed (I3), levels are the sums of their ledger (I4), reservations claim
//! what they say, and what waits is what the orders wait for.

use rustc_hash::FxHashMap;
use throughline_core::id::{ItemId, LineNo, OrderId};
use throughline_core::inventory::{Level, Reservation, ReservationState, Waiting};
use throughline_core::network::LocationId;
use throughline_core::time::Millis;
use uuid::Uuid;

use super::Seen;
use super::orders::item;
use super::statements::{
    ALLOCATION_SUMS, FENCE_SUMS, LEDGER_SUMS, LEVELS, RESERVATIONS, RESERVED_SUMS, WAITING,
};
use crate::engine::{Cell, Connection, Row, Statement};
use crate::error::StoreError;

type Place = (ItemId, LocationId);

pub(super) fn check(connection: &mut Connection, seen: &mut Seen) -> Result<(), StoreError> {
    let mut levels = levels(connection, seen)?;
    let allocated = sums(connection, &ALLOCATION_SUMS)?;
    let fenced = sums(connection, &FENCE_SUMS)?;
    let reserved = added(sums(connection, &RESERVED_SUMS)?, &fenced);
    check_ledger(connection, &levels, seen)?;
    compare(
        "I3",
        "allocated",
        "its rows of claimed stock",
        levels.iter().map(|(at, level)| (*at, level.allocated)),
        allocated,
        seen,
    );
    let by_orders = std::mem::take(&mut seen.allocated);
    compare(
        "I3",
        "allocated",
        "the orders' fulfilments",
        levels.iter().map(|(at, level)| (*at, level.allocated)),
        by_orders,
        seen,
    );
    let by_reservations = added(reservations(connection, seen)?, &fenced);
    compare(
        "I2",
        "reserved",
        "its rows of reservations and ring-fences",
        levels.iter().map(|(at, level)| (*at, level.reserved)),
        reserved,
        seen,
    );
    compare(
        "I2",
        "reserved",
        "the active reservations and ring-fences",
        levels.iter().map(|(at, level)| (*at, level.reserved)),
        by_reservations,
        seen,
    );
    super::lots::check(connection, &levels, seen)?;
    let underway = super::supply::check(connection, seen)?;
    compare(
        "I3",
        "in transit",
        "the open transfers",
        levels.drain().map(|(at, level)| (at, level.in_transit)),
        underway,
        seen,
    );
    waiting(connection, seen)
}

fn levels(
    connection: &mut Connection,
    seen: &mut Seen,
) -> Result<FxHashMap<Place, Level>, StoreError> {
    let mut levels = FxHashMap::default();
    let mut after = [Cell::Integer(-1), Cell::Integer(0), Cell::Uuid(Uuid::nil())];
    loop {
        let rows = connection.list(&LEVELS, &after)?;
        for row in rows.iter() {
            let cells = row.cells();
            after = [cells[0].clone(), cells[1].clone(), cells[2].clone()];
            let (item, level) = (item(row, 2)?, level(row)?);
            if !level.is_sound() {
                seen.report(
                    "I2",
                    format!(
                        "the level of item {item} at location {}: {level:?}",
                        level.location.0
                    ),
                );
            }
            levels.insert((item, level.location), level);
        }
        if rows.is_empty() {
            return Ok(levels);
        }
    }
}

fn level(row: Row<'_>) -> Result<Level, StoreError> {
    Ok(Level {
        location: LocationId(row.number(1)?),
        on_hand: row.int(3)?,
        allocated: row.int(4)?,
        reserved: row.int(5)?,
        safety: row.int(6)?,
        oversell_limit: row.int(7)?,
        quarantined: row.int(8)?,
        damaged: row.int(9)?,
        in_transit: row.int(10)?,
    })
}

fn check_ledger(
    connection: &mut Connection,
    levels: &FxHashMap<Place, Level>,
    seen: &mut Seen,
) -> Result<(), StoreError> {
    let mut accounted = 0;
    for bucket in 0..connection.partitions() {
        let rows = connection.list(&LEDGER_SUMS, &[Cell::Integer(bucket.into())])?;
        for row in rows.iter() {
            let at = (item(row, 0)?, LocationId(row.number(1)?));
            let sums: Vec<i64> = (2..9)
                .map(|column| row.int(column))
                .collect::<Result<_, _>>()?;
            let level = levels
                .get(&at)
                .copied()
                .unwrap_or_else(|| Level::empty(at.1, 0));
            let is = [
                level.on_hand,
                level.allocated,
                level.reserved,
                level.safety,
                level.quarantined,
                level.damaged,
                level.in_transit,
            ];
            accounted += usize::from(levels.contains_key(&at));
            if sums != is {
                let detail = format!(
                    "the level of item {} at location {} is {is:?}, and its ledger adds up to {sums:?}",
                    at.0, at.1.0
                );
                seen.report("I4", detail);
            }
        }
    }
    let is_empty = |level: &Level| *level == Level::empty(level.location, level.oversell_limit);
    if accounted < levels.values().filter(|level| !is_empty(level)).count() {
        seen.report(
            "I4",
            "there are levels with units and without a ledger".to_owned(),
        );
    }
    Ok(())
}

fn sums(
    connection: &mut Connection,
    statement: &'static Statement,
) -> Result<FxHashMap<Place, i64>, StoreError> {
    let mut sums: FxHashMap<Place, i64> = FxHashMap::default();
    for bucket in 0..connection.partitions() {
        for row in connection
            .list(statement, &[Cell::Integer(bucket.into())])?
            .iter()
        {
            *sums
                .entry((item(row, 0)?, LocationId(row.number(1)?)))
                .or_default() += row.int(2)?;
        }
    }
    Ok(sums)
}

fn added(mut sums: FxHashMap<Place, i64>, others: &FxHashMap<Place, i64>) -> FxHashMap<Place, i64> {
    for (place, units) in others {
        *sums.entry(*place).or_default() += units;
    }
    sums
}

/// Compares a column of the levels with sums; places without a sum have 0.
fn compare(
    invariant: &'static str,
    column: &str,
    other: &str,
    levels: impl Iterator<Item = (Place, i64)>,
    mut sums: FxHashMap<Place, i64>,
    seen: &mut Seen,
) {
    for ((item, location), units) in levels {
        let sum = sums.remove(&(item, location)).unwrap_or_default();
        if sum != units {
            let detail = format!(
                "item {item} at location {}: {column} is {units}, and {other} say {sum}",
                location.0
            );
            seen.report(invariant, detail);
        }
    }
    for ((item, location), sum) in sums.into_iter().filter(|(_, sum)| *sum != 0) {
        seen.report(
            invariant,
            format!(
                "item {item} at location {}: {other} say {sum}, and there is no level",
                location.0
            ),
        );
    }
}

fn reservations(
    connection: &mut Connection,
    seen: &mut Seen,
) -> Result<FxHashMap<Place, i64>, StoreError> {
    let mut reserved: FxHashMap<Place, i64> = FxHashMap::default();
    let mut after = [Cell::Integer(-1), Cell::Uuid(Uuid::nil())];
    loop {
        let rows = connection.list(&RESERVATIONS, &after)?;
        for row in rows.iter() {
            let cells = row.cells();
            after = [cells[0].clone(), cells[1].clone()];
            let reservation: Reservation = row.json(3)?;
            let is_active = reservation.state == ReservationState::Active;
            if is_active != (row.text(2)? == "active") {
                seen.report(
                    "I2",
                    format!(
                        "reservation {}: its state is not what its body says",
                        reservation.id
                    ),
                );
            }
            for line in reservation.lines.iter().filter(|_| is_active) {
                *reserved.entry((line.item, line.location)).or_default() += line.quantity;
            }
        }
        if rows.is_empty() {
            return Ok(reserved);
        }
    }
}

fn waiting(connection: &mut Connection, seen: &mut Seen) -> Result<(), StoreError> {
    let mut expected: FxHashMap<(ItemId, OrderId, LineNo), Waiting> = FxHashMap::default();
    for (item, rows) in std::mem::take(&mut seen.waiting) {
        expected.extend(
            rows.into_iter()
                .map(|row| ((item, row.order, row.line), row)),
        );
    }
    let zero = Cell::Integer(0);
    let mut after = vec![
        Cell::Integer(-1),
        Cell::Uuid(Uuid::nil()),
        zero.clone(),
        zero.clone(),
        Cell::Uuid(Uuid::nil()),
        zero,
    ];
    loop {
        let rows = connection.list(&WAITING, &after)?;
        for row in rows.iter() {
            after = row.cells()[..6].to_vec();
            let location = row
                .opt_int(7)?
                .map(|_| row.number(7).map(LocationId))
                .transpose()?;
            let found = Waiting {
                priority: row.number(2)?,
                since: Millis(row.int(3)?),
                order: OrderId::from_uuid(row.uuid(4)?),
                line: LineNo(row.number(5)?),
                quantity: row.int(6)?,
                location,
            };
            if expected.remove(&(item(row, 1)?, found.order, found.line)) != Some(found) {
                seen.report(
                    "I1",
                    format!(
                        "order {}: it waits otherwise than its body says: {found:?}",
                        found.order
                    ),
                );
            }
        }
        if rows.is_empty() {
            break;
        }
    }
    for (item, order, _) in expected.into_keys() {
        seen.report(
            "I1",
            format!("order {order}: what it waits for of item {item} is not in the queue"),
        );
    }
    Ok(())
}

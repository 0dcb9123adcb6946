//! Units with serial numbers: each is with one order at most, and with it if and only if the order says so (I3); their lives
//! have no holes (I6).

use rustc_hash::FxHashMap;
use throughline_core::id::{ItemId, OrderId};
use throughline_core::inventory::SerialNumber;
use throughline_core::order::{Order, shipped_serials};

use super::Seen;
use super::orders::item;
use super::statements::SERIALS;
use crate::engine::{Cell, Connection};
use crate::error::StoreError;

/// A unit.
pub(super) type Unit = (ItemId, SerialNumber);
/// Who has a unit, and whether it has left.
pub(super) type Holder = (OrderId, u16, bool);

/// Notes the units that an order has, and reports those that another one has too.
pub(super) fn gather(order: &Order, seen: &mut Seen) {
    for fulfilment in &order.progress.fulfilments {
        for unit in &fulfilment.serials {
            let line = order.placed.line(unit.line);
            let Some(item) = line.and_then(|line| line.item) else {
                continue;
            };
            let units = fulfilment.units(unit.line);
            let has_left = units.is_some_and(|units| units.left() > 0);
            if has_left && !shipped_serials(order, unit.line).contains(&unit.serial) {
                continue;
            }
            let holder = (order.id, unit.line.0, has_left);
            let before = seen.serials.insert((item, unit.serial.clone()), holder);
            if let Some(before) = before {
                let detail = format!(
                    "unit {} of item {item} is with order {} and with order {}",
                    unit.serial, before.0, order.id
                );
                seen.report("I3", detail);
            }
        }
    }
}

/// Checks all units against the orders.
pub(super) fn check(connection: &mut Connection, seen: &mut Seen) -> Result<(), StoreError> {
    let mut held: FxHashMap<Unit, Holder> = std::mem::take(&mut seen.serials);
    for bucket in 0..connection.partitions() {
        let bucket = [Cell::Integer(bucket.into())];
        for row in connection.list(&SERIALS, &bucket)?.iter() {
            let unit = (item(row, 0)?, SerialNumber::new(row.text(1)?));
            let (last, entries) = (row.int(2)?, row.int(3)?);
            if last != entries {
                let detail = format!(
                    "the life of unit {} of item {} has {entries} entries, and the last one is number {last}",
                    unit.1, unit.0
                );
                seen.report("I6", detail);
            }
            let order = row.opt_uuid(5)?.map(OrderId::from_uuid);
            let line = row.opt_int(6)?;
            let told = order.zip(line).map(|(order, line)| {
                let has_left = row.text(4).is_ok_and(|state| state == "shipped");
                (order, line, has_left)
            });
            let is = held.remove(&unit);
            let is = is.map(|(order, line, has_left)| (order, i64::from(line), has_left));
            if told != is {
                let detail = format!(
                    "unit {} of item {}: its life ends with {told:?}, and the orders say {is:?}",
                    unit.1, unit.0
                );
                seen.report("I3", detail);
            }
        }
    }
    for ((item, serial), holder) in held {
        let detail = format!("unit {serial} of item {item} is with {holder:?} and has no life");
        seen.report("I3", detail);
    }
    Ok(())
}

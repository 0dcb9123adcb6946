//! The rows of legs are what the orders' fulfilments say (I6).

use rustc_hash::FxHashMap;
use throughline_core::id::OrderId;
use throughline_core::order::{LegKind, Order};
use uuid::Uuid;

use super::Seen;
use super::statements::LEGS;
use crate::engine::{Cell, Connection};
use crate::error::StoreError;
use crate::write::leg_rows;

/// An order's leg, by the number of its part and the name of its kind.
pub(super) type LegPlace = (OrderId, u16, &'static str);
/// State, location, time and day of a leg.
pub(super) type LegFacts = (&'static str, u16, i64, Option<String>);

/// Gathers the legs of an order.
pub(super) fn gather(order: &Order, legs: &mut FxHashMap<LegPlace, LegFacts>) {
    for row in leg_rows(order) {
        let place = (order.id, row.part, row.kind.as_str());
        let facts = (
            row.state.as_str(),
            row.location.0,
            row.since.0,
            row.due.map(|due| due.to_string()),
        );
        legs.insert(place, facts);
    }
}

/// Checks the rows against what was gathered.
pub(super) fn check(connection: &mut Connection, seen: &mut Seen) -> Result<(), StoreError> {
    let mut expected = std::mem::take(&mut seen.legs);
    let mut after = vec![
        Cell::Integer(-1),
        Cell::Uuid(Uuid::nil()),
        Cell::Integer(0),
        Cell::text(""),
    ];
    loop {
        let rows = connection.list(&LEGS, &after)?;
        for row in rows.iter() {
            after = row.cells()[..4].to_vec();
            let order = OrderId::from_uuid(row.uuid(1)?);
            let no: u16 = row.number(2)?;
            let kind = row.text(3)?;
            let known = LegKind::ALL
                .into_iter()
                .find(|known| known.as_str() == kind);
            let told = known.and_then(|known| expected.remove(&(order, no, known.as_str())));
            let is = (
                row.text(4)?,
                row.number(5)?,
                row.int(6)?,
                row.opt_text(7)?.map(str::to_owned),
            );
            if told.as_ref() != Some(&is) {
                let detail = format!(
                    "order {order}: its leg {kind} of part {} is {is:?} and should be {told:?}",
                    no
                );
                seen.report("I6", detail);
            }
        }
        if rows.is_empty() {
            break;
        }
    }
    for (order, no, kind) in expected.into_keys() {
        seen.report(
            "I6",
            format!("order {order}: its leg {kind} of part {} has no row", no),
        );
    }
    Ok(())
}

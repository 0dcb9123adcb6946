//! The rows of legs are what the orders' fulfilments say (I6).

use rustc_hash::FxHashMap;
use throughline_core::id::{FulfilmentNo, OrderId};
use throughline_core::order::{LegKind, Order};
use uuid::Uuid;

use super::Seen;
use super::statements::LEGS;
use crate::engine::{Cell, Connection};
use crate::error::StoreError;
use crate::write::leg_rows;

/// An order's leg, by its fulfilment and the name of its kind.
pub(super) type LegPlace = (OrderId, FulfilmentNo, &'static str);
/// State, location and time of a leg.
pub(super) type LegFacts = (&'static str, u16, i64);

/// Gathers the legs of an order.
pub(super) fn gather(order: &Order, legs: &mut FxHashMap<LegPlace, LegFacts>) {
    for row in leg_rows(order) {
        let place = (order.id, row.fulfilment, row.kind.as_str());
        let facts = (row.state.as_str(), row.location.0, row.since.0);
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
            let no = FulfilmentNo(row.number(2)?);
            let kind = row.text(3)?;
            let known = LegKind::ALL
                .into_iter()
                .find(|known| known.as_str() == kind);
            let told = known.and_then(|known| expected.remove(&(order, no, known.as_str())));
            let is = (row.text(4)?, row.number(5)?, row.int(6)?);
            if told != Some(is) {
                let detail = format!(
                    "order {order}: its leg {kind} of fulfilment {} is {is:?} and should be {told:?}",
                    no.0
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
            format!(
                "order {order}: its leg {kind} of fulfilment {} has no row",
                no.0
            ),
        );
    }
    Ok(())
}

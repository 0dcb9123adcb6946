//! What locations have to do on their days is what the orders give them.

use rustc_hash::FxHashMap;
use throughline_core::network::Load;
use throughline_core::order::LocationDay;

use super::Seen;
use crate::engine::Connection;
use crate::error::StoreError;
use crate::views;

pub(super) fn check(connection: &mut Connection, seen: &mut Seen) -> Result<(), StoreError> {
    let stored: FxHashMap<LocationDay, Load> = views::days::all(connection)?.into_iter().collect();
    let mut given = std::mem::take(&mut seen.loads);
    for (day, load) in stored {
        let orders = given.remove(&day).unwrap_or_default();
        compare(day, load, orders, seen);
    }
    for (day, load) in given {
        compare(day, Load::default(), load, seen);
    }
    Ok(())
}

fn compare((location, date): LocationDay, stored: Load, orders: Load, seen: &mut Seen) {
    if stored != orders {
        let detail = format!(
            "location {} on {date}: {stored:?} is counted, the orders' fulfilments have {orders:?}",
            location.0
        );
        seen.report("capacity", detail);
    }
}

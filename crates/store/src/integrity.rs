//! Checks of what must always be true, over the whole database. `doctor` runs them, and every test of the store.

mod accounts;
mod agreements;
mod bookings;
mod claims;
mod counts;
mod days;
mod legs;
mod lots;
mod orders;
mod runs;
mod serials;
mod statements;
mod stock;
mod supply;

use rustc_hash::FxHashMap;
use throughline_core::booking::Slot;
use throughline_core::id::{AgreementId, CustomerId, ItemId};
use throughline_core::inventory::Waiting;
use throughline_core::network::{Load, LocationId};
use throughline_core::order::{LocationDay, Violation};

use self::statements::CHECK_FILE;
pub(crate) use self::statements::STATEMENTS;
use crate::engine::{Cell, Connection, Engine};
use crate::error::StoreError;

/// Violations reported at most; a broken database is broken in many places.
pub const VIOLATIONS_MAX: usize = 1000;

/// What one pass over the orders has gathered for the others.
#[derive(Debug, Default)]
struct Seen {
    violations: Vec<Violation>,
    /// Units that the orders' fulfilments claim, by level.
    allocated: FxHashMap<(ItemId, LocationId), i64>,
    /// The same by lot, where items have lots.
    lots: FxHashMap<lots::LotPlace, i64>,
    /// The units with serial numbers that the orders have.
    serials: FxHashMap<serials::Unit, serials::Holder>,
    /// The legs of the orders.
    legs: FxHashMap<legs::LegPlace, legs::LegFacts>,
    /// What the orders wait for.
    waiting: FxHashMap<ItemId, Vec<Waiting>>,
    /// What the orders give locations to do, by day.
    loads: FxHashMap<LocationDay, Load>,
    /// What the orders have booked of the capacity of items.
    booked: FxHashMap<Slot, i64>,
    orders: u64,
    /// What customers owe on their orders, in minor units.
    owed: FxHashMap<CustomerId, i64>,
    /// Units that orders have called off agreements, and that were delivered of them.
    calls: FxHashMap<(AgreementId, ItemId), [i64; 2]>,
}

impl Seen {
    fn report(&mut self, invariant: &'static str, detail: String) {
        if self.violations.len() < VIOLATIONS_MAX {
            self.violations.push(Violation { invariant, detail });
        }
    }
}

/// What the engine itself finds wrong with the pages of its file, such as a page that was overwritten; empty when they
/// are whole, and always on PostgreSQL, whose server looks after its files. Takes about as long as reading the file.
///
/// # Errors
/// When the file is damaged so badly that it cannot be examined.
pub fn check_file(connection: &mut Connection) -> Result<Vec<String>, StoreError> {
    if connection.engine() == Engine::Postgres {
        return Ok(Vec::new());
    }
    let rows = connection.list(&CHECK_FILE, &[] as &[Cell])?;
    let said: Result<Vec<&str>, StoreError> = rows.iter().map(|row| row.text(0)).collect();
    let lines = said?.into_iter().flat_map(str::lines);
    Ok(lines
        .filter(|line| *line != "ok")
        .map(str::to_owned)
        .collect())
}

/// Everything that is wrong with the database; empty when all invariants hold. To be called within one snapshot, as
/// [`Store::read`](crate::Store::read) gives it. Takes about as long as reading the whole database.
///
/// # Errors
/// When the database cannot be read, or a row is not what any version of the program writes.
pub fn check_invariants(connection: &mut Connection) -> Result<Vec<Violation>, StoreError> {
    let mut seen = Seen::default();
    orders::check(connection, &mut seen)?;
    legs::check(connection, &mut seen)?;
    claims::check(connection, &mut seen)?;
    stock::check(connection, &mut seen)?;
    serials::check(connection, &mut seen)?;
    counts::check(connection, &mut seen)?;
    days::check(connection, &mut seen)?;
    bookings::check(connection, &mut seen)?;
    runs::check(connection, &mut seen)?;
    accounts::check(connection, &mut seen)?;
    agreements::check(connection, &mut seen)?;
    Ok(seen.violations)
}

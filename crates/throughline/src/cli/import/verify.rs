//! What the database says after an import, beside what the file says.

use std::collections::BTreeMap;

use throughline_core::id::OrderId;
use throughline_core::money::Currency;
use throughline_core::order::{Order, Record};
use throughline_store::{Store, StoreError, views};

use super::made::{Expected, Made, Sums, TakenBack};
use crate::cli::Failure;
use crate::cli::interrupt::Interrupt;
use crate::cli::progress::Progress;

/// Orders that are read in one snapshot.
const ORDERS_READ: usize = 500;
/// Orders that are named when the database does not agree; more are only counted.
const NAMED_MAX: usize = 10;

/// What the database says of the orders of the file.
#[derive(Debug, Default)]
pub(super) struct Found {
    pub(super) orders: u64,
    pub(super) lines: i64,
    pub(super) units: i64,
    pub(super) taken_back: i64,
    pub(super) money: BTreeMap<Currency, i128>,
    /// What does not agree with the file, the first few by name.
    pub(super) differences: Vec<String>,
    pub(super) differing: u64,
}

/// Reads every order of the file back and compares it with what the file says.
///
/// # Errors
/// When the database cannot be read, or somebody wants the process to end; differences are no error here.
pub(super) fn verify(store: &Store, interrupt: &Interrupt, made: &Made) -> Result<Found, Failure> {
    let mut found = Found::default();
    let mut progress = Progress::start("reading orders back", "orders", made.orders.len() as u64);
    for expected in made.orders.chunks(ORDERS_READ) {
        interrupt.check()?;
        let ids: Vec<OrderId> = expected.iter().map(|expected| expected.id).collect();
        let stored = store.read(|connection| views::orders::load(connection, &ids))?;
        let stored: BTreeMap<OrderId, Order> = stored
            .into_iter()
            .map(|one| (one.order.id, one.order))
            .collect();
        for expected in expected {
            let taken_back = made
                .taken_back
                .get(&expected.id)
                .map_or(&[][..], Vec::as_slice);
            found.compare(store, expected, stored.get(&expected.id), taken_back)?;
        }
        progress.advance(expected.len() as u64);
    }
    progress.finish();
    Ok(found)
}

impl Found {
    fn compare(
        &mut self,
        store: &Store,
        expected: &Expected,
        order: Option<&Order>,
        taken_back: &[TakenBack],
    ) -> Result<(), Failure> {
        let Some(order) = order else {
            self.differ(format!("order {} is not there", expected.id));
            return Ok(());
        };
        let sums = match Sums::of_placed(&order.placed) {
            sums if sums == expected.sums => sums,
            _ => as_placed(store, order)?,
        };
        self.orders += 1;
        self.lines += sums.lines;
        self.units += sums.units;
        *self.money.entry(sums.currency).or_default() += i128::from(sums.total_minor);
        if sums != expected.sums {
            self.differ(format!(
                "order {} holds {sums:?}, the file {:?}",
                order.number, expected.sums
            ));
        }
        for taken in taken_back {
            self.compare_taken_back(order, taken);
        }
        Ok(())
    }

    fn compare_taken_back(&mut self, order: &Order, taken: &TakenBack) {
        let units = taken_back_units(order, taken);
        self.taken_back += units;
        if units < taken.units {
            self.differ(format!(
                "of order {} came back {units} units, by the file {}",
                order.number, taken.units
            ));
        }
    }

    fn differ(&mut self, text: String) {
        self.differing += 1;
        if self.differences.len() < NAMED_MAX {
            self.differences.push(text);
        }
    }
}

/// Units of the return that came back, or of the order that are cancelled, as far as the file has taken them back.
fn taken_back_units(order: &Order, taken: &TakenBack) -> i64 {
    let units = match taken.no {
        Some(no) => {
            let returns = order.progress.returns.iter().filter(|one| one.no == no);
            returns
                .flat_map(|one| &one.lines)
                .map(throughline_core::order::ReturnLine::received_total)
                .sum()
        }
        None => order.progress.lines.iter().map(|line| line.cancelled).sum(),
    };
    i64::min(units, taken.units)
}

/// What was placed, of an order that was changed since.
fn as_placed(store: &Store, order: &Order) -> Result<Sums, Failure> {
    let placed = store.read(|connection| {
        let journal = views::journal::all(connection, order.id)?;
        Ok::<_, StoreError>(journal.into_iter().find_map(|entry| match entry.record {
            Record::OrderPlaced { placed, .. } => Some(Sums::of_placed(&placed)),
            _ => None,
        }))
    })?;
    Ok(placed.unwrap_or_default())
}

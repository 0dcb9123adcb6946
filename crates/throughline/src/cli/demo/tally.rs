//! What has become of the orders, added up.

use std::collections::{BTreeMap, BTreeSet};

use throughline_core::order::{LineProgress, Order, Totals, Units, statuses, totals};

/// What was seen while the orders were placed and walked.
#[derive(Debug, Default)]
pub(super) struct Seen {
    pub(super) placed: u64,
    pub(super) placing_ms: u128,
    pub(super) commands: u64,
    pub(super) walking_ms: u128,
    /// What had a location in the commit that placed it.
    pub(super) sourced: Reached,
    pub(super) from_one: u64,
    pub(super) from_several: u64,
    pub(super) waiting: u64,
    pub(super) waiting_units: i64,
    /// Orders of which a picker found a unit less than there should be.
    pub(super) found_short: u64,
    /// What was refused on the way; nothing is expected to be.
    pub(super) refused: Vec<String>,
}

impl Seen {
    /// Notes how an order was sourced when it was placed.
    pub(super) fn note_placed(&mut self, order: &Order) {
        self.placed += 1;
        let places: BTreeSet<_> = order
            .progress
            .fulfilments
            .iter()
            .filter_map(|one| one.location)
            .collect();
        let fulfilments = order.progress.fulfilments.iter();
        let units = fulfilments.map(|one| one.total().assigned).sum();
        self.sourced.add(units);
        match places.len() {
            0 => {}
            1 => self.from_one += 1,
            _ => self.from_several += 1,
        }
        let units: i64 = order
            .progress
            .lines
            .iter()
            .map(|line| line.backordered)
            .sum();
        self.waiting += u64::from(units > 0);
        self.waiting_units += units;
    }
}

/// How many orders got somewhere, and with how many units.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub(super) struct Reached {
    pub(super) orders: u64,
    pub(super) units: i64,
}

impl Reached {
    fn add(&mut self, units: i64) {
        self.orders += u64::from(units > 0);
        self.units += units;
    }
}

/// Sums over all orders as they are at the end.
#[derive(Debug, Default)]
pub(super) struct Sums {
    pub(super) orders: u64,
    pub(super) statuses: BTreeMap<&'static str, u64>,
    pub(super) ordered: i64,
    pub(super) picked: Reached,
    pub(super) packed: Reached,
    pub(super) shipped: Reached,
    pub(super) delivered: Reached,
    pub(super) refused: Reached,
    pub(super) lost: Reached,
    pub(super) returned: Reached,
    pub(super) cancelled: Reached,
    pub(super) backordered: Reached,
    pub(super) money: Totals,
    pub(super) turned_down: u64,
}

impl Sums {
    /// Adds an order.
    pub(super) fn add(&mut self, order: &Order) {
        let status = statuses(order).order;
        self.orders += 1;
        *self.statuses.entry(status.as_str()).or_default() += 1;
        self.ordered += order
            .placed
            .lines
            .iter()
            .map(|line| line.quantity)
            .sum::<i64>();
        self.add_fulfilments(order);
        let lines = &order.progress.lines;
        let sum = |of: fn(&LineProgress) -> i64| lines.iter().map(of).sum();
        self.cancelled.add(sum(|line| line.cancelled));
        self.backordered.add(sum(|line| line.backordered));
        self.returned.add(sum(|line| line.returned));
        let rejected = throughline_core::order::RequestStatus::Rejected;
        let turned_down = order
            .progress
            .fulfilments
            .iter()
            .filter(|one| one.request == rejected);
        self.turned_down += turned_down.count() as u64;
        self.add_money(&totals(order));
    }

    /// What has shipped was packed and picked before.
    fn add_fulfilments(&mut self, order: &Order) {
        let mut units = Units::default();
        let fulfilments = order.progress.fulfilments.iter();
        fulfilments.for_each(|one| units.add(&one.total()));
        let shipped =
            units.shipped + units.delivered + units.refused + units.lost + units.returned_to_sender;
        self.picked.add(units.picked + units.packed + shipped);
        self.packed.add(units.packed + shipped);
        self.shipped.add(shipped);
        self.delivered.add(units.delivered);
        self.refused.add(units.refused);
        self.lost.add(units.lost);
    }

    fn add_money(&mut self, money: &Totals) {
        self.money.total_minor += money.total_minor;
        self.money.captured_minor += money.captured_minor;
        self.money.refunded_minor += money.refunded_minor;
    }
}

//! What has become of the orders, added up.

use std::collections::{BTreeMap, BTreeSet};

use throughline_core::order::{LineProgress, Order, OrderStatus, Totals, Units, statuses, totals};

/// What was seen while the orders were placed and walked.
#[derive(Debug, Default)]
pub(super) struct Seen {
    pub(super) placed: u64,
    pub(super) placing_ms: u128,
    pub(super) commands: u64,
    pub(super) walking_ms: u128,
    pub(super) from_one: u64,
    pub(super) from_several: u64,
    pub(super) waiting: u64,
    pub(super) waiting_units: i64,
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

/// Sums over all orders as they are at the end.
#[derive(Debug, Default)]
pub(super) struct Sums {
    pub(super) orders: u64,
    pub(super) statuses: BTreeMap<&'static str, u64>,
    pub(super) ordered: i64,
    pub(super) units: Units,
    pub(super) lines: LineProgress,
    pub(super) money: Totals,
    pub(super) returns: u64,
    pub(super) turned_down: u64,
    pub(super) held: u64,
}

impl Sums {
    /// Adds an order.
    pub(super) fn add(&mut self, order: &Order) {
        let status = statuses(order).order;
        self.orders += 1;
        *self.statuses.entry(status.as_str()).or_default() += 1;
        self.held += u64::from(status == OrderStatus::OnHold);
        self.ordered += order
            .placed
            .lines
            .iter()
            .map(|line| line.quantity)
            .sum::<i64>();
        order
            .progress
            .fulfilments
            .iter()
            .for_each(|one| self.units.add(&one.total()));
        for line in &order.progress.lines {
            self.lines.open += line.open;
            self.lines.backordered += line.backordered;
            self.lines.cancelled += line.cancelled;
            self.lines.returned += line.returned;
        }
        self.returns += order.progress.returns.len() as u64;
        let rejected = throughline_core::order::RequestStatus::Rejected;
        let turned_down = order
            .progress
            .fulfilments
            .iter()
            .filter(|one| one.request == rejected);
        self.turned_down += turned_down.count() as u64;
        self.add_money(&totals(order));
    }

    fn add_money(&mut self, money: &Totals) {
        self.money.total_minor += money.total_minor;
        self.money.captured_minor += money.captured_minor;
        self.money.refunded_minor += money.refunded_minor;
    }
}

//! Which orders the file's documents have become.

use std::collections::{HashMap, HashSet};

use throughline_core::id::{LineNo, OrderId, ReturnNo};
use throughline_core::money::Currency;
use throughline_core::order::Order;
use throughline_formats::sheet::SheetOrder;

use super::orders::total_minor;

/// The orders of the file, and what was taken back from them.
#[derive(Debug, Default)]
pub(super) struct Made {
    /// Every order, with what it must hold.
    pub(super) orders: Vec<Expected>,
    /// What was taken back, by order.
    pub(super) taken_back: HashMap<OrderId, Vec<TakenBack>>,
    /// Orders that cancellations take units from, by reference.
    by_reference: HashMap<String, Lines>,
    taken_from: HashSet<String>,
}

/// What the file says that an order holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Expected {
    pub(super) id: OrderId,
    pub(super) sums: Sums,
}

/// Sums of an order as it was placed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Sums {
    pub(super) lines: i64,
    pub(super) units: i64,
    pub(super) total_minor: i64,
    pub(super) currency: Currency,
}

/// Units that were taken back from an order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct TakenBack {
    /// The return; `None` where units of a live order were cancelled.
    pub(super) no: Option<ReturnNo>,
    pub(super) units: i64,
}

/// Where the units of an order's lines are: for each line of the file the lines of the order that carry its units, with
/// their units for one of the file's. A kit is carried by its components.
#[derive(Debug, Clone)]
pub(super) struct Lines {
    pub(super) order: OrderId,
    carriers: Vec<Vec<(LineNo, i64)>>,
}

impl Made {
    /// Nothing is made yet; cancellations will take units from the orders of these references.
    pub(super) fn new(taken_from: HashSet<String>) -> Self {
        Self {
            taken_from,
            ..Self::default()
        }
    }

    /// Whether the numbers of an order's lines will be needed.
    pub(super) fn is_taken_from(&self, reference: &str) -> bool {
        self.taken_from.contains(reference)
    }

    /// Remembers the numbers of an order's lines.
    pub(super) fn remember(&mut self, reference: &str, lines: Lines) {
        self.by_reference.insert(reference.to_owned(), lines);
    }

    /// The lines of an order that was placed.
    pub(super) fn lines(&self, reference: &str) -> Option<&Lines> {
        self.by_reference.get(reference)
    }
}

impl Lines {
    /// Finds them in the order. Lines that an amendment added later stand behind those of the file.
    pub(super) fn of(order: &Order) -> Self {
        let lines = &order.placed.lines;
        let parents = lines.iter().filter(|line| line.kit.is_none());
        let carriers = parents.map(|line| {
            if !line.is_kit {
                return vec![(line.no, 1)];
            }
            let components = lines.iter().filter(|part| part.kit == Some(line.no));
            components
                .map(|part| (part.no, part.quantity / line.quantity.max(1)))
                .collect()
        });
        Self {
            order: order.id,
            carriers: carriers.collect(),
        }
    }

    /// The lines that carry the units of the file's line at this position.
    pub(super) fn carriers(&self, position: usize) -> &[(LineNo, i64)] {
        self.carriers.get(position).map_or(&[], Vec::as_slice)
    }
}

impl Sums {
    /// What the file says.
    pub(super) fn of_sheet(order: &SheetOrder) -> Self {
        Self {
            lines: i64::try_from(order.lines.len()).unwrap_or(i64::MAX),
            units: order.lines.iter().map(|line| line.quantity).sum(),
            total_minor: total_minor(order),
            currency: order.currency.parse().unwrap_or_default(),
        }
    }

    /// What was placed; components of kits are not counted beside their kit.
    pub(super) fn of_placed(placed: &throughline_core::order::Placed) -> Self {
        let lines = || placed.lines.iter().filter(|line| line.kit.is_none());
        let charges = placed.charges.iter();
        Self {
            lines: i64::try_from(lines().count()).unwrap_or(i64::MAX),
            units: lines().map(|line| line.quantity).sum(),
            total_minor: lines().map(|line| line.amount(line.quantity)).sum::<i64>()
                + charges
                    .map(|charge| charge.amount_minor + charge.tax_minor)
                    .sum::<i64>(),
            currency: placed.currency,
        }
    }
}

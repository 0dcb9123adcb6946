//! Cancellations matched to earlier orders, exactly and always the same way.
//!
//! The rule, for every line of every cancellation, in the order of (date, line in the file):
//! - If the document names its order (`columns.original_reference`), only lines of that order with the same SKU are taken:
//!   first those at the same price, then the others.
//! - Else, if rows are cancellations by their negative quantity and an order bears the document's own reference, likewise.
//! - Else the lines of the same customer, SKU, price and currency in orders placed no later: the most recent order that
//!   has enough units left gives them all; if none has, the most recent orders give what they have left until it is enough.
//!   Nothing is matched for a document without a customer.
//!
//! Every unit of an order is given at most once. What no order can give stays unmatched.

use std::collections::HashMap;

use jiff::Timestamp;

use super::document::{CancelledLine, Match, SheetCancellation, SheetCustomer, SheetOrder};

/// Lines of orders that cancellations may take units from.
#[derive(Debug, Default)]
pub(crate) struct Matcher {
    orders: Vec<OpenOrder>,
    lines: Vec<OpenLine>,
    skus: Numbers,
    customers: Numbers,
}

#[derive(Debug)]
struct OpenOrder {
    reference: String,
    placed_at: Timestamp,
    /// Where its lines begin in [`Matcher::lines`].
    lines_from: usize,
}

#[derive(Debug)]
struct OpenLine {
    key: Key,
    order: u32,
    /// Position in the order.
    line: u32,
    remaining: i64,
}

/// What a line and a cancellation of it have in common.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Key {
    customer: Option<u32>,
    sku: u32,
    unit_price_minor: i64,
    price_quantity: i64,
}

/// Texts as small numbers.
#[derive(Debug, Default)]
struct Numbers(HashMap<String, u32>);

impl Numbers {
    fn give(&mut self, text: &str) -> u32 {
        if let Some(number) = self.0.get(text) {
            return *number;
        }
        let number = u32::try_from(self.0.len()).unwrap_or(u32::MAX);
        self.0.insert(text.to_owned(), number);
        number
    }
}

impl Matcher {
    /// Remembers an order's lines.
    pub(crate) fn remember(&mut self, order: &SheetOrder) {
        let number = u32::try_from(self.orders.len()).unwrap_or(u32::MAX);
        let customer = identity(order.customer.as_ref(), &order.currency)
            .map(|customer| self.customers.give(&customer));
        self.orders.push(OpenOrder {
            reference: order.reference.clone(),
            placed_at: order.placed_at,
            lines_from: self.lines.len(),
        });
        for (position, line) in order.lines.iter().enumerate() {
            let sku = self.skus.give(&line.sku);
            let key = Key {
                customer,
                sku,
                unit_price_minor: line.unit_price_minor,
                price_quantity: line.price_quantity,
            };
            let remaining = if line.cancelled { 0 } else { line.quantity };
            self.lines.push(OpenLine {
                key,
                order: number,
                line: u32::try_from(position).unwrap_or(u32::MAX),
                remaining,
            });
        }
    }

    /// Matches all cancellations, and gives them back in the order in which they were made.
    /// `own_reference` says whether a cancellation may bear the reference of its order.
    pub(crate) fn settle(
        mut self,
        mut cancellations: Vec<SheetCancellation>,
        own_reference: bool,
    ) -> Vec<SheetCancellation> {
        cancellations.sort_by_key(|cancellation| {
            (
                cancellation.at,
                cancellation.source.first().map(|source| source.raw.line),
            )
        });
        let index = Index::new(&self);
        for cancellation in &mut cancellations {
            let customer = identity(cancellation.customer.as_ref(), &cancellation.currency);
            let customer = customer.and_then(|customer| self.customers.0.get(&customer).copied());
            let named = cancellation
                .cancels
                .as_ref()
                .map(|order| index.orders.get(order).copied());
            let own = || {
                index
                    .orders
                    .get(&cancellation.reference)
                    .filter(|_| own_reference)
                    .copied()
                    .map(Some)
            };
            let named = named.or_else(own);
            let at = cancellation.at;
            for line in &mut cancellation.lines {
                match named {
                    Some(Some(order)) => self.take_from_named(order, line),
                    Some(None) => {}
                    None => self.take_from_customer(&index, customer, at, line),
                }
            }
        }
        cancellations
    }

    fn take_from_named(&mut self, order: usize, line: &mut CancelledLine) {
        let Some(sku) = self.skus.0.get(&line.sku).copied() else {
            return;
        };
        let from = self.orders[order].lines_from;
        let to = self
            .orders
            .get(order + 1)
            .map_or(self.lines.len(), |next| next.lines_from);
        let price = (line.unit_price_minor, line.price_quantity);
        for same_price in [true, false] {
            for position in from..to {
                let key = self.lines[position].key;
                if key.sku == sku
                    && ((key.unit_price_minor, key.price_quantity) == price) == same_price
                {
                    self.take(position, line);
                }
            }
        }
    }

    fn take_from_customer(
        &mut self,
        index: &Index,
        customer: Option<u32>,
        at: Timestamp,
        line: &mut CancelledLine,
    ) {
        let (Some(customer), Some(sku)) = (customer, self.skus.0.get(&line.sku).copied()) else {
            return;
        };
        let key = Key {
            customer: Some(customer),
            sku,
            unit_price_minor: line.unit_price_minor,
            price_quantity: line.price_quantity,
        };
        let positions: Vec<usize> = index
            .lines(self, key)
            .filter(|position| self.placed_at(*position) <= at)
            .collect();
        let orders: Vec<&[usize]> = positions
            .chunk_by(|a, b| self.lines[*a].order == self.lines[*b].order)
            .collect();
        let left = |order: &[usize]| {
            order
                .iter()
                .map(|position| self.lines[*position].remaining)
                .sum::<i64>()
        };
        let enough = orders.iter().find(|order| left(order) >= line.quantity);
        let takes = enough.map_or(positions.as_slice(), |order| order);
        for position in takes {
            self.take(*position, line);
        }
    }

    fn placed_at(&self, position: usize) -> Timestamp {
        self.orders[self.lines[position].order as usize].placed_at
    }

    /// Takes as many units as the line still wants and the order's line still has.
    fn take(&mut self, position: usize, line: &mut CancelledLine) {
        let open = &mut self.lines[position];
        let quantity = open.remaining.min(line.unmatched());
        if quantity > 0 {
            open.remaining -= quantity;
            let reference = self.orders[open.order as usize].reference.clone();
            line.matches.push(Match {
                reference,
                line: open.line as usize,
                quantity,
            });
        }
    }
}

/// Where to look for lines and orders.
struct Index {
    /// Positions of lines by key; of each key the most recent order first, in each order the first line first.
    by_key: Vec<u32>,
    orders: HashMap<String, usize>,
}

impl Index {
    fn new(matcher: &Matcher) -> Self {
        let end = u32::try_from(matcher.lines.len()).unwrap_or(u32::MAX);
        let mut by_key: Vec<u32> = (0..end).collect();
        by_key.sort_unstable_by_key(|position| {
            let line = &matcher.lines[*position as usize];
            let placed_at = matcher.orders[line.order as usize].placed_at;
            (
                line.key,
                std::cmp::Reverse((placed_at, line.order)),
                line.line,
            )
        });
        let orders = matcher
            .orders
            .iter()
            .enumerate()
            .map(|(position, order)| (order.reference.clone(), position))
            .collect();
        Self { by_key, orders }
    }

    fn lines<'i>(&'i self, matcher: &Matcher, key: Key) -> impl Iterator<Item = usize> + 'i {
        let key_at = |position: &u32| matcher.lines[*position as usize].key;
        let from = self
            .by_key
            .partition_point(|position| key_at(position) < key);
        let to = from + self.by_key[from..].partition_point(|position| key_at(position) == key);
        self.by_key[from..to]
            .iter()
            .map(|position| *position as usize)
    }
}

/// Who a customer is, with the currency of the document: by number, else by email address.
fn identity(customer: Option<&SheetCustomer>, currency: &str) -> Option<String> {
    let customer = customer?;
    let own = match (&customer.reference, &customer.email) {
        (Some(reference), _) => format!("#{reference}"),
        (None, Some(email)) => email.to_lowercase(),
        (None, None) => return None,
    };
    Some(format!("{currency} {own}"))
}

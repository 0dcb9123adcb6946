//! The rows of all projections, gathered in memory.

use rustc_hash::FxHashMap;
use throughline_core::id::ItemId;
use throughline_core::order::Order;
use throughline_core::party::Contact;
use throughline_core::time::Millis;
use uuid::Uuid;

use super::words;
use crate::write::line_rows;

/// An order in the list of one item.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct ItemOrder {
    pub item: ItemId,
    pub is_open: bool,
    pub placed_at: Millis,
    pub order: Uuid,
    /// The order's number, which leads to its volume.
    pub number: u64,
}

/// A row of the stock ledger in the list of its item.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct LedgerItem {
    pub item: ItemId,
    pub at: Millis,
    pub writer: i32,
    pub batch: i64,
    pub position: usize,
}

/// Rows to be written and rows to be removed. What is said last of a row counts.
#[derive(Debug, Default)]
pub(crate) struct ProjectionRows {
    pub(super) item_orders: FxHashMap<ItemOrder, bool>,
    pub(super) ledger: Vec<LedgerItem>,
    /// With the number of the order, which leads to its volume.
    pub(super) order_words: FxHashMap<(Box<str>, Uuid, u64), bool>,
    pub(super) contact_words: FxHashMap<(Box<str>, Uuid), bool>,
}

impl std::hash::Hash for ItemOrder {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        (self.item, self.is_open, self.placed_at.0, self.order).hash(state);
    }
}

impl ProjectionRows {
    pub(crate) fn len(&self) -> usize {
        self.item_orders.len()
            + self.ledger.len()
            + self.order_words.len()
            + self.contact_words.len()
    }

    pub(crate) fn clear(&mut self) {
        self.item_orders.clear();
        self.ledger.clear();
        self.order_words.clear();
        self.contact_words.clear();
    }

    /// What an order changes.
    pub(crate) fn add_order(&mut self, before: Option<&Order>, after: &Order) {
        let (old, new) = (
            before.map(item_orders).unwrap_or_default(),
            item_orders(after),
        );
        for gone in old.iter().filter(|row| !new.contains(row)) {
            self.item_orders.insert(*gone, false);
        }
        for row in new.iter().filter(|row| !old.contains(row)) {
            self.item_orders.insert(*row, true);
        }
        let (old, new) = (
            before.map(words::of_order).unwrap_or_default(),
            words::of_order(after),
        );
        let order = after.id.uuid();
        for gone in old.iter().filter(|word| !new.contains(word)) {
            self.order_words
                .insert((gone.as_str().into(), order, after.number), false);
        }
        for word in new.into_iter().filter(|word| !old.contains(word)) {
            self.order_words
                .insert((word.into_boxed_str(), order, after.number), true);
        }
    }

    /// An order as it is, where nothing is known of what was written of it before.
    pub(crate) fn add_order_again(&mut self, order: &Order) {
        for row in item_orders(order) {
            self.item_orders.insert(
                ItemOrder {
                    is_open: !row.is_open,
                    ..row
                },
                false,
            );
            self.item_orders.insert(row, true);
        }
        self.order_words.extend(
            words::of_order(order)
                .into_iter()
                .map(|word| ((word.into_boxed_str(), order.id.uuid(), order.number), true)),
        );
    }

    /// What a contact row is found by.
    pub(crate) fn add_contact(&mut self, id: Uuid, contact: &Contact) {
        self.contact_words.extend(
            words::of_contact(contact)
                .into_iter()
                .map(|word| ((word.into_boxed_str(), id), true)),
        );
    }

    /// What a contact row was found by.
    pub(crate) fn forget_contact(&mut self, id: Uuid, contact: &Contact) {
        self.contact_words.extend(
            words::of_contact(contact)
                .into_iter()
                .map(|word| ((word.into_boxed_str(), id), false)),
        );
    }

    /// A row of the stock ledger.
    pub(crate) fn add_ledger(
        &mut self,
        item: ItemId,
        at: Millis,
        writer: i32,
        batch: i64,
        position: usize,
    ) {
        self.ledger.push(LedgerItem {
            item,
            at,
            writer,
            batch,
            position,
        });
    }
}

/// The items of an order; open as long as it claims or waits for units.
fn item_orders(order: &Order) -> Vec<ItemOrder> {
    let mut rows: Vec<ItemOrder> = Vec::with_capacity(order.placed.lines.len());
    for row in line_rows(order) {
        let Some(item) = row.line.item else { continue };
        let is_open = row.quantities[1..6].iter().any(|units| *units > 0);
        rows.push(ItemOrder {
            item,
            is_open,
            placed_at: order.placed.placed_at,
            order: order.id.uuid(),
            number: order.number,
        });
    }
    rows.sort_unstable();
    // Of two lines with one item the open one counts; it sorts last.
    rows.reverse();
    rows.dedup_by_key(|row| row.item);
    rows
}

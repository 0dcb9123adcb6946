//! The rows of all projections, gathered in memory.

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

/// Rows to be written (`true`) and rows to be removed, in the order in which that was said. What is said last of a row
/// counts.
#[derive(Debug, Default)]
pub(crate) struct ProjectionRows {
    pub(super) item_orders: Vec<(ItemOrder, bool)>,
    pub(super) ledger: Vec<LedgerItem>,
    /// With the number of the order, which leads to its volume.
    pub(super) order_words: Vec<((u64, Word, Uuid), bool)>,
    pub(super) contact_words: Vec<((Word, Uuid), bool)>,
}

/// A word in the order of its bytes. Its first bytes are kept beside it, because sorting mostly needs no more of it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Word {
    head: u64,
    text: Box<str>,
}

impl Word {
    fn new(text: String) -> Self {
        let mut head = [0; 8];
        let length = text.len().min(head.len());
        head[..length].copy_from_slice(&text.as_bytes()[..length]);
        Self {
            head: u64::from_be_bytes(head),
            text: text.into_boxed_str(),
        }
    }

    pub(super) fn as_str(&self) -> &str {
        &self.text
    }
}

impl ProjectionRows {
    pub(crate) fn len(&self) -> usize {
        self.item_orders.len()
            + self.ledger.len()
            + self.order_words.len()
            + self.contact_words.len()
    }

    /// What an order changes.
    pub(crate) fn add_order(&mut self, before: Option<&Order>, after: &Order) {
        let (old, new) = (
            before.map(item_orders).unwrap_or_default(),
            item_orders(after),
        );
        let changed = |rows: &[ItemOrder], others: &[ItemOrder], stays| -> Vec<(ItemOrder, bool)> {
            let rows = rows.iter().filter(|row| !others.contains(row));
            rows.map(|row| (*row, stays)).collect()
        };
        self.item_orders.extend(changed(&old, &new, false));
        self.item_orders.extend(changed(&new, &old, true));
        let (old, new) = (
            before.map(words::of_order).unwrap_or_default(),
            words::of_order(after),
        );
        let order = after.id.uuid();
        let row = |word: String, stays| ((after.number, Word::new(word), order), stays);
        for gone in old.iter().filter(|word| !new.contains(word)) {
            self.order_words.push(row(gone.clone(), false));
        }
        let added = new.into_iter().filter(|word| !old.contains(word));
        self.order_words.extend(added.map(|word| row(word, true)));
    }

    /// An order as it is, where nothing is known of what was written of it before.
    pub(crate) fn add_order_again(&mut self, order: &Order) {
        for row in item_orders(order) {
            let opposite = ItemOrder {
                is_open: !row.is_open,
                ..row
            };
            self.item_orders.extend([(opposite, false), (row, true)]);
        }
        let words = words::of_order(order).into_iter();
        self.order_words
            .extend(words.map(|word| ((order.number, Word::new(word), order.id.uuid()), true)));
    }

    /// What a contact row is found by.
    pub(crate) fn add_contact(&mut self, id: Uuid, contact: &Contact) {
        self.say_contact(id, contact, true);
    }

    /// What a contact row was found by.
    pub(crate) fn forget_contact(&mut self, id: Uuid, contact: &Contact) {
        self.say_contact(id, contact, false);
    }

    fn say_contact(&mut self, id: Uuid, contact: &Contact, stays: bool) {
        let words = words::of_contact(contact).into_iter();
        self.contact_words
            .extend(words.map(|word| ((Word::new(word), id), stays)));
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

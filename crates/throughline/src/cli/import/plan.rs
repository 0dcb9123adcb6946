//! What the file needs before its first order, found by reading it once.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::convert::Infallible;
use std::io::{Read, Seek};

use throughline_core::text::{self, NAME_MAX};
use throughline_formats::sheet::{
    Document, ReadFault, Reconciliation, Sheet, SheetFault, SheetOrder,
};

/// What the file needs and holds.
#[derive(Debug, Default)]
pub(super) struct Plan {
    /// SKUs of the orders, each with its first title.
    pub(super) skus: BTreeMap<String, Option<String>>,
    /// Channels of the orders, each with the currency of its first order.
    pub(super) channels: BTreeMap<String, String>,
    /// References of orders that cancellations take units from.
    pub(super) taken_from: HashSet<String>,
    /// Orders.
    pub(super) orders: u64,
    /// What the file adds up to as long as nothing is refused.
    pub(super) reconciliation: Reconciliation,
}

impl Plan {
    /// Reads the file and writes down what it needs.
    ///
    /// # Errors
    /// When the file changed since it was opened.
    pub(super) fn of<R: Read + Seek>(sheet: &mut Sheet<R>) -> Result<Self, SheetFault> {
        let mut plan = Self::default();
        let mut items = HashMap::new();
        let read = sheet.read(|document| {
            plan.note(document, &mut items);
            Ok::<(), Infallible>(())
        });
        plan.reconciliation = read.map_err(|fault| match fault {
            ReadFault::Sheet(fault) => fault,
            ReadFault::Sink(never) => match never {},
        })?;
        plan.skus = items.into_iter().collect();
        Ok(plan)
    }

    fn note(&mut self, document: Document, items: &mut HashMap<String, Option<String>>) {
        match document {
            Document::Order(order) => self.note_order(order, items),
            Document::Cancellation(cancellation) => {
                let matches = cancellation.lines.into_iter().flat_map(|line| line.matches);
                self.taken_from.extend(matches.map(|found| found.reference));
            }
            Document::Charges(_) | Document::Correction(_) | Document::Reject(_) => {}
        }
    }

    fn note_order(&mut self, order: SheetOrder, items: &mut HashMap<String, Option<String>>) {
        self.orders += 1;
        self.channels.entry(order.channel).or_insert(order.currency);
        for line in order.lines {
            let title = items.entry(line.sku).or_default();
            if title.is_none() {
                *title = line
                    .title
                    .filter(|title| text::required("title", title, NAME_MAX).is_ok());
            }
        }
    }
}

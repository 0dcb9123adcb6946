//! What the rows of one reference contribute, put together to documents.

use super::amount::Amount;
use super::document::{
    CancelledLine, CorrectedLine, Document, SheetCancellation, SheetCharge, SheetCharges,
    SheetCorrection, SheetLine, SheetOrder, SourceRow,
};
use super::facts::Facts;
use super::group::GroupRow;

/// How the rows of a reference are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Class {
    Correction,
    Cancellation,
    Order,
}

/// What one row contributes.
pub(crate) enum Part {
    Line(SheetLine),
    Cancelled(CancelledLine),
    Charge(SheetCharge),
    Corrected(CorrectedLine),
}

/// The parts of one reference, and the rows behind them, on their way into documents.
#[derive(Default)]
pub(crate) struct Pieces {
    lines: Vec<SheetLine>,
    cancelled: Vec<CancelledLine>,
    corrected: Vec<CorrectedLine>,
    charges: Vec<SheetCharge>,
    /// Rows of cancelled lines.
    cancelled_source: Vec<SourceRow>,
    /// All other rows.
    source: Vec<SourceRow>,
}

impl Pieces {
    pub(crate) fn put(&mut self, part: Part, source: SourceRow) {
        match part {
            Part::Line(line) => self.lines.push(line),
            Part::Corrected(line) => self.corrected.push(line),
            Part::Charge(charge) => self.charges.push(charge),
            Part::Cancelled(line) => {
                self.cancelled.push(line);
                return self.cancelled_source.push(source);
            }
        }
        self.source.push(source);
    }

    /// An amount that no row has as its own counts with the first row.
    pub(crate) fn bring(&mut self, charge: SheetCharge, amount: Amount) {
        self.charges.push(charge);
        let with = if self.source.is_empty() {
            &mut self.cancelled_source
        } else {
            &mut self.source
        };
        if let Some(first) = with.first_mut() {
            first.amount += amount;
        }
    }

    pub(crate) fn documents(self, reference: String, facts: Facts, class: Class) -> Vec<Document> {
        match class {
            Class::Correction => vec![self.correction(reference, facts)],
            Class::Cancellation => vec![self.cancellation(reference, facts)],
            Class::Order if self.lines.is_empty() && self.cancelled.is_empty() => {
                vec![self.charges(reference, facts)]
            }
            Class::Order if self.lines.is_empty() => vec![self.cancellation(reference, facts)],
            Class::Order if self.cancelled.is_empty() => vec![self.order(reference, facts)],
            Class::Order => self.order_and_cancellation(reference, facts),
        }
    }

    fn order_and_cancellation(mut self, reference: String, facts: Facts) -> Vec<Document> {
        let taken_back = Self {
            cancelled: std::mem::take(&mut self.cancelled),
            cancelled_source: std::mem::take(&mut self.cancelled_source),
            ..Self::default()
        };
        vec![
            self.order(reference.clone(), facts.clone()),
            taken_back.cancellation(reference, facts),
        ]
    }

    fn order(self, reference: String, facts: Facts) -> Document {
        Document::Order(SheetOrder {
            reference,
            placed_at: facts.at,
            channel: facts.channel,
            currency: facts.currency,
            customer: facts.customer,
            ship_to: facts.ship_to,
            lines: self.lines,
            charges: self.charges,
            source: self.source,
        })
    }

    fn cancellation(mut self, reference: String, facts: Facts) -> Document {
        self.source.extend(self.cancelled_source);
        self.source.sort_by_key(|source| source.raw.line);
        Document::Cancellation(SheetCancellation {
            reference,
            at: facts.at,
            channel: facts.channel,
            currency: facts.currency,
            customer: facts.customer,
            cancels: facts.original,
            lines: self.cancelled,
            charges: self.charges,
            source: self.source,
        })
    }

    fn charges(self, reference: String, facts: Facts) -> Document {
        Document::Charges(SheetCharges {
            reference,
            at: facts.at,
            channel: facts.channel,
            currency: facts.currency,
            customer: facts.customer,
            charges: self.charges,
            source: self.source,
        })
    }

    fn correction(self, reference: String, facts: Facts) -> Document {
        Document::Correction(SheetCorrection {
            reference,
            at: facts.at,
            currency: facts.currency,
            lines: self.corrected,
            source: self.source,
        })
    }
}

/// A row behind a document, with what it counts and the amounts of charge columns that it brings.
pub(crate) fn source(row: GroupRow, brought: Amount) -> SourceRow {
    let counted = row.counted.as_ref().ok();
    SourceRow {
        units: counted.map_or(0, |counted| counted.quantity),
        amount: brought + counted.map_or(Amount::ZERO, |counted| counted.amount()),
        readable: counted.is_some(),
        raw: row.raw,
    }
}

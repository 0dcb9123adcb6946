//! The account of an import: what became of every row of the file.

use throughline_formats::sheet::{Document, Reconciliation, Reject, SheetCancellation, SheetOrder};

use super::rejects::RejectsFile;
use crate::cli::Failure;
use crate::cli::progress::Progress;

/// Remarks that are printed; more are only counted.
const REMARKS_MAX: usize = 20;

/// What became of every row of the file so far.
pub(super) struct Account {
    /// The file's own sums beside those of what was made.
    pub(super) reconciliation: Reconciliation,
    pub(super) rejects: RejectsFile,
    pub(super) progress: Progress,
    pub(super) counts: Counts,
    /// What else a person should know, by line of the file.
    pub(super) remarks: Vec<String>,
}

/// What was made, and what was there already.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub(super) struct Counts {
    pub(super) orders_made: u64,
    pub(super) orders_known: u64,
    /// Orders with units taken back: returns of history, cancellations of live orders.
    pub(super) taken_back_made: u64,
    pub(super) taken_back_known: u64,
    pub(super) orders_refused: u64,
    pub(super) remarks: u64,
}

impl Account {
    /// Books a document of which nothing else becomes: it is counted as it is.
    ///
    /// # Errors
    /// When a refused row cannot be written.
    pub(super) fn book(&mut self, document: &Document) -> Result<(), Failure> {
        self.reconciliation.count(document);
        self.progress.advance(document.rows() as u64);
        match document {
            Document::Reject(reject) => self.rejects.write(reject),
            _ => Ok(()),
        }
    }

    /// Books an order that could not be placed: its rows are refused.
    ///
    /// # Errors
    /// When a refused row cannot be written.
    pub(super) fn refuse_order(&mut self, order: SheetOrder, reason: &str) -> Result<(), Failure> {
        self.counts.orders_refused += 1;
        self.refuse(order.into_rejects(reason))
    }

    /// Books a cancellation of which nothing could be done: its rows are refused.
    ///
    /// # Errors
    /// When a refused row cannot be written.
    pub(super) fn refuse_cancellation(
        &mut self,
        cancellation: SheetCancellation,
        reason: &str,
    ) -> Result<(), Failure> {
        self.refuse(cancellation.into_rejects(reason))
    }

    /// Units were taken back from an order, by this run or one before it.
    pub(super) fn took_back(&mut self, is_known: bool) {
        if is_known {
            self.counts.taken_back_known += 1;
        } else {
            self.counts.taken_back_made += 1;
        }
    }

    /// Notes what is no reason to refuse a row, and yet a person should know.
    pub(super) fn remark(&mut self, line: u64, text: &str) {
        self.counts.remarks += 1;
        if self.remarks.len() < REMARKS_MAX {
            self.remarks.push(format!("line {line}: {text}"));
        }
    }

    fn refuse(&mut self, rejects: Vec<Reject>) -> Result<(), Failure> {
        rejects
            .into_iter()
            .try_for_each(|reject| self.book(&Document::Reject(reject)))
    }
}

//! Spreadsheets of orders: any CSV or XLSX file and a mapping, to orders as values that add up to the file.
//!
//! A file is read twice. [`Sheet::open`] reads it through and answers whether it is whole and what it sums to
//! ([`Survey`]), so that a damaged file stops before anything is made of it. [`Sheet::read`] then hands out one
//! [`Document`] after the other, and the [`Reconciliation`] at the end. Held in memory are the rows of orders that are not
//! complete yet, the cancellations, which come last, and a few numbers for each order line that a cancellation could name.
//!
//! Documents come in the order in which they are complete: at the last row of their reference. Cancellations come at
//! the end, by date, each matched to the orders whose units it takes back; how is told in `matching.rs`.

mod amount;
mod classify;
mod column_charges;
mod country;
mod csv_rows;
mod date;
mod document;
mod encoding;
mod facts;
mod fault;
mod group;
mod header;
mod mapping;
mod matching;
mod money;
mod number;
mod pieces;
mod read;
mod reconcile;
mod rejects;
mod rows;
mod rules;
mod survey;
mod table;
mod text;
mod values;
mod xlsx_rows;

pub use amount::Amount;
pub use document::{
    CancelledLine, CorrectedLine, Document, Match, Reject, SheetAddress, SheetCancellation,
    SheetCharge, SheetCharges, SheetCorrection, SheetCustomer, SheetLine, SheetOrder, SourceRow,
};
pub use encoding::Encoding;
pub use fault::{MappingFault, ReadFault, SheetFault};
pub use mapping::{
    BadRow, CancellationRule, ChannelRule, ChargeColumn, Columns, Contradictions,
    CorrectionCondition, CorrectionRule, CurrencyRule, Defaults, Format, Kind, Mapping, Method,
    Policy, Rows, SkuCase,
};
pub use money::Money;
pub use number::QUANTITY_MAX;
pub use read::Sheet;
pub use reconcile::{Imbalance, Reconciliation, Tally};
pub use rejects::RejectWriter;
pub use rows::RawRow;
pub use survey::Survey;

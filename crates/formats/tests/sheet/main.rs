//! Sheets of orders, from bytes to documents.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod conservation;
mod faults;
mod mappings;
mod matching;
mod orders;
mod rejects;
mod samples;
mod story;
mod uci;
mod workbook;

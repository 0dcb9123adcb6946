//! The orders and cancellations of the data that ships with the program.

use std::collections::HashMap;
use std::io::Cursor;

use throughline_formats::sheet::{Document, Mapping, Rows, Sheet, SheetOrder};

use crate::cli::Failure;

/// UCI Online Retail, December 2010 (CC BY 4.0); see `data/uci/SOURCE.md`.
const ROWS: &[u8] = include_bytes!(concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/../../data/uci/online_retail_2010-12.csv"
));
const MAPPING: &str = include_str!(concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/../../mappings/uci-online-retail.toml"
));

/// The orders of the data, and what was cancelled of them.
pub(super) struct Data {
    pub(super) rows: u64,
    pub(super) channel: String,
    pub(super) channel_name: String,
    pub(super) orders: Vec<SheetOrder>,
    pub(super) cancellations: HashMap<String, Vec<Cancelled>>,
}

/// Units of an order's line that a cancellation of the data takes back.
#[derive(Debug, Clone)]
pub(super) struct Cancelled {
    /// Reference of the cancellation.
    pub(super) by: String,
    /// Position of the line in the order.
    pub(super) line: usize,
    pub(super) units: i64,
}

/// Reads the data as live orders.
///
/// # Errors
/// Never with the data that ships with the program, which a test reads.
pub(super) fn read() -> Result<Data, Failure> {
    let broken = |fault: &dyn std::fmt::Display| {
        Failure::Broken(format!("the data of the demonstration: {fault}"))
    };
    let mut mapping = Mapping::parse(MAPPING).map_err(|fault| broken(&fault))?;
    mapping.policy.rows = Rows::Live;
    let mut sheet = Sheet::open(Cursor::new(ROWS), &mapping).map_err(|fault| broken(&fault))?;
    let code = mapping.channel.code.clone().unwrap_or_default();
    let mut data = Data {
        rows: sheet.survey().rows,
        channel_name: mapping.channel.name.clone().unwrap_or_else(|| code.clone()),
        channel: code,
        orders: Vec::new(),
        cancellations: HashMap::new(),
    };
    let read = sheet.read(|document| {
        data.take(document);
        Ok::<(), std::convert::Infallible>(())
    });
    read.map_err(|fault| broken(&fault))?;
    data.orders.sort_by_key(|order| order.placed_at);
    Ok(data)
}

impl Data {
    fn take(&mut self, document: Document) {
        match document {
            Document::Order(order) => self.orders.push(order),
            Document::Cancellation(cancellation) => {
                for found in cancellation.lines.iter().flat_map(|line| &line.matches) {
                    let cancelled = Cancelled {
                        by: cancellation.reference.clone(),
                        line: found.line,
                        units: found.quantity,
                    };
                    self.cancellations
                        .entry(found.reference.clone())
                        .or_default()
                        .push(cancelled);
                }
            }
            Document::Charges(_) | Document::Correction(_) | Document::Reject(_) => {}
        }
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_data_of_the_demonstration_is_there() {
        let data = super::read().unwrap();
        assert_eq!((data.rows, data.orders.len()), (21_729, 738));
        let units: i64 = data
            .cancellations
            .values()
            .flatten()
            .map(|cancelled| cancelled.units)
            .sum();
        assert_eq!(units, 1_033);
    }
}

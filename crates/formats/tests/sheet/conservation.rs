//! Whatever the rows are, no unit, no penny and no row is lost or counted twice.

use std::collections::BTreeMap;

use proptest::prelude::*;
use throughline_formats::sheet::{Document, Mapping, SourceRow};

use crate::story::{HEADER, read, shop};

/// A row of a generated sheet.
#[derive(Debug, Clone)]
struct Row {
    reference: &'static str,
    day: u8,
    sku: &'static str,
    quantity: i64,
    /// In thousandths.
    price: i64,
    customer: &'static str,
    fault: Fault,
}

/// What is wrong with a row.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Fault {
    None,
    Quantity,
    Date,
    Short,
    Country,
}

impl Row {
    fn text(&self) -> String {
        let Self {
            reference,
            day,
            sku,
            quantity,
            price,
            customer,
            fault,
        } = self;
        let quantity = if *fault == Fault::Quantity {
            format!("{quantity}x")
        } else {
            quantity.to_string()
        };
        let date = if *fault == Fault::Date {
            "soon".to_owned()
        } else {
            format!("2011-07-0{day}")
        };
        let country = if *fault == Fault::Country {
            "Atlantis"
        } else {
            ""
        };
        let row = format!(
            "{reference},{date},{sku},{quantity},{}.{:03},{customer},{country},",
            price / 1000,
            price % 1000
        );
        if *fault == Fault::Short {
            row[..row.len() - 1].to_owned() + "\n"
        } else {
            row + "\n"
        }
    }

    fn is_readable(&self) -> bool {
        !matches!(self.fault, Fault::Quantity | Fault::Short)
    }
}

fn row() -> impl Strategy<Value = Row> {
    let reference = prop::sample::select(vec!["1", "2", "3", "4", "5", "C1", "C2", "C3", ""]);
    let sku = prop::sample::select(vec!["A", "B", "a", "POST", "FEE-1", ""]);
    let customer = prop::sample::select(vec!["", "", "17", "17", "17", "18"]);
    let fault = prop_oneof![
        30 => Just(Fault::None),
        1 => Just(Fault::Quantity),
        1 => Just(Fault::Date),
        1 => Just(Fault::Short),
        1 => Just(Fault::Country),
    ];
    let price = prop::sample::select(vec![0, 0, 1, 5, 1000, 2550]);
    (reference, 1_u8..6, sku, -9_i64..10, price, customer, fault).prop_map(
        |(reference, day, sku, quantity, price, customer, fault)| Row {
            reference,
            day,
            sku,
            quantity,
            price,
            customer,
            fault,
        },
    )
}

fn mapping() -> impl Strategy<Value = Mapping> {
    let cancellations = prop::sample::select(vec![
        "",
        "[cancellations]\nreference_prefix = \"C\"",
        "[cancellations]\nnegative_quantity = true",
    ]);
    let corrections = prop::sample::select(vec![
        "",
        "[stock_corrections]\nwhen = [\"no_customer\", \"zero_price\"]",
    ]);
    let policy = prop::sample::select(vec![
        "",
        "[policy]\nbad_row = \"refuse_row\"",
        "[policy]\ncontradictions = \"first_row\"",
        "[policy]\nbad_row = \"refuse_row\"\ncontradictions = \"first_row\"",
    ]);
    (cancellations, corrections, policy).prop_map(|(a, b, c)| shop(&format!("{a}\n{b}\n{c}")))
}

fn sources(document: &Document) -> Vec<&SourceRow> {
    match document {
        Document::Order(order) => order.source.iter().collect(),
        Document::Cancellation(cancellation) => cancellation.source.iter().collect(),
        Document::Charges(charges) => charges.source.iter().collect(),
        Document::Correction(correction) => correction.source.iter().collect(),
        Document::Reject(reject) => vec![&reject.source],
    }
}

/// Units that cancellations take from each order line, which may not be more than it has.
fn check_matches(documents: &[Document]) -> Result<(), TestCaseError> {
    let mut left: BTreeMap<(&str, usize), i64> = BTreeMap::new();
    for document in documents {
        match document {
            Document::Order(order) => {
                let lines = order.lines.iter().enumerate();
                left.extend(
                    lines.map(|(position, line)| {
                        ((order.reference.as_str(), position), line.quantity)
                    }),
                );
            }
            Document::Cancellation(cancellation) => {
                for line in &cancellation.lines {
                    prop_assert!(line.unmatched() >= 0);
                    for found in &line.matches {
                        let left = left.get_mut(&(found.reference.as_str(), found.line));
                        let left =
                            left.ok_or_else(|| TestCaseError::fail("a match names no order line"))?;
                        *left -= found.quantity;
                        prop_assert!(
                            found.quantity > 0 && *left >= 0,
                            "a unit is taken back twice"
                        );
                    }
                }
            }
            Document::Charges(_) | Document::Correction(_) | Document::Reject(_) => {}
        }
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    #[test]
    fn no_row_unit_or_penny_is_lost_or_counted_twice(rows in prop::collection::vec(row(), 0..60), mapping in mapping()) {
        let sheet = format!("{HEADER}{}", rows.iter().map(Row::text).collect::<String>());
        let (documents, reconciliation) = read(sheet.as_bytes(), &mapping);

        let mut lines: Vec<u64> = documents.iter().flat_map(sources).map(|source| source.raw.line).collect();
        lines.sort_unstable();
        let expected: Vec<u64> = (2..rows.len() as u64 + 2).collect();
        prop_assert_eq!(lines, expected, "every row is behind exactly one document");

        let readable = || rows.iter().filter(|row| row.is_readable());
        let units: i64 = readable().map(|row| row.quantity).sum();
        let thousandths: i64 = readable().map(|row| row.quantity * row.price).sum();
        prop_assert_eq!(reconciliation.made().units, units);
        let money = reconciliation.made().money.of("GBP");
        prop_assert_eq!(money.rounded_minor(3), i128::from(thousandths));
        let by_source: i64 = documents.iter().flat_map(sources).map(|source| source.units).sum();
        prop_assert_eq!(by_source, units);

        check_matches(&documents)?;
        prop_assert_eq!(&documents, &read(sheet.as_bytes(), &mapping).0, "the same again");
    }
}

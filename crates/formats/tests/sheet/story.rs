//! What a sheet becomes, told as text: the tables of the tests are written in it.

use std::convert::Infallible;
use std::fmt::Write;
use std::io::Cursor;

use throughline_formats::sheet::{
    Document, Mapping, Reconciliation, Sheet, SheetCancellation, SheetCharge, SheetCorrection,
    SheetOrder,
};

/// A small shop. `{more}` is where a test puts its own tables.
const SHOP: &str = r#"
[columns]
reference = "ref"
date = "date"
sku = "sku"
quantity = "qty"
unit_price = "price"
customer_reference = "customer"
country = "country"
description = "title"

[channel]
code = "web"

[currency]
code = "GBP"

[charges]
POST = "shipping"
DISC = "discount"
"FEE*" = "fee"
"#;

/// The header of the small shop's sheets.
pub(crate) const HEADER: &str = "ref,date,sku,qty,price,customer,country,title\n";

/// The mapping of the small shop, with more tables.
pub(crate) fn shop(more: &str) -> Mapping {
    Mapping::parse(&format!("{SHOP}\n{more}")).unwrap()
}

/// Every document of a sheet and its reconciliation, which has to add up.
pub(crate) fn read(bytes: &[u8], mapping: &Mapping) -> (Vec<Document>, Reconciliation) {
    let mut sheet = Sheet::open(Cursor::new(bytes), mapping).unwrap();
    let mut documents = Vec::new();
    let reconciliation = sheet
        .read(|document| {
            documents.push(document);
            Ok::<_, Infallible>(())
        })
        .unwrap();
    reconciliation.check().unwrap();
    (documents, reconciliation)
}

/// The story of rows under the small shop's header.
pub(crate) fn story(rows: &str, more: &str) -> String {
    tell(&read(format!("{HEADER}{rows}").as_bytes(), &shop(more)).0)
}

/// Documents as text, one for each, with its parts indented below.
pub(crate) fn tell(documents: &[Document]) -> String {
    let mut text = String::new();
    for document in documents {
        match document {
            Document::Order(order) => tell_order(&mut text, order),
            Document::Cancellation(cancellation) => tell_cancellation(&mut text, cancellation),
            Document::Charges(charges) => {
                writeln!(text, "charges {}", charges.reference).unwrap();
                tell_charges(&mut text, &charges.charges);
            }
            Document::Correction(correction) => tell_correction(&mut text, correction),
            Document::Reject(reject) => {
                writeln!(text, "reject {}: {}", reject.source.raw.line, reject.reason).unwrap()
            }
        }
    }
    text
}

fn tell_order(text: &mut String, order: &SheetOrder) {
    let customer = order
        .customer
        .as_ref()
        .and_then(|c| c.reference.as_deref())
        .unwrap_or("-");
    let country = order
        .ship_to
        .as_ref()
        .and_then(|a| a.country)
        .unwrap_or("-");
    let SheetOrder {
        reference,
        placed_at,
        channel,
        currency,
        ..
    } = order;
    writeln!(
        text,
        "order {reference} at {placed_at} by {customer} to {country} on {channel} in {currency}"
    )
    .unwrap();
    for line in &order.lines {
        write!(
            text,
            "  {} {} at {}/{}",
            line.quantity, line.sku, line.unit_price_minor, line.price_quantity
        )
        .unwrap();
        if line.discount_minor != 0 || line.tax_minor != 0 {
            write!(text, " - {} + {}", line.discount_minor, line.tax_minor).unwrap();
        }
        writeln!(text, "{}", if line.cancelled { " cancelled" } else { "" }).unwrap();
    }
    tell_charges(text, &order.charges);
}

fn tell_charges(text: &mut String, charges: &[SheetCharge]) {
    for charge in charges {
        writeln!(
            text,
            "  {} {} {}",
            charge.kind, charge.code, charge.amount_minor
        )
        .unwrap();
    }
}

fn tell_cancellation(text: &mut String, cancellation: &SheetCancellation) {
    writeln!(
        text,
        "cancellation {} at {}",
        cancellation.reference, cancellation.at
    )
    .unwrap();
    for line in &cancellation.lines {
        write!(
            text,
            "  {} {} at {}/{}:",
            line.quantity, line.sku, line.unit_price_minor, line.price_quantity
        )
        .unwrap();
        for found in &line.matches {
            write!(
                text,
                " {} of {}[{}]",
                found.quantity, found.reference, found.line
            )
            .unwrap();
        }
        writeln!(text, " {} unmatched", line.unmatched()).unwrap();
    }
    tell_charges(text, &cancellation.charges);
}

fn tell_correction(text: &mut String, correction: &SheetCorrection) {
    writeln!(text, "correction {}", correction.reference).unwrap();
    for line in &correction.lines {
        let remark = line.remark.as_deref().unwrap_or("-");
        writeln!(
            text,
            "  {} {} ({remark}){}",
            line.quantity,
            line.sku,
            if line.is_charge { " no goods" } else { "" }
        )
        .unwrap();
    }
}

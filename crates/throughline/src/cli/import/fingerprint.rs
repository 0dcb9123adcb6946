//! Keys and hashes that are the same each time the same file is imported.

use sha2::{Digest, Sha256};
use throughline_core::command::IdempotencyKey;
use throughline_formats::sheet::{SheetAddress, SheetCustomer, SheetLine, SheetOrder};

/// The operation in whose scope the keys of imports lie.
const OPERATION: &str = "import";

/// What an order says, in a fixed order; what is not here may change without making it another order.
#[derive(serde::Serialize)]
struct Said<'a> {
    history: bool,
    placed_at_ms: i64,
    channel: &'a str,
    reference: &'a str,
    currency: &'a str,
    customer: [Option<&'a str>; 4],
    ship_to: [Option<&'a str>; 7],
    lines: Vec<Line<'a>>,
    charges: Vec<(&'a str, &'a str, Option<&'a str>, i64)>,
}

#[derive(serde::Serialize)]
struct Line<'a> {
    sku: &'a str,
    title: Option<&'a str>,
    method: u8,
    cancelled: bool,
    quantity: i64,
    unit_price_minor: i64,
    price_quantity: i64,
    discount_minor: i64,
    tax_minor: i64,
}

/// The hash of an order of a file.
pub(super) fn of_order(order: &SheetOrder, history: bool) -> [u8; 16] {
    hash(&Said {
        history,
        placed_at_ms: order.placed_at.as_millisecond(),
        channel: &order.channel,
        reference: &order.reference,
        currency: &order.currency,
        customer: order.customer.as_ref().map_or([None; 4], customer),
        ship_to: order.ship_to.as_ref().map_or([None; 7], address),
        lines: order.lines.iter().map(line).collect(),
        charges: order
            .charges
            .iter()
            .map(|charge| {
                let title = charge.title.as_deref();
                (
                    charge.kind.as_str(),
                    charge.code.as_str(),
                    title,
                    charge.amount_minor,
                )
            })
            .collect(),
    })
}

fn customer(customer: &SheetCustomer) -> [Option<&str>; 4] {
    [
        customer.reference.as_deref(),
        customer.name.as_deref(),
        customer.email.as_deref(),
        customer.phone.as_deref(),
    ]
}

fn address(address: &SheetAddress) -> [Option<&str>; 7] {
    [
        address.name.as_deref(),
        address.line1.as_deref(),
        address.line2.as_deref(),
        address.city.as_deref(),
        address.region.as_deref(),
        address.postal_code.as_deref(),
        address.country,
    ]
}

fn line(line: &SheetLine) -> Line<'_> {
    Line {
        sku: &line.sku,
        title: line.title.as_deref(),
        method: line.method as u8,
        cancelled: line.cancelled,
        quantity: line.quantity,
        unit_price_minor: line.unit_price_minor,
        price_quantity: line.price_quantity,
        discount_minor: line.discount_minor,
        tax_minor: line.tax_minor,
    }
}

/// The hash of units that are taken back: the order's reference, the position of the line in the order, and how many.
pub(super) fn of_units<'a>(units: impl Iterator<Item = (&'a str, usize, i64)>) -> [u8; 16] {
    hash(&units.collect::<Vec<_>>())
}

/// The key of one command, from the names that the file gives to what it is about.
pub(super) fn key(names: &[&str], body_hash: [u8; 16]) -> IdempotencyKey {
    IdempotencyKey {
        operation: OPERATION.to_owned(),
        key: names.join("\n"),
        body_hash,
    }
}

fn hash(said: &impl serde::Serialize) -> [u8; 16] {
    // Texts and numbers always have a JSON form.
    let text = serde_json::to_vec(said).unwrap_or_default();
    let mut first = [0; 16];
    first.copy_from_slice(&Sha256::digest(&text)[..16]);
    first
}

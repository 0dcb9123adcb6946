//! Why something is refused, in the words of somebody who imports a spreadsheet: lines of the file and names of columns,
//! where a refusal has pointers into the body that the API takes.

use throughline_core::refusal::Refusal;
use throughline_formats::sheet::SheetOrder;

/// Why an order of the file is refused.
pub(super) fn of_order(refusal: &Refusal, sheet: &SheetOrder) -> String {
    let said = reason(refusal, "order");
    match refusal.field().and_then(|field| place(field, sheet)) {
        Some((field, place)) => said.replacen(field, &place, 1),
        None => said,
    }
}

/// Why something else is refused, such as a cancellation.
pub(super) fn reason(refusal: &Refusal, what: &str) -> String {
    match refusal {
        Refusal::IdempotencyKeyReused { .. } => format!(
            "this {what} was imported before with other contents; change it in Throughline, or give it another reference"
        ),
        refusal => refusal.to_string(),
    }
}

/// The pointer, and where it leads to in the file.
fn place<'f>(field: &'f str, sheet: &SheetOrder) -> Option<(&'f str, String)> {
    let mut steps = field.strip_prefix('/')?.splitn(3, '/');
    let place = match (steps.next()?, steps.next(), steps.next()) {
        (list @ ("lines" | "charges"), Some(number), Some(name)) => {
            let position: usize = number.parse().ok()?;
            let line = match list {
                "lines" => sheet.lines.get(position)?.line,
                _ => sheet.charges.get(position)?.line,
            };
            format!("line {line}: the {}", words(name))
        }
        ("customer", Some(name), None) => format!("the customer's {}", words(name)),
        ("ship_to", Some(name), None) => format!("the address' {}", words(name)),
        (name, None, None) => format!("the {}", words(name)),
        _ => return None,
    };
    Some((field, place))
}

/// A field of the API's body by what a mapping calls it.
fn words(field: &str) -> String {
    match field {
        "sku" => "SKU".to_owned(),
        "title" => "description".to_owned(),
        "unit_price_minor" | "price_quantity" => "unit price".to_owned(),
        "discount_minor" => "discount".to_owned(),
        "tax_minor" => "tax".to_owned(),
        "amount_minor" => "amount".to_owned(),
        "placed_at" => "date".to_owned(),
        "external_ref" => "reference".to_owned(),
        "line1" => "first line".to_owned(),
        "line2" => "second line".to_owned(),
        field => field.replace('_', " "),
    }
}

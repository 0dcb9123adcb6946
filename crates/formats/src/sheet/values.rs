//! One row's cells as values.

use csv::StringRecord;
use jiff::Timestamp;

use super::amount::Amount;
use super::date::Dates;
use super::header::{Field, Header};
use super::number::NumberFault;
use super::rules::Rules;

/// Longest SKU, in bytes.
const SKU_MAX: usize = 100;
/// Longest reference of an order, in bytes.
pub(crate) const REFERENCE_MAX: usize = 255;

/// What a row counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Counted {
    pub(crate) quantity: i64,
    /// Price of one unit.
    pub(crate) price: Amount,
    /// Tax − discount of the row.
    pub(crate) discount: Amount,
    pub(crate) tax: Amount,
}

impl Counted {
    /// Quantity × price − discount + tax.
    pub(crate) fn amount(self) -> Amount {
        self.price.times(self.quantity) - self.discount + self.tax
    }
}

/// Dates repeat from row to row: the last one is kept.
#[derive(Debug, Default)]
pub(crate) struct DateMemory {
    text: String,
    instant: Timestamp,
}

impl DateMemory {
    pub(crate) fn instant(&mut self, dates: &Dates, text: &str) -> Result<Timestamp, String> {
        if self.text != text || text.is_empty() {
            self.instant = dates.instant(text)?;
            text.clone_into(&mut self.text);
        }
        Ok(self.instant)
    }
}

/// Whether every cell is blank.
pub(crate) fn is_blank(row: &StringRecord) -> bool {
    row.as_slice()
        .bytes()
        .all(|byte| byte.is_ascii_whitespace())
        || row.iter().all(|cell| cell.trim().is_empty())
}

/// A row has one cell for each column; empty ones behind the last column do no harm.
pub(crate) fn check_shape(header: &Header, row: &StringRecord) -> Result<(), String> {
    let expected = header.names().len();
    if row.len() < expected {
        return Err(format!(
            "the row has {} of {expected} columns: it was cut off, or a delimiter is missing",
            row.len()
        ));
    }
    if row
        .iter()
        .skip(expected)
        .any(|cell| !cell.trim().is_empty())
    {
        return Err(format!(
            "the row has {} columns, the header {expected}: quote cells that hold the delimiter",
            row.len()
        ));
    }
    Ok(())
}

/// Quantity and amounts of a row.
///
/// # Errors
/// The first cell that cannot be read, and why.
pub(crate) fn counted(
    header: &Header,
    row: &StringRecord,
    rules: &Rules,
) -> Result<Counted, String> {
    check_shape(header, row)?;
    let quantity = header.cell(row, Field::Quantity);
    let price = header.cell(row, Field::UnitPrice);
    let extra = |field, name| match rules.numbers.amount(header.cell(row, field)) {
        Err(NumberFault::Empty) => Ok(Amount::ZERO),
        read => read.map_err(|fault| unreadable(name, header.cell(row, field), fault)),
    };
    Ok(Counted {
        quantity: or_default(rules.numbers.quantity(quantity), rules.default_quantity)
            .map_err(|fault| unreadable("quantity", quantity, fault))?,
        price: or_default(rules.numbers.amount(price), rules.default_price)
            .map_err(|fault| unreadable("unit price", price, fault))?,
        discount: extra(Field::LineDiscount, "discount")?,
        tax: extra(Field::LineTax, "tax")?,
    })
}

/// An amount that belongs to the whole order; `None` where the cell is empty.
pub(crate) fn charge_amount(
    rules: &Rules,
    column: usize,
    text: &str,
) -> Result<Option<Amount>, String> {
    let rule = &rules.charge_columns[column];
    match rules.numbers.amount(text) {
        Err(NumberFault::Empty) => Ok(None),
        Ok(amount) => Ok(Some(if rule.subtract { -amount } else { amount })),
        Err(fault) => Err(unreadable(&rule.column, text, fault)),
    }
}

/// The SKU cell.
pub(crate) fn sku<'r>(header: &Header, row: &'r StringRecord) -> Result<&'r str, String> {
    let sku = header.cell(row, Field::Sku);
    match sku.len() {
        0 => Err("the SKU is empty".to_owned()),
        1..=SKU_MAX => Ok(sku),
        length => Err(format!(
            "the SKU is {length} bytes long; at most {SKU_MAX} are allowed"
        )),
    }
}

fn or_default<T>(read: Result<T, NumberFault>, default: Option<T>) -> Result<T, NumberFault> {
    match (read, default) {
        (Err(NumberFault::Empty), Some(default)) => Ok(default),
        (read, _) => read,
    }
}

fn unreadable(name: &str, text: &str, fault: NumberFault) -> String {
    match fault {
        NumberFault::Empty => format!("the {name} is empty"),
        fault => format!("the {name} \"{text}\" {fault}"),
    }
}

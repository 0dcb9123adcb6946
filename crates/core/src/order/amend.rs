//! Amending: a versioned change set of what was ordered, in one commit.

use jiff::civil::Date;

use super::Charge;
use super::place::NewLine;
use crate::id::LineNo;
use crate::party::Address;

/// A change set. One commit changes what was ordered, sources again what has to be, and settles the balance.
#[derive(Debug, Clone, Default)]
pub struct AmendOrder {
    /// Lines to add.
    pub add_lines: Vec<NewLine>,
    /// Lines to change.
    pub change_lines: Vec<LineAmendment>,
    /// Lines to remove.
    pub remove_lines: Vec<LineNo>,
    /// A new ship-to address.
    pub ship_to: Option<Address>,
    /// A new bill-to address.
    pub bill_to: Option<Address>,
    /// A new requested date for all lines that have not left.
    pub requested_date: Option<Date>,
    /// The charges of the whole order from now on.
    pub charges: Option<Vec<Charge>>,
    /// A new purchase order number.
    pub po_number: Option<String>,
    /// Why, in the caller's words.
    pub reason: Option<String>,
}

/// A change of one line; what is `None` stays.
#[derive(Debug, Clone)]
pub struct LineAmendment {
    /// The line.
    pub line: LineNo,
    /// New quantity.
    pub quantity: Option<i64>,
    /// New price of `price_quantity` units.
    pub unit_price_minor: Option<i64>,
    /// New number of units the price is for.
    pub price_quantity: Option<i64>,
    /// New discount on the whole line.
    pub discount_minor: Option<i64>,
    /// New tax on the whole line.
    pub tax_minor: Option<i64>,
    /// New requested date.
    pub requested_date: Option<Date>,
    /// New address of this line.
    pub ship_to: Option<Address>,
}

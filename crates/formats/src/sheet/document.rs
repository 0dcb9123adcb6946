//! What a sheet of orders consists of: orders, cancellations, corrections of stock, charges alone, and refused rows.

use std::fmt;

use jiff::Timestamp;

use super::amount::{Amount, Price};
use super::mapping::Method;
use super::rows::RawRow;

/// One piece of business, made of all the rows that belong to it.
#[derive(Debug, Clone, PartialEq)]
pub enum Document {
    /// Goods that somebody ordered.
    Order(SheetOrder),
    /// Goods or charges of earlier orders, taken back.
    Cancellation(SheetCancellation),
    /// Charges without goods: fees, bad debts, postage invoiced later.
    Charges(SheetCharges),
    /// A correction of stock that nobody ordered.
    Correction(SheetCorrection),
    /// A row that could not be taken.
    Reject(Reject),
}

/// An order, ready to become a command.
#[derive(Debug, Clone, PartialEq)]
pub struct SheetOrder {
    /// Its name at the channel.
    pub reference: String,
    /// When it was placed: the earliest date of its rows.
    pub placed_at: Timestamp,
    /// Channel code.
    pub channel: String,
    /// ISO 4217 code.
    pub currency: String,
    /// Who ordered, if the sheet says so.
    pub customer: Option<SheetCustomer>,
    /// Where it goes, if the sheet says so; history may name a country only.
    pub ship_to: Option<SheetAddress>,
    /// Goods, in the order of the file, equal rows kept apart.
    pub lines: Vec<SheetLine>,
    /// Charges and discounts of the whole order.
    pub charges: Vec<SheetCharge>,
    /// The rows it was made of.
    pub source: Vec<SourceRow>,
}

/// A quantity of one SKU at one price.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SheetLine {
    /// The SKU.
    pub sku: String,
    /// Its title in the file, if there is one.
    pub title: Option<String>,
    /// Units; at least 1.
    pub quantity: i64,
    /// Price of `price_quantity` units, in minor units.
    pub unit_price_minor: i64,
    /// How many units the price is for.
    pub price_quantity: i64,
    /// Discount on the whole line, in minor units.
    pub discount_minor: i64,
    /// Tax on the whole line, in minor units.
    pub tax_minor: i64,
    /// How it reaches the customer.
    pub method: Method,
    /// Whether the file says, by a status, that the whole line was cancelled.
    pub cancelled: bool,
    /// Line of the file.
    pub line: u64,
}

/// A charge or, when negative, a discount of the whole order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SheetCharge {
    /// The kind that the mapping gives it.
    pub kind: String,
    /// The SKU or column that stands for the charge.
    pub code: String,
    /// Its title in the file, if there is one.
    pub title: Option<String>,
    /// Quantity in the file; 0 for charges from a column of their own.
    pub quantity: i64,
    /// Whether it stands in a column of its own, beside the goods of its row.
    pub from_column: bool,
    /// In minor units, rounded once.
    pub amount_minor: i64,
    /// The amount as the file has it.
    pub amount: Amount,
    /// Line of the file.
    pub line: u64,
}

/// Goods or charges of earlier orders, taken back.
#[derive(Debug, Clone, PartialEq)]
pub struct SheetCancellation {
    /// The document's own name; the order's name where the file puts returns into the order.
    pub reference: String,
    /// When it was made: the earliest date of its rows.
    pub at: Timestamp,
    /// Channel code.
    pub channel: String,
    /// ISO 4217 code.
    pub currency: String,
    /// Whose it is, if the sheet says so.
    pub customer: Option<SheetCustomer>,
    /// The order that it names as the one it cancels, which may be of an earlier import.
    pub cancels: Option<String>,
    /// Goods that came back or were never sent.
    pub lines: Vec<CancelledLine>,
    /// Charges taken back (negative) or made (positive) with it.
    pub charges: Vec<SheetCharge>,
    /// The rows it was made of.
    pub source: Vec<SourceRow>,
}

/// Units of one SKU at one price, taken back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CancelledLine {
    /// The SKU.
    pub sku: String,
    /// Its title in the file, if there is one.
    pub title: Option<String>,
    /// Units taken back; at least 1.
    pub quantity: i64,
    /// Price of `price_quantity` units, in minor units.
    pub unit_price_minor: i64,
    /// How many units the price is for.
    pub price_quantity: i64,
    /// Discount and tax on the row as the file has them: tax − discount.
    pub extras: Amount,
    /// Lines of earlier orders that the units come from.
    pub matches: Vec<Match>,
    /// Line of the file.
    pub line: u64,
}

/// Units of a line of an earlier order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Match {
    /// Reference of the order.
    pub reference: String,
    /// Position in [`SheetOrder::lines`], from 0.
    pub line: usize,
    /// Units; at least 1.
    pub quantity: i64,
}

/// Charges without goods.
#[derive(Debug, Clone, PartialEq)]
pub struct SheetCharges {
    /// The document's name.
    pub reference: String,
    /// When it was made.
    pub at: Timestamp,
    /// Channel code.
    pub channel: String,
    /// ISO 4217 code.
    pub currency: String,
    /// Whose it is, if the sheet says so.
    pub customer: Option<SheetCustomer>,
    /// The charges.
    pub charges: Vec<SheetCharge>,
    /// The rows it was made of.
    pub source: Vec<SourceRow>,
}

/// A correction of stock.
#[derive(Debug, Clone, PartialEq)]
pub struct SheetCorrection {
    /// The document's name.
    pub reference: String,
    /// When it was made.
    pub at: Timestamp,
    /// ISO 4217 code.
    pub currency: String,
    /// What was corrected.
    pub lines: Vec<CorrectedLine>,
    /// The rows it was made of.
    pub source: Vec<SourceRow>,
}

/// Units of one SKU found or lost.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CorrectedLine {
    /// The SKU.
    pub sku: String,
    /// The remark of whoever made it, such as "damaged", if there is one.
    pub remark: Option<String>,
    /// Units: found above zero, lost below.
    pub quantity: i64,
    /// Whether the SKU is a charge, so that there is no stock of it.
    pub is_charge: bool,
    /// What the file values them at.
    pub amount: Amount,
    /// Line of the file.
    pub line: u64,
}

/// Who ordered. At least one of the values is there.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct SheetCustomer {
    /// Number or name in the source system.
    pub reference: Option<String>,
    /// Name.
    pub name: Option<String>,
    /// Email address.
    pub email: Option<String>,
    /// Telephone number.
    pub phone: Option<String>,
}

/// Where goods go. At least one of the values is there.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct SheetAddress {
    /// Who receives them.
    pub name: Option<String>,
    /// First line.
    pub line1: Option<String>,
    /// Second line.
    pub line2: Option<String>,
    /// Town.
    pub city: Option<String>,
    /// State, county or province.
    pub region: Option<String>,
    /// Postal code.
    pub postal_code: Option<String>,
    /// ISO 3166-1 alpha-2.
    pub country: Option<&'static str>,
}

/// A row of the file behind a document, with what it counts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceRow {
    /// The row.
    pub raw: RawRow,
    /// Its quantity; 0 if that or an amount cannot be read.
    pub units: i64,
    /// Quantity × price − discount + tax, and the amounts of charge columns that it brings to its order.
    pub amount: Amount,
    /// Whether quantity and amounts could be read.
    pub readable: bool,
}

/// A row that could not be taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reject {
    /// Why, and what to do.
    pub reason: String,
    /// Currency of its amount.
    pub currency: String,
    /// The row, with what it counts.
    pub source: SourceRow,
}

impl SheetOrder {
    /// The order's rows as refused ones, for an order that could not be placed.
    #[must_use]
    pub fn into_rejects(self, reason: &str) -> Vec<Reject> {
        rejects(self.source, &self.currency, reason)
    }
}

impl SheetCancellation {
    /// The rows as refused ones, for a cancellation that could not be booked.
    #[must_use]
    pub fn into_rejects(self, reason: &str) -> Vec<Reject> {
        rejects(self.source, &self.currency, reason)
    }

    /// Forgets the matches with an order, because it could not be placed; their units are not matched any more.
    pub fn forget_order(&mut self, reference: &str) {
        for line in &mut self.lines {
            line.matches.retain(|found| found.reference != reference);
        }
    }
}

fn rejects(source: Vec<SourceRow>, currency: &str, reason: &str) -> Vec<Reject> {
    let reject = |source| Reject {
        reason: reason.to_owned(),
        currency: currency.to_owned(),
        source,
    };
    source.into_iter().map(reject).collect()
}

impl CancelledLine {
    /// Units that were found in earlier orders.
    #[must_use]
    pub fn matched(&self) -> i64 {
        self.matches.iter().map(|found| found.quantity).sum()
    }

    /// Units that were not found in any earlier order.
    #[must_use]
    pub fn unmatched(&self) -> i64 {
        self.quantity - self.matched()
    }
}

impl Price {
    pub(crate) fn of_line(line: &SheetLine) -> Self {
        Self {
            unit_price_minor: line.unit_price_minor,
            price_quantity: line.price_quantity,
        }
    }

    pub(crate) fn of_cancelled(line: &CancelledLine) -> Self {
        Self {
            unit_price_minor: line.unit_price_minor,
            price_quantity: line.price_quantity,
        }
    }

    /// The exact price of `quantity` units in a currency with `digits` decimals.
    pub(crate) fn times(self, quantity: i64, digits: u32) -> Amount {
        Amount::of_minor(
            i128::from(self.unit_price_minor) * i128::from(quantity),
            self.price_quantity,
            digits,
        )
    }
}

impl Document {
    /// Rows of the file that it was made of.
    #[must_use]
    pub fn rows(&self) -> usize {
        match self {
            Self::Order(order) => order.source.len(),
            Self::Cancellation(cancellation) => cancellation.source.len(),
            Self::Charges(charges) => charges.source.len(),
            Self::Correction(correction) => correction.source.len(),
            Self::Reject(_) => 1,
        }
    }
}

/// Shows which values are there, not what they are.
impl fmt::Debug for SheetCustomer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let known = [
            ("reference", &self.reference),
            ("name", &self.name),
            ("email", &self.email),
            ("phone", &self.phone),
        ];
        let known = known
            .into_iter()
            .filter(|(_, value)| value.is_some())
            .map(|(field, _)| field);
        f.debug_set().entries(known).finish()
    }
}

/// Shows the country, and of the rest only that it is there.
impl fmt::Debug for SheetAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let has_street = self.line1.is_some();
        f.debug_struct("SheetAddress")
            .field("country", &self.country)
            .field("has_street", &has_street)
            .finish_non_exhaustive()
    }
}

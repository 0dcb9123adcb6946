//! The mapping: a TOML document that says what a spreadsheet's columns and values mean.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::encoding::Encoding;
use super::fault::{MappingFault, nearest};
use super::rules::Rules;

/// What a spreadsheet's columns and values mean. Every key is explained in `mappings/README.md`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Mapping {
    /// What people call the mapping.
    #[serde(default)]
    pub name: String,
    /// How the file is written.
    #[serde(default)]
    pub format: Format,
    /// Which column holds what.
    pub columns: Columns,
    /// The channel of the orders.
    pub channel: ChannelRule,
    /// The currency of the orders.
    pub currency: CurrencyRule,
    /// SKUs that are charges, not goods, each with the kind of charge. `X*` means every SKU that begins with X.
    #[serde(default)]
    pub charges: BTreeMap<String, String>,
    /// Columns that hold an amount of the whole order, such as shipping.
    #[serde(default)]
    pub charge_columns: Vec<ChargeColumn>,
    /// How SKUs reach the customer where that is not by shipping. `X*` means every SKU that begins with X.
    #[serde(default)]
    pub methods: BTreeMap<String, Method>,
    /// How the file marks cancellations.
    #[serde(default)]
    pub cancellations: CancellationRule,
    /// Which rows are corrections of stock.
    #[serde(default)]
    pub stock_corrections: CorrectionRule,
    /// Country names to ISO 3166-1 alpha-2 codes, or `none`.
    #[serde(default)]
    pub country_names: BTreeMap<String, String>,
    /// What empty cells mean.
    #[serde(default)]
    pub defaults: Defaults,
    /// What becomes of the orders.
    #[serde(default)]
    pub policy: Policy,
}

/// How the file is written.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Format {
    /// The kind of file; recognised from its first bytes when absent.
    pub kind: Option<Kind>,
    /// Between columns: one ASCII character.
    pub delimiter: String,
    /// How bytes stand for characters.
    pub encoding: Encoding,
    /// Line (CSV) or row (XLSX) of the header, from 1; 0 if there is none and columns are named A, B, C...
    pub header_row: u64,
    /// Sheet of an XLSX workbook; the first when absent.
    pub sheet: Option<String>,
    /// Before the decimals of a number.
    pub decimal_separator: char,
    /// Between thousands.
    pub thousands_separator: Option<char>,
    /// How dates are written, in strftime notation, tried in this order; `iso` is ISO 8601 with or without time and offset.
    pub date_formats: Vec<String>,
    /// IANA zone of dates without an offset.
    pub time_zone: String,
    /// Columns whose whole numbers were exported with decimals (`17850.0`), which are dropped.
    pub whole_number_columns: Vec<String>,
    /// What letter case does to SKUs.
    pub sku_case: SkuCase,
}

impl Default for Format {
    fn default() -> Self {
        Self {
            kind: None,
            delimiter: ",".to_owned(),
            encoding: Encoding::default(),
            header_row: 1,
            sheet: None,
            decimal_separator: '.',
            thousands_separator: None,
            date_formats: vec!["iso".to_owned()],
            time_zone: "UTC".to_owned(),
            whole_number_columns: Vec::new(),
            sku_case: SkuCase::default(),
        }
    }
}

/// The kind of file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// Text with delimiters.
    Csv,
    /// An Excel workbook.
    Xlsx,
}

/// What letter case does to SKUs.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SkuCase {
    /// `85123a` and `85123A` are two SKUs.
    #[default]
    Keep,
    /// Every SKU is written in capitals.
    Upper,
}

/// Which column holds what, by the names in the header row.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Columns {
    /// The order's name at the channel; rows with the same one are one order.
    pub reference: String,
    /// When the order was placed.
    pub date: String,
    /// What was ordered.
    pub sku: String,
    /// Units; negative where the file marks cancellations so.
    pub quantity: String,
    /// Price of one unit in the currency's major unit.
    pub unit_price: String,
    /// Title of the SKU.
    pub description: Option<String>,
    /// Discount on the whole row, positive.
    pub line_discount: Option<String>,
    /// Tax on the whole row.
    pub line_tax: Option<String>,
    /// Number or name of the customer in the source system.
    pub customer_reference: Option<String>,
    /// Name of the customer.
    pub customer_name: Option<String>,
    /// Email address of the customer.
    pub customer_email: Option<String>,
    /// Telephone number of the customer.
    pub customer_phone: Option<String>,
    /// Who receives the goods.
    pub address_name: Option<String>,
    /// First line of the address.
    pub address_line1: Option<String>,
    /// Second line of the address.
    pub address_line2: Option<String>,
    /// Town.
    pub city: Option<String>,
    /// State, county or province.
    pub region: Option<String>,
    /// Postal code.
    pub postal_code: Option<String>,
    /// Country, by code or name.
    pub country: Option<String>,
    /// Channel code.
    pub channel: Option<String>,
    /// ISO 4217 currency code.
    pub currency: Option<String>,
    /// Status of the row, where cancellations are marked by it.
    pub status: Option<String>,
    /// On a cancellation: the order that it cancels.
    pub original_reference: Option<String>,
}

/// The channel of the orders.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ChannelRule {
    /// Its code; where a channel column is mapped, the code for empty cells.
    pub code: Option<String>,
    /// Its name, should it be created.
    pub name: Option<String>,
}

/// The currency of the orders.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CurrencyRule {
    /// ISO 4217 code; where a currency column is mapped, the code for empty cells.
    pub code: Option<String>,
}

/// A column that holds an amount of the whole order. It counts once an order, however often the rows repeat it.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ChargeColumn {
    /// Its header.
    pub column: String,
    /// The kind of charge: `shipping`, `discount`, `fee` or a word of one's own.
    pub kind: String,
    /// Whether the column's positive amounts lower the order's total.
    #[serde(default)]
    pub subtract: bool,
}

/// How a line reaches the customer.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Method {
    /// A carrier brings it.
    #[default]
    Ship,
    /// The customer collects it.
    Pickup,
    /// It is sent electronically.
    Digital,
    /// Somebody does something.
    Service,
}

/// How the file marks cancellations; at most one way may be named.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct CancellationRule {
    /// Documents whose reference begins with this are cancellations, with negative quantities.
    pub reference_prefix: Option<String>,
    /// Rows with negative quantities are cancellations of the order that bears their own reference.
    pub negative_quantity: bool,
    /// Rows with one of these values in the status column were ordered and then cancelled.
    pub status_values: Vec<String>,
}

/// Which documents are corrections of stock: those whose every row meets every condition.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct CorrectionRule {
    /// The conditions; with none, nothing is a correction.
    pub when: Vec<CorrectionCondition>,
}

/// A condition on a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CorrectionCondition {
    /// No customer is named.
    NoCustomer,
    /// The unit price is zero.
    ZeroPrice,
    /// The quantity is below zero.
    NegativeQuantity,
    /// The description is empty.
    NoDescription,
}

/// What empty cells mean.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Defaults {
    /// Units.
    pub quantity: Option<i64>,
    /// Price of one unit, as the file would write it.
    pub unit_price: Option<String>,
    /// ISO 3166-1 alpha-2 code.
    pub country: Option<String>,
}

/// What becomes of the orders.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Policy {
    /// Whether the rows are the past or work to do.
    pub rows: Rows,
    /// Whether unknown SKUs are created.
    pub create_skus: bool,
    /// Whether unknown customers are created.
    pub create_customers: bool,
    /// Whether an unknown channel is created.
    pub create_channel: bool,
    /// What a bad row does to the other rows of its order.
    pub bad_row: BadRow,
    /// What rows of one order that contradict each other do.
    pub contradictions: Contradictions,
}

/// Whether the rows are the past or work to do.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Rows {
    /// Orders to be fulfilled.
    #[default]
    Live,
    /// Placed at their date and delivered; stock stays untouched.
    History,
}

/// What a bad row does to the other rows of its order.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BadRow {
    /// The whole order is refused, so that nobody ships a part of it by accident and the corrected rejects can be imported.
    #[default]
    RefuseOrder,
    /// The order is made of the other rows.
    RefuseRow,
}

/// What rows of one order that name different customers, addresses, channels or currencies do.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Contradictions {
    /// The whole order is refused.
    #[default]
    Refuse,
    /// The first row that has a value decides.
    FirstRow,
}

impl Mapping {
    /// Reads and checks a mapping.
    ///
    /// # Errors
    /// [`MappingFault`] that names the line or key, and the nearest known key for an unknown one.
    pub fn parse(text: &str) -> Result<Self, MappingFault> {
        let mapping: Self = toml::from_str(text).map_err(|error| toml_fault(text, &error))?;
        Rules::compile(&mapping)?;
        Ok(mapping)
    }

    /// Whether imported rows are the past.
    #[must_use]
    pub fn is_history(&self) -> bool {
        self.policy.rows == Rows::History
    }
}

fn toml_fault(text: &str, error: &toml::de::Error) -> MappingFault {
    let line = error.span().map_or(0, |span| {
        text[..span.start.min(text.len())].matches('\n').count() + 1
    });
    let message = error.message();
    if !message.starts_with("unknown field `") {
        return MappingFault::Syntax {
            line,
            problem: message.to_owned(),
        };
    }
    let mut names = message.split('`').skip(1).step_by(2).map(str::to_owned);
    let key = names.next().unwrap_or_default();
    let found: Vec<String> = names.collect();
    let nearest = nearest(&key, found.iter().map(String::as_str));
    MappingFault::UnknownKey {
        line,
        key,
        nearest,
        found,
    }
}

//! A mapping made ready for reading: checked, and with its tables built.

use std::collections::{BTreeMap, HashMap};

use super::amount::Amount;
use super::country::{Countries, alpha_2};
use super::date::Dates;
use super::fault::MappingFault;
use super::mapping::{
    CancellationRule, ChargeColumn, Columns, CorrectionCondition, Format, Mapping, Method, Policy,
    SkuCase,
};
use super::number::NumberStyle;

/// Charge columns that a mapping may name.
const CHARGE_COLUMNS_MAX: usize = 16;
/// Longest kind of charge, in bytes.
const KIND_MAX: usize = 64;

/// A mapping made ready for reading.
#[derive(Debug)]
pub(crate) struct Rules {
    pub(crate) format: Format,
    pub(crate) delimiter: u8,
    pub(crate) columns: Columns,
    pub(crate) numbers: NumberStyle,
    pub(crate) dates: Dates,
    pub(crate) countries: Countries,
    pub(crate) charges: SkuTable<String>,
    pub(crate) charge_columns: Vec<ChargeColumn>,
    pub(crate) methods: SkuTable<Method>,
    pub(crate) cancellations: CancellationRule,
    pub(crate) corrections: Vec<CorrectionCondition>,
    pub(crate) channel: Option<String>,
    pub(crate) currency: Option<String>,
    pub(crate) default_quantity: Option<i64>,
    pub(crate) default_price: Option<Amount>,
    pub(crate) default_country: Option<&'static str>,
    pub(crate) policy: Policy,
}

/// What is said about SKUs by name or by beginning.
#[derive(Debug)]
pub(crate) struct SkuTable<T> {
    exact: HashMap<String, T>,
    /// Longest first.
    prefixes: Vec<(String, T)>,
}

impl<T: Clone> SkuTable<T> {
    fn new(entries: &BTreeMap<String, T>, case: SkuCase) -> Self {
        let mut table = Self {
            exact: HashMap::new(),
            prefixes: Vec::new(),
        };
        for (sku, value) in entries {
            let sku = cased(sku, case);
            match sku.strip_suffix('*') {
                Some(prefix) => table.prefixes.push((prefix.to_owned(), value.clone())),
                None => drop(table.exact.insert(sku, value.clone())),
            }
        }
        table
            .prefixes
            .sort_by_key(|(prefix, _)| std::cmp::Reverse(prefix.len()));
        table
    }

    pub(crate) fn get(&self, sku: &str) -> Option<&T> {
        let by_prefix = || {
            self.prefixes
                .iter()
                .find(|(prefix, _)| sku.starts_with(prefix.as_str()))
                .map(|(_, value)| value)
        };
        self.exact.get(sku).or_else(by_prefix)
    }
}

impl Rules {
    /// Checks a mapping and builds its tables.
    pub(crate) fn compile(mapping: &Mapping) -> Result<Self, MappingFault> {
        let format = &mapping.format;
        let case = format.sku_case;
        check_charges(mapping)?;
        check_sources(mapping)?;
        check_cancellations(mapping)?;
        let numbers = number_style(format)?;
        Ok(Self {
            delimiter: delimiter(&format.delimiter)?,
            columns: mapping.columns.clone(),
            numbers,
            dates: Dates::new(format)?,
            countries: countries(mapping)?,
            charges: SkuTable::new(&mapping.charges, case),
            charge_columns: mapping.charge_columns.clone(),
            methods: SkuTable::new(&mapping.methods, case),
            cancellations: mapping.cancellations.clone(),
            corrections: mapping.stock_corrections.when.clone(),
            channel: mapping.channel.code.clone(),
            currency: mapping.currency.code.clone(),
            default_quantity: mapping.defaults.quantity,
            default_price: default_price(mapping, numbers)?,
            default_country: default_country(mapping)?,
            policy: mapping.policy.clone(),
            format: format.clone(),
        })
    }

    /// Whether any document may be a cancellation of another.
    pub(crate) fn has_cancellations(&self) -> bool {
        self.cancellations.reference_prefix.is_some() || self.cancellations.negative_quantity
    }
}

/// A SKU as the mapping wants its case.
pub(crate) fn cased(sku: &str, case: SkuCase) -> String {
    match case {
        SkuCase::Keep => sku.to_owned(),
        SkuCase::Upper => sku.to_uppercase(),
    }
}

/// Decimals of a currency's minor unit; `None` if there is no such currency.
pub(crate) fn minor_digits(currency: &str) -> Option<u32> {
    let currency = iso_currency::Currency::from_code(currency)?;
    Some(currency.exponent().map_or(2, u32::from))
}

fn fault(key: &str, problem: impl Into<String>) -> MappingFault {
    MappingFault::Value {
        key: key.to_owned(),
        problem: problem.into(),
    }
}

fn delimiter(text: &str) -> Result<u8, MappingFault> {
    match text.as_bytes() {
        [byte] if byte.is_ascii() && !matches!(byte, b'"' | b'\n' | b'\r' | 0 | 4) => Ok(*byte),
        _ => Err(fault(
            "format.delimiter",
            "write one ASCII character, such as \",\" or \";\" or \"\\t\"",
        )),
    }
}

fn number_style(format: &Format) -> Result<NumberStyle, MappingFault> {
    let style = NumberStyle {
        decimal: format.decimal_separator,
        thousands: format.thousands_separator,
    };
    let separators = [Some(style.decimal), style.thousands];
    if style.thousands == Some(style.decimal) {
        return Err(fault(
            "format.thousands_separator",
            "is the same as decimal_separator: one of them is wrong",
        ));
    }
    if separators
        .into_iter()
        .flatten()
        .any(|c| c.is_ascii_digit() || matches!(c, '-' | '+'))
    {
        return Err(fault(
            "format.decimal_separator",
            "a separator cannot be a digit or a sign",
        ));
    }
    Ok(style)
}

fn countries(mapping: &Mapping) -> Result<Countries, MappingFault> {
    let names = mapping
        .country_names
        .iter()
        .map(|(name, code)| (name.as_str(), code.as_str()));
    Countries::new(names).map_err(|name| {
        fault(
            &format!("country_names.\"{name}\""),
            "write an ISO 3166-1 code of two capital letters such as \"IE\", or \"none\"",
        )
    })
}

fn default_country(mapping: &Mapping) -> Result<Option<&'static str>, MappingFault> {
    let Some(code) = &mapping.defaults.country else {
        return Ok(None);
    };
    let known = alpha_2(code);
    known.map(Some).ok_or_else(|| {
        fault(
            "defaults.country",
            "write an ISO 3166-1 code of two capital letters such as \"GB\"",
        )
    })
}

fn default_price(mapping: &Mapping, numbers: NumberStyle) -> Result<Option<Amount>, MappingFault> {
    let Some(price) = &mapping.defaults.unit_price else {
        return Ok(None);
    };
    numbers
        .amount(price)
        .map(Some)
        .map_err(|problem| fault("defaults.unit_price", format!("\"{price}\" {problem}")))
}

/// Channel and currency have to come from somewhere.
fn check_sources(mapping: &Mapping) -> Result<(), MappingFault> {
    if mapping.channel.code.is_none() && mapping.columns.channel.is_none() {
        return Err(fault(
            "channel.code",
            "write the channel's code, or name its column as columns.channel",
        ));
    }
    match &mapping.currency.code {
        None if mapping.columns.currency.is_none() => Err(fault(
            "currency.code",
            "write the currency's code, or name its column as columns.currency",
        )),
        Some(code) if minor_digits(code).is_none() => Err(fault(
            "currency.code",
            format!("\"{code}\" is no ISO 4217 code such as \"GBP\""),
        )),
        _ => Ok(()),
    }
}

fn check_charges(mapping: &Mapping) -> Result<(), MappingFault> {
    let by_sku = mapping
        .charges
        .iter()
        .map(|(sku, kind)| (format!("charges.\"{sku}\""), kind));
    let by_column = mapping
        .charge_columns
        .iter()
        .map(|column| (format!("charge_columns, {}", column.column), &column.kind));
    for (key, kind) in by_sku.chain(by_column) {
        let plain = kind.bytes().all(|b| b.is_ascii_lowercase() || b == b'_');
        if kind.is_empty() || kind.len() > KIND_MAX || !plain {
            return Err(fault(
                &key,
                format!(
                    "the kind \"{kind}\" should be a word in small letters such as shipping, discount or fee"
                ),
            ));
        }
    }
    if mapping.charge_columns.len() > CHARGE_COLUMNS_MAX {
        return Err(fault(
            "charge_columns",
            format!("at most {CHARGE_COLUMNS_MAX} are allowed"),
        ));
    }
    Ok(())
}

fn check_cancellations(mapping: &Mapping) -> Result<(), MappingFault> {
    let rule = &mapping.cancellations;
    let by_status = !rule.status_values.is_empty();
    let ways = [
        rule.reference_prefix.is_some(),
        rule.negative_quantity,
        by_status,
    ]
    .into_iter()
    .filter(|way| *way)
    .count();
    if ways > 1 {
        return Err(fault(
            "cancellations",
            "name one of reference_prefix, negative_quantity and status_values",
        ));
    }
    if rule.reference_prefix.as_deref() == Some("") {
        return Err(fault(
            "cancellations.reference_prefix",
            "is empty: write what cancellations begin with, or leave it out",
        ));
    }
    if by_status != mapping.columns.status.is_some() {
        return Err(fault(
            "cancellations.status_values",
            "goes together with columns.status: name both or neither",
        ));
    }
    Ok(())
}

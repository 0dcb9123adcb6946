//! What the rows of one reference say about their order as a whole.

use csv::StringRecord;
use jiff::Timestamp;

use super::document::{SheetAddress, SheetCustomer};
use super::group::Group;
use super::header::{Field, Header};
use super::mapping::Contradictions;
use super::rules::{Rules, minor_digits};
use super::values::REFERENCE_MAX;

/// Lines that an order may have.
const LINES_MAX: usize = 5_000;

const CUSTOMER: [Field; 4] = [
    Field::CustomerReference,
    Field::CustomerName,
    Field::CustomerEmail,
    Field::CustomerPhone,
];
const ADDRESS: [Field; 7] = [
    Field::AddressName,
    Field::AddressLine1,
    Field::AddressLine2,
    Field::City,
    Field::Region,
    Field::PostalCode,
    Field::Country,
];

/// What the rows of one reference say about their order as a whole: for each value, the first row that has it.
#[derive(Debug, Clone)]
pub(crate) struct Facts {
    pub(crate) at: Timestamp,
    pub(crate) channel: String,
    pub(crate) currency: String,
    /// Decimals of the currency.
    pub(crate) digits: u32,
    pub(crate) customer: Option<SheetCustomer>,
    pub(crate) ship_to: Option<SheetAddress>,
    /// The order that a cancellation names.
    pub(crate) original: Option<String>,
}

impl Facts {
    /// # Errors
    /// Why the rows cannot be one order.
    pub(crate) fn of(group: &Group, header: &Header, rules: &Rules) -> Result<Self, String> {
        check_size(group)?;
        let first = |field| first_value(group, header, field);
        let currency = first(Field::Currency)
            .or_else(|| rules.currency.clone())
            .unwrap_or_default();
        let digits = minor_digits(&currency).ok_or_else(|| match currency.as_str() {
            "" => "the currency is empty".to_owned(),
            currency => format!("the currency \"{currency}\" is no ISO 4217 code such as GBP"),
        })?;
        check_contradictions(group, header, rules)?;
        Ok(Self {
            at: group
                .rows
                .iter()
                .filter_map(|row| row.at.as_ref().ok())
                .min()
                .copied()
                .unwrap_or_default(),
            channel: first(Field::Channel)
                .or_else(|| rules.channel.clone())
                .ok_or("the channel is empty")?,
            currency,
            digits,
            customer: customer(first),
            ship_to: address(first, rules)?,
            original: first(Field::OriginalReference),
        })
    }
}

/// The currency that a row counts in, whether or not its order can be taken.
pub(crate) fn currency_of(
    group: &Group,
    row: &StringRecord,
    header: &Header,
    rules: &Rules,
) -> String {
    match header.cell(row, Field::Currency) {
        "" => first_value(group, header, Field::Currency)
            .or_else(|| rules.currency.clone())
            .unwrap_or_default(),
        own => own.to_owned(),
    }
}

fn first_value(group: &Group, header: &Header, field: Field) -> Option<String> {
    if !header.has(field) {
        return None;
    }
    let mut values = group
        .rows
        .iter()
        .map(|row| header.cell(&row.raw.cells, field));
    values.find(|value| !value.is_empty()).map(str::to_owned)
}

fn check_size(group: &Group) -> Result<(), String> {
    if group.reference.len() > REFERENCE_MAX {
        return Err(format!(
            "the reference is {} bytes long; at most {REFERENCE_MAX} are allowed",
            group.reference.len()
        ));
    }
    if group.rows.len() > LINES_MAX {
        return Err(format!(
            "the order has {} rows; at most {LINES_MAX} are allowed: is the column of the reference the right one?",
            group.rows.len()
        ));
    }
    Ok(())
}

/// Later rows may leave a value of the whole order empty or repeat it, but not say another.
fn check_contradictions(group: &Group, header: &Header, rules: &Rules) -> Result<(), String> {
    let strict = rules.policy.contradictions == Contradictions::Refuse;
    check_same(group, header, &[Field::Currency], "currencies")?;
    if strict {
        check_same(group, header, &[Field::Channel], "channels")?;
        check_same(
            group,
            header,
            &[Field::OriginalReference],
            "cancelled orders",
        )?;
        check_same(group, header, &CUSTOMER, "customers")?;
        check_same(group, header, &ADDRESS, "addresses")?;
    }
    Ok(())
}

fn check_same(group: &Group, header: &Header, fields: &[Field], what: &str) -> Result<(), String> {
    for field in fields.iter().filter(|field| header.has(**field)) {
        let mut said: Option<(&str, u64)> = None;
        for row in &group.rows {
            let value = header.cell(&row.raw.cells, *field);
            match said {
                _ if value.is_empty() => {}
                None => said = Some((value, row.raw.line)),
                Some((first, _)) if first == value => {}
                Some((_, line)) => {
                    return Err(format!(
                        "lines {line} and {} of this order name different {what}: give one of them another reference",
                        row.raw.line
                    ));
                }
            }
        }
    }
    Ok(())
}

fn customer(first: impl Fn(Field) -> Option<String>) -> Option<SheetCustomer> {
    let [reference, name, email, phone] = CUSTOMER.map(first);
    let customer = SheetCustomer {
        reference,
        name,
        email,
        phone,
    };
    (customer != SheetCustomer::default()).then_some(customer)
}

fn address(
    first: impl Fn(Field) -> Option<String>,
    rules: &Rules,
) -> Result<Option<SheetAddress>, String> {
    let [name, line1, line2, city, region, postal_code, country] = ADDRESS.map(first);
    let country = match country {
        Some(country) => rules.countries.code(&country)?,
        None => rules.default_country,
    };
    let address = SheetAddress {
        name,
        line1,
        line2,
        city,
        region,
        postal_code,
        country,
    };
    Ok((address != SheetAddress::default()).then_some(address))
}

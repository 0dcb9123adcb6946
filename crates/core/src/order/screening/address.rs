//! Addresses: whether they have what their country asks for, and in its form.

use super::arrival::Arrival;
use super::finding::{Check, Finding};
use super::formats::{needs_region, postal_format};
use crate::party::Address;

/// Finds addresses that lack a region, or whose postal code has not the form of the country's.
pub(super) fn check(arrival: &Arrival<'_>) -> Option<Finding> {
    let mut reasons = Vec::new();
    for (field, address) in &arrival.addresses {
        reasons.extend(region(field, address));
        reasons.extend(postal_code(field, address));
    }
    (!reasons.is_empty()).then(|| Finding::new(Check::Address, super::screen::listed(&reasons)))
}

fn region(field: &str, address: &Address) -> Option<String> {
    let region = address.region.as_deref().unwrap_or_default();
    let is_missing = needs_region(&address.country) && region.trim().is_empty();
    is_missing.then(|| {
        let country = &address.country;
        format!("{field}/region must name the state or province in {country}")
    })
}

fn postal_code(field: &str, address: &Address) -> Option<String> {
    let format = postal_format(&address.country)?;
    let code = address.postal_code.trim();
    // A code that is missing where one is needed has been found before the checks.
    if format.fits(code) || code.is_empty() {
        return None;
    }
    let (country, example) = (format.country, format.example);
    Some(format!(
        "{field}/postal_code must be like {example} in {country}"
    ))
}

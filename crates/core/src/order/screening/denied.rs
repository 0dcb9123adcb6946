//! Deny lists: who and what is not dealt with.

use sha2::{Digest, Sha256};

use super::arrival::Arrival;
use super::finding::{Check, Finding};
use super::rules::{Denied, DeniedKind};
use crate::order::Placed;

/// Finds everything of the order that is on the list.
pub(super) fn check(list: &[Denied], placed: &Placed, arrival: &Arrival<'_>) -> Option<Finding> {
    let names_email = list.iter().any(|denied| denied.kind == DeniedKind::Email);
    let email = arrival
        .email
        .as_deref()
        .filter(|_| names_email)
        .map(email_hash);
    let areas: Vec<String> = areas(placed);
    let customer = placed.customer.map(|id| id.to_string());
    let is_met = |denied: &&Denied| match denied.kind {
        DeniedKind::Email => email.as_ref() == Some(&denied.value),
        DeniedKind::Area => areas.contains(&denied.value),
        DeniedKind::Customer => {
            customer.as_ref() == Some(&denied.value)
                || arrival.customer_ref == Some(denied.value.as_str())
        }
        DeniedKind::Sku => placed.lines.iter().any(|line| line.sku == denied.value),
    };
    let reasons: Vec<String> = list
        .iter()
        .filter(is_met)
        .map(|denied| format!("{} is denied ({})", what(denied), denied.reason))
        .collect();
    (!reasons.is_empty()).then(|| Finding::new(Check::Denied, super::screen::listed(&reasons)))
}

/// The SHA-256 of an email address in its compared form, in hexadecimal digits.
pub(crate) fn email_hash(email: &str) -> String {
    let digest = Sha256::digest(email.as_bytes());
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The areas and countries that the order goes to.
fn areas(placed: &Placed) -> Vec<String> {
    let lines = placed.lines.iter().map(|line| placed.destination_of(line));
    let mut areas = Vec::new();
    for destination in lines {
        for area in [
            destination.area_or_square(),
            destination.square(),
            destination.country.clone(),
        ] {
            if !areas.contains(&area) {
                areas.push(area);
            }
        }
    }
    areas
}

/// What is denied, without a personal value.
fn what(denied: &Denied) -> String {
    match denied.kind {
        DeniedKind::Email => "the email address".to_owned(),
        DeniedKind::Area => format!("the area {}", denied.value),
        DeniedKind::Customer => "the customer".to_owned(),
        DeniedKind::Sku => format!("SKU {:?}", denied.value),
    }
}

//! Duplicates: the same customer orders the same again, to the same place, within a window.

use super::arrival::Arrival;
use super::finding::{Check, Finding};
use super::rules::DuplicateRules;
use super::tally::{Tally, TallyKey, TallyKind};
use crate::id::CustomerId;
use crate::order::Placed;
use crate::time::Millis;

/// A minute in milliseconds.
const MINUTE_MS: i64 = 60_000;

/// What makes two orders the same: who, where, and how many of what. Nothing where it is not known who ordered.
pub(super) fn key(placed: &Placed, arrival: &Arrival<'_>) -> Option<TallyKey> {
    let lines = placed.lines.iter().filter(|line| line.kit.is_none());
    let wants = lines.map(|line| (line.sku.as_str(), line.quantity));
    key_of(placed.customer, wants, arrival)
}

/// Like [`key`], of what was asked for. A customer who is new here has no id to be known by, but an email address.
pub(super) fn key_of<'a>(
    customer: Option<CustomerId>,
    lines: impl Iterator<Item = (&'a str, i64)>,
    arrival: &Arrival<'_>,
) -> Option<TallyKey> {
    let who = match (&arrival.email, arrival.customer_ref, customer) {
        (Some(email), ..) => email.clone(),
        (None, Some(reference), _) => reference.to_owned(),
        (None, None, customer) => customer?.to_string(),
    };
    let places = arrival.addresses.iter().map(|(_, address)| {
        let parts = [
            &address.country,
            &address.postal_code,
            &address.city,
            &address.line1,
        ];
        parts.map(|part| plain(part)).join("\n")
    });
    let places: Vec<String> = places.collect();
    Some(TallyKey {
        kind: TallyKind::Contents,
        value: [who, places.join("\n"), wants(lines)].join("\n\n"),
    })
}

/// How many of what, whatever the order of the lines.
fn wants<'a>(lines: impl Iterator<Item = (&'a str, i64)>) -> String {
    let mut wants = std::collections::BTreeMap::new();
    for (sku, quantity) in lines {
        let units: &mut i64 = wants.entry(sku).or_default();
        *units = units.saturating_add(quantity);
    }
    let wants = wants
        .into_iter()
        .map(|(sku, units)| format!("{units} {sku}"));
    wants.collect::<Vec<_>>().join("\n")
}

/// A text without what people write differently: case, spaces and signs.
fn plain(text: &str) -> String {
    let letters = text.chars().filter(|c| c.is_alphanumeric());
    letters.flat_map(char::to_lowercase).collect()
}

/// Finds the latest order that is the same, within the window.
pub(super) fn check(rules: &DuplicateRules, tally: &Tally, now: Millis) -> Option<Finding> {
    let window_ms = i64::from(rules.window_minutes) * MINUTE_MS;
    let same = tally.within(now, window_ms).last()?;
    let minutes = (now.0 - same.at.0) / MINUTE_MS;
    let reason = format!(
        "the same as order {} of {minutes} minutes ago: customer, destination, SKUs and quantities",
        same.number
    );
    Some(Finding::new(Check::Duplicate, reason))
}

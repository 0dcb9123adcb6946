//! Payment: enough has to be set aside or taken.

use super::finding::{Check, Finding};
use super::rules::PaymentRules;
use crate::order::Totals;

/// Finds an order that is not paid, or authorised, as far as the rules ask.
pub(super) fn check(rules: &PaymentRules, totals: &Totals) -> Option<Finding> {
    let total = i128::from(totals.total_minor);
    let there = i128::from(totals.authorized_minor);
    if total <= 0 || there * 100 >= total * i128::from(rules.least_percent) {
        return None;
    }
    let reason = format!(
        "{there} of {total} is authorised or paid; {} % is needed",
        rules.least_percent
    );
    Some(Finding::new(Check::Payment, reason))
}

//! Credit: what a customer may owe, orders that have not left included.

use super::finding::{Check, Finding};
use super::rules::CreditRules;
use crate::money::Currency;
use crate::order::Totals;
use crate::party::Account;

/// What the credit check says of an order of a customer with a credit account.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Opinion {
    /// What a person has to look at.
    pub(super) findings: Vec<Finding>,
    /// By how much the order goes beyond the limit, in minor units; 0 if it does not.
    pub(super) beyond_minor: i64,
}

/// Checks an order against the customer's account. Who has no credit is not checked here.
pub(super) fn judge(
    rules: &CreditRules,
    account: &Account,
    totals: &Totals,
    currency: Currency,
) -> Opinion {
    let Some(credit) = &account.credit else {
        return Opinion::default();
    };
    let mut opinion = Opinion::default();
    let mut found = |reason: String| opinion.findings.push(Finding::new(Check::Credit, reason));
    let (total, limit) = (totals.total_minor, credit.limit_minor);
    if account.orders_count == 0 && rules.new_customer_minor.is_some_and(|from| total >= from) {
        found(format!("the first order of this customer comes to {total}"));
    }
    if rules.high_value_minor.is_some_and(|from| total >= from) {
        found(format!("the order comes to {total}"));
    }
    if credit.currency != currency {
        let known = credit.currency;
        found(format!("the credit is in {known}, the order in {currency}"));
        return opinion;
    }
    let owed = crate::party::exposure(totals);
    let open = account.open_balance_minor;
    let beyond = open.saturating_add(owed).saturating_sub(limit);
    if owed > 0 && beyond > 0 {
        found(format!(
            "the customer owes {open} of {limit}, and this order adds {owed}: {beyond} too much"
        ));
        opinion.beyond_minor = beyond;
    }
    opinion
}

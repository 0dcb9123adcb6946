//! Accounts of customers: their tier, their credit, and what they owe on it.

use serde::{Deserialize, Serialize};

use crate::decide::{Attempt, Stop};
use crate::decision::{Answer, Resource};
use crate::id::CustomerId;
use crate::money::{AMOUNT_MAX, Currency};
use crate::order::{Order, Totals, totals};
use crate::refusal::Refusal;
use crate::text;

/// Longest terms, in days.
const TERMS_MAX: u16 = 365;

/// What is known of a customer besides who it is. Written under a guard, in the customer's bucket.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Account {
    /// Rises by one with every change; 0 for a customer without an account.
    pub version: i64,
    /// A word of the merchant's own, such as `gold`.
    pub tier: Option<String>,
    /// What the customer may owe.
    pub credit: Option<Credit>,
    /// How the customer wants to be served.
    pub terms: Terms,
    /// What the customer owes on orders that were taken on account, unshipped ones included, in minor units.
    pub open_balance_minor: i64,
    /// Orders of the customer when this was read; not written with the account.
    pub orders_count: i64,
}

/// What a customer may owe.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Credit {
    /// How much at most, in minor units.
    pub limit_minor: i64,
    /// Days after which it is to be paid.
    pub terms_days: u16,
    /// The one currency of the account.
    pub currency: Currency,
}

/// How a customer wants to be served; orders may say otherwise. New orders follow them, and those that are placed already
/// keep what they were placed with.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Terms {
    /// Nothing of an order is begun until all of it is allocated.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub ship_complete: bool,
    /// Items that have a case quantity are ordered and served in whole cases.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub whole_cases: bool,
}

/// Sets the tier, the credit and the terms of a customer. What is owed stays.
#[derive(Debug, Clone)]
pub struct PutAccount {
    /// Whose.
    pub customer: CustomerId,
    /// The tier; none if absent.
    pub tier: Option<String>,
    /// The credit; none if absent.
    pub credit: Option<Credit>,
    /// How the customer wants to be served.
    pub terms: Terms,
}

/// Sets the tier, the credit and the terms of a customer.
///
/// # Errors
/// Refuses invalid fields, and another currency while something is owed.
pub fn put_account(attempt: &mut Attempt<'_>, command: &PutAccount) -> Result<Answer, Stop> {
    check(command)?;
    let account = attempt.account(command.customer)?;
    let currency = |credit: &Option<Credit>| credit.as_ref().map(|credit| credit.currency);
    let other = currency(&account.credit) != currency(&command.credit);
    if account.open_balance_minor != 0 && other {
        let problem = format!(
            "cannot change while {} is owed; settle it first",
            account.open_balance_minor
        );
        return Err(Refusal::invalid("/credit/currency", problem).into());
    }
    let changed = Account {
        tier: command.tier.clone(),
        credit: command.credit,
        terms: command.terms,
        ..account.clone()
    };
    if changed != account {
        attempt.put_account(command.customer, changed);
    }
    Ok(Answer::ok(Resource::Customer(command.customer)))
}

fn check(command: &PutAccount) -> Result<(), Refusal> {
    if let Some(tier) = &command.tier {
        text::name("/tier", tier, text::CODE_MAX)?;
    }
    let Some(credit) = &command.credit else {
        return Ok(());
    };
    if !(0..=AMOUNT_MAX).contains(&credit.limit_minor) {
        let problem = "must not be negative, nor beyond 2^53 - 1";
        return Err(Refusal::invalid("/credit/limit_minor", problem));
    }
    if credit.terms_days > TERMS_MAX {
        let problem = format!("must lie between 0 and {TERMS_MAX}");
        return Err(Refusal::invalid("/credit/terms_days", problem));
    }
    Ok(())
}

/// What is owed on an order: what it costs less what is set aside or was taken. Money that went back does not count
/// again: what it was paid for has come back too.
#[must_use]
pub fn exposure(totals: &Totals) -> i64 {
    totals
        .total_minor
        .saturating_sub(totals.authorized_minor)
        .max(0)
}

/// What an order adds to its customer's open balance; 0 if it was not taken on account.
#[must_use]
pub fn owed_on(order: &Order) -> i64 {
    match order.progress.terms_days {
        Some(_) => exposure(&totals(order)),
        None => 0,
    }
}

/// Brings the balances of customers up to what their changed orders add to them.
///
/// # Errors
/// Stops when accounts were not loaded yet.
pub(crate) fn settle(attempt: &mut Attempt<'_>) -> Result<(), Stop> {
    for (customer, change) in attempt.changed_debts() {
        let account = attempt.account(customer)?;
        let changed = Account {
            open_balance_minor: account.open_balance_minor.saturating_add(change),
            ..account
        };
        attempt.put_account(customer, changed);
    }
    Ok(())
}

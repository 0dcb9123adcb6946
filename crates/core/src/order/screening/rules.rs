//! Screening rules: which checks the orders of a channel go through, and with which limits.

use serde::{Deserialize, Serialize};

use super::scorer::Secret;
use crate::condition::Condition;

/// Which checks the orders of some channels go through. Every change makes a new version; a hold keeps the version it
/// came of.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ScreeningRules {
    /// The merchant's own code; unique.
    pub code: String,
    /// Rises by one with every change, from 1; given by the decision.
    #[serde(default)]
    pub version: u32,
    /// Codes of the channels it is in force for; a channel has one set of rules at most.
    #[serde(default)]
    pub channels: Vec<String>,
    /// Minutes that local time is ahead of UTC; what `local.hour` and `local.weekday` are in.
    #[serde(default)]
    pub utc_offset_minutes: i32,
    /// Days that an authorisation is good for; a review is due before it runs out.
    #[serde(default)]
    pub authorization_days: Option<u16>,
    /// Whether addresses are checked against the formats of their countries.
    #[serde(default)]
    pub address_formats: bool,
    /// The same order again.
    #[serde(default)]
    pub duplicates: Option<DuplicateRules>,
    /// Who and what is not dealt with.
    #[serde(default)]
    pub deny: Vec<Denied>,
    /// Prices against a band.
    #[serde(default)]
    pub price: Option<PriceRules>,
    /// Money that must be there.
    #[serde(default)]
    pub payment: Option<PaymentRules>,
    /// Fraud rules and their thresholds.
    #[serde(default)]
    pub fraud: Option<FraudRules>,
    /// Somebody outside who scores orders.
    #[serde(default)]
    pub scorer: Option<ScorerRules>,
    /// Buying on credit terms.
    #[serde(default)]
    pub credit: Option<CreditRules>,
    /// What a person must agree to.
    #[serde(default)]
    pub approvals: Vec<ApprovalRule>,
}

/// The same order again: same customer, destination, SKUs and quantities.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct DuplicateRules {
    /// Minutes within which it is the same: 1 to 1,440.
    pub window_minutes: u32,
}

/// Somebody or something that is not dealt with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Denied {
    /// What the value is.
    pub kind: DeniedKind,
    /// The value; of an email address its SHA-256 in hexadecimal digits.
    pub value: String,
    /// Why.
    pub reason: String,
}

/// What a deny list names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DeniedKind {
    /// An email address, by its hash.
    Email,
    /// An area or country, as `ship_to.area` has it.
    Area,
    /// A customer, by id or by the merchant's own number.
    Customer,
    /// A SKU.
    Sku,
}

/// What prices are compared with.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PriceBase {
    /// What the item costs the merchant.
    #[default]
    Cost,
    /// What the item is sold for where nothing else is agreed: its list price in the channel, else everywhere.
    List,
}

/// Unit prices, after the line's discount, in percent of what the item costs, or of its list price.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct PriceRules {
    /// What they are compared with.
    #[serde(default)]
    pub against: PriceBase,
    /// Least percent of it; below it the order is held.
    #[serde(default)]
    pub least_percent: Option<u32>,
    /// Most percent of it; above it the order is held.
    #[serde(default)]
    pub most_percent: Option<u32>,
}

/// Money that must be set aside or taken before anything is released.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct PaymentRules {
    /// Percent of the total, 1 to 100. Orders on credit terms are left out.
    pub least_percent: u32,
}

/// Fraud rules: the scores of those that hold are added up.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FraudRules {
    /// The rules.
    pub rules: Vec<FraudRule>,
    /// From this score on the order is held.
    pub hold_at: i64,
    /// From this score on it is refused; never where a channel takes exceptions.
    #[serde(default)]
    pub refuse_at: Option<i64>,
}

/// One fraud rule. If its condition has no answer for an order, its score counts: what cannot be told is looked at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FraudRule {
    /// What people call it.
    pub name: String,
    /// When it holds.
    pub when: Condition,
    /// What it adds; below 0 for what speaks for the order.
    pub score: i64,
}

/// Somebody outside who scores orders. What is asked about is held until there is an answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ScorerRules {
    /// Where it is asked: an `http` or `https` address without a user or a fragment.
    pub url: String,
    /// What questions are signed with, and answers that come later: `whsec_` and 24 to 64 bytes in base64.
    pub secret: Secret,
    /// How long one question may take, in milliseconds: 100 to 30,000.
    pub timeout_ms: u32,
    /// How long an answer is waited for, in seconds: 1 to 604,800.
    pub deadline_seconds: u32,
    /// From this score on the order stays held.
    pub hold_at: i64,
    /// What happens when nobody answers until the deadline.
    #[serde(default)]
    pub unanswered: Unanswered,
    /// Which orders it is asked about; all unless given.
    #[serde(default)]
    pub when: Option<Condition>,
}

/// What happens to an order that a scorer does not score in time.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Unanswered {
    /// It stays held until a person looked at it.
    #[default]
    Hold,
    /// It goes on.
    Release,
}

/// Buying on credit terms. Who has no credit account is not checked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct CreditRules {
    /// What happens to an order that the limit does not reach.
    pub exceeded: Exceeded,
    /// First orders from this total on are held, in minor units.
    #[serde(default)]
    pub new_customer_minor: Option<i64>,
    /// All orders from this total on are held, in minor units.
    #[serde(default)]
    pub high_value_minor: Option<i64>,
}

/// What happens to an order that the credit limit does not reach.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Exceeded {
    /// It is held.
    #[default]
    Hold,
    /// It is refused; never where a channel takes exceptions.
    Refuse,
}

/// What a person must agree to. If its condition has no answer for an order, it is asked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ApprovalRule {
    /// What people call it.
    pub name: String,
    /// Which orders need it.
    pub when: Condition,
    /// The role that may agree.
    pub role: String,
    /// After so many minutes without a decision another role may agree too.
    #[serde(default)]
    pub escalate_after_minutes: Option<u32>,
    /// That role.
    #[serde(default)]
    pub escalate_to: Option<String>,
    /// After so many minutes without a decision the order is cancelled.
    #[serde(default)]
    pub expires_after_minutes: Option<u32>,
}

impl ScreeningRules {
    /// All conditions of the rules.
    pub fn conditions(&self) -> impl Iterator<Item = &Condition> {
        let fraud = self.fraud.iter().flat_map(|fraud| &fraud.rules);
        let approvals = self.approvals.iter().map(|rule| &rule.when);
        let scorer = self.scorer.iter().filter_map(|scorer| scorer.when.as_ref());
        let fraud = fraud.map(|rule| &rule.when);
        fraud.chain(approvals).chain(scorer)
    }

    /// Whether some condition uses a name that begins so.
    #[must_use]
    pub fn mentions(&self, start: &str) -> bool {
        self.conditions()
            .any(|condition| condition.names().iter().any(|name| name.starts_with(start)))
    }

    /// Whether what is known of the customer is needed.
    #[must_use]
    pub fn needs_account(&self) -> bool {
        const PAST: [&str; 4] = [
            "customer.is_new",
            "customer.orders_count",
            "customer.open_balance_minor",
            "customer.credit_limit_minor",
        ];
        self.credit.is_some()
            || self.mentions("customer.tier")
            || PAST.iter().any(|name| self.mentions(name))
    }
}

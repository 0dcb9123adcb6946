//! Screening rules as the caller writes them.

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use throughline_core::Refusal;
use throughline_core::command::PutMode;
use throughline_core::condition::{Condition, Scope};
use throughline_core::order::screening::{
    ApprovalRule, CreditRules, Denied, DeniedKind, DuplicateRules, Exceeded, FraudRule, FraudRules,
    PaymentRules, PriceBase, PriceRules, PutScreeningRules, ScreeningRules,
};
use utoipa::ToSchema;

use super::scorer::ScorerBody;
use crate::http::api::names::name;
use crate::http::auth::Role;
use crate::http::body::RequestBody;

/// Which checks the orders of some channels go through before they are released. A check that is absent is not made.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = ScreeningRulesData)]
#[serde(deny_unknown_fields)]
pub struct ScreeningRulesBody {
    /// The code; may be left away, or must be the path's.
    #[schema(min_length = 1, max_length = 64)]
    code: Option<String>,
    /// Codes of the channels they are in force for; a channel has one set of rules at most.
    #[schema(max_items = 1000)]
    channels: Option<Vec<String>>,
    /// Minutes that local time is ahead of UTC, for `local.hour` and `local.weekday`; 0 unless given.
    #[schema(minimum = -840, maximum = 840)]
    utc_offset_minutes: Option<i32>,
    /// Days that an authorisation is good for; a review is due a quarter of a day before it runs out.
    #[schema(minimum = 1, maximum = 365)]
    authorization_days: Option<u16>,
    /// Whether postal codes and regions are checked against the formats of their countries; no unless given.
    address_formats: Option<bool>,
    /// The same order again.
    duplicates: Option<DuplicatesBody>,
    /// Who and what is not dealt with.
    #[schema(max_items = 1000)]
    deny: Option<Vec<DenyBody>>,
    /// Prices against a band.
    price: Option<PriceBody>,
    /// Money that must be there.
    payment: Option<PaymentRulesBody>,
    /// Fraud rules and their thresholds.
    fraud: Option<FraudBody>,
    /// Somebody outside who scores orders.
    scorer: Option<ScorerBody>,
    /// Buying on credit terms.
    credit: Option<CreditRulesBody>,
    /// What a person must agree to.
    #[schema(max_items = 100)]
    approvals: Option<Vec<ApprovalBody>>,
}

/// The same customer, destination, SKUs and quantities again.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = DuplicateRules)]
#[serde(deny_unknown_fields)]
pub struct DuplicatesBody {
    /// Minutes within which it is the same order.
    #[schema(minimum = 1, maximum = 1440)]
    pub window_minutes: u32,
}

/// Somebody or something that is not dealt with.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = DenyEntry)]
#[serde(deny_unknown_fields)]
pub struct DenyBody {
    /// What the value is.
    #[schema(value_type = DeniedKindShape)]
    pub kind: DeniedKind,
    /// An email address (kept and shown as its SHA-256 in hexadecimal digits), an area or country as `ship_to.area`
    /// has it, a customer's id or external reference, or a SKU.
    #[schema(min_length = 1, max_length = 255)]
    pub value: String,
    /// Why.
    #[schema(min_length = 1, max_length = 500)]
    pub reason: String,
}

/// What a deny list names.
#[derive(Debug, ToSchema)]
#[schema(as = DeniedKind, rename_all = "snake_case")]
pub enum DeniedKindShape {
    /// An email address.
    Email,
    /// An area or country.
    Area,
    /// A customer.
    Customer,
    /// A SKU.
    Sku,
}

/// Prices of lines, after their discount, in percent of what the items cost, or of their list prices. One bound at least.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = PriceRules)]
#[serde(deny_unknown_fields)]
pub struct PriceBody {
    /// What they are compared with; `cost` unless given.
    #[serde(default)]
    #[schema(value_type = PriceBaseShape)]
    pub against: PriceBase,
    /// Below this percentage of it the order is held.
    #[schema(minimum = 1, maximum = 100_000)]
    pub least_percent: Option<u32>,
    /// Above this percentage of it the order is held.
    #[schema(minimum = 1, maximum = 100_000)]
    pub most_percent: Option<u32>,
}

/// What prices are compared with.
#[derive(Debug, ToSchema)]
#[schema(as = PriceBase, rename_all = "snake_case")]
pub enum PriceBaseShape {
    /// What the item costs the merchant.
    Cost,
    /// The item's list price in the channel, else everywhere.
    List,
}

/// Money that must be set aside or taken. Orders on credit terms are left out.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = PaymentRules)]
#[serde(deny_unknown_fields)]
pub struct PaymentRulesBody {
    /// Percent of the total.
    #[schema(minimum = 1, maximum = 100)]
    pub least_percent: u32,
}

/// Fraud rules: the scores of those that hold are added up.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = FraudRules)]
#[serde(deny_unknown_fields)]
pub struct FraudBody {
    /// The rules.
    #[schema(min_items = 1, max_items = 100)]
    pub rules: Vec<FraudRuleBody>,
    /// From this score on the order is held.
    #[schema(minimum = 1, maximum = 100_000)]
    pub hold_at: i64,
    /// From this score on it is refused; it is held where a channel takes exceptions.
    pub refuse_at: Option<i64>,
}

/// One fraud rule. If its condition has no answer for an order, its score counts.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = FraudRule)]
#[serde(deny_unknown_fields)]
pub struct FraudRuleBody {
    /// What people call it.
    #[schema(min_length = 1, max_length = 255)]
    pub name: String,
    /// When it holds: a condition in CEL.
    #[schema(
        min_length = 1,
        max_length = 2000,
        example = "velocity.card.orders_hour >= 3"
    )]
    pub when: String,
    /// What it adds; below 0 for what speaks for the order.
    #[schema(minimum = -1000, maximum = 1000)]
    pub score: i64,
}

/// Buying on credit terms. Only customers with a credit account are checked.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = CreditRules)]
#[serde(deny_unknown_fields)]
pub struct CreditRulesBody {
    /// What happens to an order that the limit does not reach; `hold` unless given.
    #[serde(default)]
    #[schema(value_type = ExceededShape)]
    pub exceeded: Exceeded,
    /// First orders from this total on are held, in minor units.
    #[schema(minimum = 1, maximum = 9_007_199_254_740_991_i64)]
    pub new_customer_minor: Option<i64>,
    /// All orders from this total on are held, in minor units.
    #[schema(minimum = 1, maximum = 9_007_199_254_740_991_i64)]
    pub high_value_minor: Option<i64>,
}

/// What happens to an order that the credit limit does not reach.
#[derive(Debug, ToSchema)]
#[schema(as = CreditExceeded, rename_all = "snake_case")]
pub enum ExceededShape {
    /// It is held.
    Hold,
    /// It is refused; it is held where a channel takes exceptions.
    Refuse,
}

/// What a person must agree to. If its condition has no answer for an order, it is asked for.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = ApprovalRule)]
#[serde(deny_unknown_fields)]
pub struct ApprovalBody {
    /// What people call it.
    #[schema(min_length = 1, max_length = 255)]
    pub name: String,
    /// Which orders need it: a condition in CEL.
    #[schema(min_length = 1, max_length = 2000, example = "total_minor >= 500000")]
    pub when: String,
    /// The role that may agree.
    pub role: Role,
    /// After so many minutes without a decision another role may agree too.
    #[schema(minimum = 1, maximum = 129_600)]
    pub escalate_after_minutes: Option<u32>,
    /// That role.
    pub escalate_to: Option<Role>,
    /// After so many minutes without a decision the order is cancelled.
    #[schema(minimum = 1, maximum = 129_600)]
    pub expires_after_minutes: Option<u32>,
}

impl RequestBody for ScreeningRulesBody {}

impl ScreeningRulesBody {
    /// The command that writes the rules with the code of the path.
    ///
    /// # Errors
    /// Refuses another code than the path's, and conditions that cannot be.
    pub fn command(
        self,
        path: Option<String>,
        mode: PutMode,
    ) -> Result<PutScreeningRules, Refusal> {
        let approvals = self.approvals.unwrap_or_default().into_iter().enumerate();
        let approvals = approvals.map(|(at, rule)| approval(at, rule));
        let rules = ScreeningRules {
            code: name("code", path, self.code)?,
            version: 0,
            channels: self.channels.unwrap_or_default(),
            utc_offset_minutes: self.utc_offset_minutes.unwrap_or_default(),
            authorization_days: self.authorization_days,
            address_formats: self.address_formats.unwrap_or_default(),
            duplicates: self.duplicates.map(|body| DuplicateRules {
                window_minutes: body.window_minutes,
            }),
            deny: self
                .deny
                .unwrap_or_default()
                .into_iter()
                .map(denied)
                .collect(),
            price: self.price.map(|body| PriceRules {
                against: body.against,
                least_percent: body.least_percent,
                most_percent: body.most_percent,
            }),
            payment: self.payment.map(|body| PaymentRules {
                least_percent: body.least_percent,
            }),
            fraud: self.fraud.map(fraud).transpose()?,
            scorer: self.scorer.map(ScorerBody::rules).transpose()?,
            credit: self.credit.map(|body| CreditRules {
                exceeded: body.exceeded,
                new_customer_minor: body.new_customer_minor,
                high_value_minor: body.high_value_minor,
            }),
            approvals: approvals.collect::<Result<_, _>>()?,
        };
        Ok(PutScreeningRules { rules, mode })
    }
}

fn fraud(body: FraudBody) -> Result<FraudRules, Refusal> {
    let rules = body.rules.into_iter().enumerate().map(|(at, rule)| {
        Ok(FraudRule {
            when: when(&format!("/fraud/rules/{at}/when"), &rule.when)?,
            name: rule.name,
            score: rule.score,
        })
    });
    Ok(FraudRules {
        rules: rules.collect::<Result<_, Refusal>>()?,
        hold_at: body.hold_at,
        refuse_at: body.refuse_at,
    })
}

fn approval(at: usize, body: ApprovalBody) -> Result<ApprovalRule, Refusal> {
    Ok(ApprovalRule {
        when: when(&format!("/approvals/{at}/when"), &body.when)?,
        name: body.name,
        role: body.role.to_string(),
        escalate_after_minutes: body.escalate_after_minutes,
        escalate_to: body.escalate_to.map(|role| role.to_string()),
        expires_after_minutes: body.expires_after_minutes,
    })
}

pub(super) fn when(field: &str, text: &str) -> Result<Condition, Refusal> {
    Condition::parse_in(Scope::Screening, field, text)
}

/// Settings hold no personal values: of an email address only the hash is kept.
fn denied(body: DenyBody) -> Denied {
    let is_address = body.kind == DeniedKind::Email && body.value.contains('@');
    let value = if is_address {
        let digest = Sha256::digest(body.value.trim().to_lowercase().as_bytes());
        digest.iter().map(|byte| format!("{byte:02x}")).collect()
    } else {
        body.value
    };
    Denied {
        kind: body.kind,
        value,
        reason: body.reason,
    }
}

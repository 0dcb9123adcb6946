//! Screening rules as the API shows them.

use serde::Serialize;
use throughline_core::order::screening::{ApprovalRule, FraudRules, ScreeningRules};
use utoipa::ToSchema;

use super::body::{
    CreditRulesBody, DenyBody, DuplicatesBody, FraudBody, FraudRuleBody, PaymentRulesBody,
    PriceBody,
};
use super::scorer::ScorerView;

/// Which checks the orders of some channels go through before they are released.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ScreeningRules)]
pub struct ScreeningRulesView<'a> {
    /// The merchant's own code.
    code: &'a str,
    /// Rises by one with every change, from 1; a hold names the version it came of.
    version: u32,
    /// Codes of the channels they are in force for.
    channels: &'a [String],
    /// Minutes that local time is ahead of UTC.
    utc_offset_minutes: i32,
    /// Days that an authorisation is good for.
    authorization_days: Option<u16>,
    /// Whether addresses are checked against the formats of their countries.
    address_formats: bool,
    /// The same order again.
    duplicates: Option<DuplicatesBody>,
    /// Who and what is not dealt with.
    deny: Vec<DenyBody>,
    /// Prices against a band.
    price: Option<PriceBody>,
    /// Money that must be there.
    payment: Option<PaymentRulesBody>,
    /// Fraud rules and their thresholds.
    fraud: Option<FraudBody>,
    /// Somebody outside who scores orders.
    scorer: Option<ScorerView<'a>>,
    /// Buying on credit terms.
    credit: Option<CreditRulesBody>,
    /// What a person must agree to.
    approvals: Vec<ApprovalView<'a>>,
}

/// What a person must agree to.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ApprovalRuleView)]
struct ApprovalView<'a> {
    /// What people call it.
    name: &'a str,
    /// Which orders need it: a condition in CEL.
    when: &'a str,
    /// The role that may agree.
    role: &'a str,
    /// After so many minutes without a decision another role may agree too.
    escalate_after_minutes: Option<u32>,
    /// That role.
    escalate_to: Option<&'a str>,
    /// After so many minutes without a decision the order is cancelled.
    expires_after_minutes: Option<u32>,
}

impl<'a> ScreeningRulesView<'a> {
    /// Shows screening rules.
    #[must_use]
    pub fn new(rules: &'a ScreeningRules) -> Self {
        Self {
            code: &rules.code,
            version: rules.version,
            channels: &rules.channels,
            utc_offset_minutes: rules.utc_offset_minutes,
            authorization_days: rules.authorization_days,
            address_formats: rules.address_formats,
            duplicates: rules.duplicates.map(|duplicates| DuplicatesBody {
                window_minutes: duplicates.window_minutes,
            }),
            deny: denied(rules),
            price: rules.price.map(|price| PriceBody {
                against: price.against,
                least_percent: price.least_percent,
                most_percent: price.most_percent,
            }),
            payment: rules.payment.map(|payment| PaymentRulesBody {
                least_percent: payment.least_percent,
            }),
            fraud: rules.fraud.as_ref().map(fraud),
            scorer: rules.scorer.as_ref().map(ScorerView::new),
            credit: rules.credit.map(|credit| CreditRulesBody {
                exceeded: credit.exceeded,
                new_customer_minor: credit.new_customer_minor,
                high_value_minor: credit.high_value_minor,
            }),
            approvals: rules.approvals.iter().map(ApprovalView::new).collect(),
        }
    }
}

fn denied(rules: &ScreeningRules) -> Vec<DenyBody> {
    let entry = |denied: &throughline_core::order::screening::Denied| DenyBody {
        kind: denied.kind,
        value: denied.value.clone(),
        reason: denied.reason.clone(),
    };
    rules.deny.iter().map(entry).collect()
}

fn fraud(fraud: &FraudRules) -> FraudBody {
    let rules = fraud.rules.iter().map(|rule| FraudRuleBody {
        name: rule.name.clone(),
        when: rule.when.text().to_owned(),
        score: rule.score,
    });
    FraudBody {
        rules: rules.collect(),
        hold_at: fraud.hold_at,
        refuse_at: fraud.refuse_at,
    }
}

impl<'a> ApprovalView<'a> {
    fn new(rule: &'a ApprovalRule) -> Self {
        Self {
            name: &rule.name,
            when: rule.when.text(),
            role: &rule.role,
            escalate_after_minutes: rule.escalate_after_minutes,
            escalate_to: rule.escalate_to.as_deref(),
            expires_after_minutes: rule.expires_after_minutes,
        }
    }
}

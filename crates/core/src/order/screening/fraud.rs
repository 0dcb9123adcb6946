//! Fraud rules: the scores of the conditions that hold are added up and compared with two thresholds.

use super::finding::{Check, Finding};
use super::rules::{FraudRule, FraudRules};
use crate::condition::OrderContext;

/// What the rules say of an order.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Opinion {
    /// Nothing to stop it for.
    Passed,
    /// A person has to look at it.
    Held(Finding),
    /// It is not taken.
    Refused(Finding),
}

/// Adds up the scores of the rules that hold. A rule without an answer counts.
pub(super) fn judge(rules: &FraudRules, order: &OrderContext) -> Opinion {
    let mut score = 0i64;
    let mut reasons = Vec::new();
    for rule in &rules.rules {
        if let Some(reason) = applies(rule, order) {
            score += rule.score;
            reasons.push(reason);
        }
    }
    let finding = || Finding {
        score: Some(score),
        ..Finding::new(
            Check::Fraud,
            format!("score {score}: {}", super::screen::listed(&reasons)),
        )
    };
    match rules.refuse_at {
        Some(refuse_at) if score >= refuse_at => Opinion::Refused(finding()),
        _ if score >= rules.hold_at => Opinion::Held(finding()),
        _ => Opinion::Passed,
    }
}

fn applies(rule: &FraudRule, order: &OrderContext) -> Option<String> {
    match rule.when.holds(order) {
        Ok(false) => None,
        Ok(true) => Some(format!("{} ({:+})", rule.name, rule.score)),
        Err(error) => Some(format!("{} ({:+}, because {error})", rule.name, rule.score)),
    }
}

//! What a check found, and the hold that comes of it.

use serde::{Deserialize, Serialize};

use super::{Approval, Scoring};
use crate::order::HoldKind;

/// The checks, in the order they are made in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Check {
    /// Completeness and format of addresses.
    Address,
    /// The same order within a window.
    Duplicate,
    /// Deny lists.
    Denied,
    /// Prices against a band.
    Price,
    /// Money set aside or taken.
    Payment,
    /// Fraud rules and their score.
    Fraud,
    /// Credit terms and limit.
    Credit,
    /// What a person must agree to.
    Approval,
    /// Somebody outside who scores orders.
    Scorer,
}

impl Check {
    /// The check as the API and the journal write it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Address => "address",
            Self::Duplicate => "duplicate",
            Self::Denied => "denied",
            Self::Price => "price",
            Self::Payment => "payment",
            Self::Fraud => "fraud",
            Self::Credit => "credit",
            Self::Approval => "approval",
            Self::Scorer => "scorer",
        }
    }

    /// The hold that a finding of this check becomes.
    #[must_use]
    pub fn hold(self) -> HoldKind {
        match self {
            Self::Address => HoldKind::Address,
            Self::Duplicate => HoldKind::Duplicate,
            Self::Denied | Self::Fraud | Self::Scorer => HoldKind::Fraud,
            Self::Price => HoldKind::Price,
            Self::Payment => HoldKind::Payment,
            Self::Credit => HoldKind::Credit,
            Self::Approval => HoldKind::Approval,
        }
    }
}

/// What a check found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::order) struct Finding {
    pub(in crate::order) check: Check,
    pub(in crate::order) reason: String,
    /// Of fraud: the sum of the rules that hold.
    pub(in crate::order) score: Option<i64>,
    /// Of approvals: who may agree, and until when.
    pub(in crate::order) approval: Option<Approval>,
    /// Of a scorer outside: until when it may answer.
    pub(in crate::order) scoring: Option<Scoring>,
}

impl Finding {
    pub(super) fn new(check: Check, reason: impl Into<String>) -> Self {
        Self {
            check,
            reason: reason.into(),
            score: None,
            approval: None,
            scoring: None,
        }
    }
}

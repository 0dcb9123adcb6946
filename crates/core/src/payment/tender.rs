//! One tender: what was authorised, captured and given back.

use serde::{Deserialize, Serialize};

use crate::id::PaymentNo;
use crate::time::Millis;

/// One tender and its life. Captures never exceed the authorisation, refunds never exceed captures.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Payment {
    /// Identity within the order.
    pub no: PaymentNo,
    /// What was used: `card`, `invoice`, `cash`, or a word of the merchant's own.
    pub method: String,
    /// The gateway's name for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reference: Option<String>,
    /// Authorised, in minor units of the order's currency.
    pub authorized_minor: i64,
    /// Captured.
    pub captured_minor: i64,
    /// Given back.
    pub refunded_minor: i64,
    /// When it was first recorded.
    pub at: Millis,
    /// Set when it ended without (further) capture.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ended: Option<PaymentState>,
}

/// What is recorded of a payment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PaymentState {
    /// Announced; nothing is sure yet.
    Pending,
    /// The money is set aside.
    #[serde(alias = "authorised")]
    Authorized,
    /// The money is taken.
    Captured,
    /// Money is given back.
    Refunded,
    /// The authorisation was given up.
    Voided,
    /// The tender did not work.
    Failed,
    /// The authorisation ran out.
    Expired,
}

/// A payment that comes with a new order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewPayment {
    /// Pending, authorised or captured.
    pub state: PaymentState,
    /// Amount in minor units of the order's currency.
    pub amount_minor: i64,
    /// What was used.
    pub method: String,
    /// The gateway's name for it.
    pub reference: Option<String>,
    /// The gateway's name for the card, the same whenever it is used. Counted by screening, not kept.
    pub fingerprint: Option<String>,
}

impl PaymentState {
    /// The state as the API and the journal write it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Authorized => "authorized",
            Self::Captured => "captured",
            Self::Refunded => "refunded",
            Self::Voided => "voided",
            Self::Failed => "failed",
            Self::Expired => "expired",
        }
    }
}

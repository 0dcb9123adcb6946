//! Payments are recorded; the manual gateway takes them at their word, within the limits of I5.

use super::PaymentState;
use crate::id::PaymentNo;

/// Records what happened to a tender, or a new tender.
#[derive(Debug, Clone)]
pub struct RecordPayment {
    /// The tender; `None`: a new one (for refunds: the captured ones, oldest first).
    pub payment: Option<PaymentNo>,
    /// What happened.
    pub state: PaymentState,
    /// How much, in minor units; required but for voided, failed and expired.
    pub amount_minor: Option<i64>,
    /// What was used: `card`, `invoice`, `cash` ...
    pub method: Option<String>,
    /// The gateway's name for it.
    pub reference: Option<String>,
    /// Why, for refunds.
    pub reason: Option<String>,
}

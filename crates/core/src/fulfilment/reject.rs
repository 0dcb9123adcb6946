//! The location says no; its units are sourced elsewhere in the same commit.

use crate::id::FulfilmentNo;

/// A location rejects a fulfilment that has not left. It is not asked again for this order.
#[derive(Debug, Clone)]
pub struct RejectFulfilment {
    /// Which.
    pub fulfilment: FulfilmentNo,
    /// Why, in the caller's words.
    pub reason: String,
}

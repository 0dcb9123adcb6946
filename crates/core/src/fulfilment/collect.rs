//! The customer collects a pickup fulfilment; on hand falls.

use crate::id::FulfilmentNo;

/// The customer collects everything of a pickup fulfilment.
#[derive(Debug, Clone)]
pub struct CollectFulfilment {
    /// Which.
    pub fulfilment: FulfilmentNo,
}

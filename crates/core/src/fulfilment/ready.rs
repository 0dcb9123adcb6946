//! Ready to be collected.

use crate::id::FulfilmentNo;

/// Everything of a pickup fulfilment is picked; the customer may come.
#[derive(Debug, Clone)]
pub struct MarkReady {
    /// Which.
    pub fulfilment: FulfilmentNo,
}

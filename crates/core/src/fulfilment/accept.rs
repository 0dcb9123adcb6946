//! The location says yes.

use crate::id::FulfilmentNo;

/// A location that has to be asked accepts a fulfilment.
#[derive(Debug, Clone)]
pub struct AcceptFulfilment {
    /// Which.
    pub fulfilment: FulfilmentNo,
}

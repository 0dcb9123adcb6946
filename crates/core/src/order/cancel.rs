//! Cancelling lines or a whole order, as long as the units have not left.

use super::LineUnits;

/// Cancels units that have not left.
#[derive(Debug, Clone)]
pub struct CancelOrder {
    /// Why, in the caller's words.
    pub reason: String,
    /// What; `None`: everything that has not left.
    pub lines: Option<Vec<LineUnits>>,
}

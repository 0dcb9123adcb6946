//! Goods are announced to come back.

use crate::id::LineNo;

/// Announces that delivered units come back.
#[derive(Debug, Clone)]
pub struct RegisterReturn {
    /// What.
    pub lines: Vec<ReturnedLine>,
}

/// Units of one line that come back.
#[derive(Debug, Clone)]
pub struct ReturnedLine {
    /// The line of the order.
    pub line: LineNo,
    /// Units.
    pub quantity: i64,
    /// Why, in the caller's words.
    pub reason: String,
}

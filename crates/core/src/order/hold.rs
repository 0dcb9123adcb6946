//! Holds: put on, released.

use super::HoldKind;
use crate::id::{HoldNo, LineNo};

/// Puts an order, or some of its lines, on hold.
#[derive(Debug, Clone)]
pub struct HoldOrder {
    /// The kind decides which verbs are blocked.
    pub kind: HoldKind,
    /// Why, in the caller's words.
    pub reason: String,
    /// The lines; empty for the whole order.
    pub lines: Vec<LineNo>,
}

/// Releases a hold. What waited only for it is sourced in the same commit.
#[derive(Debug, Clone)]
pub struct ReleaseHold {
    /// Which.
    pub hold: HoldNo,
}

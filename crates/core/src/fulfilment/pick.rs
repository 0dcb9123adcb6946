//! Picking: begin, record what was found, and what was not.

use crate::id::{FulfilmentNo, LineNo};

/// Begins picking or records picked units.
#[derive(Debug, Clone)]
pub struct PickFulfilment {
    /// Which.
    pub fulfilment: FulfilmentNo,
    /// Only begin; nothing is picked yet.
    pub start_only: bool,
    /// What was picked; `None`: everything that is assigned.
    pub lines: Option<Vec<PickLine>>,
}

/// What was found of one line.
#[derive(Debug, Clone, Copy)]
pub struct PickLine {
    /// The line.
    pub line: LineNo,
    /// Units found.
    pub quantity: i64,
    /// Units that are not there: on hand falls, and they are sourced elsewhere.
    pub short: i64,
}

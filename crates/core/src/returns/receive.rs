//! Goods came back.

use crate::id::ReturnNo;
use crate::returns::Disposition;

/// Records goods that came back, or did not.
#[derive(Debug, Clone)]
pub struct ReceiveReturn {
    /// Which return.
    pub no: ReturnNo,
    /// Code of the location that received them; `None` for imported history, where stock stays untouched.
    pub location: Option<String>,
    /// What.
    pub lines: Vec<ReceivedLine>,
}

/// Units of one return line that came back.
#[derive(Debug, Clone, Copy)]
pub struct ReceivedLine {
    /// Child number of the return line, or of the order line it is about.
    pub line: u16,
    /// Units.
    pub quantity: i64,
    /// What becomes of them.
    pub disposition: Disposition,
}

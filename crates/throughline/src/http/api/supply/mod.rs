//! Incoming supply: what will come, when, and what became of it.

pub mod cancel;
pub mod change;
pub mod create;
pub mod get;
pub mod list;
pub mod receive;
pub mod view;

/// How sure supply is, unless somebody says otherwise.
pub(super) const CONFIDENCE_PERCENT: u8 = 100;

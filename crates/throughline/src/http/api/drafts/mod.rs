//! Drafts: orders that are not yet placed.

pub mod change;
pub mod place;
pub mod save;

//! Deciding on lines that nobody has ordered: what sourcing would do.

pub mod body;
pub mod preview;

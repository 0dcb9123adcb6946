//! Deciding on lines that nobody has ordered, and on many orders in the background.

pub mod body;
pub mod preview;
pub mod replays;
pub mod runs;

//! Visits for service lines: which slots are free after the goods are there, and booking, moving and ending them.

mod book;
mod complete;
mod follow;
mod free;
mod miss;
mod rebook;
#[cfg(test)]
mod tests;

pub use book::{BookVisit, Wanted, book_visit};
pub use complete::{CompleteVisit, complete_visit};
pub(crate) use follow::follow;
pub use free::{DAYS_AHEAD_MAX, FreeSlot, Looked, free_slots};
pub use miss::{MissVisit, miss_visit};
pub use rebook::{RebookVisit, rebook_visit};

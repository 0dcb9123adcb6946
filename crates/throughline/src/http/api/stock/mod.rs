//! Stock: levels, the ledger, and the movements.

pub mod adjust;
pub mod count;
pub mod exclude;
pub mod exclusions;
pub mod ledger;
pub mod list;
pub mod lot;
pub mod receive;
pub mod ring_fence;
pub mod safety;
pub mod transfer;
pub mod view;

/// The document of a movement that names none.
const NO_DOCUMENT: &str = "manual";

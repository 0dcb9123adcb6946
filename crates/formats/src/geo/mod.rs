//! Tables of postal codes and where they are.

mod fault;
mod layout;
mod read;

pub use fault::{GeoFault, RowProblem};
pub use layout::Layout;
pub use read::{GeoRow, GeoTable, Rejected};

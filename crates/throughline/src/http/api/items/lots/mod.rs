//! The lots of items: where their units are, where they came from, and where they went to.

pub mod get;
pub mod list;
pub mod movements;
pub mod view;

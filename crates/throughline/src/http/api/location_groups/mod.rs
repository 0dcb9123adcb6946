//! Groups of locations.

pub mod create;
pub mod get;
pub mod list;
pub mod put;
pub mod view;

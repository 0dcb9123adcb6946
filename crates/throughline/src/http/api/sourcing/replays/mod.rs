//! Past orders that are decided again.

pub mod begin;
pub mod get;
pub mod list;
pub mod orders;
pub mod view;

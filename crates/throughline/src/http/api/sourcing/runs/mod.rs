//! Waiting orders that are sourced together.

pub mod begin;
pub mod get;
pub mod list;
pub mod orders;
pub mod view;

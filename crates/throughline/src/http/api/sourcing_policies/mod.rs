//! Sourcing policies: which locations may serve an order, and what is best.

pub mod body;
pub mod document;
pub mod get;
pub mod list;
pub mod put;
pub mod versions;
pub mod view;

//! Screening rules: the checks between placing and release.

pub mod body;
pub mod get;
pub mod list;
pub mod put;
pub mod scorer;
pub mod view;

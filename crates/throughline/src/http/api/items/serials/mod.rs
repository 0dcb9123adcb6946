//! Units with serial numbers: where they are, and everything that happened to them.

pub mod find;
pub mod get;
pub mod history;
pub mod list;
pub mod view;

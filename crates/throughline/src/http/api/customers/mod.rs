//! Customers.

pub mod account;
pub mod get;
pub mod list;
pub mod put;
pub mod view;

//! Locations: where stock is and where fulfilments are done.

pub mod body;
pub mod create;
pub mod days;
pub mod get;
pub mod list;
pub mod put;
pub mod shapes;
pub mod view;

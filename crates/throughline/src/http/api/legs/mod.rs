//! Legs: requests to suppliers and transfers to stores, chained to the orders that they are for.

pub mod due;
pub mod list;
pub mod view;

//! Production orders: what locations make for lines of orders.

pub mod accept;
pub mod complete;
pub mod get;
pub mod list;
pub mod reject;
pub mod start;
mod verb;
pub mod view;

pub(super) use verb::production_of;

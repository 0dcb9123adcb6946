//! Recalls: SKUs that must go on to no customer, and who has received them.

pub mod create;
pub mod lift;
pub mod list;
pub mod recipients;
pub mod view;

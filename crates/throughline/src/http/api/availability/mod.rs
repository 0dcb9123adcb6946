//! Availability: what can be promised, by day, location and channel.

mod asked;
pub mod get;
pub mod view;

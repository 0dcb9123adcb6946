//! Carrier services: where they go, what they ask, how long they take.

pub mod body;
pub mod create;
pub mod get;
pub mod list;
pub mod put;
pub mod shapes;
pub mod view;

//! Promises: which deliveries could be promised for what somebody is about to order.

pub mod ask;
pub mod body;
pub mod options;
pub mod view;

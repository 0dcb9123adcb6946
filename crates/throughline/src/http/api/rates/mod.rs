//! Rates: what every carrier service asks for a shipment, and when it brings it.

pub mod body;
pub mod items;
pub mod quote;
pub mod view;

//! Carriers: what it costs to send a parcel, and how long it travels.

mod tariff;

pub use tariff::{Bracket, Quote, Tariff};

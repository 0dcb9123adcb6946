//! Codecs without I/O: spreadsheets of orders with the mappings that explain them, and tables of postal codes.
//!
//! This crate knows nothing of the domain: it turns bytes into plain values and leaves it to the caller to make commands of them.

pub mod geo;
pub mod sheet;

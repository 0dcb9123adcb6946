//! Codecs without I/O: spreadsheets of orders and the mappings that explain them.
//!
//! This crate knows nothing of the domain: it turns bytes into plain values and leaves it to the caller to make commands of them.

pub mod sheet;

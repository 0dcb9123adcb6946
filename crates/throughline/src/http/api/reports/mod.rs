//! Reports: what the past adds up to.

pub mod promises;

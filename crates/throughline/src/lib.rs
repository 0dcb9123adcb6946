//! Throughline, an order management system: the write path, the HTTP API, the command line.

pub mod execute;
pub mod wiring;

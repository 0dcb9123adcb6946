//! Throughline, an order management system: execution, the HTTP API, and the command line.

pub mod app;
pub mod cli;
pub mod config;
pub mod execute;
pub mod geocode;
pub mod http;
pub mod inquire;
pub mod jobs;
pub mod metrics;
mod nearest;
pub mod signing;
pub mod wiring;

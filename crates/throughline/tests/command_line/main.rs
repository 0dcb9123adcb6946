//! The command line: the real program, started as people start it.
#![expect(
    clippy::unwrap_used,
    reason = "a test fails by panicking, in its helpers too"
)]

mod demo;
mod files;
mod geo;
mod import;
mod interrupted;
mod live;
mod order;
mod refused;
mod support;

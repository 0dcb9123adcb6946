//! The edges: a real server over a real database, spoken to over HTTP and from the command line.
#![expect(
    clippy::unwrap_used,
    reason = "a test fails by panicking, in its helpers too"
)]

mod http;
mod program;

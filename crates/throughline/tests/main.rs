//! The edges: a real server over a real database, spoken to over HTTP and from the command line.

mod http;
mod program;

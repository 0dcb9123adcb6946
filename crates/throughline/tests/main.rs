//! The edges: a real server over a real database, spoken to over HTTP.

mod http;

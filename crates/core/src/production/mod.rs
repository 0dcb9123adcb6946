//! What a maker says and does about production orders: accept, start, complete, reject.

mod accept;
mod checks;
mod complete;
mod reject;
mod start;

pub use accept::{AcceptProduction, accept_production};
pub use complete::{CompleteProduction, complete_production};
pub use reject::{RejectProduction, reject_production};
pub use start::{StartProduction, start_production};

#[cfg(test)]
mod tests;

//! Sourcing: choosing which locations serve which quantities, and saying why.

mod explanation;
mod plan;
pub mod solve;

pub use explanation::{Explanation, Group, Reason};
pub use plan::{Candidate, Demand, Plan, Served, plan};

//! Sourcing: choosing which locations serve which quantities, and saying why.

mod explanation;
pub mod joint;
mod plan;
pub mod policy;
pub mod solve;
mod weighing;

pub use explanation::{
    BARRED_MAX, Barred, Explanation, Group, Instead, Reason, Shared, Substitution,
};
pub use plan::{Candidate, Demand, Plan, Served, plan};
pub use weighing::{Cost, Margin, Other, RunnerUp, ServedCost, Weighing};

//! Sourcing policies: versioned, dated, immutable documents that say which locations may serve an order and what is best.

mod check;
mod document;
mod put;
mod select;

pub use document::{
    Constraints, Credit, Exchange, Exclusion, Goal, KeepTogether, Objective, Place, Policy,
    PolicyId, Preference, Scarce, Unserved,
};
pub use put::{PolicyData, PutPolicy, put_policy};
pub use select::in_force;

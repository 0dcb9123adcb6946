//! Conditions over an order, written in CEL: what sourcing policies and screening rules apply to.
//!
//! The text is parsed by the crate `cel`, checked against the one table of names (`names`) and turned into a small
//! tree of our own, which reads the order in place. So a condition is pure and total: it cannot ask for the time, has no
//! regular expressions, and its cost is counted and limited ([`STEPS_MAX`]).

#[cfg(test)]
mod agreement;
mod check;
mod compare;
mod context;
mod convert;
mod evaluate;
mod names;
mod node;
mod of_order;
mod parse;
mod tally;
#[cfg(test)]
mod tests;
mod value;
mod words;

pub use context::{
    CustomerContext, LineContext, OrderContext, PaymentContext, ShipToContext, VelocityContext,
    VelocityCount,
};
pub use evaluate::{ConditionError, STEPS_MAX};
pub use names::{FUNCTIONS, LINE_NAMES, NAMES, NameOf, Scope};
pub use node::Kind;
pub use parse::{CONDITION_MAX, Condition, DEPTH_MAX};

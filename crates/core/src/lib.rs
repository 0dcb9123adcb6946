//! The domain of Throughline: commands, journal entries, refusals, `decide` and `evolve`.
//!
//! Everything here is synchronous and total. There is no clock, no randomness and no I/O:
//! time and ids arrive as values, and effects leave as values ([`Decision`]).

pub mod booking;
pub mod carrier;
pub mod catalog;
pub mod command;
pub mod condition;
pub mod decide;
pub mod decision;
pub mod facts;
#[cfg(test)]
mod fixture;
pub mod fulfilment;
pub mod geo;
pub mod id;
pub mod inventory;
pub mod money;
pub mod needs;
pub mod network;
pub mod order;
pub mod party;
pub mod payment;
pub mod production;
pub mod promise;
pub mod refusal;
pub mod returns;
pub mod sourcing;
pub mod text;
pub mod time;
pub mod visit;

pub use command::{Command, Request};
pub use decide::decide;
pub use decision::{Answer, Decision};
pub use facts::Facts;
pub use needs::{needs, needs_of_lines};
pub use refusal::Refusal;

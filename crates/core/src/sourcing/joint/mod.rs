//! Many orders sourced together: they compete for shared stock and for room on the locations' days.
//!
//! It works on plain values. First it settles who gets scarce units, strictly by rank (`service`); then it looks for the
//! cheapest way to give them to all together. Prices on shared stock and days (a Lagrangian relaxation) turn that into one
//! problem for each order, which the exact optimiser solves (`prices`): together with the prices they prove what every
//! plan costs at least. Plans that do not fit together are repaired, and improved one by one and in pairs (`improve`).
//! What the same orders would cost one after the other is reckoned beside it.

mod improve;
mod ledger;
mod model;
mod prices;
mod service;
#[cfg(test)]
mod tests;
mod together;

pub use model::{Contender, Given, Joint, Outcome, Room, Tally};
pub use together::plan_together;

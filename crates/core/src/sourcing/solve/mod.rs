//! The exact optimiser: which sources serve which quantities at the lowest total cost in money.
//!
//! It works on plain values and knows nothing of orders. What it returns is the proven minimum over all
//! assignments of whole units to sources, or, where the node budget ran out, the best plan met and how
//! much cheaper another one could be at most.
//!
//! Cases that are not broken are planned as one unit each, of so many units of stock and weight.
//!
//! How: what is served together is put into parts and wants (`parts`), the sources into rows of numbers
//! (`board`). Prices per unit turn every source into one number, what it costs beyond what its units are worth
//! (`gains`); they are raised until what they prove hardly rises any more (`ascent`), then once more by what
//! sources really can serve in whole units (`refine`), and a table over sets of wants says what covering them
//! costs at least (`prices`, `cover`). Plans of one or two sources and plans of more are proven apart (`run`): for
//! the latter a source itself has a price, which says what so many cost at least, the former are gone through as
//! pairs (`search`), each of which has a bound of its own (`pairs`). Everything that a source may usefully serve under these prices is
//! enumerated (`finder`, `columns`) and put together, the most promising first (`compose`). Where that is too
//! much, or demands share stock, it is a search over larger sets of sources, too, with the best assignment within
//! each (`assign`).

mod ascent;
mod assign;
mod board;
mod columns;
mod compose;
mod cover;
mod digits;
mod finder;
mod freight;
mod gains;
mod greedy;
mod met;
mod outcome;
mod pairs;
mod parts;
mod prices;
mod problem;
mod reason;
mod refine;
mod run;
mod search;
#[cfg(test)]
mod tests;

pub use outcome::{Cost, Plan, Proof, Served, Solution};
pub use problem::{
    Bundle, Demand, LARGEST_CASE, LARGEST_COST_MINOR, LARGEST_CREDIT_MINOR, LARGEST_QUANTITY,
    Problem, Scarcity, Shipping, Source,
};
pub use reason::Loss;
pub use run::solve;

/// Bounds are counted in parts of a minor unit, so that prices per unit lose nothing by rounding.
const SCALE: i64 = 256;

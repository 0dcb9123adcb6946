//! The store on both engines: one story, races, faults, opening, and what no statement may contain.

#![expect(
    clippy::unwrap_used,
    reason = "a test stops where a value is missing, in its helpers too"
)]

mod agreements;
mod commits;
mod counts;
mod crossing;
mod faults;
mod feeds;
mod guards;
mod integrity;
mod jobs;
mod lists;
mod opening;
mod plans;
mod postal;
mod privacy;
mod promises;
mod pruning;
mod ring_fences;
mod runs;
mod screening;
mod settings;
mod sourcing_runs;
mod sql;
mod story;
mod supply;
mod support;
mod tracking;

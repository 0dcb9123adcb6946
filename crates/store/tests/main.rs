//! The store on both engines: one story, faults, races, and what every statement may not contain.

mod commits;
mod support;

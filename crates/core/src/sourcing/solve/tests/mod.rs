//! The optimiser against brute force, against a solver of mixed integer programs, and by name.

mod brute_force;
mod chance;
mod small_cases;

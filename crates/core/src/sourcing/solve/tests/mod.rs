//! The optimiser against brute force, and by name.

mod brute_force;
mod chance;
mod named;
mod small_cases;

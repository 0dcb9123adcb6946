//! Small cases against brute force over all contenders together, and cases with names.

mod brute_force;
mod chance;
mod named;
mod small_cases;

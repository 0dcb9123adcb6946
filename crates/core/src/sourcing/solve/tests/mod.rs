//! The optimiser against brute force and a mixed-integer program, with hardly any budget, and by name.

mod brute_force;
mod chance;
mod larger_cases;
mod mip;
mod named;
mod small_cases;
mod tiny_budgets;

//! Where time, identities and randomness come from. Everybody else gets them as values.

pub mod clock;
pub mod ids;
pub mod random;

//! Sourcing an order: choosing which locations serve which quantities.

/// Sources what is open (and what waits).
#[derive(Debug, Clone, Copy, Default)]
pub struct SourceOrder {
    /// Also take back what nobody has begun to pick, and choose again.
    pub again: bool,
}

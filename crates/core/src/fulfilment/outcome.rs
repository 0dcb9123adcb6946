//! What became of shipped units.

use crate::id::{FulfilmentNo, PackageNo};
use crate::order::{LineUnits, Outcome};
use crate::time::Millis;

/// Records what became of shipped units; of digital and service units, which never ship, that they are done.
#[derive(Debug, Clone)]
pub struct RecordOutcome {
    /// Which.
    pub fulfilment: FulfilmentNo,
    /// What became of them.
    pub outcome: Outcome,
    /// When, if that was earlier than now.
    pub at: Option<Millis>,
    /// Of which units.
    pub scope: OutcomeScope,
}

/// Which units an outcome is about.
#[derive(Debug, Clone)]
pub enum OutcomeScope {
    /// All that are on the way.
    All,
    /// Those in these packages.
    Packages(Vec<PackageNo>),
    /// These.
    Lines(Vec<LineUnits>),
}

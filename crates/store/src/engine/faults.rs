//! Planned faults, so that tests can show what happens when the database or the network fails at the worst moment.

use std::sync::Arc;

use parking_lot::Mutex;

/// What goes wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// A statement is answered with 40001 (on SQLite: busy).
    Serialization,
    /// The connection is cut before COMMIT is sent.
    CutBeforeCommit,
    /// The connection is cut after COMMIT was sent and before its answer is seen.
    CutAfterCommit,
}

/// When faults happen: a plan made from a seed, shared by all connections of a store.
#[derive(Debug, Clone)]
pub struct Faults(Arc<Mutex<Plan>>);

#[derive(Debug)]
struct Plan {
    state: u64,
    /// One in so many moments has a fault; 0 for none.
    one_in: u64,
    /// Faults that happen at the next fitting moment, before any that are drawn.
    next: Vec<Fault>,
    happened: u64,
}

impl Faults {
    /// One in `one_in` moments (a group of statements, a commit) has a fault, drawn from `seed`.
    #[must_use]
    pub fn seeded(seed: u64, one_in: u64) -> Self {
        Self(Arc::new(Mutex::new(Plan {
            state: seed,
            one_in,
            next: Vec::new(),
            happened: 0,
        })))
    }

    /// No fault but those that are asked for with [`Faults::next`].
    #[must_use]
    pub fn none() -> Self {
        Self::seeded(0, 0)
    }

    /// Makes this fault happen at the next fitting moment.
    pub fn next(&self, fault: Fault) {
        self.0.lock().next.push(fault);
    }

    /// Stops drawing faults; those that were asked for still happen.
    pub fn stop(&self) {
        self.0.lock().one_in = 0;
    }

    /// How many faults have happened.
    #[must_use]
    pub fn happened(&self) -> u64 {
        self.0.lock().happened
    }

    /// Whether one of these faults happens now.
    pub(super) fn draw(&self, possible: &[Fault]) -> Option<Fault> {
        let mut plan = self.0.lock();
        let fault = match plan.next.iter().position(|fault| possible.contains(fault)) {
            Some(position) => Some(plan.next.remove(position)),
            None => plan.roll(possible),
        };
        plan.happened += u64::from(fault.is_some());
        fault
    }
}

impl Plan {
    fn roll(&mut self, possible: &[Fault]) -> Option<Fault> {
        if self.one_in == 0 || !self.step().is_multiple_of(self.one_in) {
            return None;
        }
        let choice = usize::try_from(self.step() % possible.len() as u64).unwrap_or_default();
        possible.get(choice).copied()
    }

    /// `SplitMix64` (Steele, Lea and Flood 2014).
    fn step(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.state;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }
}

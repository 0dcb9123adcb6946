//! What stories are told to: something that executes requests and can show what it has stored.

use throughline_core::order::Violation;
use throughline_core::time::Millis;
use throughline_core::{Answer, Refusal, Request};

use crate::{Fate, Snapshot};

/// Something that executes requests. A fault (as opposed to a refusal) is a panic.
pub trait Subject {
    /// Executes a request and answers after it is durable.
    ///
    /// # Errors
    /// When the business says no.
    fn execute(&mut self, request: Request) -> Result<Answer, Refusal>;

    /// Executes requests in one batch, as far as that can be arranged.
    fn together(&mut self, requests: Vec<Request>, fate: Fate) -> Vec<Result<Answer, Refusal>>;

    /// Everything that is stored.
    fn snapshot(&mut self) -> Snapshot;

    /// Works off the jobs that commits have left behind; says how many there were.
    fn work_off(&mut self) -> usize;

    /// The time of the next decision.
    fn now(&self) -> Millis;

    /// Lets time go by, where that is possible.
    fn wait(&mut self, ms: i64);

    /// Has the next requests executed by another process on the same database.
    fn switch_to(&mut self, node: u8);

    /// Whether only one process knows the stock, so that what it knows is what is.
    fn is_alone(&self) -> bool;

    /// What the subject itself finds wrong.
    fn complaints(&mut self) -> Vec<Violation>;

    /// A copy without anything cached, which shares nothing with this one; `None` where that is impossible.
    fn twin(&mut self) -> Option<Box<dyn Subject>>;

    /// Whether everything stored is the same, claims and contact rows included.
    fn is_like(&mut self, other: &mut dyn Subject) -> bool {
        self.snapshot() == other.snapshot()
    }
}

//! Deciding without committing: what would be done with lines that nobody has ordered.

use std::sync::Arc;

use rustc_hash::FxHashSet;
use throughline_core::command::{Actor, Context};
use throughline_core::decide::{Attempt, Stop};
use throughline_core::id::OrderId;
use throughline_core::network::Network;
use throughline_core::order::source::{Allowed, Inquiry, Preview, preview};
use throughline_core::time::Millis;
use throughline_core::{Facts, Refusal, needs_of_lines};
use throughline_store::{Connection, StoreError, views};

/// Rounds of loading before the decision: names, then their items, then what those consist of.
const ROUNDS_BEFORE: usize = 3;
/// Rounds of loading that a decision may ask for.
const ROUNDS: usize = 64;

/// Facts of one moment that several previews share.
pub struct Desk {
    facts: Facts,
    now: Millis,
    id: OrderId,
}

impl Desk {
    /// A desk at a time. `id` is one that no order has.
    #[must_use]
    pub fn new(network: Arc<Network>, now: Millis, id: OrderId) -> Self {
        let facts = Facts {
            network,
            ..Facts::default()
        };
        Self { facts, now, id }
    }

    /// Decides on an inquiry. What is missing is read from the one snapshot that the connection has.
    ///
    /// # Errors
    /// When the database cannot be read; the refusal within says what is wrong with the inquiry.
    pub fn preview(
        &mut self,
        connection: &mut Connection,
        inquiry: &Inquiry,
        allowed: Allowed,
    ) -> Result<Result<Preview, Refusal>, StoreError> {
        let ctx = Context {
            now: self.now,
            next_number: 0,
        };
        for _ in 0..ROUNDS_BEFORE {
            let mut wanted = Vec::new();
            needs_of_lines(&self.facts, &inquiry.lines, &mut wanted);
            if wanted.is_empty() {
                break;
            }
            let mut seen = FxHashSet::default();
            wanted.retain(|need| seen.insert(need.clone()));
            views::facts::load(connection, &wanted, &mut self.facts, self.now)?;
        }
        for _ in 0..ROUNDS {
            let mut attempt = Attempt::new(&self.facts, Actor::System, ctx);
            match preview(&mut attempt, self.id, inquiry, allowed) {
                Ok(preview) => return Ok(Ok(preview)),
                Err(Stop::Refused(refusal)) => return Ok(Err(refusal)),
                Err(Stop::Missing(needs)) => {
                    views::facts::load(connection, &needs, &mut self.facts, self.now)?;
                }
            }
        }
        Err(StoreError::Misuse(
            "an inquiry asks for the same facts again and again",
        ))
    }
}

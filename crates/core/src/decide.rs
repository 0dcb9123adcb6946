//! `decide`: facts and a command in, a decision or a refusal out. Pure and total.

mod attempt;
mod dispatch;

pub use attempt::Attempt;
pub(crate) use attempt::{expect_all_serials, refuse_named_serials};

use crate::command::{Actor, Context, Request};
use crate::decision::Decision;
use crate::facts::{Claim, ClaimKey, ClaimKind, Facts, Need};
use crate::refusal::Refusal;

/// Why there is no decision.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Stop {
    /// The business says no.
    Refused(Refusal),
    /// Facts are missing; load them and decide again.
    Missing(Vec<Need>),
}

impl From<Refusal> for Stop {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

/// Decides one request on the facts. The same facts, request and context always give the same decision.
///
/// A request whose claim is already there gets its first answer again and changes nothing (I7).
///
/// # Errors
/// [`Stop::Refused`] when the business says no, [`Stop::Missing`] when facts have to be loaded first.
pub fn decide(facts: &Facts, request: &Request, ctx: &Context) -> Result<Decision, Stop> {
    let mut attempt = Attempt::new(facts, request.actor, *ctx);
    let (key, body_hash) = request.claim();
    if let Some(claim) = attempt.claim(&key)? {
        return replay(request, &claim, body_hash);
    }
    let answer = dispatch::dispatch(&mut attempt, request)?;
    crate::order::schedule::settle(&mut attempt)?;
    crate::party::settle(&mut attempt)?;
    crate::party::settle_calls(&mut attempt)?;
    attempt.serve_freed_stock()?;
    crate::visit::follow(&mut attempt)?;
    crate::order::choice::offer_choices(&mut attempt)?;
    attempt.count_loads()?;
    attempt.count_bookings()?;
    attempt.tell_of_crossings()?;
    crate::promise::watch_changed(&mut attempt);
    Ok(attempt.finish(answer, key, body_hash))
}

fn replay(request: &Request, claim: &Claim, body_hash: [u8; 16]) -> Result<Decision, Stop> {
    match &request.key {
        Some(key) if claim.body_hash != body_hash => Err(Refusal::IdempotencyKeyReused {
            key: key.key.clone(),
        }
        .into()),
        _ => Ok(Decision {
            answer: claim.answer,
            ..Decision::default()
        }),
    }
}

impl Request {
    /// The claim that makes the request happen once, and the hash of its body.
    #[must_use]
    pub fn claim(&self) -> (ClaimKey, [u8; 16]) {
        match &self.key {
            Some(key) => {
                let value = format!("{}\n{}\n{}", self.actor, key.operation, key.key);
                (
                    ClaimKey {
                        kind: match self.actor {
                            Actor::Operator => ClaimKind::Import,
                            Actor::Key(_) | Actor::System => ClaimKind::Request,
                        },
                        value,
                    },
                    key.body_hash,
                )
            }
            None => (
                ClaimKey {
                    kind: ClaimKind::Generated,
                    value: self.id.to_string(),
                },
                [0; 16],
            ),
        }
    }
}

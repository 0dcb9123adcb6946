//! Ending a closure before its last day: the strike is over.

use std::sync::Arc;

use super::closure::{Closure, ClosureId};
use crate::decide::{Attempt, Stop};
use crate::decision::{Answer, Resource};
use crate::network::Member;
use crate::refusal::Refusal;

/// Ends a closure now. It stays to be seen, and has no effect any more.
#[derive(Debug, Clone)]
pub struct EndClosure {
    /// The closure's code.
    pub code: String,
}

/// Ends a closure. One that has ended already makes no new version of the network.
///
/// # Errors
/// Refuses a code that no closure has.
pub fn end_closure(attempt: &mut Attempt<'_>, command: &EndClosure) -> Result<Answer, Stop> {
    let network = attempt.network();
    let code = command.code.as_str();
    let known = network.closures.iter().position(|one| one.code == code);
    let position = known.ok_or_else(|| Refusal::NotFound {
        what: "carrier closure",
        name: code.to_owned(),
    })?;
    let closure: &Closure = &network.closures[position];
    let id: ClosureId = closure.id;
    if closure.ended_at.is_none() {
        let ended = Closure {
            ended_at: Some(attempt.now()),
            ..closure.clone()
        };
        attempt.put_member(Member::Closure(Arc::new(ended)));
    }
    Ok(Answer::ok(Resource::Closure(id)))
}

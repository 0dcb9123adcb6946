//! Giving a choice a public link. Only the hash of its secret is kept; a new link replaces the one of before.

use crate::decide::{Attempt, Stop};
use crate::decision::{Answer, Resource};
use crate::id::{ChoiceNo, OrderId};
use crate::order::Record;
use crate::refusal::Refusal;

/// Gives a choice a public link.
#[derive(Debug, Clone)]
pub struct IssueChoiceLink {
    /// The choice.
    pub choice: ChoiceNo,
    /// SHA-256 of the secret, in hexadecimal digits.
    pub secret_hash: String,
}

/// Gives a choice a public link.
///
/// # Errors
/// Refuses an unknown choice, and one that was made.
pub fn issue_choice_link(
    attempt: &mut Attempt<'_>,
    id: OrderId,
    command: &IssueChoiceLink,
) -> Result<Answer, Stop> {
    let order = attempt.order(id)?;
    let choice = super::choose::open(order, command.choice)?;
    if choice.link.as_ref() != Some(&command.secret_hash) {
        attempt.record(
            id,
            Record::ChoiceLinkIssued {
                choice: command.choice,
                secret_hash: command.secret_hash.clone(),
            },
        )?;
    }
    Ok(Answer::ok(Resource::Order(id)))
}

/// The refusal of a choice that is not there.
pub(super) fn unknown(order: OrderId, no: ChoiceNo) -> Refusal {
    Refusal::NotFound {
        what: "choice",
        name: no.of(order).to_string(),
    }
}

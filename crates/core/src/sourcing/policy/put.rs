//! Writing a policy: each change is a new version, and no version ever changes.

use std::sync::Arc;

use super::check;
use super::{Constraints, Goal, Policy, PolicyId, Unserved};
use crate::command::PutMode;
use crate::condition::Condition;
use crate::decide::{Attempt, Stop};
use crate::decision::{Answer, Resource};
use crate::network::{ChannelId, Member};
use crate::refusal::Refusal;
use crate::text;
use crate::time::Millis;

/// Most versions of all policies together.
const VERSIONS_MAX: usize = 10_000;

/// What a version says, resolved by whoever translates the document.
#[derive(Debug, Clone, PartialEq)]
pub struct PolicyData {
    /// What people call it.
    pub name: String,
    /// From when on it is in force; from now on if absent.
    pub valid_from: Option<Millis>,
    /// Channels whose orders it is for; all if empty.
    pub channels: Vec<ChannelId>,
    /// The orders that it is for.
    pub when: Option<Condition>,
    /// Which of several policies decides.
    pub rank: i32,
    /// Whether it is out of use.
    pub retired: bool,
    /// What must hold.
    pub constraints: Constraints,
    /// What is best.
    pub goal: Goal,
    /// What happens to units that no location may serve.
    pub unserved: Option<Unserved>,
    /// What happens where no substitute could be found.
    pub unserved_then: Option<Unserved>,
}

/// Writes the next version of a policy.
#[derive(Debug, Clone)]
pub struct PutPolicy {
    /// The code.
    pub code: String,
    /// What it says.
    pub data: PolicyData,
    /// Refuse if the code is taken (create) or unknown (change).
    pub mode: PutMode,
}

/// Writes the next version of a policy. One that says what the last one says makes no new version.
///
/// # Errors
/// Refuses invalid fields, a time that has passed or lies before that of the last version, a taken code on create, and an
/// unknown code on change.
pub fn put_policy(attempt: &mut Attempt<'_>, command: &PutPolicy) -> Result<Answer, Stop> {
    text::name("/code", &command.code, text::CODE_MAX)?;
    check::check(&command.data)?;
    let policies = &attempt.network().policies;
    let mut versions = policies.iter().filter(|one| one.code == command.code);
    let last = versions.next_back();
    command
        .mode
        .check("sourcing policy", &command.code, last.is_some())?;
    let valid_from = valid_from(attempt, &command.data, last)?;
    let policy = of(command, policies.len(), last, valid_from)?;
    if let Some(last) = last.filter(|last| says_the_same(last, &policy, &command.data)) {
        return Ok(Answer::ok(Resource::Policy(last.id)));
    }
    let (id, is_new) = (policy.id, last.is_none());
    attempt.put_member(Member::Policy(Arc::new(policy)));
    Ok(if is_new {
        Answer::created(Resource::Policy(id))
    } else {
        Answer::ok(Resource::Policy(id))
    })
}

fn valid_from(
    attempt: &Attempt<'_>,
    data: &PolicyData,
    last: Option<&Arc<Policy>>,
) -> Result<Millis, Refusal> {
    let now = attempt.now();
    let given = data.valid_from.unwrap_or(now);
    if given < now {
        return Err(Refusal::invalid(
            "/valid_from",
            "has passed; what was decided on the version before stays as it is, so a new one begins now or later",
        ));
    }
    match last {
        Some(last) if given < last.valid_from => Err(Refusal::invalid(
            "/valid_from",
            format!(
                "lies before version {} comes into force; name a later time",
                last.version
            ),
        )),
        _ => Ok(given),
    }
}

fn of(
    command: &PutPolicy,
    count: usize,
    last: Option<&Arc<Policy>>,
    valid_from: Millis,
) -> Result<Policy, Refusal> {
    let data = command.data.clone();
    let number = u16::try_from(count).ok().filter(|_| count < VERSIONS_MAX);
    let id = number.ok_or(Refusal::TooMany {
        what: "versions of sourcing policies",
        limit: VERSIONS_MAX as u64,
    })?;
    Ok(Policy {
        id: PolicyId(id),
        code: command.code.clone(),
        version: last.map_or(1, |last| last.version + 1),
        name: data.name,
        valid_from,
        channels: data.channels,
        when: data.when,
        rank: data.rank,
        retired: data.retired,
        constraints: data.constraints,
        goal: data.goal,
        unserved: data.unserved,
        unserved_then: data.unserved_then,
    })
}

/// Whether a version says what the last one says, and asks for no other time.
fn says_the_same(last: &Policy, policy: &Policy, data: &PolicyData) -> bool {
    let alike = Policy {
        id: last.id,
        version: last.version,
        valid_from: last.valid_from,
        ..policy.clone()
    };
    alike == *last && data.valid_from.is_none_or(|given| given == last.valid_from)
}

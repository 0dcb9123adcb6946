//! Groups of locations: what policies and channels speak of where they do not name single locations.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::{LocationId, Member};
use crate::command::PutMode;
use crate::decide::{Attempt, Stop};
use crate::decision::{Answer, Resource};
use crate::refusal::Refusal;
use crate::text;

/// The number of a group: small, given once, never reused. The API speaks of codes.
#[derive(
    Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(transparent)]
pub struct LocationGroupId(pub u16);

/// A named set of locations. A location may be in several groups.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LocationGroup {
    /// Identity.
    pub id: LocationGroupId,
    /// The merchant's own code; unique among groups.
    pub code: String,
    /// What people call it.
    pub name: String,
    /// Its locations by ascending number.
    pub locations: Vec<LocationId>,
}

impl LocationGroup {
    /// Whether the location is in it.
    #[must_use]
    pub fn has(&self, location: LocationId) -> bool {
        self.locations.binary_search(&location).is_ok()
    }
}

/// Creates a group, or replaces the one with the same code.
#[derive(Debug, Clone)]
pub struct PutLocationGroup {
    /// The code.
    pub code: String,
    /// What people call it.
    pub name: String,
    /// Codes of its locations.
    pub locations: Vec<String>,
    /// Refuse if the code is taken (create) or unknown (change).
    pub mode: PutMode,
}

/// Creates or replaces a group. One that is the same already makes no new version of the network.
///
/// # Errors
/// Refuses invalid fields, unknown locations, a taken code on create, and an unknown code on change.
pub fn put_location_group(
    attempt: &mut Attempt<'_>,
    command: &PutLocationGroup,
) -> Result<Answer, Stop> {
    text::name("/code", &command.code, text::CODE_MAX)?;
    text::required("/name", &command.name, text::NAME_MAX)?;
    let locations = members(attempt, &command.locations)?;
    let groups = &attempt.network().groups;
    let known = groups.iter().position(|group| group.code == command.code);
    command
        .mode
        .check("location group", &command.code, known.is_some())?;
    let id = LocationGroupId(super::number("location groups", known, groups.len())?);
    let group = LocationGroup {
        id,
        code: command.code.clone(),
        name: command.name.clone(),
        locations,
    };
    if known.is_none_or(|position| *groups[position] != group) {
        attempt.put_member(Member::LocationGroup(Arc::new(group)));
    }
    Ok(match known {
        Some(_) => Answer::ok(Resource::LocationGroup(id)),
        None => Answer::created(Resource::LocationGroup(id)),
    })
}

fn members(attempt: &Attempt<'_>, codes: &[String]) -> Result<Vec<LocationId>, Refusal> {
    let mut members = Vec::with_capacity(codes.len());
    for (position, code) in codes.iter().enumerate() {
        let known = attempt.network().location_by_code(code);
        let known = known.ok_or_else(|| {
            Refusal::unknown(format!("/locations/{position}"), "location", code.as_str())
        })?;
        members.push(known.id);
    }
    members.sort_unstable();
    members.dedup();
    Ok(members)
}

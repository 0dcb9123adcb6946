//! Sourcing units from the one location that a person names.

use super::planning::Allowed;
use super::{Scope, Sourced, find_by, policy_of};
use crate::decide::{Attempt, Stop};
use crate::id::{LineNo, OrderId};
use crate::network::{Location, LocationId};
use crate::order::Verb;
use crate::order::entry::LineUnits;
use crate::refusal::Refusal;
use crate::sourcing::Reason;

/// The name that explanations give to a person's choice.
const BY_HAND: &str = "by-hand";

/// Sources open units from this location alone: on a day that it has room for them, the way that the order's policy would
/// send them from there. What it turned down before, and what is preferred, does not matter: a person chose it.
///
/// # Errors
/// Stops when facts are missing; refuses where it cannot serve all of them, with the reason.
pub(crate) fn source_at(
    attempt: &mut Attempt<'_>,
    id: OrderId,
    units: &[LineUnits],
    location: &Location,
) -> Result<(), Stop> {
    let policy = policy_of(attempt, id)?;
    let allowed = Allowed {
        location: Some(location.id),
        ..Allowed::default()
    };
    let Some(mut sourced) = find_by(attempt, id, Scope::These(units), policy, allowed, None)?
    else {
        return Ok(());
    };
    if !sourced.missing.is_empty() {
        return Err(refusal(attempt, &sourced, location)?.into());
    }
    sourced.policy = Some(BY_HAND.to_owned());
    sourced.record(attempt, id, Vec::new(), Vec::new())
}

/// Gives a line what was made for it at a location, as far as it may have it now; what it may not have stays free there.
///
/// # Errors
/// Stops when facts are missing.
pub(crate) fn give_made(
    attempt: &mut Attempt<'_>,
    id: OrderId,
    line: LineNo,
    location: LocationId,
) -> Result<(), Stop> {
    let policy = policy_of(attempt, id)?;
    let allowed = Allowed {
        location: Some(location),
        ..Allowed::default()
    };
    let scope = Scope::NextWaiting(line);
    let found = find_by(attempt, id, scope, policy, allowed, None)?;
    match found.filter(|found| !found.allotments.is_empty()) {
        Some(found) => found.record(attempt, id, Vec::new(), Vec::new()),
        None => Ok(()),
    }
}

/// Why the location cannot serve the units: its reason, or what it lacks.
fn refusal(attempt: &Attempt<'_>, sourced: &Sourced, location: &Location) -> Result<Refusal, Stop> {
    let groups = sourced.groups.iter();
    let mut reasons = groups.flat_map(|group| &group.reasons);
    let reason = reasons.find(|(_, locations)| locations.contains(&location.id));
    let why = match reason.map(|(reason, _)| *reason) {
        Some(Reason::NotOpen) => "takes no new fulfilments now; open it first",
        Some(Reason::NotSoldFrom) => "is not where the order's channel sells from",
        Some(Reason::MethodNotAccepted) => "does not take orders of this kind",
        Some(Reason::DoesNotServeArea) => "does not ship to where the order goes",
        Some(Reason::Full) => "has as much to do as it can on all of its days",
        Some(Reason::NoService) => "has no carrier service that goes there with it",
        Some(Reason::NotThePickupLocation) => "is not the one that the lines are bound to",
        _ => return short(attempt, sourced),
    };
    let why = format!("location {:?} {why}", location.code);
    Ok(Refusal::illegal(Verb::Move, why))
}

fn short(attempt: &Attempt<'_>, sourced: &Sourced) -> Result<Refusal, Stop> {
    let mut missing = sourced.missing.iter();
    let first = missing.find_map(|(want, _)| want.item);
    let sku = first.map(|item| attempt.item(item)).transpose()?;
    let of_item = sourced
        .missing
        .iter()
        .filter(|(want, _)| want.item == first);
    Ok(Refusal::InsufficientStock {
        sku: sku.map(|item| item.sku.clone()).unwrap_or_default(),
        short_by: of_item.map(|(_, units)| units).sum(),
    })
}

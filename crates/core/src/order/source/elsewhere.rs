//! Whether others could serve what one location was given, and sooner.

use std::sync::Arc;

use jiff::civil::Date;

use super::{Allowed, Scope, Sourced, assigned, find, find_by, held_lines, policy_of};
use crate::decide::{Attempt, Stop};
use crate::id::{FulfilmentNo, OrderId};
use crate::order::entry::{LineUnits, Record, ReleaseReason};
use crate::order::{Line, Method, Order, Verb};
use crate::refusal::Refusal;
use crate::sourcing::policy::{KeepTogether, Policy};

/// A plan for units that a fulfilment has now.
#[derive(Debug)]
pub(crate) struct Elsewhere {
    sourced: Sourced,
    units: Vec<LineUnits>,
}

/// A plan for all of a fulfilment's units that needs none of them where they are; nothing where there is none, or a hold
/// keeps the order from being sourced.
///
/// # Errors
/// Stops when facts are missing.
pub(crate) fn elsewhere(
    attempt: &mut Attempt<'_>,
    order: &Order,
    no: FulfilmentNo,
    units: &[LineUnits],
) -> Result<Option<Elsewhere>, Stop> {
    let is_held = held_lines(order);
    let lines = units
        .iter()
        .filter_map(|units| order.placed.line(units.line));
    let is_bound = |line: &Line| line.location.is_some() || is_held(line);
    if lines.into_iter().any(is_bound) {
        return Ok(None);
    }
    let Some(sourced) = find(attempt, order.id, Scope::Elsewhere(units))? else {
        return Ok(None);
    };
    let joins = sourced.allotments.iter().any(|one| one.fulfilment == no);
    let is_whole = sourced.missing.is_empty() && !sourced.allotments.is_empty();
    Ok((is_whole && !joins).then(|| Elsewhere {
        sourced,
        units: units.to_vec(),
    }))
}

impl Elsewhere {
    /// The day by which the last part is there; none where that is not known.
    pub(crate) fn keeps_on(&self) -> Option<Date> {
        let days = self.sourced.allotments.iter().map(|one| {
            let route = one.route?;
            match one.method {
                Method::Ship => route.keeps_on,
                _ => route.leaves_on,
            }
        });
        days.collect::<Option<Vec<_>>>()?.into_iter().max()
    }

    /// Takes the units back from the fulfilment and gives them to the others.
    ///
    /// # Errors
    /// Stops when facts are missing.
    pub(crate) fn take(
        self,
        attempt: &mut Attempt<'_>,
        id: OrderId,
        no: FulfilmentNo,
    ) -> Result<(), Stop> {
        let units = self.units.iter();
        let units = units.map(|units| assigned(no, units.line, units.quantity));
        attempt.record(
            id,
            Record::UnitsReleased {
                units: units.collect(),
                reason: ReleaseReason::Resourced,
                excluded: None,
                cause: None,
                lots: Vec::new(),
                serials: Vec::new(),
            },
        )?;
        self.sourced.record(attempt, id, Vec::new(), Vec::new())
    }
}

/// Whether units that wait could be served now, if what is kept together were not: a policy keeps them.
///
/// # Errors
/// Stops when facts are missing.
pub(crate) fn splits_waiting(attempt: &mut Attempt<'_>, id: OrderId) -> Result<bool, Stop> {
    let found = find_apart(attempt, id)?;
    Ok(found.is_some_and(|found| !found.allotments.is_empty()))
}

/// Serves of what waits whatever is there, whether it was to be kept together or not; the rest goes on waiting.
///
/// # Errors
/// Stops when facts are missing; refuses where nothing is there any more.
pub(crate) fn split_waiting(attempt: &mut Attempt<'_>, id: OrderId) -> Result<(), Stop> {
    let found = find_apart(attempt, id)?;
    let found = found.filter(|found| !found.allotments.is_empty());
    let Some(mut sourced) = found else {
        let why = "nothing of what waits is there any more";
        return Err(Refusal::illegal(Verb::Source, why).into());
    };
    let missing = std::mem::take(&mut sourced.missing);
    let awaited = super::awaited::awaited(attempt, id, &missing)?;
    sourced.record(attempt, id, Vec::new(), awaited)
}

fn find_apart(attempt: &mut Attempt<'_>, id: OrderId) -> Result<Option<Sourced>, Stop> {
    let policy = policy_of(attempt, id)?;
    let keeps = |policy: &Arc<Policy>| policy.constraints.keep_together;
    let Some(policy) = policy.filter(|one| keeps(one) != KeepTogether::Nothing) else {
        return Ok(None);
    };
    let mut apart = policy.as_ref().clone();
    apart.constraints.keep_together = KeepTogether::Nothing;
    let allowed = Allowed::default();
    find_by(
        attempt,
        id,
        Scope::OpenAndWaiting,
        Some(Arc::new(apart)),
        allowed,
        None,
    )
}

//! Plans made ahead: thought out beside the queue on what was known then, and taken where they still fit.
//!
//! An optimiser takes long where there are many locations, and the queue of commands must not wait for it. So whoever places an
//! order plans it first, on facts of its own, and the order comes with its plans. The decision takes a plan if its party, its
//! policy and the network are the same and everybody in it can still do what the plan gives him; else it plans again. What a
//! taken plan was weighed against is what was known when it was made, as its explanation says.

use std::sync::Arc;

use super::candidates::Range;
use super::days::Days;
use super::planning::{Found, Planner};
use super::{Party, policy};
use crate::command::{Command, Context, Request};
use crate::decide::{Attempt, Stop};
use crate::facts::Facts;
use crate::network::Network;
use crate::order::WorkDay;
use crate::order::place::place_order;
use crate::sourcing::policy::PolicyId;
use crate::time::Millis;

/// Locations times lines from which on it pays to plan ahead: below, looking the facts up costs more than the plan.
const WORTH_FROM: usize = 500;

/// The plans of an order that is about to be placed.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct PlansAhead {
    /// The version of the network that they were made on.
    network: i64,
    plans: Vec<PlanAhead>,
}

/// A plan for lines that travel together.
#[derive(Debug, Clone, PartialEq)]
struct PlanAhead {
    policy: PolicyId,
    party: Party,
    found: Found,
}

/// What became of the plans that an order came with.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct PlansTaken {
    /// Plans that fitted.
    pub taken: u32,
    /// Plans that did not fit any more.
    pub again: u32,
}

/// Whether it pays to plan a request before it is queued: a policy with an optimiser is in force, and there is much to weigh.
#[must_use]
pub fn pays_ahead(network: &Network, command: &Command, now: Millis) -> bool {
    let Command::PlaceOrder(place) = command else {
        return false;
    };
    let size = network.locations.len() * place.order.lines.len();
    if size < WORTH_FROM || place.history.is_some() {
        return false;
    }
    let channel = network.channel_by_code(&place.order.channel);
    channel.is_some_and(|channel| {
        channel.source_on_placement && !policy::in_force(network, channel.id, now).is_empty()
    })
}

/// Plans an order that is about to be placed. Nothing of it is decided; none where it would be refused, or has nothing to plan.
///
/// # Errors
/// Stops when facts are missing.
pub fn plan_ahead(
    facts: &Facts,
    request: &Request,
    ctx: &Context,
) -> Result<Option<Arc<PlansAhead>>, Stop> {
    let Command::PlaceOrder(place) = &request.command else {
        return Ok(None);
    };
    let mut attempt = Attempt::new(facts, request.actor, *ctx);
    attempt.keep_plans();
    match place_order(&mut attempt, place) {
        Err(Stop::Refused(_)) => Ok(None),
        Err(stop @ Stop::Missing(_)) => Err(stop),
        Ok(_) => Ok(attempt.kept_plans().map(Arc::new)),
    }
}

impl PlansAhead {
    /// None yet, for the network as it is.
    pub(crate) fn on(network: &Network) -> Self {
        Self {
            network: network.version,
            plans: Vec::new(),
        }
    }

    /// Whether there are none.
    pub(crate) fn is_empty(&self) -> bool {
        self.plans.is_empty()
    }

    /// Keeps what a policy found for a party, if it serves it whole: a shortage has to be looked at when it decides.
    pub(crate) fn keep(&mut self, policy: PolicyId, party: &Party, found: &Found) {
        if !found.is_short() {
            self.plans.push(PlanAhead {
                policy,
                party: party.clone(),
                found: found.clone(),
            });
        }
    }

    fn of(&self, policy: PolicyId, party: &Party) -> Option<&PlanAhead> {
        let mut plans = self.plans.iter();
        plans.find(|plan| plan.policy == policy && plan.party == *party)
    }
}

/// What a plan found that was made ahead for this party, if there is one and it still fits.
///
/// # Errors
/// Stops when facts are missing.
pub(super) fn taken(planner: &Planner<'_, '_>, plans: &PlansAhead) -> Result<Option<Found>, Stop> {
    if plans.network != planner.attempt.network().version {
        return Ok(None);
    }
    let policy = planner.policy.map(|policy| policy.id);
    match policy.and_then(|policy| plans.of(policy, planner.party)) {
        Some(plan) if fits(planner, &plan.found)? => Ok(Some(plan.found.clone())),
        Some(_) | None => Ok(None),
    }
}

/// Whether a plan that was made ahead was taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum IsTaken {
    /// It was.
    Yes,
    /// It did not fit any more.
    No,
}

/// Whether everybody in the plan can do what it gives him, on the day that it gives him.
fn fits(planner: &Planner<'_, '_>, found: &Found) -> Result<bool, Stop> {
    let range = Range {
        days: Days::All,
        suppliers: true,
        only: planner.allowed.location,
    };
    for serving in &found.served {
        let Some(open) = planner.open(serving.location, range)? else {
            return Ok(false);
        };
        let day: Option<WorkDay> = planner.day_of(&open);
        if day != serving.work_day || !planner.has(serving) {
            return Ok(false);
        }
    }
    Ok(true)
}

#[cfg(test)]
mod tests {
    use crate::fixture::story;

    #[test]
    fn a_plan_made_ahead_is_taken_where_it_still_fits() {
        story(
            "
                location L1 labour=100,0,0
                location L2 labour=200,0,0
                stock A@L1=3
                stock A@L2=9
                policy P cost split=300
                plan A=2 > planned
                order A=2 planned > order open; F1@L1 open A:2 assigned leaves 2026-01-05; A@L1 3/2
                plans > 1 taken, 0 again
                plan A=2 > planned
                order A=2 planned > order open; F1@L2 open A:2 assigned leaves 2026-01-05; A@L2 9/2
                plans > 1 taken, 0 again
                why > A: chosen L2 not_needed L1 = 200 (L2: labour 200)
                plan A=2 > planned
                adjust A@L2=-6 > A@L2 3/2
                order A=2 planned > order open; F1@L1 open A:1 assigned leaves 2026-01-05; F2@L2 open A:1 assigned leaves 2026-01-05; A@L1 3/3; A@L2 3/3
                plans > 0 taken, 1 again
                plan A=1 > nothing to plan
                order A=2 planned > order open; A 2 backordered
                plans > 0 taken, 0 again
            ",
        );
    }

    #[test]
    fn a_plan_is_made_again_after_a_change_of_what_it_was_made_on() {
        story(
            "
                location L1 labour=100,0,0 capacity=1
                location L2 labour=200,0,0
                stock A@L1=9
                stock A@L2=9
                policy P cost split=300
                plan A=1 > planned
                order A=1 > order open; F1@L1 open A:1 assigned on 2026-01-05 leaves 2026-01-05; A@L1 9/1
                order A=1 planned > order open; F1@L2 open A:1 assigned leaves 2026-01-05; A@L2 9/1
                plans > 0 taken, 1 again
                plan A=1 > planned
                policy P cost split=200
                order A=1 planned > order open; F1@L2 open A:1 assigned leaves 2026-01-05; A@L2 9/2
                plans > 0 taken, 1 again
                plan A=1 > planned
                location L2 labour=200,0,0 paused change
                order A=1 planned > order open; F1@L1 open A:1 assigned on 2026-01-06 leaves 2026-01-06; A@L1 9/2
                plans > 0 taken, 1 again
                plan A=99 > nothing to plan
            ",
        );
    }
}

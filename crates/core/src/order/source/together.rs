//! An order as one of many that are sourced together: what it asks for, and what was planned for it.

mod plan;
mod queue;

use std::sync::Arc;

use rustc_hash::FxHashSet;
use serde::{Deserialize, Serialize};
use smallvec::SmallVec;

use super::candidates::{Open, Range, open_locations};
use super::demand::Demands;
use super::free::{Ahead, FreeStock};
use super::pieces::{by_case, in_pieces};
use super::planning::{Allowed, Planner};
use super::weigh::weighable;
use super::{Party, Scope, parties, policy_of, was_sourced};
use crate::decide::{Attempt, Stop};
use crate::id::{ItemId, LineNo, OrderId};
use crate::money::Currency;
use crate::network::{CapacityUnit, LocationId};
use crate::order::LocationDay;
use crate::sourcing::policy::{Goal, Policy, PolicyId};
use crate::sourcing::solve::Problem;

pub use plan::{Contending, CurrencyTally, PlannedOrder, PlannedTogether, plan_contending};
pub use queue::{PlannedQueue, Turn, plan_queue};

/// What was planned for many orders, and for one of them.
#[derive(Debug, Clone, Default)]
pub struct Together {
    /// All of them: none of them has to let another one go first, as it is planned who gets what.
    pub orders: Arc<FxHashSet<OrderId>>,
    /// The policy that decides; the order's own unless given.
    pub policy: Option<PolicyId>,
    /// What was planned for the order; nothing where it is to be planned alone.
    pub parties: Vec<PlannedParty>,
}

/// What was planned for lines that travel together.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlannedParty {
    /// The lines.
    pub lines: Vec<LineNo>,
    /// Units by location and item.
    pub at: Vec<(LocationId, Vec<(ItemId, i64)>)>,
    /// Whether the units are taken to be there, whatever the levels say, for all parties: it is looked at what was done once.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_given: bool,
}

/// What an order asks for.
#[derive(Debug, Clone)]
pub struct Asking {
    /// The currency that its costs are in.
    pub currency: Currency,
    /// Its lines that travel together.
    pub parties: Vec<PartyAsking>,
}

/// What lines that travel together ask for.
#[derive(Debug, Clone)]
pub struct PartyAsking {
    /// The lines.
    pub lines: Vec<LineNo>,
    /// The items, by pool of the problem.
    pub items: Vec<ItemId>,
    /// Who may serve, by source of the problem.
    pub places: Vec<PlaceAsked>,
    /// What everything costs. What a source has is the most that it may give to these lines.
    pub problem: Problem,
    /// What the problem counts as a split although the first location of a plan is none.
    pub first_minor: i64,
}

/// A location that may serve.
#[derive(Debug, Clone)]
pub struct PlaceAsked {
    /// Which.
    pub location: LocationId,
    /// What is free there for all who ask, by item.
    pub available: Vec<i64>,
    /// The day on which it would work it and what it may still take then, where days are counted.
    pub room: Option<(LocationDay, CapacityUnit, i64)>,
}

impl Together {
    /// What was planned for a party.
    pub(super) fn of(&self, party: &Party) -> Option<&PlannedParty> {
        let is_same = |plan: &&PlannedParty| {
            let wanted = party.wants.iter().map(|want| want.line);
            plan.is_given || wanted.eq(plan.lines.iter().copied())
        };
        self.parties.iter().find(is_same)
    }

    /// Units that were planned.
    pub(super) fn units(&self) -> i64 {
        let places = self.parties.iter().flat_map(|party| &party.at);
        places
            .flat_map(|(_, units)| units)
            .map(|(_, units)| units)
            .sum()
    }

    /// The policy that decides on an order.
    ///
    /// # Errors
    /// Stops when facts are missing.
    pub(super) fn policy_of(
        &self,
        attempt: &mut Attempt<'_>,
        id: OrderId,
    ) -> Result<Option<Arc<Policy>>, Stop> {
        let policies = attempt.network().policies.iter();
        let named = self
            .policy
            .and_then(|id| policies.clone().find(|one| one.id == id).cloned());
        match named {
            Some(policy) => Ok(Some(policy)),
            None => policy_of(attempt, id),
        }
    }
}

impl PlannedParty {
    /// Units of an item that a location is to serve.
    pub(super) fn units(&self, location: LocationId, item: ItemId) -> i64 {
        let places = self.at.iter().filter(|(known, _)| *known == location);
        let units = places
            .flat_map(|(_, units)| units)
            .filter(|(known, _)| *known == item);
        units.map(|(_, units)| units).sum()
    }
}

/// What an order asks for as one of many. None where no unit is to be sourced, or where its policy does not count costs:
/// such orders cannot be weighed against others.
///
/// # Errors
/// Stops when facts are missing.
pub fn ask(
    attempt: &mut Attempt<'_>,
    id: OrderId,
    together: &Together,
) -> Result<Option<Asking>, Stop> {
    let policy = together.policy_of(attempt, id)?;
    let Some(policy) = policy else {
        return Ok(None);
    };
    let Goal::LowestCost(objective) = &policy.goal else {
        return Ok(None);
    };
    let network = Arc::clone(attempt.network());
    let order = attempt.order(id)?;
    if !super::may_be_sourced(order) {
        return Ok(None);
    }
    let scope = if was_sourced(order) {
        Scope::OpenAndWaiting
    } else {
        Scope::Open
    };
    let mut all = parties(order, scope, policy.constraints.keep_together);
    super::leave_recalled(&mut all, order, &network);
    all.retain(|party| party.method.uses_stock());
    // What is weighed in pieces is no one problem.
    let keep = policy.constraints.keep_together;
    let mut all = in_pieces(by_case(all, keep), keep);
    if all.iter().any(|party| party.piece.is_some()) {
        all.clear();
    }
    let mut asked = Vec::with_capacity(all.len());
    for party in &all {
        let mut asking = ask_party(attempt, id, party, (scope, together), &policy)?;
        asking.first_minor = objective.split_minor;
        asked.push(asking);
    }
    let currency = objective.currency;
    Ok((!asked.is_empty()).then_some(Asking {
        currency,
        parties: asked,
    }))
}

fn ask_party(
    attempt: &mut Attempt<'_>,
    id: OrderId,
    party: &Party,
    (scope, together): (Scope<'_>, &Together),
    policy: &Policy,
) -> Result<PartyAsking, Stop> {
    let demands = Demands::of(party, policy.constraints.keep_together);
    let ahead = Ahead::of(attempt.order(id)?, scope, Some(together));
    let mut free = FreeStock::default();
    for item in &demands.items {
        free.load(attempt, *item, &ahead)?;
    }
    let (network, now) = (attempt.network(), attempt.now());
    let order = attempt.order(id)?.clone_for_planning(network, now);
    let planner = Planner {
        attempt,
        order: &order,
        party,
        demands: &demands,
        policy: Some(policy),
        allowed: Allowed::default(),
        before: SmallVec::new(),
        planned: None,
        free: &free,
        given: &[],
    };
    let range = Range {
        days: planner.first_days(),
        suppliers: false,
        only: None,
    };
    let (open, _) = open_locations(attempt, &order, party, Some(policy), range, &[])?;
    let has = planner.stock(&open, &vec![false; demands.items.len()]);
    let weighable = weighable(&planner, policy, &open, &has)?;
    let places = weighable.weighed.iter().zip(&weighable.problem.sources);
    let places: Result<Vec<PlaceAsked>, Stop> = places
        .map(|(open, source)| place(attempt, open, &demands, &source.has))
        .collect();
    Ok(PartyAsking {
        lines: party.wants.iter().map(|want| want.line).collect(),
        items: demands.items.to_vec(),
        places: places?,
        problem: weighable.problem,
        first_minor: 0,
    })
}

fn place(
    attempt: &Attempt<'_>,
    open: &Open<'_>,
    demands: &Demands,
    has: &[i64],
) -> Result<PlaceAsked, Stop> {
    let location = open.location;
    let mut available = Vec::with_capacity(demands.items.len());
    for (item, has) in demands.items.iter().zip(has) {
        let fences = attempt.fences(*item)?;
        let is_fenced = fences.iter().any(|fence| fence.location == location.id);
        // What one may have of a level with ring-fences says nothing of what others may have.
        available.push(if is_fenced {
            let fenced = fences.iter().filter(|fence| fence.location == location.id);
            let fenced: i64 = fenced.map(|fence| fence.quantity).sum();
            attempt.level(*item, location.id)?.available().max(0) + fenced
        } else {
            *has
        });
    }
    let day = open.work_day.filter(|day| day.counted);
    let room = match day.zip(location.capacity.as_ref()) {
        Some((day, capacity)) => {
            let used = attempt.load_on(location.id, day.date)?.of(capacity.unit);
            let left = capacity.limit_on(day.date) - used;
            Some(((location.id, day.date), capacity.unit, left))
        }
        None => None,
    };
    Ok(PlaceAsked {
        location: location.id,
        available,
        room,
    })
}

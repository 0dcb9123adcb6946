//! Planning a party: who serves it, by the rules of its policy, and what is written down of that.

use std::sync::Arc;

use smallvec::{SmallVec, smallvec};

use super::ahead::{self, IsTaken, PlansAhead};
use super::candidates::{Asked, Open, OrderView, Range, Reasons, open_locations};
use super::days::Days;
use super::demand::Demands;
use super::free::{Ahead, FreeStock};
use super::margin;
use super::way::{Parcel, way};
use super::weigh::weigh;
use super::{Party, PlannedParty, Scope, Sourced, Together};
use crate::carrier::ServiceId;
use crate::decide::{Attempt, Stop};
use crate::id::{ItemId, OrderId};
use crate::inventory::release_expired;
use crate::network::{Kind, LocationId};
use crate::order::entry::{Allotment, LineUnits, Route};
use crate::order::progress::RequestStatus;
use crate::order::{Method, Order, WorkDay};
use crate::sourcing::policy::{KeepTogether, Policy};
use crate::sourcing::{
    BARRED_MAX, Barred, Candidate, Demand, Group, Margin, Reason, Weighing, plan,
};

/// What plans are restricted to, to see what it would be like.
#[derive(Debug, Clone, Copy, Default)]
pub struct Allowed {
    /// This carrier service alone.
    pub service: Option<ServiceId>,
    /// Whether routes are planned where no policy is in force, too.
    pub routes: bool,
    /// Whether supply is named for what nobody has.
    pub awaited: bool,
    /// This location alone, because a person says so: neither the policy's preferences nor what it turned down before bar it.
    pub location: Option<LocationId>,
}

/// What decides on a party.
#[derive(Debug, Clone, Copy)]
pub(super) struct By<'p> {
    /// The policy; the built-in one if absent.
    pub(super) policy: Option<&'p Policy>,
    /// What it may use.
    pub(super) allowed: Allowed,
    /// What was planned for it as one of many.
    pub(super) together: Option<&'p Together>,
}

/// What a party is planned on.
pub(super) struct Planner<'p, 'a> {
    pub(super) attempt: &'p Attempt<'a>,
    pub(super) order: &'p OrderView,
    pub(super) party: &'p Party,
    pub(super) demands: &'p Demands,
    pub(super) policy: Option<&'p Policy>,
    pub(super) allowed: Allowed,
    /// Who serves pieces before this one.
    pub(super) before: SmallVec<[LocationId; 4]>,
    /// What was planned for it, if anything was.
    pub(super) planned: Option<&'p PlannedParty>,
    pub(super) free: &'p FreeStock,
    pub(super) given: &'p [Allotment],
}

/// What planning comes to.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Found {
    pub(super) served: Vec<Serving>,
    /// Units by part that nobody serves.
    pub(super) missing: SmallVec<[i64; 4]>,
    pub(super) reasons: Reasons,
    pub(super) weighing: Option<Weighing>,
}

/// What one location serves.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Serving {
    pub(super) location: LocationId,
    /// Units by part.
    pub(super) units: SmallVec<[i64; 4]>,
    pub(super) work_day: Option<WorkDay>,
    pub(super) route: Option<Route>,
}

/// Plans one group of lines and adds what was found to `sourced`.
pub(super) fn serve_party(
    attempt: &mut Attempt<'_>,
    id: OrderId,
    party: &Party,
    scope: Scope<'_>,
    by: By<'_>,
    free: &mut FreeStock,
    sourced: &mut Sourced,
) -> Result<(), Stop> {
    let By {
        policy,
        allowed,
        together,
    } = by;
    let keep = policy.map_or(KeepTogether::Nothing, |one| one.constraints.keep_together);
    let demands = Demands::of(party, keep);
    let ahead = Ahead::of(attempt.order(id)?, scope, together);
    for item in demands.items.iter().copied().chain(party.items_of_whole()) {
        release_expired(attempt, item)?;
        let is_set_aside = free.load(attempt, item, &ahead)?;
        // Who waits is being served already.
        if is_set_aside && scope.next_waiting().is_none() {
            attempt.serve_later(item);
        }
    }
    let (network, now) = (attempt.network(), attempt.now());
    let order = attempt.order(id)?.clone_for_planning(network, now);
    let planner = Planner {
        attempt,
        order: &order,
        party,
        demands: &demands,
        policy,
        allowed,
        before: party.serving_before(&sourced.allotments),
        planned: together.and_then(|together| together.of(party)),
        free,
        given: &sourced.allotments,
    };
    let (mut found, taken) = planner.find_or_take(attempt.plans_ahead())?;
    let kept = attempt.keeps_plans().then(|| found.clone());
    let (now, mut below) = (attempt.look_at(id)?, None);
    if margin::binds(now) {
        found = planner.keep_floor(now, found, &mut below)?;
    }
    // Plans of pieces build on each other, and are not taken one by one.
    if let Some((policy, kept)) = policy.zip(kept).filter(|_| party.piece.is_none()) {
        attempt.keep_plan(policy.id, party, &kept);
    }
    attempt.note_plan(taken);
    let barred = barred(attempt, party, &demands, &mut found)?;
    attempt.require_all_fresh(short_items(&demands, &found))?;
    for serving in &found.served {
        let parts = demands.parts.iter().zip(&serving.units);
        parts.for_each(|(part, units)| {
            free.take(demands.items[part.item], serving.location, *units);
        });
    }
    sourced.below = sourced.below.or(below);
    let group = Group {
        barred,
        ..allot(attempt, &order, party, &demands, found, sourced)?
    };
    sourced.groups.push(group);
    Ok(())
}

/// Names the items of the party that are excluded somewhere for now, and says so of locations that have nothing else.
fn barred(
    attempt: &Attempt<'_>,
    party: &Party,
    demands: &Demands,
    found: &mut Found,
) -> Result<Vec<Barred>, Stop> {
    let mut barred = Vec::new();
    for item in &demands.items {
        let exclusions = attempt.exclusions(*item)?;
        let mut wants = party.wants.iter();
        let Some(want) = wants.find(|want| want.item == Some(*item)) else {
            continue;
        };
        barred.extend(exclusions.into_iter().map(|exclusion| Barred {
            location: exclusion.location,
            line: want.line,
            until: exclusion.until,
            cause: exclusion.cause,
        }));
    }
    for (location, reason) in &mut found.reasons {
        let is_barred = barred.iter().any(|one| one.location == *location);
        if *reason == Reason::NoStock && is_barred {
            *reason = Reason::ItemExcluded;
        }
    }
    barred.truncate(BARRED_MAX);
    Ok(barred)
}

/// Items of which units are missing.
fn short_items<'d>(demands: &'d Demands, found: &'d Found) -> impl Iterator<Item = ItemId> + 'd {
    let parts = demands.parts.iter().zip(&found.missing);
    let short = parts.filter(|(_, missing)| **missing > 0);
    short.map(|(part, _)| demands.items[part.item])
}

impl<'a> Planner<'_, 'a> {
    /// Takes the plan that was made ahead, if it still fits; else plans.
    fn find_or_take(
        &self,
        plans: Option<&Arc<PlansAhead>>,
    ) -> Result<(Found, Option<IsTaken>), Stop> {
        let Some(plans) = plans else {
            return Ok((self.find()?, None));
        };
        Ok(match ahead::taken(self, plans)? {
            Some(found) => (found, Some(IsTaken::Yes)),
            None => (self.find()?, Some(IsTaken::No)),
        })
    }

    /// Plans with what is available at locations that are not full on their first day; where that does not reach, with
    /// later days, then with suppliers that come last, and then with what may be oversold too.
    fn find(&self) -> Result<Found, Stop> {
        let none: SmallVec<[bool; 4]> = smallvec![false; self.demands.items.len()];
        let mut range = Range {
            days: self.first_days(),
            suppliers: self.allowed.location.is_some(),
            only: self.allowed.location,
        };
        let mut found = self.find_in(range, &none)?;
        if found.is_short() && range.days == Days::First && found.has(Reason::Full) {
            range.days = Days::All;
            found = self.find_in(range, &none)?;
        }
        if found.is_short() && found.has(Reason::SuppliersLast) {
            range.suppliers = true;
            found = self.find_in(range, &none)?;
        }
        let oversold = self.may_be_oversold(&found);
        if oversold.contains(&true) {
            found = self.find_in(range, &oversold)?;
        }
        Ok(found)
    }

    /// Where lateness is weighed, a later day is a price; elsewhere it is a last resort.
    pub(super) fn first_days(&self) -> Days {
        match self.policy {
            Some(policy) if policy.weighs_days() => Days::All,
            _ => Days::First,
        }
    }

    /// The items that are short, and of which more may be claimed than is available.
    fn may_be_oversold(&self, found: &Found) -> SmallVec<[bool; 4]> {
        let is_short = |item: ItemId| short_items(self.demands, found).any(|short| short == item);
        let items = self.demands.items.iter();
        items
            .map(|item| is_short(*item) && self.free.may_oversell(*item))
            .collect()
    }

    fn find_in(&self, range: Range, oversold: &[bool]) -> Result<Found, Stop> {
        let (attempt, order, party) = (self.attempt, self.order, self.party);
        let (open, reasons) =
            open_locations(attempt, order, party, self.policy, range, self.given)?;
        let has = self.stock(&open, oversold);
        let mut found = match self.policy {
            Some(policy) => weigh(self, policy, &open, &has)?,
            None => self.complete_then_fewest(&open, has),
        };
        found.reasons.splice(0..0, reasons);
        // What is left of a broken case waits.
        let parts = self.demands.parts.iter();
        let broken = parts.map(|part| part.quantity - part.in_cases());
        let missing = found.missing.iter_mut().zip(broken);
        missing.for_each(|(missing, broken)| *missing += broken);
        self.name_planned(&mut found);
        self.name_cases(&mut found);
        Ok(found)
    }

    /// A location that has some, but not for this order, is not without stock.
    fn name_planned(&self, found: &mut Found) {
        if self.planned.is_none_or(|planned| planned.is_given) {
            return;
        }
        let has = |location: LocationId| {
            let items = self.demands.items.iter();
            let mut levels = items.flat_map(|item| self.free.units(*item, false));
            levels.any(|(at, units)| *at == location && *units > 0)
        };
        for (location, reason) in &mut found.reasons {
            if *reason == Reason::NoStock && has(*location) {
                *reason = Reason::PlannedForOthers;
            }
        }
    }

    /// A location that has some, but no whole case, is not without stock.
    fn name_cases(&self, found: &mut Found) {
        let cased = self.demands.parts.iter().filter(|part| part.case > 1);
        let items: SmallVec<[ItemId; 4]> =
            cased.map(|part| self.demands.items[part.item]).collect();
        if items.is_empty() {
            return;
        }
        let has = |location: LocationId| {
            let mut levels = items.iter().flat_map(|item| self.free.units(*item, false));
            levels.any(|(at, units)| *at == location && *units > 0)
        };
        for (location, reason) in &mut found.reasons {
            if *reason == Reason::NoStock && has(*location) {
                *reason = Reason::NoWholeCase;
            }
        }
    }

    /// Gives a plan up that leaves less of the price than its policy's floor.
    fn keep_floor(
        &self,
        order: &Order,
        mut found: Found,
        below: &mut Option<Margin>,
    ) -> Result<Found, Stop> {
        let margin = margin::margin(self, order, &found)?;
        if let Some(weighing) = &mut found.weighing {
            weighing.margin = margin;
        }
        let Some(margin) = margin.filter(Margin::is_below) else {
            return Ok(found);
        };
        *below = Some(margin);
        let parts = self.demands.parts.iter();
        Ok(found.given_up(parts.map(|part| part.quantity)))
    }

    /// A location, as it could serve the party now; none if something bars it.
    ///
    /// # Errors
    /// Stops when facts are missing.
    pub(super) fn open(&self, id: LocationId, range: Range) -> Result<Option<Open<'a>>, Stop> {
        let Some(location) = self.attempt.network().location(id) else {
            return Ok(None);
        };
        let asked = Asked {
            attempt: self.attempt,
            order: self.order,
            party: self.party,
            policy: self.policy,
            range,
            given: self.given,
        };
        asked.ask(location).map(Result::ok)
    }

    /// Whether a location has what it is to serve, without overselling.
    pub(super) fn has(&self, serving: &Serving) -> bool {
        let keep = self.keep_units();
        let wanted = |position: usize| -> i64 {
            let parts = self.demands.parts.iter().zip(&serving.units);
            let of_item = parts.filter(|(part, _)| part.item == position);
            of_item.map(|(_, units)| units).sum()
        };
        self.demands
            .items
            .iter()
            .enumerate()
            .all(|(position, item)| {
                let wanted = wanted(position);
                let levels = self.free.units(*item, false);
                let known = levels.binary_search_by_key(&serving.location, |(at, _)| *at);
                wanted == 0 || known.is_ok_and(|at| levels[at].1 - keep >= wanted)
            })
    }

    /// Why a location does not come into question for a piece, if it does not.
    pub(super) fn bars_piece(&self, location: LocationId) -> Option<Reason> {
        let (party, before) = (self.party, &self.before);
        if !party.may_come_from(location, before, self.free) {
            return Some(Reason::ServesNothing);
        }
        let limit = self
            .policy
            .and_then(|policy| policy.constraints.max_locations);
        let known = u32::try_from(before.len()).unwrap_or(u32::MAX);
        let is_over = limit.is_some_and(|limit| known >= limit);
        (is_over && !before.contains(&location)).then_some(Reason::ServesNothing)
    }

    /// How many locations a piece may use: those that serve others before it, or as many as are left.
    pub(super) fn more_locations(&self, policy: &Policy) -> Option<u32> {
        let limit = policy.constraints.max_locations?;
        let before = u32::try_from(self.before.len()).unwrap_or(u32::MAX);
        Some(match limit.saturating_sub(before) {
            0 => limit,
            left => left,
        })
    }

    fn keep_units(&self) -> i64 {
        let policy = self.policy;
        policy.map_or(0, |policy| policy.constraints.keep_units)
    }

    /// What each open location has of each item, less what its policy leaves there.
    pub(super) fn stock(&self, open: &[Open<'a>], oversold: &[bool]) -> Vec<SmallVec<[i64; 4]>> {
        let items = self.demands.items.len();
        let mut has: Vec<SmallVec<[i64; 4]>> = vec![smallvec![0; items]; open.len()];
        if let Some(given) = self.planned.filter(|planned| planned.is_given) {
            for (one, has) in open.iter().zip(&mut has) {
                let units = self.demands.items.iter();
                *has = units
                    .map(|item| given.units(one.location.id, *item))
                    .collect();
            }
            return has;
        }
        let keep = self.keep_units();
        for (position, item) in self.demands.items.iter().enumerate() {
            // Both are in ascending order of location.
            let mut from = 0;
            for (location, units) in self.free.units(*item, oversold[position]) {
                let ahead = open[from..].iter();
                from += ahead.take_while(|one| one.location.id < *location).count();
                if open
                    .get(from)
                    .is_some_and(|one| one.location.id == *location)
                {
                    let units = (units - keep).max(0);
                    let planned = self.planned.map(|plan| plan.units(*location, *item));
                    has[from][position] = units.min(planned.unwrap_or(units));
                }
            }
        }
        has
    }

    /// Without a policy: complete from one location if any can, else from as few as possible.
    fn complete_then_fewest(&self, open: &[Open<'a>], has: Vec<SmallVec<[i64; 4]>>) -> Found {
        let parts = self.demands.parts.iter();
        // By cases; without a policy nothing is kept together, and parts are items.
        let demands: SmallVec<[Demand; 4]> = parts
            .clone()
            .map(|part| Demand {
                quantity: part.quantity / part.case,
            })
            .collect();
        let candidates = open.iter().zip(has).map(|(one, mut has)| {
            let parts = has.iter_mut().zip(parts.clone());
            parts.for_each(|(units, part)| *units /= part.case);
            Candidate {
                location: one.location.id,
                priority: one.location.priority,
                distance_km: one.distance_km,
                has,
            }
        });
        let mut plan = plan(&demands, candidates.collect());
        for served in &mut plan.served {
            let units = served.units.iter_mut().zip(parts.clone());
            units.for_each(|(units, part)| *units *= part.case);
        }
        let missing = plan.missing.iter_mut().zip(parts);
        missing.for_each(|(units, part)| *units *= part.case);
        let day = |location: LocationId| {
            let known = open.binary_search_by_key(&location, |one| one.location.id);
            known.ok().and_then(|position| self.day_of(&open[position]))
        };
        let served = plan.served.into_iter().map(|served| Serving {
            location: served.location,
            units: served.units,
            work_day: day(served.location),
            route: None,
        });
        Found {
            served: served.collect(),
            missing: plan.missing,
            reasons: plan.reasons,
            weighing: None,
        }
    }

    /// When an open location works the party.
    pub(super) fn day_of(&self, open: &Open<'a>) -> Option<WorkDay> {
        let network = self.attempt.network();
        let first = || {
            let date = open.location.days_from(network, self.order.from).next()?;
            Some(WorkDay {
                date,
                counted: false,
            })
        };
        open.work_day.or_else(first)
    }
}

impl Found {
    pub(super) fn is_short(&self) -> bool {
        self.missing.iter().any(|units| *units > 0)
    }

    fn has(&self, reason: Reason) -> bool {
        self.reasons.iter().any(|(_, known)| *known == reason)
    }
}

/// Gives the served units to the lines in their order; what remains of a line is missing.
fn allot(
    attempt: &Attempt<'_>,
    order: &OrderView,
    party: &Party,
    demands: &Demands,
    found: Found,
    sourced: &mut Sourced,
) -> Result<Group, Stop> {
    let mut open: Vec<i64> = party.wants.iter().map(|want| want.quantity).collect();
    let together = u64::try_from(found.served.len()).unwrap_or(1);
    for mut serving in found.served {
        let mut lines = Vec::new();
        for (want, open) in party.wants.iter().zip(&mut open) {
            let Some(part) = demands.part_of(want) else {
                continue;
            };
            let in_cases = *open - *open % want.case.max(1);
            let quantity = in_cases.min(serving.units[part]);
            if quantity > 0 {
                serving.units[part] -= quantity;
                *open -= quantity;
                lines.push(LineUnits {
                    line: want.line,
                    quantity,
                });
            }
        }
        let route = promised_route(attempt, party, &serving, (&lines, together))?;
        serving.route = route;
        let allotment = allotment(attempt, order, party, &serving, lines, sourced);
        sourced.add(allotment);
    }
    let missing = party.wants.iter().zip(open).filter(|(_, units)| *units > 0);
    let missing: Vec<_> = missing.map(|(want, units)| (want.clone(), units)).collect();
    let group = Group {
        lines: party.wants.iter().map(|want| want.line).collect(),
        reasons: by_reason(&found.reasons),
        missing: missing
            .iter()
            .map(|(want, units)| (want.line, *units))
            .collect(),
        barred: Vec::new(),
        weighing: found.weighing,
    };
    sourced.missing.extend(missing);
    Ok(group)
}

/// The route of what a location serves: the one that was weighed, with what lanes say of its days; else the best one, as
/// far as that says more than the day on which it is worked. It is one of so many parcels that come `together`.
fn promised_route(
    attempt: &Attempt<'_>,
    party: &Party,
    serving: &Serving,
    (lines, together): (&[LineUnits], u64),
) -> Result<Option<Route>, Stop> {
    let network = attempt.network();
    let Some(location) = network.location(serving.location) else {
        return Ok(serving.route);
    };
    if let Some(route) = serving.route {
        let assured = attempt.assured(location, route, &party.destination, together);
        return Ok(Some(assured));
    }
    let worked_on = serving.work_day.map(|day| day.date);
    let leaves_on = worked_on.and_then(|day| location.leaves_on(network, day));
    let says_more = !network.services.is_empty() && party.method == Method::Ship;
    let Some(ready) = leaves_on.filter(|day| says_more || Some(*day) != worked_on) else {
        return Ok(None);
    };
    let units: SmallVec<[(ItemId, i64); 4]> = lines
        .iter()
        .filter_map(|line| {
            let want = party.wants.iter().find(|want| want.line == line.line)?;
            Some((want.item?, line.quantity))
        })
        .collect();
    let parcel = Parcel {
        location,
        method: party.method,
        destination: &party.destination,
        ready,
        units: &units,
        only: party.service,
        due: party.due,
        together,
    };
    way(attempt, parcel).map(Some)
}

fn allotment(
    attempt: &Attempt<'_>,
    order: &OrderView,
    party: &Party,
    serving: &Serving,
    lines: Vec<LineUnits>,
    sourced: &mut Sourced,
) -> Allotment {
    let location = attempt.network().location(serving.location);
    let must_accept = location.is_some_and(|location| location.kind.must_accept());
    let request = if must_accept {
        RequestStatus::Submitted
    } else {
        RequestStatus::Unsubmitted
    };
    let place = (
        serving.location,
        party.method,
        party.ship_to,
        serving.work_day,
        party.collect_at,
    );
    let mut joinable = order.joinable.iter();
    let joined = joinable.find(|one| one.takes(place, serving.route.as_ref()));
    let joined = joined.map(|joinable| joinable.no);
    let joined = joined.or_else(|| sourced.joined(party, place, serving.route.as_ref()));
    let fulfilment = joined.unwrap_or_else(|| sourced.take_child());
    Allotment {
        fulfilment,
        location: Some(serving.location),
        method: party.method,
        ship_to: party.ship_to,
        request,
        work_day: serving.work_day,
        route: serving.route,
        collect_at: party.collect_at,
        bought: location.is_some_and(|location| location.kind == Kind::Supplier),
        lines,
        lots: Vec::new(),
    }
}

fn by_reason(reasons: &[(LocationId, Reason)]) -> Vec<(Reason, Vec<LocationId>)> {
    let mut grouped: Vec<(Reason, Vec<LocationId>)> = Vec::new();
    for (location, reason) in reasons {
        match grouped.iter_mut().find(|(known, _)| known == reason) {
            Some((_, locations)) => locations.push(*location),
            None => grouped.push((*reason, vec![*location])),
        }
    }
    grouped.sort_by_key(|(reason, _)| *reason);
    grouped
        .iter_mut()
        .for_each(|(_, locations)| locations.sort_unstable());
    grouped
}

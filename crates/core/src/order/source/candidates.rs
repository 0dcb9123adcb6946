//! Who could serve a group of lines: open locations, their free stock, and who waits ahead.

use std::collections::hash_map::Entry;

use rustc_hash::FxHashMap;
use smallvec::{SmallVec, smallvec};

use super::days::{Days, work_day};
use super::{Party, Scope, Sourced};
use crate::decide::{Attempt, Stop};
use crate::id::{ContactNo, FulfilmentNo, ItemId, OrderId};
use crate::inventory::{Level, release_expired, set_aside};
use crate::network::{AcceptedMethod, Location, LocationId};
use crate::order::entry::{Allotment, LineUnits};
use crate::order::progress::RequestStatus;
use crate::order::{Method, Order, WorkDay};
use crate::party::Destination;
use crate::sourcing::{Candidate, Demand, Group, Plan, Reason, plan};
use crate::time::Millis;

/// Kilometres taken where coordinates are not known: in the same country, and elsewhere.
const SAME_COUNTRY_KM: i64 = 1_000;
const ELSEWHERE_KM: i64 = 20_000;

/// Free units by item and location, less what was allotted by this decision already.
#[derive(Debug, Default)]
pub(in crate::order) struct FreeStock(FxHashMap<ItemId, Free>);

type Units = Vec<(LocationId, i64)>;

/// Free units of one item.
#[derive(Debug)]
struct Free {
    /// What is available.
    available: Units,
    /// That, and what may be oversold; absent where nothing may.
    claimable: Option<Units>,
}

impl FreeStock {
    /// Looks up what is free; tells whether units were set aside for others who wait.
    fn load(&mut self, attempt: &Attempt<'_>, item: ItemId, ahead: &Ahead) -> Result<bool, Stop> {
        if let Entry::Vacant(place) = self.0.entry(item) {
            let levels = attempt.levels(item)?;
            let mut set_aside = false;
            let mut free = |units: fn(&Level) -> i64| -> Result<Units, Stop> {
                let units = |level: &Level| (level.location, units(level).max(0));
                let mut free: Units = levels.iter().map(units).collect();
                set_aside |= ahead.subtract(attempt, item, &mut free)?;
                Ok(free)
            };
            let may_oversell = levels.iter().any(|level| level.oversell_limit > 0);
            let claimable = may_oversell.then(|| free(Level::claimable)).transpose()?;
            let available = free(Level::available)?;
            place.insert(Free {
                available,
                claimable,
            });
            return Ok(set_aside);
        }
        Ok(false)
    }

    /// What is available; or what may be oversold too.
    fn units(&self, item: ItemId, oversold: bool) -> &[(LocationId, i64)] {
        let free = self.0.get(&item);
        free.map_or(&[], |free| match &free.claimable {
            Some(claimable) if oversold => claimable,
            _ => &free.available,
        })
    }

    fn take(&mut self, item: ItemId, plan: &Plan, position: usize) {
        let Some(free) = self.0.get_mut(&item) else {
            return;
        };
        for served in &plan.served {
            let levels = free.available.iter_mut();
            levels
                .chain(free.claimable.iter_mut().flatten())
                .filter(|(location, _)| *location == served.location)
                .for_each(|(_, units)| *units = (*units - served.units[position]).max(0));
        }
    }
}

/// Orders that wait and must not be overtaken.
struct Ahead {
    order: OrderId,
    priority: i32,
    /// Since when the order waits, by item; absent where it comes new.
    since: Vec<(ItemId, Millis)>,
    nobody: bool,
}

impl Ahead {
    fn of(order: &Order, scope: Scope<'_>) -> Self {
        let lines = order.placed.lines.iter().zip(&order.progress.lines);
        let waiting = lines.filter_map(|(line, state)| Some((line.item?, state.waiting_since?)));
        let since = match scope {
            Scope::OpenAndWaiting => waiting.collect(),
            Scope::Open | Scope::NextWaiting(_) | Scope::Again(_) => Vec::new(),
        };
        Self {
            order: order.id,
            priority: order.progress.priority,
            since,
            nobody: matches!(scope, Scope::NextWaiting(_)),
        }
    }

    /// Sets the units aside that those ahead wait for; tells whether there were any. What the order has just given
    /// back, it may take again first.
    fn subtract(
        &self,
        attempt: &Attempt<'_>,
        item: ItemId,
        free: &mut [(LocationId, i64)],
    ) -> Result<bool, Stop> {
        if self.nobody {
            return Ok(false);
        }
        let mut own: Units = Vec::with_capacity(free.len());
        for (location, units) in free.iter_mut() {
            let given_back = attempt.given_back(self.order, item, *location).min(*units);
            *units -= given_back;
            own.push((*location, given_back));
        }
        let since = self.since.iter().filter(|(known, _)| *known == item);
        let place = since
            .map(|(_, since)| (self.priority, *since, self.order))
            .min();
        let any = set_aside(attempt, item, free, |row| match place {
            _ if row.order == self.order => false,
            Some(place) => (row.priority, row.since, row.order) < place,
            None => row.priority <= self.priority,
        })?;
        let both = free.iter_mut().zip(own);
        both.for_each(|((_, units), (_, own))| *units += own);
        Ok(any)
    }
}

/// Plans one group of lines and adds what was found to `sourced`.
pub(super) fn serve_party(
    attempt: &mut Attempt<'_>,
    id: OrderId,
    party: &Party,
    scope: Scope<'_>,
    free: &mut FreeStock,
    sourced: &mut Sourced,
) -> Result<(), Stop> {
    let items = demand_by_item(party);
    let ahead = Ahead::of(attempt.order(id)?, scope);
    for (item, _) in &items {
        release_expired(attempt, *item)?;
        if free.load(attempt, *item, &ahead)? {
            attempt.serve_later(*item);
        }
    }
    let order = attempt.order(id)?.clone_for_planning();
    let Planned {
        plan,
        reasons,
        days,
    } = planned(attempt, &order, party, &items, free, &sourced.allotments)?;
    let short = items
        .iter()
        .zip(&plan.missing)
        .filter(|(_, missing)| **missing > 0);
    attempt.require_all_fresh(short.map(|((item, _), _)| *item))?;
    for (position, (item, _)) in items.iter().enumerate() {
        free.take(*item, &plan, position);
    }
    let group = allot(attempt, &order, party, &items, plan, &days, sourced);
    sourced.groups.push(Group {
        reasons: by_reason(&reasons),
        ..group
    });
    Ok(())
}

/// What a party's planning comes to.
struct Planned {
    plan: Plan,
    reasons: Reasons,
    days: WorkDays,
}

/// When each location would work the party, by ascending location.
type WorkDays = Vec<(LocationId, Option<WorkDay>)>;

/// Plans with locations that are not full on their first day and with what is available; where that does not reach,
/// with later days, and then with what may be oversold too.
fn planned(
    attempt: &Attempt<'_>,
    order: &OrderView,
    party: &Party,
    items: &[(ItemId, i64)],
    free: &FreeStock,
    given: &[Allotment],
) -> Result<Planned, Stop> {
    let none: SmallVec<[bool; 4]> = smallvec![false; items.len()];
    let plan_with = |days: Days, oversold: &[bool]| {
        let of = |position: usize| free.units(items[position].0, oversold[position]);
        plan_on(attempt, order, party, items, days, given, of)
    };
    let mut planned = plan_with(Days::First, &none)?;
    let mut days = Days::First;
    let is_short = |planned: &Planned| planned.plan.missing.iter().any(|units| *units > 0);
    let is_full = |planned: &Planned| {
        let reasons = planned.reasons.iter();
        reasons.clone().any(|(_, reason)| *reason == Reason::Full)
    };
    if is_short(&planned) && is_full(&planned) {
        days = Days::All;
        planned = plan_with(days, &none)?;
    }
    let missing = planned.plan.missing.iter();
    let short: SmallVec<[bool; 4]> = missing.map(|units| *units > 0).collect();
    let helps = |(short, (item, _)): (&bool, &(ItemId, i64))| {
        let free = free.0.get(item);
        *short && free.is_some_and(|free| free.claimable.is_some())
    };
    if short.iter().zip(items).any(helps) {
        planned = plan_with(days, &short)?;
    }
    Ok(planned)
}

fn plan_on<'a>(
    attempt: &Attempt<'_>,
    order: &OrderView,
    party: &Party,
    items: &[(ItemId, i64)],
    days: Days,
    given: &[Allotment],
    free: impl Fn(usize) -> &'a [(LocationId, i64)],
) -> Result<Planned, Stop> {
    let demand = |(_, quantity): &(ItemId, i64)| Demand {
        quantity: *quantity,
    };
    let demands: SmallVec<[Demand; 4]> = items.iter().map(demand).collect();
    let (candidates, mut reasons, days) =
        candidates(attempt, order, party, items.len(), days, given, free)?;
    let plan = plan(&demands, candidates);
    reasons.extend(plan.reasons.iter().copied());
    Ok(Planned {
        plan,
        reasons,
        days,
    })
}

/// What planning needs of the order, without borrowing the attempt.
pub(super) struct OrderView {
    excluded: Vec<LocationId>,
    joinable: Vec<Joinable>,
}

/// A fulfilment that nobody has begun: more units for the same place and day join it.
struct Joinable {
    no: FulfilmentNo,
    place: (LocationId, Method, Option<ContactNo>, Option<WorkDay>),
}

impl Order {
    fn clone_for_planning(&self) -> OrderView {
        let untouched = self
            .progress
            .fulfilments
            .iter()
            .filter(|fulfilment| super::is_untouched(fulfilment));
        let joinable = untouched.filter_map(|f| {
            Some(Joinable {
                no: f.no,
                place: (f.location?, f.method, f.ship_to, f.work_day),
            })
        });
        OrderView {
            excluded: self.progress.excluded.clone(),
            joinable: joinable.collect(),
        }
    }
}

fn demand_by_item(party: &Party) -> SmallVec<[(ItemId, i64); 4]> {
    let mut items: SmallVec<[(ItemId, i64); 4]> = SmallVec::new();
    let mut positions: FxHashMap<ItemId, usize> = FxHashMap::default();
    for want in &party.wants {
        let Some(item) = want.item else { continue };
        let position = *positions.entry(item).or_insert_with(|| {
            items.push((item, 0));
            items.len() - 1
        });
        items[position].1 += want.quantity;
    }
    items
}

type Reasons = Vec<(LocationId, Reason)>;

/// The locations that may serve the party, with what they have of each of its items and when they would work it.
fn candidates<'a>(
    attempt: &Attempt<'_>,
    order: &OrderView,
    party: &Party,
    items: usize,
    days: Days,
    given: &[Allotment],
    free: impl Fn(usize) -> &'a [(LocationId, i64)],
) -> Result<(Vec<Candidate>, Reasons, WorkDays), Stop> {
    let mut candidates = Vec::with_capacity(attempt.network().locations.len());
    let mut reasons = Reasons::new();
    let mut found = WorkDays::new();
    let mut missing = Vec::new();
    for location in &attempt.network().locations {
        let mut reason = barred(attempt, location, party, order);
        // Only where it is counted does the day matter before the location is chosen.
        if reason.is_none() && location.capacity.is_some() {
            match work_day(attempt, location, party.load(), days, given) {
                Ok(Some(day)) => found.push((location.id, Some(day))),
                Ok(None) => reason = Some(Reason::Full),
                Err(Stop::Missing(needs)) => missing.extend(needs),
                Err(refused @ Stop::Refused(_)) => return Err(refused),
            }
        }
        match reason {
            Some(reason) => reasons.push((location.id, reason)),
            None => candidates.push(candidate(location, party, items)),
        }
    }
    if !missing.is_empty() {
        return Err(Stop::Missing(missing));
    }
    (0..items).for_each(|position| fill(&mut candidates, position, free(position)));
    Ok((candidates, reasons, found))
}

fn candidate(location: &Location, party: &Party, items: usize) -> Candidate {
    let distance_km = match party.bound_to {
        Some(_) => 0,
        None => distance_km(&party.destination, location),
    };
    Candidate {
        location: location.id,
        priority: location.priority,
        distance_km,
        has: smallvec![0; items],
    }
}

/// Both are in ascending order of location.
fn fill(candidates: &mut [Candidate], position: usize, free: &[(LocationId, i64)]) {
    let mut rest = candidates;
    for (location, units) in free {
        let Some(at) = rest
            .iter()
            .position(|candidate| candidate.location >= *location)
        else {
            break;
        };
        rest = &mut rest[at..];
        if rest[0].location == *location {
            rest[0].has[position] = *units;
        }
    }
}

/// Why the location does not come into question for the party, if it does not.
fn barred(
    attempt: &Attempt<'_>,
    location: &Location,
    party: &Party,
    order: &OrderView,
) -> Option<Reason> {
    let accepted = match party.method {
        Method::Pickup => AcceptedMethod::Pickup,
        Method::Ship | Method::Digital | Method::Service => AcceptedMethod::Ship,
    };
    if party.bound_to.is_some_and(|bound| bound != location.id) {
        Some(Reason::NotThePickupLocation)
    } else if !location.is_open(attempt.now()) {
        Some(Reason::NotOpen)
    } else if order.excluded.contains(&location.id) {
        Some(Reason::Excluded)
    } else if !location.accepts(accepted) {
        Some(Reason::MethodNotAccepted)
    } else if party.method == Method::Ship && !location.ships_to(&party.destination) {
        Some(Reason::DoesNotServeArea)
    } else {
        None
    }
}

/// Gives the served units to the lines in their order; what remains of a line is missing.
fn allot(
    attempt: &Attempt<'_>,
    order: &OrderView,
    party: &Party,
    items: &[(ItemId, i64)],
    mut plan: Plan,
    days: &WorkDays,
    sourced: &mut Sourced,
) -> Group {
    let mut open: Vec<i64> = party.wants.iter().map(|want| want.quantity).collect();
    let positions: FxHashMap<ItemId, usize> = items
        .iter()
        .enumerate()
        .map(|(position, (item, _))| (*item, position))
        .collect();
    for served in &mut plan.served {
        let mut lines = Vec::new();
        for (want, open) in party.wants.iter().zip(&mut open) {
            let Some(position) = want.item.and_then(|item| positions.get(&item)) else {
                continue;
            };
            let quantity = (*open).min(served.units[*position]);
            if quantity > 0 {
                served.units[*position] -= quantity;
                *open -= quantity;
                lines.push(LineUnits {
                    line: want.line,
                    quantity,
                });
            }
        }
        let known = days.iter().find(|(known, _)| *known == served.location);
        let day = known.map_or_else(|| first_day(attempt, served.location), |(_, day)| *day);
        let allotment = allotment(attempt, order, party, served.location, day, lines, sourced);
        sourced.allotments.push(allotment);
    }
    let missing = party.wants.iter().zip(open).filter(|(_, units)| *units > 0);
    let missing: Vec<_> = missing.map(|(want, units)| (want.clone(), units)).collect();
    let group = Group {
        lines: party.wants.iter().map(|want| want.line).collect(),
        reasons: Vec::new(),
        missing: missing
            .iter()
            .map(|(want, units)| (want.line, *units))
            .collect(),
    };
    sourced.missing.extend(missing);
    group
}

fn allotment(
    attempt: &Attempt<'_>,
    order: &OrderView,
    party: &Party,
    location: LocationId,
    work_day: Option<WorkDay>,
    lines: Vec<LineUnits>,
    sourced: &mut Sourced,
) -> Allotment {
    let must_accept = attempt
        .network()
        .location(location)
        .is_some_and(|location| location.kind.must_accept());
    let request = if must_accept {
        RequestStatus::Submitted
    } else {
        RequestStatus::Unsubmitted
    };
    let place = (location, party.method, party.ship_to, work_day);
    let joined = order
        .joinable
        .iter()
        .find(|joinable| joinable.place == place);
    let fulfilment = joined.map_or_else(|| sourced.take_child(), |joinable| joinable.no);
    Allotment {
        fulfilment,
        location: Some(location),
        method: party.method,
        ship_to: party.ship_to,
        request,
        work_day,
        lines,
    }
}

/// When a location whose days are not counted works what it is given now.
fn first_day(attempt: &Attempt<'_>, location: LocationId) -> Option<WorkDay> {
    let location = attempt.network().location(location)?;
    let date = location.days_from(attempt.now()).next()?;
    Some(WorkDay {
        date,
        counted: false,
    })
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

/// Great-circle distance in kilometres (haversine, mean Earth radius 6,371 km); a stated guess
/// where coordinates are not known.
#[must_use]
#[expect(
    clippy::cast_possible_truncation,
    reason = "at most half the circumference of the Earth"
)]
pub fn distance_km(destination: &Destination, location: &Location) -> i64 {
    let there = location.address.latitude.zip(location.address.longitude);
    let (Some((lat, lon)), Some((lat10, lon10))) = (there, destination.decidegrees) else {
        return if destination.country == location.address.country {
            SAME_COUNTRY_KM
        } else {
            ELSEWHERE_KM
        };
    };
    let (lat1, lon1) = (lat.to_radians(), lon.to_radians());
    let (lat2, lon2) = (
        (f64::from(lat10) / 10.0).to_radians(),
        (f64::from(lon10) / 10.0).to_radians(),
    );
    let (dlat, dlon) = (((lat2 - lat1) / 2.0).sin(), ((lon2 - lon1) / 2.0).sin());
    let a = dlat * dlat + lat1.cos() * lat2.cos() * dlon * dlon;
    (2.0 * 6_371.0 * a.sqrt().min(1.0).asin()) as i64
}

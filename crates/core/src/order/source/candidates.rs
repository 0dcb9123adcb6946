//! Who could serve a party: locations that nothing bars, with the day on which they would work it.

use std::sync::Arc;

use super::Party;
use super::days::{Days, work_day};
use super::distance::distance_km;
use crate::decide::{Attempt, Stop};
use crate::id::{ContactNo, FulfilmentNo};
use crate::network::{AcceptedMethod, ChannelId, Kind, Location, LocationId, Network};
use crate::order::entry::{Allotment, Route};
use crate::order::{Method, Order, WorkDay};
use crate::sourcing::Reason;
use crate::sourcing::policy::Policy;
use crate::time::Millis;

/// A location that nothing bars.
#[derive(Debug, Clone)]
pub(super) struct Open<'a> {
    pub(super) location: &'a Arc<Location>,
    /// When it would work the party; absent where its days are not counted and it has not been asked.
    pub(super) work_day: Option<WorkDay>,
    /// Kilometres to the destination.
    pub(super) distance_km: i64,
}

/// Which locations come into question.
#[derive(Debug, Clone, Copy)]
pub(super) struct Range {
    /// On which days.
    pub(super) days: Days,
    /// Whether suppliers do.
    pub(super) suppliers: bool,
    /// This one alone, because a person says so.
    pub(super) only: Option<LocationId>,
}

/// Locations with the reasons that bar them.
pub(super) type Reasons = Vec<(LocationId, Reason)>;

/// The locations that nothing bars, and why the others are barred.
///
/// # Errors
/// Stops when what locations have to do was not looked up yet.
pub(super) fn open_locations<'a>(
    attempt: &Attempt<'a>,
    order: &OrderView,
    party: &Party,
    policy: Option<&Policy>,
    range: Range,
    given: &[Allotment],
) -> Result<(Vec<Open<'a>>, Reasons), Stop> {
    let locations = &attempt.network().locations;
    let mut open = Vec::with_capacity(locations.len());
    let mut reasons = Reasons::new();
    let mut missing = Vec::new();
    let asked = Asked {
        attempt,
        order,
        party,
        policy,
        range,
        given,
    };
    let is_asked = |location: LocationId| range.only.is_none_or(|only| only == location);
    for location in locations.iter().filter(|location| is_asked(location.id)) {
        match asked.ask(location) {
            Ok(Ok(one)) => open.push(one),
            Ok(Err(reason)) => reasons.push((location.id, reason)),
            Err(Stop::Missing(needs)) => missing.extend(needs),
            Err(refused @ Stop::Refused(_)) => return Err(refused),
        }
    }
    if missing.is_empty() {
        Ok((open, reasons))
    } else {
        Err(Stop::Missing(missing))
    }
}

/// What locations are asked about.
pub(super) struct Asked<'p, 'a> {
    pub(super) attempt: &'p Attempt<'a>,
    pub(super) order: &'p OrderView,
    pub(super) party: &'p Party,
    pub(super) policy: Option<&'p Policy>,
    pub(super) range: Range,
    /// What this decision has given locations already.
    pub(super) given: &'p [Allotment],
}

impl<'a> Asked<'_, 'a> {
    /// Asks one location: when it would work the party, or what bars it.
    ///
    /// # Errors
    /// Stops when what it has to do was not looked up yet.
    pub(super) fn ask(
        &self,
        location: &'a Arc<Location>,
    ) -> Result<Result<Open<'a>, Reason>, Stop> {
        let (attempt, party) = (self.attempt, self.party);
        if let Some(reason) = barred(
            attempt,
            location,
            party,
            self.order,
            self.policy,
            self.range,
        ) {
            return Ok(Err(reason));
        }
        let mut day = None;
        // Only where it is counted does the day matter before the location is chosen.
        if location.capacity.is_some() {
            let when = (self.range.days, self.order.from);
            day = work_day(attempt, location, party.load(), when, self.given)?;
            if day.is_none() {
                return Ok(Err(Reason::Full));
            }
        }
        Ok(Ok(Open {
            location,
            work_day: day,
            distance_km: match party.bound_to {
                Some(_) => 0,
                None => distance_km(&party.destination, location),
            },
        }))
    }
}

/// Why the location does not come into question for the party, if it does not; the first reason that holds.
fn barred(
    attempt: &Attempt<'_>,
    location: &Location,
    party: &Party,
    order: &OrderView,
    policy: Option<&Policy>,
    range: Range,
) -> Option<Reason> {
    let accepted = match party.method {
        Method::Pickup if party.collect_at.is_none() => AcceptedMethod::Pickup,
        Method::Pickup | Method::Ship | Method::Digital | Method::Service => AcceptedMethod::Ship,
    };
    if party.bound_to.is_some_and(|bound| bound != location.id) {
        Some(Reason::NotThePickupLocation)
    } else if party.collect_at == Some(location.id) {
        Some(Reason::CollectedThere)
    } else if range.only.is_none() && is_at_till(attempt, location, party, order) {
        Some(Reason::AtTheTill)
    } else if !location.is_open(attempt.now()) {
        Some(Reason::NotOpen)
    } else if range.only.is_none() && order.excluded.contains(&location.id) {
        Some(Reason::Excluded)
    } else if !sells_from(attempt, order.channel, location.id) {
        Some(Reason::NotSoldFrom)
    } else if !location.accepts(accepted) {
        Some(Reason::MethodNotAccepted)
    } else if party.is_carried() && !location.ships_to(&party.destination) {
        Some(Reason::DoesNotServeArea)
    } else {
        let policy = policy.filter(|_| range.only.is_none());
        policy.and_then(|policy| barred_by(attempt, location, party, (policy, order.from), range))
    }
}

/// Whoever has an order sent from a till has not found the goods in its store, whatever the books say.
fn is_at_till(
    attempt: &Attempt<'_>,
    location: &Location,
    party: &Party,
    order: &OrderView,
) -> bool {
    let channel = attempt.network().channel(order.channel);
    let is_bound = party.bound_to.is_some();
    !is_bound && channel.is_some_and(|channel| channel.till == Some(location.id))
}

fn sells_from(attempt: &Attempt<'_>, channel: ChannelId, location: LocationId) -> bool {
    let channel = attempt.network().channel(channel);
    channel.is_none_or(|channel| channel.sells.includes(location))
}

fn barred_by(
    attempt: &Attempt<'_>,
    location: &Location,
    party: &Party,
    (policy, from): (&Policy, Millis),
    range: Range,
) -> Option<Reason> {
    let (network, constraints) = (attempt.network(), &policy.constraints);
    let today = || location.local_time(from).date();
    // Where the customer collects is not for a policy to say.
    if party.bound_to.is_some() {
        None
    } else if !constraints.allow(network, location.id) {
        Some(Reason::NotAllowed)
    } else if !constraints.exclusions.is_empty()
        && constraints.exclude(network, location, today()).is_some()
    {
        Some(Reason::ExcludedByPolicy)
    } else if policy.leaves_suppliers_last() && location.kind == Kind::Supplier && !range.suppliers
    {
        Some(Reason::SuppliersLast)
    } else if constraints.same_day_only {
        let first = location.days_from(network, from).next();
        (first != Some(today())).then_some(Reason::NotToday)
    } else {
        None
    }
}

/// What planning needs of the order, without borrowing the attempt.
pub(super) struct OrderView {
    pub(super) excluded: Vec<LocationId>,
    pub(super) joinable: Vec<Joinable>,
    pub(super) channel: ChannelId,
    /// When it may be begun.
    pub(super) from: Millis,
}

/// What units have in common that go together: location, way, address, day, and the store that they are sent to.
pub(super) type Place = (
    LocationId,
    Method,
    Option<ContactNo>,
    Option<WorkDay>,
    Option<LocationId>,
);

/// A fulfilment that nobody has begun: more units for the same place and day join it.
pub(super) struct Joinable {
    pub(super) no: FulfilmentNo,
    pub(super) place: Place,
    pub(super) route: Option<Route>,
    /// Whether it waits for the rest of the order, whenever that comes: it gets its day when it is released.
    pub(super) waits: bool,
}

impl Joinable {
    /// Whether units for a place, a day and a route may be added to it.
    pub(super) fn takes(&self, place: Place, route: Option<&Route>) -> bool {
        let where_to = |place: Place| (place.0, place.1, place.2);
        let same_way = self.place == place && Route::joins(self.route.as_ref(), route);
        same_way || self.waits && where_to(self.place) == where_to(place)
    }
}

impl Order {
    pub(super) fn clone_for_planning(&self, network: &Network, now: Millis) -> OrderView {
        let untouched = self
            .progress
            .fulfilments
            .iter()
            .filter(|fulfilment| super::is_untouched(fulfilment));
        let joinable = untouched.filter_map(|f| {
            Some(Joinable {
                no: f.no,
                place: (f.location?, f.method, f.ship_to, f.work_day, f.collect_at),
                route: f.route,
                waits: f
                    .schedule
                    .is_some_and(|one| one.complete || one.together_until.is_some()),
            })
        });
        OrderView {
            excluded: self.progress.excluded.clone(),
            joinable: joinable.collect(),
            channel: self.placed.channel,
            from: crate::order::schedule::begins_at(network, self, now),
        }
    }
}

//! Renewing a promise: what will not be as it was promised is promised anew, with the reason.

use jiff::ToSpan;
use jiff::civil::Date;

use super::closed::touched;
use super::making::made_otherwise;
use super::promised::{Promised, line_promises};
use super::slip::Slip;
use super::watch::{LOOKED_FOR_DAYS, watch_again};
use crate::carrier::ClosureId;
use crate::decide::{Attempt, Stop};
use crate::decision::{Answer, Resource};
use crate::id::{FulfilmentNo, LineNo, OrderId, ProductionNo};
use crate::network::Location;
use crate::order::choice;
use crate::order::source::{self, Elsewhere, Parcel};
use crate::order::{
    Awaited, Fulfilment, LineUnits, Method, Order, Record, RequestStatus, Route, Verb,
};

/// Working days after today that a parcel is looked for that has not come by its day.
const LATE_LIKELY_DAYS: i64 = 1;
const LATE_KEEPS_DAYS: i64 = 3;

/// Looks at what is promised of an order, and promises anew what will not be. Doing it twice changes nothing more.
#[derive(Debug, Clone, Default)]
pub struct RenewPromise {
    /// A closure: the ways of what it touches are looked for again although nothing is late.
    pub closure: Option<ClosureId>,
    /// Why the default of a choice whose deadline is over was refused before: the customer waits then.
    pub default_refused: Option<String>,
}

/// What is found to be other than it was promised.
#[derive(Debug, Default)]
struct Renewed {
    reason: Option<Slip>,
    routes: Vec<(FulfilmentNo, Route)>,
    lines: Vec<LineNo>,
    awaited: Vec<Awaited>,
    productions: Vec<(ProductionNo, Route)>,
}

impl Renewed {
    /// The reason that comes first stands for all.
    fn because(&mut self, slip: Slip) {
        self.reason.get_or_insert(slip);
    }
}

/// Promises anew what will not be as it was promised: on another day, from elsewhere where that is sooner and nobody has
/// begun, or from other supply.
///
/// # Errors
/// Stops when facts are missing.
pub fn renew_promise(
    attempt: &mut Attempt<'_>,
    id: OrderId,
    command: &RenewPromise,
) -> Result<Answer, Stop> {
    let order = attempt.order(id)?.clone();
    let answer = Answer::ok(Resource::Order(id));
    if order.progress.draft || order.progress.cancelled.is_some() {
        return Ok(answer);
    }
    choice::run_out(attempt, id, command.default_refused.as_deref())?;
    let order = attempt.order(id)?.clone();
    if order.progress.cancelled.is_some() {
        return Ok(answer);
    }
    let network = attempt.network();
    let closures = network.closures.iter();
    let closure = closures.filter(|one| Some(one.id) == command.closure);
    let touched: Vec<FulfilmentNo> = closure
        .flat_map(|one| touched(network, one, &order))
        .collect();
    let mut renewed = Renewed::default();
    let mut elsewhere = Vec::new();
    for fulfilment in &order.progress.fulfilments {
        let is_touched = touched.contains(&fulfilment.no);
        let Some((slip, route)) = renewed_route(attempt, &order, fulfilment, is_touched)? else {
            continue;
        };
        match better_elsewhere(attempt, &order, fulfilment, route)? {
            Some(found) => elsewhere.push((slip, fulfilment.no, found)),
            None if Some(route) != fulfilment.route => {
                renewed.because(slip);
                renewed.routes.push((fulfilment.no, route));
            }
            None => {}
        }
    }
    renew_waiting(attempt, &order, &mut renewed)?;
    for made in order
        .progress
        .productions
        .iter()
        .filter(|one| one.is_open())
    {
        if let Some((slip, route)) = made_otherwise(attempt, &order, made)? {
            renewed.because(slip);
            renewed.productions.push((made.no, route));
        }
    }
    if let Some((slip, no, found)) = elsewhere.into_iter().next() {
        renewed.because(slip);
        // One at a time: what was found for the others may not be there any more.
        found.take(attempt, id, no)?;
    }
    if let Some(reason) = renewed.reason {
        let Renewed {
            routes,
            lines,
            awaited,
            productions,
            ..
        } = renewed;
        attempt.record(
            id,
            Record::PromiseChanged {
                reason,
                routes,
                lines,
                awaited,
                productions,
            },
        )?;
    }
    let order = attempt.order(id)?.clone();
    watch_again(attempt, &order);
    Ok(answer)
}

/// The way of a fulfilment that will not be as it was promised, and why.
fn renewed_route(
    attempt: &Attempt<'_>,
    order: &Order,
    fulfilment: &Fulfilment,
    is_touched: bool,
) -> Result<Option<(Slip, Route)>, Stop> {
    let network = attempt.network();
    let location = fulfilment.location.and_then(|id| network.location(id));
    let told = Promised::of_fulfilment(fulfilment);
    let (Some(location), Some(told)) = (location, told.filter(|told| told.keeps_on.is_some()))
    else {
        return Ok(None);
    };
    if fulfilment.total().unshipped() > 0 && fulfilment.ready_at.is_none() {
        return unshipped(attempt, order, fulfilment, location, told, is_touched);
    }
    Ok(on_its_way(attempt, fulfilment, told).map(|route| (Slip::CarrierLate, route)))
}

fn unshipped(
    attempt: &Attempt<'_>,
    order: &Order,
    fulfilment: &Fulfilment,
    location: &Location,
    told: Promised,
    is_touched: bool,
) -> Result<Option<(Slip, Route)>, Stop> {
    let today = location.local_time(attempt.now()).date();
    let Some(ships_on) = told.ships_on else {
        return Ok(None);
    };
    let is_late = ships_on < today;
    if !is_late && !is_touched {
        return Ok(None);
    }
    let ready = if is_late {
        next_day(attempt, location, fulfilment).unwrap_or(today)
    } else {
        ships_on
    };
    let slip = if is_late {
        why_late(order, fulfilment)
    } else {
        Slip::Closure
    };
    let first = fulfilment.lines.first();
    let Some(line) = first.and_then(|entry| order.placed.line(entry.line)) else {
        return Ok(None);
    };
    let units = source::units_of(order, &unshipped_units(fulfilment));
    let parcel = Parcel {
        location,
        method: fulfilment.method,
        destination: order.placed.destination_of(line),
        ready,
        units: &units,
        only: line.service,
        // What was promised is kept, if another way keeps it, and else it comes as early as it can.
        due: line.requested_date.or(told.keeps_on),
        together: order.progress.parcels_to_come(),
    };
    let route = source::way(attempt, parcel)?;
    // Where nothing goes any more, the promise of before is not replaced by none: it is looked at again later.
    let goes = route.arrives_on.is_some() || fulfilment.method != Method::Ship;
    Ok(goes.then_some((slip, route)))
}

/// The next day on which a location can send what did not leave; the work that has begun is not begun again.
fn next_day(attempt: &Attempt<'_>, location: &Location, fulfilment: &Fulfilment) -> Option<Date> {
    let network = attempt.network();
    let works_on = location.days_from(network, attempt.now()).next()?;
    match fulfilment.picking_since {
        Some(_) => Some(works_on),
        None => location.leaves_on(network, works_on),
    }
}

fn why_late(order: &Order, fulfilment: &Fulfilment) -> Slip {
    let mut holds = order.progress.active_holds();
    if holds.any(|hold| hold.kind.blocks(Verb::Ship)) {
        Slip::OnHold
    } else if fulfilment.request == RequestStatus::Submitted {
        Slip::NotAccepted
    } else if fulfilment.picking_since.is_some() {
        Slip::StuckFulfilment
    } else {
        Slip::MissedCutOff
    }
}

pub(super) fn unshipped_units(fulfilment: &Fulfilment) -> Vec<LineUnits> {
    let units = fulfilment.lines.iter().map(|entry| LineUnits {
        line: entry.line,
        quantity: entry.units.unshipped(),
    });
    units.filter(|units| units.quantity > 0).collect()
}

/// A parcel that has not come by its day: nobody knows, so that it is looked for in the next days.
fn on_its_way(attempt: &Attempt<'_>, fulfilment: &Fulfilment, told: Promised) -> Option<Route> {
    let left = fulfilment.shipment.as_ref()?;
    let today = attempt.now().utc_date();
    let (keeps_on, route) = (told.keeps_on?, fulfilment.route?);
    let given_up = left.at.plus_ms(LOOKED_FOR_DAYS * 86_400_000) < attempt.now();
    if fulfilment.total().shipped == 0 || keeps_on >= today || given_up {
        return None;
    }
    Some(Route {
        arrives_on: today.checked_add(LATE_LIKELY_DAYS.days()).ok(),
        keeps_on: today.checked_add(LATE_KEEPS_DAYS.days()).ok(),
        proven: false,
        ..route
    })
}

/// Who else could do it sooner, where nobody has begun and nothing keeps it where it is.
fn better_elsewhere(
    attempt: &mut Attempt<'_>,
    order: &Order,
    fulfilment: &Fulfilment,
    stay: Route,
) -> Result<Option<Elsewhere>, Stop> {
    let told = Promised::of_fulfilment(fulfilment).and_then(|told| told.keeps_on);
    let stays = stay.keeps_on;
    // Whatever is kept as it was promised stays where it is.
    if stays.is_none() || stays <= told || !source::is_untouched(fulfilment) {
        return Ok(None);
    }
    let units = unshipped_units(fulfilment);
    let found = source::elsewhere(attempt, order, fulfilment.no, &units)?;
    Ok(found.filter(|found| found.keeps_on() < stays && found.keeps_on().is_some()))
}

/// Names supply anew for what waits.
fn renew_waiting(
    attempt: &mut Attempt<'_>,
    order: &Order,
    renewed: &mut Renewed,
) -> Result<(), Stop> {
    let waits = order.progress.lines.iter().any(|line| line.backordered > 0);
    if !waits {
        return Ok(());
    }
    let (lines, awaited) = source::named_for_waiting(attempt, order)?;
    for line in lines {
        let of = |units: &&Awaited| units.line == line;
        let before: Vec<Awaited> = order.progress.awaited.iter().filter(of).copied().collect();
        let after: Vec<Awaited> = awaited.iter().filter(of).copied().collect();
        if before == after {
            continue;
        }
        renewed.because(why_other(&before, &after));
        renewed.lines.push(line);
        renewed.awaited.extend(after);
    }
    Ok(())
}

/// Why other supply stands for a line now.
fn why_other(before: &[Awaited], after: &[Awaited]) -> Slip {
    let units = |named: &[Awaited]| named.iter().map(|one| one.quantity).sum::<i64>();
    let last = |named: &[Awaited]| named.iter().map(|one| one.expected_on).max();
    if units(after) < units(before) {
        Slip::SupplyGone
    } else if units(after) > units(before) || last(after) <= last(before) {
        Slip::SupplyFound
    } else {
        Slip::SupplyLate
    }
}

/// Whether a line is promised later than it was, or not at all any more.
#[must_use]
pub fn is_worse(before: &Order, after: &Order) -> bool {
    let due = |order: &Order| -> Vec<Option<Date>> {
        let told = line_promises(order).into_iter();
        told.map(|told| told.and_then(|told| told.due_on()))
            .collect()
    };
    let pairs = due(before).into_iter().zip(due(after));
    pairs
        .into_iter()
        .any(|(before, after)| before.is_some() && (after.is_none() || after > before))
}

//! When a promise is to be looked at again: once the day is over on which something was to happen.

use jiff::ToSpan;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::promised::Promised;
use crate::decide::Attempt;
use crate::network::{Location, Network};
use crate::order::{Awaited, Fulfilment, Method, Order, Production};
use crate::time::Millis;

/// How long after a look that found nothing better the next one is taken, in milliseconds.
const AGAIN_MS: i64 = 6 * 3_600_000;
/// Hours after the end of a day in UTC by which it is over everywhere.
const OVER_HOURS: i64 = 12;
/// Days after it left that a parcel is looked for; what has not come by then is a case for a person.
pub(super) const LOOKED_FOR_DAYS: i64 = 30;

/// When an order's promise has to be looked at; never where nothing is promised that still has to happen, or the customer
/// was told of no day of arrival.
#[must_use]
pub fn watch_at(network: &Network, order: &Order) -> Option<Millis> {
    due(network, order, Millis(i64::MIN))
}

/// The same, without parcels that are given up by now.
fn due(network: &Network, order: &Order, now: Millis) -> Option<Millis> {
    let progress = &order.progress;
    if progress.draft || progress.cancelled.is_some() {
        return None;
    }
    let parts = progress.fulfilments.iter();
    let parts = parts.filter_map(|fulfilment| of_fulfilment(network, fulfilment, now));
    let waits = progress.awaited.iter();
    let waits = waits.filter_map(|units| of_awaited(network, units));
    let makes = progress.productions.iter().filter(|one| one.is_open());
    let makes = makes.filter_map(|made| of_production(network, made));
    let choice = order.open_choice().map(|choice| choice.deadline);
    parts.chain(waits).chain(makes).chain(choice).min()
}

fn of_fulfilment(network: &Network, fulfilment: &Fulfilment, now: Millis) -> Option<Millis> {
    let (sum, told) = (fulfilment.total(), Promised::of_fulfilment(fulfilment)?);
    let is_told = told.keeps_on.is_some();
    if sum.unshipped() > 0 && is_told && fulfilment.ready_at.is_none() {
        let location = fulfilment.location.and_then(|id| network.location(id))?;
        return end_of(told.ships_on?, location);
    }
    let left = fulfilment.shipment.as_ref()?;
    if sum.shipped == 0 || fulfilment.method != Method::Ship {
        return None;
    }
    let over = end_of_everywhere(told.keeps_on?)?;
    let last = left.at.plus_ms(LOOKED_FOR_DAYS * 86_400_000);
    (over <= last && now <= last).then_some(over)
}

fn of_awaited(network: &Network, units: &Awaited) -> Option<Millis> {
    end_of(units.expected_on, network.location(units.location)?)
}

fn of_production(network: &Network, made: &Production) -> Option<Millis> {
    end_of(made.expected_on(), network.location(made.location)?)
}

/// When a day is over at a location.
fn end_of(day: Date, location: &Location) -> Option<Millis> {
    let zone = TimeZone::get(&location.time_zone).unwrap_or(TimeZone::UTC);
    let next = day.tomorrow().ok()?.to_zoned(zone).ok()?;
    Some(Millis(next.timestamp().as_millisecond()))
}

/// When a day is over wherever the customer may be.
fn end_of_everywhere(day: Date) -> Option<Millis> {
    let next = day.tomorrow().ok()?.to_zoned(TimeZone::UTC).ok()?;
    let over = next.checked_add(OVER_HOURS.hours()).ok()?;
    Some(Millis(over.timestamp().as_millisecond()))
}

/// Asks for every changed order to be looked at when that is due, where that is another time than before.
pub(crate) fn watch_changed(attempt: &mut Attempt<'_>) {
    let (network, now) = (attempt.network(), attempt.now());
    let mut due = Vec::new();
    for (before, after) in attempt.changed_orders() {
        let at = watch_at(network, after);
        if at != before.and_then(|order| watch_at(network, order)) {
            due.extend(at.map(|at| (after.id, at)));
        }
    }
    for (order, at) in due {
        // What is over already was just looked at, or is about to be.
        attempt.watch_later(order, if at <= now { now.plus_ms(AGAIN_MS) } else { at });
    }
}

/// Asks for another look, where one is due and the last one changed nothing.
pub(super) fn watch_again(attempt: &mut Attempt<'_>, order: &Order) {
    let now = attempt.now();
    if due(attempt.network(), order, now).is_some_and(|at| at <= now) {
        attempt.watch_later(order.id, now.plus_ms(AGAIN_MS));
    }
}

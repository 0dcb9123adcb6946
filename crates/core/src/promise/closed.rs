//! What a closure of carriers touches: everything unshipped whose days fall into it.

use jiff::civil::Date;

use super::promised::Promised;
use crate::carrier::{Closure, Service};
use crate::id::FulfilmentNo;
use crate::network::Network;
use crate::order::{Fulfilment, Method, Order};
use crate::party::Destination;

/// The fulfilments of an order that are to be carried while a closure lasts, and that it concerns. One that has ended
/// concerns whatever it may have sent another way.
#[must_use]
pub fn touched(network: &Network, closure: &Closure, order: &Order) -> Vec<FulfilmentNo> {
    let progress = &order.progress;
    if progress.draft || progress.cancelled.is_some() {
        return Vec::new();
    }
    let parts = progress.fulfilments.iter();
    parts
        .filter(|part| part.method == Method::Ship && part.total().unshipped() > 0)
        .filter(|part| is_touched(network, closure, order, part) == Some(true))
        .map(|part| part.no)
        .collect()
}

fn is_touched(
    network: &Network,
    closure: &Closure,
    order: &Order,
    part: &Fulfilment,
) -> Option<bool> {
    let location = network.location(part.location?)?;
    let told = Promised::of_fulfilment(part)?;
    let service = network.service(told.service?)?;
    let days = (told.ships_on?, told.keeps_on.or(told.likely_on)?);
    let line = order.placed.line(part.lines.first()?.line)?;
    let destination = order.placed.destination_of(line);
    let origin = network.origin_of(location);
    let is_then = closure.from <= days.1 && days.0 <= closure.to;
    let is_there = closure.begins_with(&origin) || closure.ends_with(destination);
    let is_meant = || is_meant(closure, service, &origin, destination);
    Some(is_then && is_there && (closure.ended_at.is_some() || is_meant()))
}

fn is_meant(
    closure: &Closure,
    service: &Service,
    origin: &crate::carrier::Origin,
    destination: &Destination,
) -> bool {
    let zone = service.zone(origin, destination);
    closure.concerns(service) && zone.map_or(true, |zone| closure.has_zone(zone))
}

/// How much later one day is than another.
#[must_use]
pub fn days_later(before: Option<Date>, after: Option<Date>) -> i64 {
    let days = before.zip(after).and_then(|(before, after)| {
        let days = (after - before).get_days();
        (days > 0).then_some(days)
    });
    days.map_or(0, i64::from)
}

//! The way of a parcel where no policy weighs it: the cheapest service that is in time, or else the earliest one.

use jiff::civil::Date;
use smallvec::SmallVec;

use crate::carrier::{Shipment, Units, offers};
use crate::decide::{Attempt, Stop};
use crate::id::{ItemId, OrderId};
use crate::network::Location;
use crate::order::entry::{Allotment, LineUnits, Route};
use crate::order::{Method, Order};
use crate::party::Destination;

/// A parcel that somebody is to bring.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Parcel<'p> {
    /// Where it leaves.
    pub(crate) location: &'p Location,
    /// How it reaches the customer.
    pub(crate) method: Method,
    /// Where it goes.
    pub(crate) destination: &'p Destination,
    /// The local day on which it is ready.
    pub(crate) ready: Date,
    /// What is in it.
    pub(crate) units: &'p [(ItemId, i64)],
    /// The only service that may carry it.
    pub(crate) only: Option<crate::carrier::ServiceId>,
    /// The day that the customer wants it on.
    pub(crate) due: Option<Date>,
    /// How many parcels come together, this one included: a promise is kept by all of them.
    pub(crate) together: u64,
}

/// How a parcel reaches the customer, and by when that is kept. Where nothing goes, it is known when it leaves alone.
///
/// # Errors
/// Stops when an item was not loaded yet.
pub(crate) fn way(attempt: &Attempt<'_>, parcel: Parcel<'_>) -> Result<Route, Stop> {
    let network = attempt.network();
    let leaves = Route {
        leaves_on: Some(parcel.ready),
        ..Route::default()
    };
    if parcel.method != Method::Ship || network.services.is_empty() {
        return Ok(leaves);
    }
    let mut units: SmallVec<[Units; 4]> = SmallVec::with_capacity(parcel.units.len());
    for (item, quantity) in parcel.units {
        let item = attempt.item(*item)?;
        units.push(Units {
            weight_g: item.weight_g,
            dimensions: item.dimensions,
            quantity: *quantity,
        });
    }
    let origin = network.origin_of(parcel.location);
    let shipment = Shipment {
        origin: &origin,
        destination: parcel.destination,
        units: &units,
        ready: parcel.ready,
        ordered: parcel.location.local_time(attempt.now()),
    };
    let offers = offers(network, shipment, parcel.only);
    let best = offers.min_by_key(|(service, offer)| {
        let arrives_on = offer.transit.delivery;
        let is_late = parcel.due.is_some_and(|due| arrives_on > due);
        let late_on = is_late.then_some(arrives_on);
        (late_on, offer.quote.price_minor, arrives_on, service.id)
    });
    let Some((service, offer)) = best else {
        return Ok(leaves);
    };
    let route = Route {
        service: Some(service.id),
        leaves_on: Some(offer.leaves_on),
        arrives_on: Some(offer.transit.delivery),
        carrier_minor: Some(offer.quote.price_minor),
        ..Route::default()
    };
    let Parcel {
        location,
        destination,
        together,
        ..
    } = parcel;
    Ok(attempt.assured(location, route, destination, together))
}

/// Gives allotments that were made without planning their ways, as far as those say more than the day of the work.
///
/// # Errors
/// Stops when facts are missing.
pub(crate) fn give_routes(
    attempt: &Attempt<'_>,
    id: OrderId,
    allotments: &mut [Allotment],
) -> Result<(), Stop> {
    let network = attempt.network();
    let order = attempt.look_at(id)?;
    let together = u64::try_from(allotments.len()).unwrap_or(1);
    for allotment in allotments.iter_mut().filter(|one| one.route.is_none()) {
        let location = allotment.location.and_then(|id| network.location(id));
        let first = allotment.lines.first();
        let line = first.and_then(|units| order.placed.line(units.line));
        let (Some(location), Some(line)) = (location, line) else {
            continue;
        };
        let worked_on = allotment.work_day.map(|day| day.date);
        let worked_on = worked_on.or_else(|| location.days_from(network, attempt.now()).next());
        let leaves_on = worked_on.and_then(|day| location.leaves_on(network, day));
        let is_carried = !network.services.is_empty() && allotment.method == Method::Ship;
        let Some(ready) = leaves_on.filter(|day| is_carried || Some(*day) != worked_on) else {
            continue;
        };
        let units = units_of(order, &allotment.lines);
        let parcel = Parcel {
            location,
            method: allotment.method,
            destination: order.placed.destination_of(line),
            ready,
            units: &units,
            only: line.service,
            due: line.requested_date,
            together,
        };
        allotment.route = Some(way(attempt, parcel)?);
    }
    Ok(())
}

/// Units of lines as units of their items.
pub(crate) fn units_of(order: &Order, lines: &[LineUnits]) -> SmallVec<[(ItemId, i64); 4]> {
    let items = lines.iter().filter_map(|units| {
        let line = order.placed.line(units.line)?;
        Some((line.item?, units.quantity))
    });
    items.collect()
}

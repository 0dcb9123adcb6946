//! Rates: what every service asks for a shipment and when it brings it, or why it does not.

use std::sync::Arc;

use jiff::civil::{Date, DateTime};

use super::area::Origin;
use super::service::{Service, ServiceId, Zone};
use super::tariff::Quote;
use super::transit::{Timetable, Transit};
use super::units::Units;
use super::unserved::Unserved;
use crate::network::Network;
use crate::party::Destination;

/// What one service says to a shipment.
#[derive(Debug, Clone)]
pub struct Rate<'a> {
    /// The service.
    pub service: &'a Arc<Service>,
    /// Its offer, or why it makes none.
    pub offer: Result<Offer<'a>, Unserved>,
}

/// A price and the days of a shipment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Offer<'a> {
    /// The zone of the way.
    pub zone: &'a Zone,
    /// Price and parcels, the surcharge included, in the service's currency.
    pub quote: Quote,
    /// What the shipment weighs for this service, in grams.
    pub weight_g: i64,
    /// The day on which it is ready for the service.
    pub leaves_on: Date,
    /// Pickup and delivery.
    pub transit: Transit,
}

/// What is sent, from where to where, and when it is ready.
#[derive(Debug, Clone, Copy)]
pub struct Shipment<'a> {
    /// Where it begins.
    pub origin: &'a Origin,
    /// Where it ends.
    pub destination: &'a Destination,
    /// What is in it.
    pub units: &'a [Units],
    /// The first day on which it may be picked up, in the origin's dates.
    pub ready: Date,
    /// The time at which it is ordered, in the origin's zone: services have cut-offs.
    pub ordered: DateTime,
}

/// What every service of the network says to a shipment, in the services' order.
#[must_use]
pub fn rates<'a>(network: &'a Network, shipment: Shipment<'_>) -> Vec<Rate<'a>> {
    let services = network.services.iter();
    services
        .map(|service| Rate {
            service,
            offer: offer(network, service, shipment),
        })
        .collect()
}

/// The offers of the services that take a shipment, of one service alone if there is only that choice.
pub fn offers<'a>(
    network: &'a Network,
    shipment: Shipment<'_>,
    only: Option<ServiceId>,
) -> impl Iterator<Item = (&'a Arc<Service>, Offer<'a>)> {
    let services = network.services.iter();
    let allowed = services.filter(move |one| only.is_none_or(|only| only == one.id));
    allowed.filter_map(move |service| Some((service, offer(network, service, shipment).ok()?)))
}

fn offer<'a>(
    network: &'a Network,
    service: &'a Service,
    shipment: Shipment<'_>,
) -> Result<Offer<'a>, Unserved> {
    let Shipment {
        origin,
        destination,
        units,
        ready,
        ordered,
    } = shipment;
    let leaves_on = service.ready_on(ready, ordered);
    let zone = service.zone(origin, destination)?;
    let (quote, weight_g) = service.quote(zone, units)?;
    let transit = Timetable::new(network, service).transit(zone, origin, destination, leaves_on)?;
    Ok(Offer {
        zone,
        quote,
        weight_g,
        leaves_on,
        transit,
    })
}

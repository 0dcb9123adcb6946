//! Rates as the API shows them.

use jiff::civil::Date;
use serde::Serialize;
use throughline_core::carrier::{ClosureId, DeliversTo, Offer, Rate, Shipment, Unserved};
use throughline_core::money::Currency;
use throughline_core::network::Network;
use utoipa::ToSchema;

use crate::http::api::carrier_services::shapes::DeliversToShape;

/// What every service says to a shipment.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Rates)]
pub struct RatesView<'a> {
    /// The first day on which it may be picked up.
    #[schema(value_type = String, format = Date)]
    ready_on: Date,
    /// SKUs whose weight is not known; they count as nothing.
    without_weight: Vec<String>,
    /// A rate for each service, in the order that the services were created in.
    rates: Vec<RateView<'a>>,
}

/// What one service says to a shipment: an offer, or why it makes none.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Rate)]
pub struct RateView<'a> {
    /// Code of the service.
    service: &'a str,
    /// What people call it.
    name: &'a str,
    /// The carrier's name.
    carrier: &'a str,
    /// Where it brings parcels.
    #[schema(value_type = DeliversToShape)]
    delivers_to: DeliversTo,
    /// Price and days; absent where it makes no offer.
    offer: Option<OfferView<'a>>,
    /// Why it makes no offer.
    unserved: Option<UnservedView>,
}

/// A price and the days of a shipment.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = RateOffer)]
pub struct OfferView<'a> {
    /// The zone of the way.
    zone: &'a str,
    /// ISO 4217 code of the price's currency.
    #[schema(value_type = String)]
    currency: Currency,
    /// The price of all parcels, the surcharge included.
    price_minor: i64,
    /// Parcels.
    parcels: i64,
    /// What the shipment weighs for this service: the actual or the dimensional weight, whichever is larger.
    chargeable_weight_g: i64,
    /// Days that the zone takes, without what closures add.
    transit_days: u16,
    /// The day it is picked up, in the origin's dates.
    #[schema(value_type = String, format = Date)]
    pickup_date: Date,
    /// The day it is likely delivered, in the destination's dates.
    #[schema(value_type = String, format = Date)]
    delivery_date: Date,
    /// Codes of the closures that moved these days.
    closures: Vec<&'a str>,
    /// Whether the public holidays of these days are known; if not, they are taken for ordinary days.
    holidays_known: bool,
}

/// Why a service makes no offer.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Unserved)]
pub struct UnservedView {
    /// A stable code.
    reason: UnservedReason,
    /// The same in words, with its figures.
    detail: String,
}

/// Why a service makes no offer, as a code.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
#[schema(as = UnservedReason, rename_all = "snake_case")]
#[serde(rename_all = "snake_case")]
pub enum UnservedReason {
    /// It is inactive.
    Inactive,
    /// It does not go to the country.
    CountryNotServed,
    /// No zone leads there.
    NoZone,
    /// Its zones are distances, and coordinates are missing.
    DistanceUnknown,
    /// The way is too long.
    TooFar,
    /// A unit is too heavy.
    TooHeavy,
    /// A side of a unit is too long.
    TooLong,
    /// A unit is too large.
    TooLarge,
    /// The weight has no price.
    NotPriced,
    /// Nothing is picked up within a year.
    NoPickup,
    /// Nothing is delivered within a year.
    NoDelivery,
}

impl<'a> RatesView<'a> {
    /// Shows rates.
    #[must_use]
    pub fn new(
        rates: &[Rate<'a>],
        shipment: Shipment<'_>,
        without_weight: Vec<String>,
        network: &'a Network,
    ) -> Self {
        let rates = rates.iter().map(|rate| RateView::new(rate, network));
        Self {
            ready_on: shipment.ready,
            without_weight,
            rates: rates.collect(),
        }
    }
}

impl<'a> RateView<'a> {
    fn new(rate: &Rate<'a>, network: &'a Network) -> Self {
        let service = rate.service;
        let offer = rate.offer.as_ref().ok();
        Self {
            service: &service.code,
            name: &service.name,
            carrier: &service.carrier,
            delivers_to: service.delivers_to,
            offer: offer.map(|offer| OfferView::new(offer, service.currency, network)),
            unserved: rate.offer.as_ref().err().map(UnservedView::new),
        }
    }
}

impl<'a> OfferView<'a> {
    fn new(offer: &Offer<'a>, currency: Currency, network: &'a Network) -> Self {
        let closure = |id: &ClosureId| Some(network.closure(*id)?.code.as_str());
        Self {
            zone: &offer.zone.code,
            currency,
            price_minor: offer.quote.price_minor,
            parcels: offer.quote.parcels,
            chargeable_weight_g: offer.weight_g,
            transit_days: offer.zone.transit_days,
            pickup_date: offer.transit.pickup,
            delivery_date: offer.transit.delivery,
            closures: offer.transit.closures.iter().filter_map(closure).collect(),
            holidays_known: offer.transit.holidays_known,
        }
    }
}

impl UnservedView {
    fn new(why: &Unserved) -> Self {
        let reason = match why {
            Unserved::Inactive => UnservedReason::Inactive,
            Unserved::CountryNotServed { .. } => UnservedReason::CountryNotServed,
            Unserved::NoZone => UnservedReason::NoZone,
            Unserved::DistanceUnknown => UnservedReason::DistanceUnknown,
            Unserved::TooFar { .. } => UnservedReason::TooFar,
            Unserved::TooHeavy { .. } => UnservedReason::TooHeavy,
            Unserved::TooLong { .. } => UnservedReason::TooLong,
            Unserved::TooLarge { .. } => UnservedReason::TooLarge,
            Unserved::NotPriced { .. } => UnservedReason::NotPriced,
            Unserved::NoPickup => UnservedReason::NoPickup,
            Unserved::NoDelivery => UnservedReason::NoDelivery,
        };
        Self {
            reason,
            detail: why.to_string(),
        }
    }
}

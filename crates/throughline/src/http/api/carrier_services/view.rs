//! A carrier service as the API shows it.

use serde::Serialize;
use throughline_core::carrier::{
    Countries, DeliversTo, Limits, Service, ServiceStatus, Zone, Zoning,
};
use throughline_core::money::Currency;
use throughline_core::network::{CalendarId, Network};
use utoipa::ToSchema;

use super::shapes::{
    CountriesShape, DeliversToShape, LimitsShape, ServiceStatusShape, ZoneShape, ZoningShape,
};

/// What a carrier does for a price.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = CarrierService)]
pub struct ServiceView<'a> {
    /// The merchant's own code.
    code: &'a str,
    /// What people call it.
    name: &'a str,
    /// The carrier's name.
    carrier: &'a str,
    /// Whether it is offered.
    #[schema(value_type = ServiceStatusShape)]
    status: ServiceStatus,
    /// ISO 4217 code of its prices' currency.
    #[schema(value_type = String)]
    currency: Currency,
    /// Where it brings parcels.
    #[schema(value_type = DeliversToShape)]
    delivers_to: DeliversTo,
    /// How the zone of a way is found.
    #[schema(value_type = ZoningShape)]
    zoning: &'a Zoning,
    /// Its zones.
    #[schema(value_type = Vec<ZoneShape>)]
    zones: &'a [Zone],
    /// What is added to every price, in basis points.
    surcharge_bp: u32,
    /// Cubic centimetres that count as one kilogram; absent: only the actual weight counts.
    dimensional_divisor: Option<i64>,
    /// The largest units.
    #[schema(value_type = LimitsShape)]
    limits: Limits,
    /// The countries that it goes to.
    #[schema(value_type = CountriesShape)]
    countries: &'a Countries,
    /// Time of day at the location from which on what is ordered misses that day's pickup.
    cut_off: Option<String>,
    /// Code of the calendar of its pickups.
    pickup_calendar: Option<&'a str>,
    /// Code of the calendar of its travel and deliveries.
    delivery_calendar: Option<&'a str>,
}

impl<'a> ServiceView<'a> {
    /// Shows a service.
    #[must_use]
    pub fn new(service: &'a Service, network: &'a Network) -> Self {
        let time_of_day = |minute: u16| format!("{:02}:{:02}", minute / 60, minute % 60);
        let calendar = |id: Option<CalendarId>| Some(network.calendar(id?)?.code.as_str());
        Self {
            code: &service.code,
            name: &service.name,
            carrier: &service.carrier,
            status: service.status,
            currency: service.currency,
            delivers_to: service.delivers_to,
            zoning: &service.zoning,
            zones: &service.zones,
            surcharge_bp: service.surcharge_bp,
            dimensional_divisor: service.dimensional_divisor,
            limits: service.limits,
            countries: &service.countries,
            cut_off: service.cut_off_minute.map(time_of_day),
            pickup_calendar: calendar(service.pickup_calendar),
            delivery_calendar: calendar(service.delivery_calendar),
        }
    }
}

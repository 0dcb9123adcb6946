//! A carrier service as the caller writes it.

use serde::Deserialize;
use throughline_core::Refusal;
use throughline_core::carrier::{
    Countries, DeliversTo, Limits, PutService, Service, ServiceId, ServiceStatus, Zone, Zoning,
};
use throughline_core::command::PutMode;
use utoipa::ToSchema;

use super::shapes::{
    CountriesShape, DeliversToShape, LimitsShape, ServiceStatusShape, ZoneShape, ZoningShape,
};
use crate::http::api::locations::body::cut_off;
use crate::http::api::names::name;
use crate::http::body::RequestBody;

/// A carrier service to create or change.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = CarrierServiceData)]
#[serde(deny_unknown_fields)]
pub struct ServiceBody {
    /// The merchant's own code. Needed by POST; in PUT it may be left away, or must be the path's.
    #[schema(min_length = 1, max_length = 64)]
    code: Option<String>,
    /// What people call it.
    #[schema(min_length = 1, max_length = 255)]
    name: String,
    /// The carrier's name; services of one carrier can be closed together.
    #[schema(min_length = 1, max_length = 255, example = "DHL")]
    carrier: String,
    /// Whether it is offered; `active` unless given.
    #[schema(value_type = Option<ServiceStatusShape>)]
    status: Option<ServiceStatus>,
    /// ISO 4217 code of its prices' currency.
    #[schema(pattern = "^[A-Z]{3}$", example = "EUR")]
    currency: String,
    /// Where it brings parcels; `home` unless given.
    #[schema(value_type = Option<DeliversToShape>)]
    delivers_to: Option<DeliversTo>,
    /// How the zone of a way is found.
    #[schema(value_type = ZoningShape)]
    zoning: Zoning,
    /// Its zones, each code once.
    #[schema(value_type = Vec<ZoneShape>, min_items = 1, max_items = 200)]
    zones: Vec<Zone>,
    /// What is added to every price, for fuel and the like, in basis points: 1250 are 12.5 %; 0 unless given.
    #[schema(minimum = 0, maximum = 100_000)]
    surcharge_bp: Option<u32>,
    /// Cubic centimetres that count as one kilogram, such as 5000; absent: only the actual weight counts.
    #[schema(minimum = 1, maximum = 1_000_000)]
    dimensional_divisor: Option<i64>,
    /// The largest units.
    #[schema(value_type = Option<LimitsShape>)]
    limits: Option<Limits>,
    /// The countries that it goes to, as far as its zones do not say it.
    #[schema(value_type = Option<CountriesShape>)]
    countries: Option<Countries>,
    /// Time of day at the location from which on what is ordered misses that day's pickup, such as `15:00`; nothing does if absent.
    #[schema(pattern = "^([01][0-9]|2[0-3]):[0-5][0-9]$")]
    cut_off: Option<String>,
    /// Code of the calendar of its pickups; absent: every day.
    #[schema(max_length = 64)]
    pickup_calendar: Option<String>,
    /// Code of the calendar of its travel and deliveries; absent: every day.
    #[schema(max_length = 64)]
    delivery_calendar: Option<String>,
}

impl RequestBody for ServiceBody {}

impl ServiceBody {
    /// The command that writes the service with the code of the path, or the body's own where there is none.
    ///
    /// # Errors
    /// Refuses a missing code, another code than the path's, and what is no currency.
    pub fn command(self, path: Option<String>, mode: PutMode) -> Result<Box<PutService>, Refusal> {
        let currency = self.currency.parse();
        let service = Service {
            id: ServiceId(0),
            code: name("code", path, self.code)?,
            name: self.name,
            carrier: self.carrier,
            status: self.status.unwrap_or_default(),
            currency: currency.map_err(|_| {
                Refusal::invalid("/currency", "must be an ISO 4217 code such as EUR")
            })?,
            delivers_to: self.delivers_to.unwrap_or_default(),
            zoning: self.zoning,
            zones: self.zones,
            surcharge_bp: self.surcharge_bp.unwrap_or(0),
            dimensional_divisor: self.dimensional_divisor,
            limits: self.limits.unwrap_or_default(),
            countries: self.countries.unwrap_or_default(),
            cut_off_minute: self.cut_off.as_deref().map(cut_off).transpose()?,
            pickup_calendar: None,
            delivery_calendar: None,
        };
        Ok(Box::new(PutService {
            service,
            pickup_calendar: self.pickup_calendar,
            delivery_calendar: self.delivery_calendar,
            mode,
        }))
    }
}

//! Carriers: where their services go, what they ask for a parcel, and how long it travels.

mod area;
mod check;
mod closure;
mod end_closure;
#[cfg(test)]
pub(crate) mod fixture;
mod put_closure;
mod put_service;
mod rate;
#[cfg(test)]
mod recorded;
mod service;
mod tariff;
mod transit;
mod units;
mod unserved;
mod zoning;

#[cfg(test)]
pub(crate) use area::read_area;
pub use area::{Area, Origin, PostalRange};
pub use check::{
    BANDS_MAX, BRACKETS_MAX, COUNTRIES_MAX, RANGES_MAX, RULES_MAX, SURCHARGE_BP_MAX,
    TABLE_RANGES_MAX, TRANSIT_DAYS_MAX, ZONES_MAX,
};
pub use closure::{Closure, ClosureId, ClosureScope, Effect};
pub use end_closure::{EndClosure, end_closure};
pub use put_closure::{
    CLOSURE_DAYS_MAX, CLOSURES_MAX, ClosedFor, DELAY_DAYS_MAX, PutClosure, put_closure,
};
pub use put_service::{PutService, SERVICES_MAX, put_service};
pub use rate::{Offer, Rate, Shipment, offers, rates};
pub use service::{Countries, DeliversTo, Limits, Service, ServiceId, ServiceStatus, Zone};
pub use tariff::{Bracket, Quote, Tariff};
pub use transit::{Timetable, Transit};
pub use units::Units;
pub use unserved::Unserved;
pub use zoning::{Band, Lanes, ZoneOrigin, ZoneRule, Zoning};

//! A closure as the API shows it.

use jiff::civil::Date;
use serde::Serialize;
use throughline_core::carrier::{Area, Closure, ClosureScope, Effect};
use throughline_core::network::Network;
use utoipa::ToSchema;

use super::body::ClosureKind;
use crate::http::api::carrier_services::shapes::AreaShape;
use crate::http::api::shapes::Instant;

/// A strike, a storm: who does not do what, where, and from when to when.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = CarrierClosure)]
pub struct ClosureView<'a> {
    /// The merchant's own code.
    code: &'a str,
    /// Whether it has begun, and whether it is over.
    status: ClosureStatus,
    /// Code of the service that is closed.
    service: Option<&'a str>,
    /// Name of the carrier whose services are all closed.
    carrier: Option<&'a str>,
    /// Where; absent: everywhere.
    #[schema(value_type = Option<AreaShape>)]
    area: Option<&'a Area>,
    /// Codes of the zones that are closed; none: all.
    zones: &'a [String],
    /// The first day.
    #[schema(value_type = String, format = Date)]
    from: Date,
    /// The last day.
    #[schema(value_type = String, format = Date)]
    to: Date,
    /// What is not done.
    kind: ClosureKind,
    /// How many days longer parcels take.
    delay_days: Option<u16>,
    /// Why.
    reason: &'a str,
    /// When somebody ended it.
    #[schema(value_type = Option<String>, format = DateTime)]
    ended_at: Option<Instant>,
}

/// Whether a closure has begun, and whether it is over, by today's date in UTC.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = CarrierClosureStatus, rename_all = "snake_case")]
#[serde(rename_all = "snake_case")]
pub enum ClosureStatus {
    /// Its first day is still to come.
    Upcoming,
    /// It is in force.
    InForce,
    /// Its last day is past.
    Past,
    /// Somebody ended it; it has no effect any more.
    Ended,
}

impl ClosureStatus {
    /// The status of a closure on a day.
    #[must_use]
    pub fn of(closure: &Closure, today: Date) -> Self {
        if closure.ended_at.is_some() {
            Self::Ended
        } else if closure.to < today {
            Self::Past
        } else if today < closure.from {
            Self::Upcoming
        } else {
            Self::InForce
        }
    }
}

impl<'a> ClosureView<'a> {
    /// Shows a closure as it is on a day.
    #[must_use]
    pub fn new(closure: &'a Closure, network: &'a Network, today: Date) -> Self {
        let (service, carrier) = match &closure.scope {
            ClosureScope::All => (None, None),
            ClosureScope::Carrier(carrier) => (None, Some(carrier.as_str())),
            ClosureScope::Service(id) => (network.service(*id), None),
        };
        let (kind, delay_days) = match closure.effect {
            Effect::NoService => (ClosureKind::NoService, None),
            Effect::NoPickup => (ClosureKind::NoPickup, None),
            Effect::NoDelivery => (ClosureKind::NoDelivery, None),
            Effect::Delay { days } => (ClosureKind::Delay, Some(days)),
        };
        Self {
            code: &closure.code,
            status: ClosureStatus::of(closure, today),
            service: service.map(|service| service.code.as_str()),
            carrier,
            area: closure.area.as_ref(),
            zones: &closure.zones,
            from: closure.from,
            to: closure.to,
            kind,
            delay_days,
            reason: &closure.reason,
            ended_at: closure.ended_at.map(Instant),
        }
    }
}

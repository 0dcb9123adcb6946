//! A closure as the caller writes it.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use throughline_core::Refusal;
use throughline_core::carrier::{Area, ClosedFor, Effect, PutClosure};
use throughline_core::command::PutMode;
use utoipa::ToSchema;

use crate::http::api::carrier_services::shapes::AreaShape;
use crate::http::api::names::name;
use crate::http::body::{RequestBody, may_be_absent};

/// A closure to create or change.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = CarrierClosureData)]
#[serde(deny_unknown_fields)]
pub struct ClosureBody {
    /// The merchant's own code. Needed by POST; in PUT it may be left away, or must be the path's.
    #[schema(min_length = 1, max_length = 64)]
    code: Option<String>,
    /// Code of the service that is closed; without it and without `carrier` all services are.
    #[schema(min_length = 1, max_length = 64)]
    service: Option<String>,
    /// Name of the carrier whose services are all closed.
    #[schema(min_length = 1, max_length = 255)]
    carrier: Option<String>,
    /// Where; absent: everywhere.
    #[schema(value_type = Option<AreaShape>)]
    area: Option<Area>,
    /// Codes of the zones of `service` that are closed; none: all.
    #[schema(max_items = 200)]
    zones: Option<Vec<String>>,
    /// The first day.
    #[schema(value_type = String, format = Date)]
    from: Date,
    /// The last day.
    #[schema(value_type = String, format = Date)]
    to: Date,
    /// What is not done.
    kind: ClosureKind,
    /// How many days longer parcels take; needed with `delay`, and there alone.
    #[schema(minimum = 1, maximum = 90)]
    delay_days: Option<u16>,
    /// Why, in the merchant's words.
    #[schema(min_length = 1, max_length = 500)]
    reason: String,
}

/// What is not done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ClosureKind {
    /// Neither pickup nor delivery.
    NoService,
    /// Nothing is picked up in the area.
    NoPickup,
    /// Nothing is delivered to the area.
    NoDelivery,
    /// What is under way from or to the area on one of the days takes longer.
    Delay,
}

/// Nothing more is to be said.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[schema(as = CarrierClosureEnd)]
#[serde(deny_unknown_fields)]
pub struct EndBody {}

impl RequestBody for ClosureBody {}
may_be_absent!(EndBody);

impl ClosureBody {
    /// The command that writes the closure with the code of the path, or the body's own where there is none.
    ///
    /// # Errors
    /// Refuses a missing code, another code than the path's, a service beside a carrier, and a delay without days.
    pub fn command(self, path: Option<String>, mode: PutMode) -> Result<Box<PutClosure>, Refusal> {
        let scope = match (self.service, self.carrier) {
            (None, None) => ClosedFor::All,
            (None, Some(carrier)) => ClosedFor::Carrier(carrier),
            (Some(service), None) => ClosedFor::Service(service),
            (Some(_), Some(_)) => {
                let problem = "must be absent where a service is named: name one of both, or none to close all";
                return Err(Refusal::invalid("/carrier", problem));
            }
        };
        Ok(Box::new(PutClosure {
            code: name("code", path, self.code)?,
            scope,
            area: self.area,
            zones: self.zones.unwrap_or_default(),
            from: self.from,
            to: self.to,
            effect: effect(self.kind, self.delay_days)?,
            reason: self.reason,
            mode,
        }))
    }
}

fn effect(kind: ClosureKind, delay_days: Option<u16>) -> Result<Effect, Refusal> {
    let effect = match kind {
        ClosureKind::NoService => Effect::NoService,
        ClosureKind::NoPickup => Effect::NoPickup,
        ClosureKind::NoDelivery => Effect::NoDelivery,
        ClosureKind::Delay => {
            let days = delay_days.ok_or_else(|| {
                Refusal::invalid("/delay_days", "must say how many days longer parcels take")
            })?;
            return Ok(Effect::Delay { days });
        }
    };
    match delay_days {
        Some(_) => Err(Refusal::invalid(
            "/delay_days",
            "must be absent unless the kind is delay",
        )),
        None => Ok(effect),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_delay_has_days_and_nothing_else_has() {
        assert_eq!(
            effect(ClosureKind::Delay, Some(2)),
            Ok(Effect::Delay { days: 2 })
        );
        assert_eq!(effect(ClosureKind::NoPickup, None), Ok(Effect::NoPickup));
        for (kind, days) in [
            (ClosureKind::Delay, None),
            (ClosureKind::NoService, Some(2)),
        ] {
            let refusal = effect(kind, days).unwrap_err();
            assert_eq!(refusal.field(), Some("/delay_days"), "{kind:?}");
        }
    }
}

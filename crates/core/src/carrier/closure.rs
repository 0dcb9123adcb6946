//! Closures: days on which a service, a carrier or all of them do less than they usually do somewhere.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::area::{Area, Origin};
use super::service::{Service, ServiceId, Zone};
use crate::party::Destination;
use crate::time::Millis;

/// The number of a closure: small, given once, never reused. The API speaks of codes.
#[derive(
    Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(transparent)]
pub struct ClosureId(pub u16);

/// A strike, a storm: who does not do what, where, and from when to when.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Closure {
    /// Identity.
    pub id: ClosureId,
    /// The merchant's own code; unique among closures.
    pub code: String,
    /// Who is closed.
    pub scope: ClosureScope,
    /// Where; absent: everywhere.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub area: Option<Area>,
    /// Codes of the zones that it concerns; none: all. Only of a single service.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub zones: Vec<String>,
    /// The first day.
    pub from: Date,
    /// The last day.
    pub to: Date,
    /// What is not done.
    pub effect: Effect,
    /// Why, in the merchant's words.
    pub reason: String,
    /// When somebody ended it; what is ended has no effect any more.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ended_at: Option<Millis>,
}

/// Who is closed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ClosureScope {
    /// Every service.
    All,
    /// Every service of a carrier, by the carrier's name.
    Carrier(String),
    /// One service.
    Service(ServiceId),
}

/// What is not done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum Effect {
    /// Neither pickup nor delivery.
    NoService,
    /// Nothing is picked up in the area.
    NoPickup,
    /// Nothing is delivered to the area.
    NoDelivery,
    /// What is under way from or to the area on one of the days takes longer.
    Delay {
        /// Days of the delivery calendar.
        days: u16,
    },
}

impl Closure {
    /// Whether it concerns a service, and nobody has ended it.
    #[must_use]
    pub fn concerns(&self, service: &Service) -> bool {
        let is_meant = match &self.scope {
            ClosureScope::All => true,
            ClosureScope::Carrier(carrier) => *carrier == service.carrier,
            ClosureScope::Service(id) => *id == service.id,
        };
        is_meant && self.ended_at.is_none()
    }

    /// Whether nothing is picked up at an origin on a day for a zone.
    #[must_use]
    pub fn stops_pickup(&self, zone: &Zone, origin: &Origin, day: Date) -> bool {
        let stops = match self.effect {
            Effect::NoService | Effect::NoPickup => true,
            Effect::NoDelivery | Effect::Delay { .. } => false,
        };
        stops && self.is_on(day) && self.has_zone(zone) && self.begins_with(origin)
    }

    /// Whether nothing is delivered to a destination on a day in a zone.
    #[must_use]
    pub fn stops_delivery(&self, zone: &Zone, destination: &Destination, day: Date) -> bool {
        let stops = match self.effect {
            Effect::NoService | Effect::NoDelivery => true,
            Effect::NoPickup | Effect::Delay { .. } => false,
        };
        stops && self.is_on(day) && self.has_zone(zone) && self.ends_with(destination)
    }

    /// How many days longer a parcel takes that is under way between two days, both included; 0 where it does not delay.
    #[must_use]
    pub fn delays(
        &self,
        zone: &Zone,
        (origin, destination): (&Origin, &Destination),
        (pickup, delivery): (Date, Date),
    ) -> u16 {
        let Effect::Delay { days } = self.effect else {
            return 0;
        };
        let is_under_way = self.from <= delivery && pickup <= self.to;
        let is_there = self.begins_with(origin) || self.ends_with(destination);
        if is_under_way && is_there && self.has_zone(zone) {
            days
        } else {
            0
        }
    }

    /// Whether it changes anything for a shipment that is to be picked up and delivered on these days.
    #[must_use]
    pub fn touches(
        &self,
        (service, zone): (&Service, &Zone),
        (origin, destination): (&Origin, &Destination),
        (pickup, delivery): (Date, Date),
    ) -> bool {
        self.concerns(service)
            && (self.stops_pickup(zone, origin, pickup)
                || self.stops_delivery(zone, destination, delivery)
                || self.delays(zone, (origin, destination), (pickup, delivery)) > 0)
    }

    fn is_on(&self, day: Date) -> bool {
        (self.from..=self.to).contains(&day)
    }

    pub(crate) fn has_zone(&self, zone: &Zone) -> bool {
        self.zones.is_empty() || self.zones.contains(&zone.code)
    }

    pub(crate) fn begins_with(&self, origin: &Origin) -> bool {
        let area = self.area.as_ref();
        area.is_none_or(|area| area.holds(&origin.country, origin.area.as_deref()))
    }

    pub(crate) fn ends_with(&self, destination: &Destination) -> bool {
        let area = self.area.as_ref();
        area.is_none_or(|area| area.holds(&destination.country, destination.area.as_deref()))
    }
}

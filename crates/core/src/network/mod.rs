//! The network: locations, channels, calendars and carrier services, one immutable version at a time.

pub mod calendar;
mod capacity;
mod channel;
mod country;
mod distance;
mod group;
mod limit;
mod location;
mod member;
mod sells;
mod working_day;

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::carrier::{Closure, ClosureId, Origin, Service, ServiceId};
use crate::catalog::Recall;
use crate::order::screening::ScreeningRules;
use crate::refusal::Refusal;
use crate::sourcing::policy::Policy;

pub use calendar::{Calendar, CalendarId, PutCalendar, put_calendar};
pub use capacity::{Capacity, CapacityUnit, DayLimit, Load};
pub use channel::{Channel, ChannelId, ESCALATE_AFTER, Intake, PutChannel, Shortage, put_channel};
pub use country::{has_postal_codes, is_country};
pub use distance::great_circle_km;
pub use group::{LocationGroup, LocationGroupId, PutLocationGroup, put_location_group};
pub(crate) use limit::number_up_to;
pub use location::{
    AcceptedMethod, Exceptions, Kind, Labour, Location, LocationId, LocationStatus, PutLocation,
    ServiceArea, put_location,
};
pub use member::{Member, MemberKind};
pub use sells::{Buffer, Sells};
pub use working_day::HORIZON_DAYS;

/// Most locations, and most channels.
const MEMBERS_MAX: u16 = u16::MAX;

/// The number of a location or channel: its position, given once.
///
/// # Errors
/// Refuses more than 65,535 of a kind.
fn number(what: &'static str, known: Option<usize>, count: usize) -> Result<u16, Refusal> {
    match u16::try_from(known.unwrap_or(count)) {
        Ok(number) if number < MEMBERS_MAX => Ok(number),
        _ => Err(Refusal::TooMany {
            what,
            limit: u64::from(MEMBERS_MAX),
        }),
    }
}

/// All settings of the network, as of one version. The write transaction share-locks the version,
/// so no node decides on settings that were replaced.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Network {
    /// Rises by one with every change; 0 in a fresh database.
    pub version: i64,
    /// Locations; the position is the location's number.
    pub locations: Vec<Arc<Location>>,
    /// Channels; the position is the channel's number.
    pub channels: Vec<Arc<Channel>>,
    /// Groups of locations; the position is the group's number.
    #[serde(default)]
    pub groups: Vec<Arc<LocationGroup>>,
    /// Calendars; the position is the calendar's number.
    #[serde(default)]
    pub calendars: Vec<Arc<Calendar>>,
    /// Versions of sourcing policies; the position is the version's number.
    #[serde(default)]
    pub policies: Vec<Arc<Policy>>,
    /// Carrier services; the position is the service's number.
    #[serde(default)]
    pub services: Vec<Arc<Service>>,
    /// Closures of carrier services; the position is the closure's number.
    #[serde(default)]
    pub closures: Vec<Arc<Closure>>,
    /// Screening rules; the position is their number.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub screening: Vec<Arc<ScreeningRules>>,
    /// Recalls in force, in the order they were made in.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub recalls: Vec<Recall>,
}

/// The number of a set of screening rules: small, given once, never reused. The API speaks of codes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ScreeningId(pub u16);

impl Network {
    /// The location with this number.
    #[must_use]
    pub fn location(&self, id: LocationId) -> Option<&Arc<Location>> {
        self.locations.get(usize::from(id.0))
    }

    /// The location with this code.
    #[must_use]
    pub fn location_by_code(&self, code: &str) -> Option<&Arc<Location>> {
        self.locations.iter().find(|location| location.code == code)
    }

    /// A location as the beginning of a way.
    #[must_use]
    pub fn origin_of(&self, location: &Location) -> Origin {
        let groups = self.groups.iter().filter(|group| group.has(location.id));
        Origin::of(location).in_groups(groups.map(|group| group.code.as_str()))
    }

    /// The group of locations with this code.
    #[must_use]
    pub fn group_by_code(&self, code: &str) -> Option<&Arc<LocationGroup>> {
        self.groups.iter().find(|group| group.code == code)
    }

    /// The group of locations with this number.
    #[must_use]
    pub fn group(&self, id: LocationGroupId) -> Option<&Arc<LocationGroup>> {
        self.groups.get(usize::from(id.0))
    }

    /// The channel with this number.
    #[must_use]
    pub fn channel(&self, id: ChannelId) -> Option<&Arc<Channel>> {
        self.channels.get(usize::from(id.0))
    }

    /// The screening rules that are in force for a channel.
    #[must_use]
    pub fn screening_of(&self, channel: &str) -> Option<&Arc<ScreeningRules>> {
        let names =
            |rules: &&Arc<ScreeningRules>| rules.channels.iter().any(|code| code == channel);
        self.screening.iter().find(names)
    }

    /// The channel with this code.
    #[must_use]
    pub fn channel_by_code(&self, code: &str) -> Option<&Arc<Channel>> {
        self.channels.iter().find(|channel| channel.code == code)
    }

    /// The calendar with this number.
    #[must_use]
    pub fn calendar(&self, id: CalendarId) -> Option<&Arc<Calendar>> {
        self.calendars.get(usize::from(id.0))
    }

    /// The calendar with this code.
    #[must_use]
    pub fn calendar_by_code(&self, code: &str) -> Option<&Arc<Calendar>> {
        self.calendars.iter().find(|calendar| calendar.code == code)
    }

    /// The carrier service with this number.
    #[must_use]
    pub fn service(&self, id: ServiceId) -> Option<&Arc<Service>> {
        self.services.get(usize::from(id.0))
    }

    /// The carrier service with this code.
    #[must_use]
    pub fn service_by_code(&self, code: &str) -> Option<&Arc<Service>> {
        self.services.iter().find(|service| service.code == code)
    }

    /// The carrier closure with this number.
    #[must_use]
    pub fn closure(&self, id: ClosureId) -> Option<&Arc<Closure>> {
        self.closures.get(usize::from(id.0))
    }

    /// The carrier closure with this code.
    #[must_use]
    pub fn closure_by_code(&self, code: &str) -> Option<&Arc<Closure>> {
        self.closures.iter().find(|closure| closure.code == code)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_number_of_a_location_or_channel_is_65534() {
        assert_eq!(number("locations", None, 65_534), Ok(65_534));
        assert_eq!(number("locations", Some(3), 65_535), Ok(3));
        let full = Refusal::TooMany {
            what: "locations",
            limit: 65_535,
        };
        assert_eq!(number("locations", None, 65_535), Err(full));
    }
}

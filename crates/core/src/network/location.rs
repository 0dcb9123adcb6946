//! Locations: where stock is and where fulfilments are done.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::command::PutMode;
use crate::decide::{Attempt, Stop};
use crate::decision::{Answer, Resource};
use crate::party::Address;
use crate::refusal::Refusal;
use crate::text;

/// The number of a location: small, given once, never reused. The API speaks of codes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct LocationId(pub u16);

/// What a location is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// The merchant's own warehouse.
    Warehouse,
    /// The merchant's own store.
    Store,
    /// A warehouse run by a logistics provider; it accepts or rejects each fulfilment.
    #[serde(rename = "3pl")]
    ThirdParty,
    /// A supplier that ships to the customer (drop-ship); it accepts or rejects each fulfilment.
    Supplier,
}

impl Kind {
    /// Whether a fulfilment here waits for an acceptance before it is picked.
    #[must_use]
    pub fn must_accept(self) -> bool {
        matches!(self, Self::ThirdParty | Self::Supplier)
    }
}

/// Whether a location takes new fulfilments.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LocationStatus {
    /// Takes new fulfilments.
    #[default]
    Open,
    /// Takes none for now.
    Paused,
    /// Takes none any more.
    Closed,
}

/// Where stock is and where fulfilments are done.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Location {
    /// Identity.
    pub id: LocationId,
    /// The merchant's own code; unique.
    pub code: String,
    /// What people call it.
    pub name: String,
    /// Warehouse, store, 3PL or supplier.
    pub kind: Kind,
    /// Whether it takes new fulfilments.
    #[serde(default)]
    pub status: LocationStatus,
    /// Smaller numbers are preferred.
    pub priority: i32,
    /// Where it is.
    #[serde(default)]
    pub address: Address,
    /// IANA time zone of the location's day.
    pub time_zone: String,
    /// Orders released after this local time of day leave the next day, in minutes after midnight.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cut_off_minute: Option<u16>,
    /// Orders that can be worked in one day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub daily_capacity_orders: Option<i64>,
}

/// Creates a location, or replaces the one with the same code.
#[derive(Debug, Clone)]
pub struct PutLocation {
    /// All fields; the id is given by the decision.
    pub location: Location,
    /// Refuse if the code is taken (create) or unknown (change).
    pub mode: PutMode,
}

/// Creates or replaces a location. One that is the same already makes no new version of the network.
///
/// # Errors
/// Refuses invalid fields, a taken code on create, an unknown code on change, and more than 65,535 locations.
pub fn put_location(attempt: &mut Attempt<'_>, command: &PutLocation) -> Result<Answer, Stop> {
    check(&command.location)?;
    let mut network = attempt.network().as_ref().clone();
    let known = network
        .locations
        .iter()
        .position(|location| location.code == command.location.code);
    command
        .mode
        .check("location", &command.location.code, known.is_some())?;
    let id = LocationId(super::number("locations", known, network.locations.len())?);
    let location = Location {
        id,
        ..command.location.clone()
    };
    let Some(position) = known else {
        network.locations.push(Arc::new(location));
        attempt.put_network(network);
        return Ok(Answer::created(Resource::Location(id)));
    };
    if *network.locations[position] != location {
        network.locations[position] = Arc::new(location);
        attempt.put_network(network);
    }
    Ok(Answer::ok(Resource::Location(id)))
}

fn check(location: &Location) -> Result<(), Refusal> {
    text::name("/code", &location.code, text::CODE_MAX)?;
    text::required("/name", &location.name, text::NAME_MAX)?;
    text::required("/time_zone", &location.time_zone, text::CODE_MAX)?;
    location.address.check("/address")?;
    if !location.address.country.is_empty() && !super::is_country(&location.address.country) {
        return Err(Refusal::invalid(
            "/address/country",
            "must be an ISO 3166-1 alpha-2 country code such as DE",
        ));
    }
    if location
        .cut_off_minute
        .is_some_and(|minute| minute >= 24 * 60)
    {
        return Err(Refusal::invalid(
            "/cut_off",
            "must be a time of day such as 16:30",
        ));
    }
    if location
        .daily_capacity_orders
        .is_some_and(|orders| orders < 0)
    {
        return Err(Refusal::invalid(
            "/daily_capacity_orders",
            "must not be negative",
        ));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use crate::fixture::story;

    #[test]
    fn a_location_is_made_once_and_changed_by_its_code() {
        story(
            r#"
                location L1 create
                answer                              > created, network 7
                location L1 create                  > already_exists: location "L1" exists already; change it with PUT, or choose another name
                location L1 store priority=2 change
                answer                              > ok, network 8
                location L1 store priority=2
                answer                              > ok, network 8
                location L2 change                  > not_found: there is no location L2
                location L2
                answer                              > created, network 9
            "#,
        );
    }

    #[test]
    fn impossible_locations_are_refused() {
        story(
            "
                location none                                    > invalid_field: /code must not be empty
                location LONG                                    > invalid_field: /code is 10001 bytes long; at most 64 are allowed
                location L1 name=none                            > invalid_field: /name must not be empty
                location L1 name=LONG                            > invalid_field: /name is 10001 bytes long; at most 255 are allowed
                location L1 zone=none                            > invalid_field: /time_zone must not be empty
                location L1 at=91,0                              > invalid_field: /address/latitude must lie between -90 and 90 degrees
                location L1 at=0,181                             > invalid_field: /address/longitude must lie between -180 and 180 degrees
                location L1 at=XX                                > invalid_field: /address/country must be an ISO 3166-1 alpha-2 country code such as DE
                location L1 at=bell                              > invalid_field: /address/city holds a control character
                location L1 cut-off=1440                         > invalid_field: /cut_off must be a time of day such as 16:30
                location L1 capacity=-1                          > invalid_field: /daily_capacity_orders must not be negative
                location L1 cut-off=1439 capacity=0 at=no-street
            ",
        );
    }
}

//! Locations: where stock is and where fulfilments are done.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::{CalendarId, Capacity, Member};
use crate::command::PutMode;
use crate::decide::{Attempt, Stop};
use crate::decision::{Answer, Resource};
use crate::geo::{Located, LocatedBy};
use crate::inventory::check_days;
use crate::party::{Address, Destination};
use crate::refusal::Refusal;
use crate::text;
use crate::time::Millis;

/// Most working days between the day that work begins and the day that it leaves.
const HANDLING_DAYS_MAX: u16 = 60;
/// Most areas that a location serves.
const AREAS_MAX: usize = 500;
/// The dearest unit, line or order, in minor units.
const LABOUR_MAX: i64 = 1_000_000_000;

/// The number of a location: small, given once, never reused. The API speaks of codes.
#[derive(
    Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(transparent)]
pub struct LocationId(pub u16);

impl LocationId {
    /// The bucket of what belongs to the location, where there are so many partitions.
    #[must_use]
    pub fn bucket(self, partitions: u16) -> u16 {
        self.0 % partitions.max(1)
    }
}

/// What a location is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// The merchant's own warehouse.
    #[default]
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
    /// Where its postal code or its country is, if no coordinates came with the address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub located: Option<Located>,
    /// IANA time zone of the location's day.
    pub time_zone: String,
    /// Of a paused location: when it opens again by itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub paused_until: Option<Millis>,
    /// The days that it works; every day if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub calendar: Option<CalendarId>,
    /// What comes at or after this local time of day is worked the next day, in minutes after midnight.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cut_off_minute: Option<u16>,
    /// Working days between the day that work begins and the day that it leaves.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub handling_days: u16,
    /// How much it can work in one local day; any amount if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub capacity: Option<Capacity>,
    /// What its work costs.
    #[serde(default)]
    pub labour: Labour,
    /// How its stock may reach customers; any way if empty.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub methods: Vec<AcceptedMethod>,
    /// Where it ships to; everywhere if empty.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub serves: Vec<ServiceArea>,
    /// What is done when it says no, or does not find what it should pick.
    #[serde(default, skip_serializing_if = "Exceptions::is_usual")]
    pub exceptions: Exceptions,
    /// Whether a difference that was counted may be approved with the key that it was counted with.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub own_counts: bool,
}

/// What is done when a location says no, or does not find what it should pick.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Exceptions {
    /// Days for which what it did not find, or could not sell, is not offered from there.
    pub exclude_days: u16,
    /// Whether a no that says what is wrong with the goods corrects the stock.
    pub corrects_stock: bool,
}

impl Default for Exceptions {
    /// Three days, and the stock is corrected.
    fn default() -> Self {
        Self {
            exclude_days: 3,
            corrects_stock: true,
        }
    }
}

impl Exceptions {
    fn is_usual(&self) -> bool {
        *self == Self::default()
    }
}

/// A way in which a location's stock may reach customers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AcceptedMethod {
    /// It ships to customers.
    Ship,
    /// Customers collect here what is here.
    Pickup,
    /// Customers collect here what is sent here first; it has to be named, also where any other way is accepted.
    ShipToStore,
}

/// What a location's work costs, in minor units of the merchant's currency.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Labour {
    /// For each fulfilment.
    #[serde(default)]
    pub order_minor: i64,
    /// For each of its lines.
    #[serde(default)]
    pub line_minor: i64,
    /// For each of its units.
    #[serde(default)]
    pub unit_minor: i64,
}

/// A country, or parts of it.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ServiceArea {
    /// ISO 3166-1 alpha-2 country code.
    pub country: String,
    /// Beginnings of the postal codes of the parts that are served, in capitals and without spaces; the whole country if
    /// empty. At most the area of a postal code is compared.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub postal: Vec<String>,
}

impl ServiceArea {
    /// Whether a destination lies in it. One without a postal code lies in no part of a country.
    fn holds(&self, destination: &Destination) -> bool {
        let area = destination.area.as_deref().unwrap_or_default();
        let begins = |prefix: &String| !area.is_empty() && area.starts_with(prefix.as_str());
        self.country == destination.country
            && (self.postal.is_empty() || self.postal.iter().any(begins))
    }
}

fn is_zero(days: &u16) -> bool {
    *days == 0
}

impl Default for Location {
    /// A warehouse without a name, in UTC, that works every day and any amount.
    fn default() -> Self {
        Self {
            id: LocationId::default(),
            code: String::new(),
            name: String::new(),
            kind: Kind::default(),
            status: LocationStatus::default(),
            priority: 0,
            address: Address::default(),
            located: None,
            time_zone: "UTC".to_owned(),
            paused_until: None,
            calendar: None,
            cut_off_minute: None,
            handling_days: 0,
            capacity: None,
            labour: Labour::default(),
            methods: Vec::new(),
            serves: Vec::new(),
            exceptions: Exceptions::default(),
            own_counts: false,
        }
    }
}

impl Location {
    /// Where it is, and how exactly that is known.
    #[must_use]
    pub fn place(&self) -> Option<Located> {
        let given = self.address.given().map(|point| Located {
            point,
            by: LocatedBy::Given,
        });
        given.or(self.located)
    }

    /// Whether it takes new fulfilments at this time.
    #[must_use]
    pub fn is_open(&self, now: Millis) -> bool {
        match self.status {
            LocationStatus::Open => true,
            LocationStatus::Paused => self.paused_until.is_some_and(|until| until <= now),
            LocationStatus::Closed => false,
        }
    }

    /// Whether its stock may reach customers in this way.
    #[must_use]
    pub fn accepts(&self, method: AcceptedMethod) -> bool {
        self.methods.is_empty() || self.methods.contains(&method)
    }

    /// Whether it ships there. What is not known of a destination keeps nobody from it.
    #[must_use]
    pub fn ships_to(&self, destination: &Destination) -> bool {
        let is_known = !destination.country.is_empty();
        self.serves.is_empty()
            || !is_known
            || self.serves.iter().any(|area| area.holds(destination))
    }
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
    let location = checked(&command.location)?;
    let network = attempt.network();
    if location
        .calendar
        .is_some_and(|id| network.calendar(id).is_none())
    {
        let problem = "must be one of the calendars";
        return Err(Refusal::invalid("/calendar", problem).into());
    }
    let known = network
        .locations
        .iter()
        .position(|known| known.code == location.code);
    command
        .mode
        .check("location", &location.code, known.is_some())?;
    let id = LocationId(super::number("locations", known, network.locations.len())?);
    let location = Location { id, ..location };
    if known.is_none_or(|position| *network.locations[position] != location) {
        attempt.put_member(Member::Location(Arc::new(location)));
    }
    Ok(match known {
        Some(_) => Answer::ok(Resource::Location(id)),
        None => Answer::created(Resource::Location(id)),
    })
}

/// The location with its lists in order.
fn checked(location: &Location) -> Result<Location, Refusal> {
    check_place(location)?;
    check_work(location)?;
    let mut location = location.clone();
    if let Some(capacity) = &mut location.capacity {
        capacity.check()?;
    }
    location.located = location.address.located.take();
    location.methods.sort_unstable();
    location.methods.dedup();
    Ok(location)
}

fn check_place(location: &Location) -> Result<(), Refusal> {
    text::name("/code", &location.code, text::CODE_MAX)?;
    text::required("/name", &location.name, text::NAME_MAX)?;
    text::required("/time_zone", &location.time_zone, text::CODE_MAX)?;
    location.address.check("/address")?;
    let no_country = "must be an ISO 3166-1 alpha-2 country code such as DE";
    if !location.address.country.is_empty() && !super::is_country(&location.address.country) {
        return Err(Refusal::invalid("/address/country", no_country));
    }
    if location.serves.len() > AREAS_MAX {
        return Err(Refusal::TooMany {
            what: "areas that a location serves",
            limit: AREAS_MAX as u64,
        });
    }
    for (position, area) in location.serves.iter().enumerate() {
        check_prefixes(position, area)?;
    }
    let unknown = |area: &ServiceArea| !super::is_country(&area.country);
    match location.serves.iter().position(unknown) {
        Some(position) => Err(Refusal::invalid(
            format!("/serves/{position}/country"),
            no_country,
        )),
        None => Ok(()),
    }
}

fn check_prefixes(position: usize, area: &ServiceArea) -> Result<(), Refusal> {
    let most = crate::party::area_max(&area.country);
    let is_prefix = |text: &String| {
        let is_allowed = |byte: u8| byte.is_ascii_digit() || byte.is_ascii_uppercase();
        (1..=most).contains(&text.len()) && text.bytes().all(is_allowed)
    };
    if area.postal.len() > AREAS_MAX {
        return Err(Refusal::TooMany {
            what: "postal areas of one country that a location serves",
            limit: AREAS_MAX as u64,
        });
    }
    match area.postal.iter().position(|text| !is_prefix(text)) {
        Some(at) => Err(Refusal::invalid(
            format!("/serves/{position}/postal/{at}"),
            format!("must be 1 to {most} capitals or digits: what postal codes begin with"),
        )),
        None => Ok(()),
    }
}

fn check_work(location: &Location) -> Result<(), Refusal> {
    if location
        .cut_off_minute
        .is_some_and(|minute| minute >= 24 * 60)
    {
        return Err(Refusal::invalid(
            "/cut_off",
            "must be a time of day such as 16:30",
        ));
    }
    if location.handling_days > HANDLING_DAYS_MAX {
        return Err(Refusal::invalid(
            "/handling_days",
            format!("must be at most {HANDLING_DAYS_MAX}"),
        ));
    }
    if location.paused_until.is_some() && location.status != LocationStatus::Paused {
        return Err(Refusal::invalid(
            "/paused_until",
            "is for a location whose status is paused",
        ));
    }
    check_days("/exceptions/exclude_days", location.exceptions.exclude_days)?;
    let labour = location.labour;
    let costs = [
        ("order_minor", labour.order_minor),
        ("line_minor", labour.line_minor),
        ("unit_minor", labour.unit_minor),
    ];
    match costs
        .iter()
        .find(|(_, cost)| !(0..=LABOUR_MAX).contains(cost))
    {
        Some((name, _)) => Err(Refusal::invalid(
            format!("/labour/{name}"),
            format!("must lie between 0 and {LABOUR_MAX}"),
        )),
        None => Ok(()),
    }
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
                location L1 capacity=-1                          > invalid_field: /capacity/per_day must not be negative
                location L1 cut-off=1439 capacity=0 at=no-street
            ",
        );
    }
}

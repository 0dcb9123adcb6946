//! A location as the caller writes it.

use jiff::civil::Time;
use jiff::tz::TimeZone;
use serde::Deserialize;
use serde::de::IgnoredAny;
use throughline_core::Refusal;
use throughline_core::command::PutMode;
use throughline_core::network::{
    AcceptedMethod, CalendarId, Capacity, Exceptions, Kind, Labour, Location, LocationId,
    LocationStatus, Network, PutLocation, ServiceArea,
};
use utoipa::ToSchema;

use super::shapes::{
    AcceptedMethodShape, CapacityShape, ExceptionsShape, KindShape, LabourShape,
    LocationStatusShape, ServiceAreaShape,
};
use crate::http::api::geo::PlaceView;
use crate::http::api::names::name;
use crate::http::api::shapes::{AddressShape, Instant};
use crate::http::body::RequestBody;

/// The zone of a location that names none.
const TIME_ZONE: &str = "UTC";
/// The priority of a location that names none.
const PRIORITY: i32 = 100;

/// A location to create or change.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = LocationData)]
#[serde(deny_unknown_fields)]
pub struct LocationBody {
    /// The merchant's own code. Needed by POST; in PUT it may be left away, or must be the path's.
    #[schema(min_length = 1, max_length = 64)]
    code: Option<String>,
    /// What people call it.
    #[schema(min_length = 1, max_length = 255)]
    name: String,
    /// What it is.
    #[schema(value_type = KindShape)]
    kind: Kind,
    /// Whether it takes new fulfilments; `open` unless given.
    #[schema(value_type = Option<LocationStatusShape>)]
    status: Option<LocationStatus>,
    /// Smaller numbers are preferred; 100 unless given.
    priority: Option<i32>,
    /// Where it is.
    address: Option<AddressShape>,
    /// IANA time zone of its day; UTC unless given.
    #[schema(max_length = 64, example = "Europe/Berlin")]
    time_zone: Option<String>,
    /// Of a paused location: when it opens again by itself.
    #[schema(value_type = Option<String>, format = DateTime)]
    paused_until: Option<Instant>,
    /// Code of the calendar of the days that it works; every day unless given.
    #[schema(max_length = 64)]
    calendar: Option<String>,
    /// Local time of day from which on orders are worked the next day.
    #[schema(pattern = "^([01][0-9]|2[0-3]):[0-5][0-9]$", example = "16:30")]
    cut_off: Option<String>,
    /// Working days between the day that work begins and the day that it leaves; 0 unless given.
    #[schema(maximum = 60)]
    handling_days: Option<u16>,
    /// How much it can work in one local day; any amount unless given.
    #[schema(value_type = Option<CapacityShape>)]
    capacity: Option<Capacity>,
    /// What its work costs; nothing unless given.
    #[schema(value_type = Option<LabourShape>)]
    labour: Option<Labour>,
    /// How its stock may reach customers; any way unless given.
    #[serde(default)]
    #[schema(value_type = Vec<AcceptedMethodShape>)]
    methods: Vec<AcceptedMethod>,
    /// Where it ships to; everywhere unless given.
    #[serde(default)]
    #[schema(value_type = Vec<ServiceAreaShape>, max_items = 500)]
    serves: Vec<ServiceArea>,
    /// What is done when it says no, or does not find what it should pick; three days and a corrected stock unless given.
    #[schema(value_type = Option<ExceptionsShape>)]
    exceptions: Option<Exceptions>,
    /// Whether a difference that was counted may be approved with the key that it was counted with; no unless given.
    own_counts: Option<bool>,
    /// What an answer shows may be sent back; it is found anew.
    #[serde(rename = "located", default)]
    #[schema(value_type = Option<PlaceView>, read_only)]
    _located: Option<IgnoredAny>,
}

impl RequestBody for LocationBody {}

impl LocationBody {
    /// The command that writes the location with the code of the path, or the body's own where there is none.
    ///
    /// # Errors
    /// Refuses a missing code, another code than the path's, an unknown calendar, and what is no time zone or time of day.
    pub fn command(
        self,
        network: &Network,
        path: Option<String>,
        mode: PutMode,
    ) -> Result<PutLocation, Refusal> {
        let location = Location {
            id: LocationId(0),
            code: name("code", path, self.code)?,
            name: self.name,
            kind: self.kind,
            status: self.status.unwrap_or_default(),
            priority: self.priority.unwrap_or(PRIORITY),
            address: self.address.unwrap_or_default().into(),
            time_zone: self
                .time_zone
                .map_or_else(|| Ok(TIME_ZONE.to_owned()), time_zone)?,
            cut_off_minute: self.cut_off.as_deref().map(cut_off).transpose()?,
            calendar: self
                .calendar
                .map(|code| calendar(network, &code))
                .transpose()?,
            paused_until: self.paused_until.map(|at| at.0),
            handling_days: self.handling_days.unwrap_or_default(),
            capacity: self.capacity,
            labour: self.labour.unwrap_or_default(),
            methods: self.methods,
            serves: self.serves,
            exceptions: self.exceptions.unwrap_or_default(),
            own_counts: self.own_counts.unwrap_or_default(),
            located: None,
        };
        Ok(PutLocation { location, mode })
    }
}

fn calendar(network: &Network, code: &str) -> Result<CalendarId, Refusal> {
    let known = network.calendar_by_code(code);
    known
        .map(|calendar| calendar.id)
        .ok_or_else(|| Refusal::unknown("/calendar", "calendar", code))
}

fn time_zone(name: String) -> Result<String, Refusal> {
    match TimeZone::get(&name) {
        Ok(zone) => Ok(zone.iana_name().map_or(name, str::to_owned)),
        Err(_) => Err(Refusal::invalid(
            "/time_zone",
            format!("{name:?} is no IANA time zone such as Europe/Berlin"),
        )),
    }
}

/// Reads a time of day.
///
/// # Errors
/// Refuses what is no time of day.
pub fn cut_off(text: &str) -> Result<u16, Refusal> {
    let problem = || Refusal::invalid("/cut_off", "must be a time of day such as 16:30");
    let time = Time::strptime("%H:%M", text).map_err(|_| problem())?;
    u16::try_from(i32::from(time.hour()) * 60 + i32::from(time.minute())).map_err(|_| problem())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn command(text: &str) -> Result<PutLocation, Refusal> {
        serde_json::from_str::<LocationBody>(text).unwrap().command(
            &Network::default(),
            None,
            PutMode::Create,
        )
    }

    #[test]
    fn a_location_needs_a_code_a_name_and_a_kind() {
        let location = command(r#"{"code":"L1","name":"Leeds","kind":"3pl","cut_off":"16:30"}"#)
            .unwrap()
            .location;
        assert_eq!(
            (
                location.kind,
                location.cut_off_minute,
                location.time_zone.as_str()
            ),
            (Kind::ThirdParty, Some(990), "UTC")
        );
    }

    #[test]
    fn impossible_zones_and_times_of_day_are_refused() {
        for (field, value) in [
            ("time_zone", "Mars/Olympus"),
            ("cut_off", "25:00"),
            ("cut_off", "noon"),
        ] {
            let text =
                format!(r#"{{"code":"L1","name":"Leeds","kind":"store","{field}":"{value}"}}"#);
            assert_eq!(
                command(&text).unwrap_err().field(),
                Some(format!("/{field}").as_str())
            );
        }
    }
}

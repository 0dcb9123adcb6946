//! A location as the API shows it.

use serde::Serialize;
use throughline_core::network::{
    AcceptedMethod, Capacity, Exceptions, Kind, Labour, Location, LocationStatus, Network,
    ServiceArea,
};
use throughline_core::party::Address;
use utoipa::ToSchema;

use super::shapes::{
    AcceptedMethodShape, CapacityShape, ExceptionsShape, KindShape, LabourShape,
    LocationStatusShape, ServiceAreaShape,
};
use crate::http::api::geo::PlaceView;
use crate::http::api::shapes::{AddressShape, Instant};

/// Where stock is and where fulfilments are done.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Location)]
pub struct LocationView<'a> {
    /// The merchant's own code.
    code: &'a str,
    /// What people call it.
    name: &'a str,
    /// What it is.
    #[schema(value_type = KindShape)]
    kind: Kind,
    /// Whether it takes new fulfilments.
    #[schema(value_type = LocationStatusShape)]
    status: LocationStatus,
    /// Smaller numbers are preferred.
    priority: i32,
    /// Where it is.
    #[schema(value_type = AddressShape)]
    address: &'a Address,
    /// IANA time zone of its day.
    time_zone: &'a str,
    /// Of a paused location: when it opens again by itself.
    #[schema(value_type = Option<String>, format = DateTime)]
    paused_until: Option<Instant>,
    /// Code of the calendar of the days that it works; every day if absent.
    calendar: Option<&'a str>,
    /// Local time of day from which on orders are worked the next day.
    #[schema(example = "16:30")]
    cut_off: Option<String>,
    /// Working days between the day that work begins and the day that it leaves.
    handling_days: u16,
    /// How much it can work in one local day; any amount if absent.
    #[schema(value_type = Option<CapacityShape>)]
    capacity: Option<&'a Capacity>,
    /// What its work costs.
    #[schema(value_type = LabourShape)]
    labour: Labour,
    /// How its stock may reach customers; any way if empty.
    #[schema(value_type = Vec<AcceptedMethodShape>)]
    methods: &'a [AcceptedMethod],
    /// Where it ships to; everywhere if empty.
    #[schema(value_type = Vec<ServiceAreaShape>)]
    serves: &'a [ServiceArea],
    /// What is done when it says no, or does not find what it should pick.
    #[schema(value_type = ExceptionsShape)]
    exceptions: Exceptions,
    /// Whether a difference that was counted may be approved with the key that it was counted with.
    own_counts: bool,
    /// Where distances are measured from; absent where not even the country is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false)]
    located: Option<PlaceView>,
}

impl<'a> LocationView<'a> {
    /// Shows a location.
    #[must_use]
    pub fn new(network: &'a Network, location: &'a Location) -> Self {
        let time_of_day = |minute: u16| format!("{:02}:{:02}", minute / 60, minute % 60);
        Self {
            code: &location.code,
            name: &location.name,
            kind: location.kind,
            status: location.status,
            priority: location.priority,
            address: &location.address,
            time_zone: &location.time_zone,
            cut_off: location.cut_off_minute.map(time_of_day),
            calendar: location
                .calendar
                .and_then(|id| network.calendar(id))
                .map(|calendar| calendar.code.as_str()),
            paused_until: location.paused_until.map(Instant),
            handling_days: location.handling_days,
            capacity: location.capacity.as_ref(),
            labour: location.labour,
            methods: &location.methods,
            serves: &location.serves,
            exceptions: location.exceptions,
            own_counts: location.own_counts,
            located: location.place().map(PlaceView::new),
        }
    }
}

//! A location as the API shows it.

use serde::Serialize;
use throughline_core::network::{Kind, Location, LocationStatus};
use throughline_core::party::Address;
use utoipa::ToSchema;

use crate::http::api::shapes::AddressShape;

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
    /// Local time of day after which orders leave the next day. Kept, and not counted by sourcing yet.
    #[schema(example = "16:30")]
    cut_off: Option<String>,
    /// Orders that can be worked in one day. Kept, and not counted by sourcing yet.
    daily_capacity_orders: Option<i64>,
}

impl<'a> LocationView<'a> {
    /// Shows a location.
    #[must_use]
    pub fn new(location: &'a Location) -> Self {
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
            daily_capacity_orders: location.daily_capacity_orders,
        }
    }
}

/// What a location is.
#[derive(Debug, ToSchema)]
#[schema(as = LocationKind, rename_all = "snake_case")]
pub enum KindShape {
    /// The merchant's own warehouse.
    Warehouse,
    /// The merchant's own store.
    Store,
    /// A warehouse run by a logistics provider; it accepts or rejects each fulfilment.
    #[schema(rename = "3pl")]
    ThirdParty,
    /// A supplier that ships to the customer (drop-ship); it accepts or rejects each fulfilment.
    Supplier,
}

/// Whether a location takes new fulfilments.
#[derive(Debug, ToSchema)]
#[schema(as = LocationStatus, rename_all = "snake_case")]
pub enum LocationStatusShape {
    /// Takes new fulfilments.
    Open,
    /// Takes none for now.
    Paused,
    /// Takes none any more.
    Closed,
}

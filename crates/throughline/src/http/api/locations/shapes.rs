//! Parts of a location, as the API describes them.

use utoipa::ToSchema;

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

/// How much a location can work in one local day.
#[derive(Debug, ToSchema)]
#[schema(as = Capacity)]
#[expect(dead_code, reason = "it only describes")]
pub struct CapacityShape {
    /// What is counted.
    unit: CapacityUnitShape,
    /// Most of it on a day that is not among `days`.
    #[schema(minimum = 0)]
    per_day: i64,
    /// Days with a limit of their own, such as those of a peak.
    #[schema(required = false, max_items = 1000)]
    days: Vec<DayLimitShape>,
}

/// What a location's day is counted in.
#[derive(Debug, ToSchema)]
#[schema(as = CapacityUnit, rename_all = "snake_case")]
pub enum CapacityUnitShape {
    /// Fulfilments, whatever is in them.
    Orders,
    /// Lines of fulfilments.
    Lines,
    /// Units.
    Units,
}

/// The limit of one day.
#[derive(Debug, ToSchema)]
#[schema(as = DayLimit)]
#[expect(dead_code, reason = "it only describes")]
pub struct DayLimitShape {
    /// The local day.
    #[schema(format = Date)]
    date: String,
    /// Most of the unit on that day; 0 if nothing is worked.
    #[schema(minimum = 0)]
    limit: i64,
}

/// What a location's work costs, in minor units of the merchant's currency.
#[derive(Debug, ToSchema)]
#[schema(as = Labour)]
#[expect(dead_code, reason = "it only describes")]
pub struct LabourShape {
    /// For each fulfilment.
    #[schema(required = false, minimum = 0, maximum = 1_000_000_000)]
    order_minor: i64,
    /// For each of its lines.
    #[schema(required = false, minimum = 0, maximum = 1_000_000_000)]
    line_minor: i64,
    /// For each of its units.
    #[schema(required = false, minimum = 0, maximum = 1_000_000_000)]
    unit_minor: i64,
}

/// A way in which a location's stock may reach customers.
#[derive(Debug, ToSchema)]
#[schema(as = AcceptedMethod, rename_all = "snake_case")]
pub enum AcceptedMethodShape {
    /// It ships to customers.
    Ship,
    /// Customers collect here what is here.
    Pickup,
    /// Customers collect here what is sent here first; has to be named, even where nothing else is.
    ShipToStore,
}

/// A country, or parts of it, that a location ships to.
#[derive(Debug, ToSchema)]
#[schema(as = ServiceArea)]
#[expect(dead_code, reason = "it only describes")]
pub struct ServiceAreaShape {
    /// ISO 3166-1 alpha-2 country code.
    #[schema(example = "DE")]
    country: String,
    /// Beginnings of the postal codes of the parts that are served; the whole country if empty.
    #[schema(required = false, max_items = 500)]
    postal: Vec<String>,
}

/// What is done when a location says no, or does not find what it should pick.
#[derive(Debug, ToSchema)]
#[schema(as = Exceptions)]
#[expect(dead_code, reason = "it only describes")]
pub struct ExceptionsShape {
    /// Days for which what it did not find, or could not sell, is not offered from there to any order; 3 unless given.
    #[schema(required = false, minimum = 0, maximum = 365)]
    exclude_days: u16,
    /// Whether a no that says what is wrong with the goods corrects the stock; yes unless given.
    #[schema(required = false)]
    corrects_stock: bool,
}

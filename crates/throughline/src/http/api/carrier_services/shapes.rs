//! The parts of a carrier service as the OpenAPI document describes them; core reads and writes them.

use utoipa::ToSchema;

/// Whether a service is offered.
#[derive(Debug, ToSchema)]
#[schema(as = CarrierServiceStatus, rename_all = "snake_case")]
pub enum ServiceStatusShape {
    /// It is.
    Active,
    /// It is not.
    Inactive,
}

/// Where a service brings parcels.
#[derive(Debug, ToSchema)]
#[schema(as = DeliversTo, rename_all = "snake_case")]
pub enum DeliversToShape {
    /// To the address.
    Home,
    /// To a pickup point near it, where the customer fetches them.
    PickupPoint,
}

/// How the zone of a way is found: by a table of areas, whose first rule that holds gives the zone, or by the great-circle
/// distance, whose first band that is not exceeded gives it.
#[derive(Debug, ToSchema)]
#[schema(as = Zoning, rename_all = "snake_case")]
pub enum ZoningShape {
    /// By a table of areas, of 1 to 2,000 rules.
    Areas(Vec<ZoneRuleShape>),
    /// By distances, in 1 to 200 rising bands.
    Distance(Vec<BandShape>),
}

/// A rule of a table of areas.
#[derive(Debug, ToSchema)]
#[schema(as = ZoneRule)]
pub struct ZoneRuleShape {
    /// Where the way begins; absent: anywhere.
    pub from: Option<ZoneOriginShape>,
    /// Where it ends.
    pub to: AreaShape,
    /// The code of the zone.
    #[schema(min_length = 1, max_length = 64)]
    pub zone: String,
}

/// Where the ways of a rule begin; everything that is given must hold.
#[derive(Debug, ToSchema)]
#[schema(as = ZoneOrigin)]
pub struct ZoneOriginShape {
    /// ISO 3166-1 alpha-2 code; absent: any country.
    #[schema(example = "DE", max_length = 64)]
    pub country: Option<String>,
    /// Parts of the country; none: all of it.
    #[schema(max_items = 1000)]
    pub postal: Option<Vec<PostalRangeShape>>,
    /// Code of a group of locations; absent: any location.
    #[schema(min_length = 1, max_length = 64)]
    pub group: Option<String>,
}

/// Part of a country, or all of it.
#[derive(Debug, ToSchema)]
#[schema(as = Area)]
pub struct AreaShape {
    /// ISO 3166-1 alpha-2 code.
    #[schema(example = "DE", max_length = 64)]
    pub country: String,
    /// Which parts; none: the whole country.
    #[schema(max_items = 1000)]
    pub postal: Option<Vec<PostalRangeShape>>,
}

/// Postal codes that begin with anything from `first` to `last`, both of the same length.
#[derive(Debug, ToSchema)]
#[schema(as = PostalRange)]
pub struct PostalRangeShape {
    /// The lowest beginning: up to three characters, up to four of an outward part (United Kingdom).
    #[schema(pattern = "^[0-9A-Z]{1,4}$", example = "100")]
    pub first: String,
    /// The highest beginning.
    #[schema(pattern = "^[0-9A-Z]{1,4}$", example = "149")]
    pub last: String,
}

/// A band of distances.
#[derive(Debug, ToSchema)]
#[schema(as = DistanceBand)]
pub struct BandShape {
    /// The longest way of the band.
    #[schema(minimum = 1, maximum = 100_000)]
    pub up_to_km: i64,
    /// The code of its zone.
    #[schema(min_length = 1, max_length = 64)]
    pub zone: String,
}

/// A zone: one price list and one time of travel.
#[derive(Debug, ToSchema)]
#[schema(as = Zone)]
pub struct ZoneShape {
    /// Its code; unique within the service.
    #[schema(min_length = 1, max_length = 64)]
    pub code: String,
    /// Prices without the surcharge.
    pub tariff: TariffShape,
    /// Days of its delivery calendar that a parcel likely travels; 0: delivered on the day of the pickup.
    #[schema(minimum = 0, maximum = 90)]
    pub transit_days: u16,
}

/// Prices by weight, which never fall as the weight rises. What is heavier than a parcel may be goes as several.
#[derive(Debug, ToSchema)]
#[schema(as = Tariff)]
pub struct TariffShape {
    /// Prices by rising weight.
    #[schema(max_items = 200)]
    pub brackets: Option<Vec<BracketShape>>,
    /// What each begun kilogram above the last bracket costs in addition; absent where no heavier parcel is taken.
    #[schema(minimum = 0, maximum = 9_007_199_254_740_991_i64)]
    pub per_kg_minor: Option<i64>,
    /// What a parcel costs at least; 0 unless given.
    #[schema(minimum = 0, maximum = 9_007_199_254_740_991_i64)]
    pub minimum_minor: Option<i64>,
    /// The heaviest parcel.
    #[schema(minimum = 1, maximum = 1_000_000_000)]
    pub parcel_max_g: i64,
}

/// What a parcel up to a weight costs.
#[derive(Debug, ToSchema)]
#[schema(as = Bracket)]
pub struct BracketShape {
    /// The heaviest parcel of this price.
    #[schema(minimum = 1, maximum = 1_000_000_000)]
    pub up_to_g: i64,
    /// Its price in minor units.
    #[schema(minimum = 0, maximum = 9_007_199_254_740_991_i64)]
    pub price_minor: i64,
}

/// The largest units that a service takes.
#[derive(Debug, ToSchema)]
#[schema(as = SizeLimits)]
pub struct LimitsShape {
    /// The longest side.
    #[schema(minimum = 1, maximum = 1_000_000_000)]
    pub longest_mm: Option<i64>,
    /// The longest side plus the girth, which is twice the sum of both others.
    #[schema(minimum = 1, maximum = 1_000_000_000)]
    pub length_and_girth_mm: Option<i64>,
}

/// Countries that a service goes to, by ISO 3166-1 alpha-2 code.
#[derive(Debug, ToSchema)]
#[schema(as = ServedCountries)]
pub struct CountriesShape {
    /// These alone; none: all that its zones lead to.
    #[schema(max_items = 250)]
    pub only: Option<Vec<String>>,
    /// Never these.
    #[schema(max_items = 250)]
    pub except: Option<Vec<String>>,
}

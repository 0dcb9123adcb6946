//! The parts of a policy's document that are written as they are shown.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What must hold of every plan.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = SourcingConstraints)]
#[serde(deny_unknown_fields)]
pub struct ConstraintsShape {
    /// Codes of the groups of locations that may serve; all locations if empty.
    #[serde(default)]
    #[schema(max_items = 200)]
    pub location_groups: Vec<String>,
    /// The most locations that may serve lines that travel together.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 1)]
    pub max_locations: Option<u32>,
    /// What comes from one location; nothing has to unless given.
    #[serde(default)]
    pub keep_together: KeepTogetherShape,
    /// Only locations that can work it on the day on which it comes.
    #[serde(default)]
    pub same_day_only: bool,
    /// Units of each item that a location keeps, in addition to its safety stock.
    #[serde(default)]
    #[schema(minimum = 0, maximum = 1_000_000)]
    pub keep_units: i64,
    /// Suppliers serve only what nobody else can.
    #[serde(default)]
    pub suppliers_last: bool,
    /// The least that must remain of the goods' price after the goods' cost, carriers and labour, in percent. It is looked at
    /// once, when an order is sourced for the first time, on the cheapest plan: below it nothing is allocated, and the order is
    /// held (`price`) until a person lets it go. No dearer plan is looked for, and goods without a cost have no margin.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(minimum = -1000, maximum = 100)]
    pub margin_floor_percent: Option<i64>,
    /// Hours that parts of an order wait for what is expected to come in time, to be shipped together.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 1, maximum = 672)]
    pub consolidate_hours: Option<u32>,
    /// Locations that serve nothing for now.
    #[serde(default)]
    #[schema(max_items = 200)]
    pub exclusions: Vec<ExclusionShape>,
}

/// What comes from one location.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = KeepTogether)]
#[serde(rename_all = "snake_case")]
pub enum KeepTogetherShape {
    /// Nothing has to.
    #[default]
    Nothing,
    /// All units of a line.
    Lines,
    /// The components of a kit.
    Kits,
    /// Everything that travels together.
    Order,
}

/// A location, or a group of them, that serves nothing for now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = SourcingExclusion)]
#[serde(deny_unknown_fields)]
pub struct ExclusionShape {
    /// Code of a location.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub location: Option<String>,
    /// Code of a group, instead.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub group: Option<String>,
    /// Why.
    #[schema(min_length = 1, max_length = 500)]
    pub reason: String,
    /// The last local day on which they do not; without an end if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = Date)]
    pub until: Option<Date>,
}

/// What a plan costs. All of it is money in one currency, in minor units, so that the parts can be weighed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = SourcingObjective)]
#[serde(deny_unknown_fields)]
pub struct ObjectiveShape {
    /// ISO 4217 code of the currency that costs are compared in; that of labour and of what items cost.
    #[schema(pattern = "^[A-Z]{3}$", example = "EUR")]
    pub currency: String,
    /// What other currencies are worth; a service in any other one is not used.
    #[serde(default)]
    #[schema(max_items = 200)]
    pub exchange: Vec<ExchangeShape>,
    /// Percent of the carriers' prices that count; 100 unless given.
    #[serde(default = "whole")]
    #[schema(minimum = 0, maximum = 10_000)]
    pub carrier_percent: i64,
    /// Percent of the locations' labour that counts; 100 unless given.
    #[serde(default = "whole")]
    #[schema(minimum = 0, maximum = 10_000)]
    pub labour_percent: i64,
    /// Each location beyond the first one.
    #[serde(default)]
    #[schema(minimum = 0, maximum = 1_000_000_000)]
    pub split_minor: i64,
    /// Each day that a line comes later than the customer wants it.
    #[serde(default)]
    #[schema(minimum = 0, maximum = 1_000_000_000)]
    pub late_day_minor: i64,
    /// A location whose day is full; one whose day is half full costs half of it.
    #[serde(default)]
    #[schema(minimum = 0, maximum = 1_000_000_000)]
    pub full_day_minor: i64,
    /// Each 100 km of the way.
    #[serde(default)]
    #[schema(minimum = 0, maximum = 1_000_000_000)]
    pub distance_minor: i64,
    /// Each point of the location's priority.
    #[serde(default)]
    #[schema(minimum = 0, maximum = 1_000_000_000)]
    pub priority_minor: i64,
    /// Taking the last units where demand is local.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scarce: Option<ScarceShape>,
    /// What stock is worth getting rid of: ageing or too much of it.
    #[serde(default)]
    #[schema(max_items = 200)]
    pub credits: Vec<CreditShape>,
    /// Each unit that nobody serves. Unless it is given, whatever can be served is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 0, maximum = 1_000_000_000)]
    pub unserved_minor: Option<i64>,
}

fn whole() -> i64 {
    100
}

/// What another currency is worth.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = ExchangeRate)]
#[serde(deny_unknown_fields)]
pub struct ExchangeShape {
    /// ISO 4217 code of the other currency.
    #[schema(pattern = "^[A-Z]{3}$", example = "USD")]
    pub currency: String,
    /// What one unit of it is worth in units of the policy's currency, with up to 6 decimals.
    #[schema(pattern = r"^[0-9]{1,6}(\.[0-9]{1,6})?$", example = "0.92")]
    pub rate: String,
}

/// Taking the last units of an item.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = ScarcityCost)]
#[serde(deny_unknown_fields)]
pub struct ScarceShape {
    /// The last units are so many.
    #[schema(minimum = 1, maximum = 1_000_000)]
    pub last_units: i64,
    /// What each of them costs in addition.
    #[schema(minimum = 0, maximum = 1_000_000_000)]
    pub extra_minor: i64,
}

/// What each unit is worth that leaves a place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = StockCredit)]
#[serde(deny_unknown_fields)]
pub struct CreditShape {
    /// Code of a location.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub location: Option<String>,
    /// Code of a group, instead.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub group: Option<String>,
    /// How much.
    #[schema(minimum = 0, maximum = 10_000_000)]
    pub unit_minor: i64,
}

/// A rule of plain policies.
#[derive(Debug, ToSchema)]
#[schema(as = SourcingPreference, rename_all = "snake_case")]
pub enum PreferenceShape {
    /// As few locations as possible; it comes first where it is named.
    FewestLocations,
    /// Those in the country that the order goes to.
    SameCountry,
    /// The nearest ones.
    Nearest,
    /// Those with the smallest priority number.
    Priority,
    /// Those that work it on an earlier day.
    Earliest,
}

/// What happens to units that no location may serve.
#[derive(Debug, ToSchema)]
#[schema(as = UnservedUnits, rename_all = "snake_case")]
pub enum UnservedShape {
    /// They wait for stock.
    Wait,
    /// The order is put on hold, nothing is allocated.
    Hold,
    /// They are cancelled, and the rest is served.
    Cancel,
    /// A new order is refused; of a placed one they wait.
    Refuse,
    /// Suppliers ship them, who serve nothing else; what they cannot, waits.
    DropShip,
    /// They become units of the first of the item's substitutes that can be served in full, at the line's price, where the line
    /// says `allow_substitutes`; what does not, is answered by `unserved_then`.
    Substitute,
}

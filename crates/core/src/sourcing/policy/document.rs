//! What a policy says.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::condition::Condition;
use crate::money::Currency;
use crate::network::{ChannelId, Location, LocationGroupId, LocationId, Network};
use crate::time::Millis;

/// The number of one version of one policy: small, given once, never reused. The API speaks of codes and versions.
#[derive(
    Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(transparent)]
pub struct PolicyId(pub u16);

/// One version of a policy. It is never changed; a change is the next version.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Policy {
    /// Identity of this version.
    pub id: PolicyId,
    /// The merchant's own code; all versions share it.
    pub code: String,
    /// From 1, without gaps.
    pub version: u32,
    /// What people call it.
    pub name: String,
    /// From when on it is in force, until the next version is.
    pub valid_from: Millis,
    /// Channels whose orders it is for; all if empty.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub channels: Vec<ChannelId>,
    /// The orders that it is for; all if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub when: Option<Condition>,
    /// Of several policies that fit an order, the one with the smallest rank decides, then the one that was made first.
    pub rank: i32,
    /// Whether it is out of use from this version on.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub retired: bool,
    /// What must hold.
    #[serde(default)]
    pub constraints: Constraints,
    /// What is best.
    pub goal: Goal,
    /// What happens to units that no location may serve; as the channel says if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unserved: Option<Unserved>,
    /// What happens to units that no substitute could be found for, where the answer is to substitute; as the channel says if
    /// absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unserved_then: Option<Unserved>,
}

/// What is best.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Goal {
    /// The lowest cost in money: proven.
    LowestCost(Objective),
    /// Locations in this order of preference, compared one after the other.
    Ranked(Vec<Preference>),
}

/// A rule of plain policies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Preference {
    /// As few locations as possible.
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

/// What must hold of every plan.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Constraints {
    /// The locations that may serve; all if empty.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub groups: Vec<LocationGroupId>,
    /// The most locations that may serve lines that travel together.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_locations: Option<u32>,
    /// What comes from one location.
    #[serde(default)]
    pub keep_together: KeepTogether,
    /// Only locations that can work it on the day on which it comes.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub same_day_only: bool,
    /// Units of each item that a location keeps, in addition to its safety stock.
    #[serde(default)]
    pub keep_units: i64,
    /// Suppliers serve only what nobody else can.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub suppliers_last: bool,
    /// The least that must remain of the goods' price after the goods' cost, carriers and labour, in percent. It is looked at
    /// once, when an order is sourced for the first time, on the cheapest plan: below it nothing is allocated, and the order is
    /// held (`price`) until a person lets it go. No dearer plan is looked for, and goods without a cost have no margin.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub margin_floor_percent: Option<i64>,
    /// Hours that parts of an order wait for what is expected to come in time, to be shipped together.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub consolidate_hours: Option<u32>,
    /// Locations that serve nothing for now.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub exclusions: Vec<Exclusion>,
}

/// What comes from one location.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum KeepTogether {
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

/// A location or a group of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Place {
    /// One location.
    Location(LocationId),
    /// A group.
    Group(LocationGroupId),
}

/// Locations that serve nothing for now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Exclusion {
    /// Which.
    pub place: Place,
    /// Why.
    pub reason: String,
    /// The last local day on which they do not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Date>,
}

/// What a plan costs, in minor units of one currency. All of it is money, so that the parts can be weighed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Objective {
    /// The currency that costs are compared in; that of labour and of what items cost.
    pub currency: Currency,
    /// What other currencies are worth; a service in any other one is not used.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub exchange: Vec<Exchange>,
    /// Percent of the carriers' prices that count.
    pub carrier_percent: i64,
    /// Percent of the locations' labour that counts.
    pub labour_percent: i64,
    /// Each location beyond the first one.
    pub split_minor: i64,
    /// Each day that a line comes later than the customer wants it.
    pub late_day_minor: i64,
    /// A location whose day is full; one whose day is half full costs half of it.
    pub full_day_minor: i64,
    /// Each 100 km of the way.
    pub distance_minor: i64,
    /// Each point of the location's priority.
    pub priority_minor: i64,
    /// Taking the last units where demand is local.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scarce: Option<Scarce>,
    /// What stock is worth getting rid of: ageing or too much of it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub credits: Vec<Credit>,
    /// Each unit that nobody serves. Unless it is given, whatever can be served is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unserved_minor: Option<i64>,
}

/// What a unit of another currency is worth.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Exchange {
    /// The other currency.
    pub currency: Currency,
    /// Millionths of a minor unit of the policy's currency that one minor unit of the other is worth.
    pub micros: i64,
}

/// Taking the last units of an item.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Scarce {
    /// The last units are so many.
    pub last_units: i64,
    /// What each of them costs in addition.
    pub extra_minor: i64,
}

/// What each unit is worth that leaves a place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Credit {
    /// Where.
    pub place: Place,
    /// How much.
    pub unit_minor: i64,
}

/// What happens to units that no location may serve.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Unserved {
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
    /// allows it; what does not, is answered by `unserved_then`.
    Substitute,
}

impl Policy {
    /// Whether suppliers serve only what nobody else can.
    #[must_use]
    pub fn leaves_suppliers_last(&self) -> bool {
        let answers = [self.unserved, self.unserved_then];
        self.constraints.suppliers_last || answers.contains(&Some(Unserved::DropShip))
    }

    /// What happens to units that no location serves, after substitutes were looked for where it says so.
    #[must_use]
    pub fn unserved_after_substitutes(&self) -> Option<Unserved> {
        match self.unserved {
            Some(Unserved::Substitute) => self.unserved_then,
            answer => answer,
        }
    }
}

impl Place {
    /// Whether a location is meant.
    #[must_use]
    pub fn has(self, network: &Network, location: LocationId) -> bool {
        match self {
            Self::Location(one) => one == location,
            Self::Group(group) => network
                .group(group)
                .is_some_and(|group| group.has(location)),
        }
    }
}

impl Constraints {
    /// Whether a location is among those that may serve.
    #[must_use]
    pub fn allow(&self, network: &Network, location: LocationId) -> bool {
        let has = |group: &LocationGroupId| Place::Group(*group).has(network, location);
        self.groups.is_empty() || self.groups.iter().any(has)
    }

    /// The exclusion that keeps a location from serving on its local day, if one does.
    #[must_use]
    pub fn exclude(
        &self,
        network: &Network,
        location: &Location,
        today: Date,
    ) -> Option<&Exclusion> {
        self.exclusions.iter().find(|exclusion| {
            exclusion.place.has(network, location.id)
                && exclusion.until.is_none_or(|until| today <= until)
        })
    }
}

impl Objective {
    /// An amount of another currency in the policy's; none where it is not known what that is worth.
    #[must_use]
    pub fn converted(&self, amount_minor: i64, currency: Currency) -> Option<i64> {
        if currency == self.currency {
            return Some(amount_minor);
        }
        let known = self
            .exchange
            .iter()
            .find(|known| known.currency == currency)?;
        let micros = i128::from(amount_minor) * i128::from(known.micros);
        i64::try_from((micros + 500_000) / 1_000_000).ok()
    }
}

//! What a decision by a policy is remembered by: its cost broken down, how sure it is, and what else there was.

use serde::{Deserialize, Serialize};

use crate::id::ItemId;
use crate::money::Currency;
use crate::network::LocationId;
use crate::order::Route;

/// How a policy decided on lines that travel together.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Weighing {
    /// The currency of all costs; absent where preferences decided and not costs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub currency: Option<Currency>,
    /// What the plan costs, in minor units.
    pub total_minor: i64,
    /// Whether it is proven that no plan costs less.
    pub proven: bool,
    /// How much less another plan could cost at most, where it is not proven.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gap_minor: Option<i64>,
    /// What is left of the price, where the policy has a floor for that.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub margin: Option<Margin>,
    /// Nodes of the search.
    pub nodes: u64,
    /// The items that were wanted.
    pub items: Vec<ItemId>,
    /// Who serves, in the order of locations.
    pub served: Vec<ServedCost>,
    /// The next best plans that were met, the cheapest one first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub runners_up: Vec<RunnerUp>,
    /// The cheapest locations that are not in the plan and could have served everything alone.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub others: Vec<Other>,
}

/// What is left of the price of what a plan serves, in minor units of the policy's currency.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Margin {
    /// What must remain at least, in percent of the price.
    pub floor_percent: i64,
    /// What the customer pays for it, after discounts and without tax.
    pub price_minor: i64,
    /// What the goods cost.
    pub goods_minor: i64,
    /// What carriers and labour cost.
    pub plan_minor: i64,
}

impl Margin {
    /// What remains.
    #[must_use]
    pub fn left_minor(&self) -> i64 {
        let spent = self.goods_minor.saturating_add(self.plan_minor);
        self.price_minor.saturating_sub(spent)
    }

    /// Whether less remains than must.
    #[must_use]
    pub fn is_below(&self) -> bool {
        let left = i128::from(self.left_minor()) * 100;
        left < i128::from(self.floor_percent) * i128::from(self.price_minor)
    }
}

/// One location of the plan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ServedCost {
    /// Which.
    pub location: LocationId,
    /// What it had of each of the items when this was decided.
    pub has: Vec<i64>,
    /// How it is sent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub route: Option<Route>,
    /// What that costs.
    pub cost: Cost,
}

/// A plan that lost.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RunnerUp {
    /// What it costs, in minor units.
    pub total_minor: i64,
    /// Its locations.
    pub locations: Vec<LocationId>,
}

/// A location that lost.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Other {
    /// Which.
    pub location: LocationId,
    /// What it would have cost alone, in minor units.
    pub alone_minor: i64,
}

/// A cost broken down, in minor units.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cost {
    /// What the carrier asks.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub carrier_minor: i64,
    /// The location's work.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub labour_minor: i64,
    /// Being one location more.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub split_minor: i64,
    /// Coming late.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub late_minor: i64,
    /// Having much to do on its day.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub full_day_minor: i64,
    /// Being far away.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub distance_minor: i64,
    /// Not being preferred.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub priority_minor: i64,
    /// Taking the last units.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub scarcity_minor: i64,
    /// What it is worth that the stock leaves; to be taken off.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub credit_minor: i64,
}

impl Cost {
    /// Both together.
    #[must_use]
    pub fn plus(self, other: Self) -> Self {
        Self {
            carrier_minor: self.carrier_minor.saturating_add(other.carrier_minor),
            labour_minor: self.labour_minor.saturating_add(other.labour_minor),
            split_minor: self.split_minor.saturating_add(other.split_minor),
            late_minor: self.late_minor.saturating_add(other.late_minor),
            full_day_minor: self.full_day_minor.saturating_add(other.full_day_minor),
            distance_minor: self.distance_minor.saturating_add(other.distance_minor),
            priority_minor: self.priority_minor.saturating_add(other.priority_minor),
            scarcity_minor: self.scarcity_minor.saturating_add(other.scarcity_minor),
            credit_minor: self.credit_minor.saturating_add(other.credit_minor),
        }
    }

    /// The sum.
    #[must_use]
    pub fn total_minor(&self) -> i64 {
        let parts = [
            self.carrier_minor,
            self.labour_minor,
            self.split_minor,
            self.late_minor,
            self.full_day_minor,
            self.distance_minor,
            self.priority_minor,
            self.scarcity_minor,
            self.credit_minor.saturating_neg(),
        ];
        parts.into_iter().fold(0, i64::saturating_add)
    }
}

#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "serde asks for a reference"
)]
fn is_zero(minor: &i64) -> bool {
    *minor == 0
}

//! How an item is sold, as the API writes and reads it.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use throughline_core::catalog::{Backorder, Preorder, Thresholds};
use utoipa::ToSchema;

/// What happens to new orders of units that no location has: a word, or `{"limit": units}`.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, ToSchema)]
#[schema(as = Backorder)]
#[serde(rename_all = "snake_case")]
pub enum BackorderShape {
    /// What the channel says.
    Open,
    /// They are refused.
    None,
    /// They may wait, as long as no more units wait in all.
    Limit(i64),
    /// They may wait for units that are announced, and that nobody waits for yet.
    SupplyBacked,
}

/// A time in which an item is sold before it is there.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, ToSchema)]
#[schema(as = Preorder)]
#[serde(deny_unknown_fields)]
pub struct PreorderShape {
    /// The day it ends, in UTC.
    #[schema(value_type = String, format = Date)]
    launch: Date,
    /// Most units that may wait until then; any number unless given.
    #[schema(minimum = 0, maximum = 1_000_000_000_000_i64)]
    limit: Option<i64>,
}

/// From how many units on an item counts as low, medium and high in stock. Below low it counts as out.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, ToSchema)]
#[schema(as = Thresholds)]
#[serde(deny_unknown_fields)]
pub struct ThresholdsShape {
    /// Low; at least 1.
    #[schema(minimum = 1, maximum = 1_000_000_000_000_i64)]
    low: i64,
    /// Medium; at least low.
    #[schema(minimum = 1, maximum = 1_000_000_000_000_i64)]
    medium: i64,
    /// High; at least medium.
    #[schema(minimum = 1, maximum = 1_000_000_000_000_i64)]
    high: i64,
}

impl From<BackorderShape> for Backorder {
    fn from(shape: BackorderShape) -> Self {
        match shape {
            BackorderShape::Open => Self::Open,
            BackorderShape::None => Self::None,
            BackorderShape::Limit(units) => Self::Limit(units),
            BackorderShape::SupplyBacked => Self::SupplyBacked,
        }
    }
}

impl From<Backorder> for BackorderShape {
    fn from(rule: Backorder) -> Self {
        match rule {
            Backorder::Open => Self::Open,
            Backorder::None => Self::None,
            Backorder::Limit(units) => Self::Limit(units),
            Backorder::SupplyBacked => Self::SupplyBacked,
        }
    }
}

impl From<PreorderShape> for Preorder {
    fn from(shape: PreorderShape) -> Self {
        Self {
            launch: shape.launch,
            limit: shape.limit,
        }
    }
}

impl From<Preorder> for PreorderShape {
    fn from(preorder: Preorder) -> Self {
        Self {
            launch: preorder.launch,
            limit: preorder.limit,
        }
    }
}

impl From<ThresholdsShape> for Thresholds {
    fn from(shape: ThresholdsShape) -> Self {
        Self {
            low: shape.low,
            medium: shape.medium,
            high: shape.high,
        }
    }
}

impl From<Thresholds> for ThresholdsShape {
    fn from(thresholds: Thresholds) -> Self {
        Self {
            low: thresholds.low,
            medium: thresholds.medium,
            high: thresholds.high,
        }
    }
}

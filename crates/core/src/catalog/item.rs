//! An item: what one SKU is.

use serde::{Deserialize, Serialize};

use super::{Gtin, ListPrice, Selling, Tracking};
use crate::id::ItemId;

/// The master data of one SKU. Every change makes a new version; an order keeps what it was placed with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Item {
    /// Identity.
    pub id: ItemId,
    /// Rises by one with every change, from 1.
    pub version: i64,
    /// The stock-keeping unit; compared byte by byte.
    pub sku: String,
    /// What people call it.
    pub title: String,
    /// GTIN-8, -12, -13 or -14.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gtin: Option<Gtin>,
    /// Weight of one unit in grams.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub weight_g: Option<i64>,
    /// Outer dimensions of one unit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dimensions: Option<Dimensions>,
    /// What one unit costs the merchant, in minor units of the merchant's currency.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit_cost_minor: Option<i64>,
    /// Components of a kit; empty for a simple item. A kit holds no stock of its own.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub components: Vec<Component>,
    /// Units that may be allocated beyond what is on hand, per location.
    #[serde(default)]
    pub oversell_limit: i64,
    /// What it is sold for where nothing else is agreed, each currency and channel once.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub list_prices: Vec<ListPrice>,
    /// Units in a case; whoever is served in whole cases orders and gets multiples of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub case_quantity: Option<i64>,
    /// How it is sold when there is none of it, before its launch, and once it is given up.
    #[serde(default)]
    pub selling: Selling,
    /// How its units are told apart.
    #[serde(default, skip_serializing_if = "Tracking::is_nothing")]
    pub tracking: Tracking,
}

impl Item {
    /// Whether the item is a bundle that explodes into components.
    #[must_use]
    pub fn is_kit(&self) -> bool {
        !self.components.is_empty()
    }
}

/// Outer dimensions of one unit in millimetres.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Dimensions {
    /// Longest side.
    pub length_mm: i64,
    /// Second side.
    pub width_mm: i64,
    /// Third side.
    pub height_mm: i64,
}

/// So many units of an item in one unit of a kit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Component {
    /// The component item.
    pub item: ItemId,
    /// Its SKU, for display.
    pub sku: String,
    /// Units of it in one kit.
    pub quantity: i64,
}

//! What was ordered.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::carrier::ServiceId;
use crate::id::{AgreementId, ContactNo, CustomerId, ItemId, LineNo};
use crate::money::{Currency, share};
use crate::network::{ChannelId, LocationId};
use crate::party::Destination;
use crate::time::Millis;

/// How a line reaches the customer.
#[derive(
    Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(rename_all = "snake_case")]
pub enum Method {
    /// A carrier brings it.
    #[default]
    Ship,
    /// The customer collects it at a location.
    Pickup,
    /// It is sent electronically; no stock is involved.
    Digital,
    /// Somebody does something; no stock is involved.
    Service,
}

impl Method {
    /// Whether units of stock are claimed.
    #[must_use]
    pub fn uses_stock(self) -> bool {
        matches!(self, Self::Ship | Self::Pickup)
    }

    /// The method as the API and the journal write it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Ship => "ship",
            Self::Pickup => "pickup",
            Self::Digital => "digital",
            Self::Service => "service",
        }
    }
}

/// What was ordered; rewritten only by placing and amending.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Placed {
    /// Where the order came from.
    pub channel: ChannelId,
    /// The order's name at the channel.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub external_ref: Option<String>,
    /// The one currency of the order.
    pub currency: Currency,
    /// The customer, if known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub customer: Option<CustomerId>,
    /// Contact row of the person who ordered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub person: Option<ContactNo>,
    /// Contact row of the ship-to address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ship_to: Option<ContactNo>,
    /// Contact row of the bill-to address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bill_to: Option<ContactNo>,
    /// The part of the ship-to address that sourcing needs.
    #[serde(default)]
    pub destination: Destination,
    /// What was ordered, by ascending number; kit components are child lines.
    pub lines: Vec<Line>,
    /// Charges and discounts of the whole order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub charges: Vec<Charge>,
    /// The customer's purchase order number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub po_number: Option<String>,
    /// When it was placed.
    pub placed_at: Millis,
    /// Whether stock stays untouched because the order was fulfilled before it came here.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub history: bool,
    /// Whether nothing of it is begun until all of it is allocated.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub ship_complete: bool,
    /// Whether items that have a case quantity are ordered and served in whole cases.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub whole_cases: bool,
    /// Free data of integrations; no personal values belong here.
    #[serde(default, skip_serializing_if = "Map::is_empty")]
    pub metadata: Map<String, Value>,
}

/// A quantity of one SKU at one price.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Line {
    /// Identity within the order.
    pub no: LineNo,
    /// The item; `None` while an order taken with exceptions names an unknown SKU.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub item: Option<ItemId>,
    /// The SKU as ordered.
    pub sku: String,
    /// The title as ordered.
    pub title: String,
    /// Units ordered; at least 1, and 0 for a line that an amendment emptied.
    pub quantity: i64,
    /// Price of `price_quantity` units in minor units.
    pub unit_price_minor: i64,
    /// How many units the price is for.
    #[serde(default = "one", skip_serializing_if = "is_one")]
    pub price_quantity: i64,
    /// Discount on the whole line.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub discount_minor: i64,
    /// Tax on the whole line.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub tax_minor: i64,
    /// How it reaches the customer.
    #[serde(default)]
    pub method: Method,
    /// The location the line is bound to: where it is picked up, or where it must come from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub location: Option<LocationId>,
    /// Contact row of the line's own ship-to address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ship_to: Option<ContactNo>,
    /// The part of the line's own address that sourcing needs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub destination: Option<Destination>,
    /// The carrier service that the customer chose.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub service: Option<ServiceId>,
    /// When the customer wants it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub requested_date: Option<Date>,
    /// The agreement that it is called off.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub agreement: Option<AgreementId>,
    /// Units of a case that is never broken: it is served in multiples of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub case_quantity: Option<i64>,
    /// The kit line this component belongs to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kit: Option<LineNo>,
    /// Whether the line is a kit: its components carry the quantities that move.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_kit: bool,
    /// Whether something else may come instead, at the same price, where nobody has it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub substitutable: bool,
    /// The line whose units it came instead of.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub instead_of: Option<LineNo>,
    /// Free data of integrations; no personal values belong here.
    #[serde(default, skip_serializing_if = "Map::is_empty")]
    pub metadata: Map<String, Value>,
}

/// A charge or, when negative, a discount of the whole order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Charge {
    /// What it is for: `shipping`, `discount`, `fee` or a word of the merchant's own.
    pub kind: String,
    /// Amount in minor units.
    pub amount_minor: i64,
    /// Tax in minor units.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub tax_minor: i64,
    /// What people call it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
}

impl Line {
    /// What all units cost before discount and tax, rounded once.
    #[must_use]
    pub fn goods_minor(&self) -> i64 {
        share(self.unit_price_minor, self.quantity, self.price_quantity)
    }

    /// Units that are given together: those of a case that is never broken, else 1.
    #[must_use]
    pub fn case(&self) -> i64 {
        self.case_quantity.unwrap_or(1).max(1)
    }

    /// What `quantity` of the ordered units cost: price − discount + tax, each rounded once.
    #[must_use]
    pub fn amount(&self, quantity: i64) -> i64 {
        let goods = share(self.unit_price_minor, quantity, self.price_quantity);
        goods - share(self.discount_minor, quantity, self.quantity)
            + share(self.tax_minor, quantity, self.quantity)
    }
}

impl Placed {
    /// The line with this number.
    #[must_use]
    pub fn line(&self, no: LineNo) -> Option<&Line> {
        self.lines
            .binary_search_by_key(&no, |line| line.no)
            .ok()
            .map(|position| &self.lines[position])
    }

    /// Where a line goes.
    #[must_use]
    pub fn destination_of<'a>(&'a self, line: &'a Line) -> &'a Destination {
        line.destination.as_ref().unwrap_or(&self.destination)
    }
}

fn one() -> i64 {
    1
}
#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "serde asks for a reference"
)]
fn is_one(value: &i64) -> bool {
    *value == 1
}
#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "serde asks for a reference"
)]
fn is_zero(value: &i64) -> bool {
    *value == 0
}

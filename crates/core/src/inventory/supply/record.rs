//! What is known of goods that will come.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::id::{ItemId, SupplyId};
use crate::inventory::Lot;
use crate::network::LocationId;
use crate::refusal::Refusal;
use crate::time::Millis;

/// Goods that will come: units of one item to one location, from one source, on one day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Supply {
    /// Identity; in its item's bucket.
    pub id: SupplyId,
    /// The item.
    pub item: ItemId,
    /// Its SKU, for display.
    pub sku: String,
    /// Where they will come to.
    pub location: LocationId,
    /// Where they come from.
    pub source: SupplySource,
    /// Units that were ordered, or that left.
    pub ordered: i64,
    /// Units that arrived; more than were ordered, if more were accepted.
    pub received: i64,
    /// Units that will not come.
    pub cancelled: i64,
    /// Units of a transfer that left and did not arrive.
    pub lost: i64,
    /// The day they are expected on, in the location's time zone.
    pub expected: Date,
    /// How sure it is that they come by then, from 0 to 100.
    pub confidence_percent: u8,
    /// What people should know of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// The lot of a transfer's units, where the item has lots.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lot: Option<Lot>,
    /// Rises by one with every entry, from 1.
    pub version: u64,
    /// When it was announced.
    pub created_at: Millis,
    /// When it was last changed.
    pub updated_at: Millis,
}

/// Where goods come from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum SupplySource {
    /// A supplier.
    PurchaseOrder {
        /// Who.
        supplier: String,
        /// The number of the purchase order.
        reference: String,
    },
    /// Another location. The units have left it, and are in transit where they will come to.
    Transfer {
        /// Which.
        from: LocationId,
    },
    /// They are being made.
    Production,
}

/// Whether more is expected.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SupplyStatus {
    /// Units are still to come.
    Open,
    /// Everything that will come has come.
    Received,
    /// Nothing has come, and nothing will.
    Cancelled,
}

impl SupplyStatus {
    /// The status as lists are filtered by it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Received => "received",
            Self::Cancelled => "cancelled",
        }
    }
}

impl Supply {
    /// Units that are still to come.
    #[must_use]
    pub fn outstanding(&self) -> i64 {
        (self.ordered - self.received - self.cancelled - self.lost).max(0)
    }

    /// Whether more is expected.
    #[must_use]
    pub fn status(&self) -> SupplyStatus {
        if self.outstanding() > 0 {
            SupplyStatus::Open
        } else if self.received + self.lost > 0 {
            SupplyStatus::Received
        } else {
            SupplyStatus::Cancelled
        }
    }

    /// Where the units left, if they are in transit.
    #[must_use]
    pub fn left_from(&self) -> Option<LocationId> {
        match self.source {
            SupplySource::Transfer { from } => Some(from),
            SupplySource::PurchaseOrder { .. } | SupplySource::Production => None,
        }
    }

    /// Refuses what needs units that are still to come, where there are none.
    ///
    /// # Errors
    /// [`Refusal::SupplyEnded`].
    pub(super) fn refuse_if_ended(&self) -> Result<(), Refusal> {
        let why = match self.status() {
            SupplyStatus::Open => return Ok(()),
            SupplyStatus::Received => "was received",
            SupplyStatus::Cancelled => "was cancelled",
        };
        Err(Refusal::SupplyEnded {
            id: self.id.to_string(),
            why,
            remedy: "announce other supply, or take goods in without any",
        })
    }
}

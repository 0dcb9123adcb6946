//! Blanket agreements: what a customer will call off in a period, at an agreed price.

mod call;
mod create;

pub use call::{Call, calls_of};
pub(crate) use call::{check_calls, settle_calls};
pub use create::{
    AGREEMENT_LINES_MAX, CloseAgreement, CreateAgreement, NewAgreementLine, close_agreement,
    create_agreement,
};

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::id::{AgreementId, CustomerId, ItemId};
use crate::money::Currency;
use crate::time::Millis;

/// What a customer will call off in a period, at an agreed price. Written under a guard, in the customer's bucket.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Agreement {
    /// Identity.
    pub id: AgreementId,
    /// Rises by one with every change, from 1.
    pub version: i64,
    /// What both sides call it.
    pub reference: String,
    /// Whose it is.
    pub customer: CustomerId,
    /// The currency of its prices.
    pub currency: Currency,
    /// The first day on which may be called off, in UTC.
    pub from: Date,
    /// The last one.
    pub until: Date,
    /// What is agreed, each item once.
    pub lines: Vec<AgreementLine>,
    /// When it was made.
    pub created_at: Millis,
    /// Since when nothing more may be called off, and why, where it was closed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub closed: Option<Closed>,
}

/// Since when nothing more may be called off, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Closed {
    /// Since when.
    pub at: Millis,
    /// Why, in the caller's words.
    pub reason: String,
}

/// So many units of an item at a price.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AgreementLine {
    /// The item.
    pub item: ItemId,
    /// Its SKU, for display.
    pub sku: String,
    /// Units that may be called off in all.
    pub agreed: i64,
    /// Price of `price_quantity` units, in minor units.
    pub unit_price_minor: i64,
    /// How many units the price is for.
    pub price_quantity: i64,
    /// Least units of one call-off.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub least: Option<i64>,
    /// Most units of one call-off.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub most: Option<i64>,
    /// Units that orders have called off and not cancelled; never more than agreed.
    pub called: i64,
    /// Units of them that were delivered.
    pub delivered: i64,
}

impl Agreement {
    /// What is agreed of an item.
    #[must_use]
    pub fn line(&self, item: ItemId) -> Option<&AgreementLine> {
        self.lines.iter().find(|line| line.item == item)
    }
}

impl AgreementLine {
    /// Units that may still be called off.
    #[must_use]
    pub fn left(&self) -> i64 {
        self.agreed - self.called
    }
}

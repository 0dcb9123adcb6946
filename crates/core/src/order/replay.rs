//! Past orders decided again under another policy, network or stock, beside what was decided then. Nothing is written down:
//! decisions are values.

mod report;
mod stock;

pub use report::{CostPair, LocationPair, OrderReplay, Placing, ReplayReport, Side, SideOfOrder};
pub use stock::{Moved, PastStock};

use serde::{Deserialize, Serialize};

use super::entry::{Allotment, Record};
use super::{Entry, Order, fold};
use crate::id::{ItemId, OrderId};
use crate::network::{ChannelId, LocationId};
use crate::refusal::Refusal;
use crate::sourcing::policy::PolicyId;
use crate::time::Millis;

/// Most orders of one replay; the earliest ones of its range.
pub const ORDERS_MAX: usize = 100_000;
/// Most levels that are set otherwise, and most locations that are closed.
pub const CHANGES_MAX: usize = 1_000;

/// Which past orders are decided again, and on what.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Replay {
    /// Placed at this time or later.
    pub from: Millis,
    /// Placed before this time.
    pub until: Millis,
    /// Of one channel; of all unless given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub channel: Option<ChannelId>,
    /// The policy that decides; each order's own of its time unless given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub policy: Option<PolicyId>,
    /// The version of the network that is decided on; the last one unless given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub network: Option<i64>,
    /// Locations that are taken as closed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub closed: Vec<LocationId>,
    /// Units that are taken as available when the range begins, in place of what was.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub stock: Vec<StockThen>,
}

/// Units that are taken as available when a range begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct StockThen {
    /// Of which item.
    pub item: ItemId,
    /// Where.
    pub location: LocationId,
    /// Units.
    pub units: i64,
}

impl Replay {
    /// Checks the range and the numbers of changes.
    ///
    /// # Errors
    /// [`Refusal::Invalid`] that names the field.
    pub fn check(&self) -> Result<(), Refusal> {
        if self.from >= self.until {
            let problem = "must lie after placed_after";
            return Err(Refusal::invalid("/placed_before", problem));
        }
        for (field, count) in [
            ("/closed_locations", self.closed.len()),
            ("/stock", self.stock.len()),
        ] {
            if count > CHANGES_MAX {
                let problem = format!("must name at most {CHANGES_MAX}");
                return Err(Refusal::invalid(field, problem));
            }
        }
        Ok(())
    }
}

/// An order as it was when it was first sourced, and what was decided then.
#[derive(Debug, Clone)]
pub struct PastOrder {
    /// The order, just before.
    pub order: Order,
    /// When it was decided.
    pub at: Millis,
    /// What was decided.
    pub allotments: Vec<Allotment>,
}

/// Finds in an order's journal what it was when it was first sourced; none if it never was, or was imported as history.
#[must_use]
pub fn past_order(id: OrderId, entries: &[Entry]) -> Option<PastOrder> {
    let sourced = |entry: &Entry| matches!(entry.record, Record::LinesSourced { .. });
    let first = entries.iter().position(sourced)?;
    let order = fold(id, &entries[..first])?;
    let Record::LinesSourced { allotments, .. } = &entries[first].record else {
        return None;
    };
    (!order.placed.history).then(|| PastOrder {
        order,
        at: entries[first].at,
        allotments: allotments.clone(),
    })
}

//! The journal of supply: what happened to it, and the one way in which it changes.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::{Supply, SupplySource};
use crate::command::Actor;
use crate::id::{ItemId, SupplyId};
use crate::inventory::Lot;
use crate::network::LocationId;
use crate::time::Millis;

/// One thing that happened to supply: who, when, what and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SupplyEntry {
    /// Its place in the journal, from 1.
    pub seq: u64,
    /// When.
    pub at: Millis,
    /// Who.
    pub actor: Actor,
    /// What.
    pub record: SupplyRecord,
}

/// What was so before, and what is so now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Change<T> {
    /// Before.
    pub from: T,
    /// Now.
    pub to: T,
}

/// What happened to supply.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SupplyRecord {
    /// It was announced, or it left.
    Created {
        /// The item.
        item: ItemId,
        /// Its SKU, for display.
        sku: String,
        /// Where it will come to.
        location: LocationId,
        /// Where it comes from.
        source: SupplySource,
        /// Units.
        quantity: i64,
        /// The day it is expected on.
        expected: Date,
        /// How sure that is.
        confidence_percent: u8,
        /// What people should know of it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        note: Option<String>,
        /// The lot of a transfer's units, where the item has lots.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        lot: Option<Lot>,
    },
    /// Something else is expected now.
    Changed {
        /// Another day.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        expected: Option<Change<Date>>,
        /// Other units.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        quantity: Option<Change<i64>>,
        /// Another confidence.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        confidence_percent: Option<Change<u8>>,
        /// Why.
        reason: String,
    },
    /// Units arrived, or were found to be lost.
    Received {
        /// Units that arrived.
        quantity: i64,
        /// Units of a transfer that did not.
        lost: i64,
        /// The delivery note, where there is one.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reference: Option<String>,
        /// Why units are missing, or more came.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reason: Option<String>,
        /// The lot that the units are of, where the item has lots.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        lot: Option<Lot>,
    },
    /// What had not come will not.
    Cancelled {
        /// Units.
        quantity: i64,
        /// Why.
        reason: String,
    },
}

impl SupplyRecord {
    /// The kind as the journal writes it.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Created { .. } => "supply_created",
            Self::Changed { .. } => "supply_changed",
            Self::Received { .. } => "supply_received",
            Self::Cancelled { .. } => "supply_cancelled",
        }
    }

    /// Whether those who wait may be promised other days than before: units arrive when they were to, or else they were
    /// served already.
    #[must_use]
    pub fn changes_what_will_come(&self) -> bool {
        match self {
            Self::Created { .. } | Self::Changed { .. } | Self::Cancelled { .. } => true,
            Self::Received { lost, .. } => *lost > 0,
        }
    }

    /// The version of the shape of the kind.
    #[must_use]
    pub fn version(&self) -> i16 {
        1
    }
}

/// The supply after an entry: the only way in which it changes. Nothing, if no supply begins with the entry, or if it
/// has begun already.
#[must_use]
pub fn evolve_supply(id: SupplyId, supply: Option<Supply>, entry: &SupplyEntry) -> Option<Supply> {
    let SupplyRecord::Created {
        item,
        sku,
        location,
        source,
        quantity,
        expected,
        confidence_percent,
        note,
        lot,
    } = &entry.record
    else {
        return supply.map(|supply| changed(supply, entry));
    };
    supply.is_none().then(|| Supply {
        id,
        item: *item,
        sku: sku.clone(),
        location: *location,
        source: source.clone(),
        ordered: *quantity,
        received: 0,
        cancelled: 0,
        lost: 0,
        expected: *expected,
        confidence_percent: *confidence_percent,
        note: note.clone(),
        lot: lot.clone(),
        version: entry.seq,
        created_at: entry.at,
        updated_at: entry.at,
    })
}

fn changed(supply: Supply, entry: &SupplyEntry) -> Supply {
    let mut supply = Supply {
        version: entry.seq,
        updated_at: entry.at,
        ..supply
    };
    match &entry.record {
        SupplyRecord::Created { .. } => {}
        SupplyRecord::Changed {
            expected,
            quantity,
            confidence_percent,
            ..
        } => {
            supply.expected = expected.map_or(supply.expected, |change| change.to);
            supply.ordered = quantity.map_or(supply.ordered, |change| change.to);
            supply.confidence_percent =
                confidence_percent.map_or(supply.confidence_percent, |change| change.to);
        }
        SupplyRecord::Received { quantity, lost, .. } => {
            supply.received += quantity;
            supply.lost += lost;
        }
        SupplyRecord::Cancelled { quantity, .. } => supply.cancelled += quantity,
    }
    supply
}

/// The supply that a journal tells of; nothing, if it tells of none.
#[must_use]
pub fn fold_supply(id: SupplyId, entries: &[SupplyEntry]) -> Option<Supply> {
    entries
        .iter()
        .fold(None, |supply, entry| evolve_supply(id, supply, entry))
}

//! What is written down of single batches and units of an item: lots with expiry, serial numbers.

use serde::{Deserialize, Serialize};

use super::Item;
use crate::refusal::Refusal;

/// Most days of remaining life that can be asked for.
pub const LIFE_DAYS_MAX: u16 = 3_650;

/// How the units of an item are told apart.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tracking {
    /// By lots, if they are.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lots: Option<LotTracking>,
    /// By serial numbers, if they are.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub serials: Option<SerialTracking>,
}

/// What is known of the lots of an item.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LotTracking {
    /// Whether every lot has a day on which it expires.
    pub expires: bool,
    /// Days that a lot must have left when it leaves, whatever the channel asks for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub min_life_days: Option<u16>,
}

/// When the serial numbers of an item are captured.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SerialTracking {
    /// When units come in; a picked unit is one of them.
    AtReceipt,
    /// When units are picked.
    AtPick,
}

impl Tracking {
    /// Whether units are told apart at all.
    #[must_use]
    pub fn is_nothing(&self) -> bool {
        *self == Self::default()
    }

    /// Refuses what cannot be tracked.
    pub(super) fn check(&self, is_kit: bool, oversell_limit: i64) -> Result<(), Refusal> {
        if self.is_nothing() {
            return Ok(());
        }
        if is_kit {
            return Err(Refusal::invalid(
                "/tracking",
                "must be absent for a kit; track its components",
            ));
        }
        if oversell_limit > 0 {
            return Err(Refusal::invalid(
                "/oversell_limit",
                "must be 0 for an item with lots or serial numbers: there is no unit to name beyond what is on hand",
            ));
        }
        let days = self.lots.and_then(|lots| lots.min_life_days);
        if days.is_some_and(|days| days > LIFE_DAYS_MAX) {
            return Err(Refusal::invalid(
                "/tracking/lots/min_life_days",
                format!("must lie between 0 and {LIFE_DAYS_MAX}"),
            ));
        }
        if self.lots.is_some_and(|lots| !lots.expires) && days.is_some() {
            return Err(Refusal::invalid(
                "/tracking/lots/min_life_days",
                "is for lots that expire; set expires, or leave it out",
            ));
        }
        Ok(())
    }
}

impl Item {
    /// Whether its units belong to lots.
    #[must_use]
    pub fn has_lots(&self) -> bool {
        self.tracking.lots.is_some()
    }

    /// Whether its units have serial numbers that are known from when they come in.
    #[must_use]
    pub fn has_known_serials(&self) -> bool {
        self.tracking.serials == Some(SerialTracking::AtReceipt)
    }
}

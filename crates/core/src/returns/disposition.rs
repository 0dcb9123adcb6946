//! What becomes of a returned unit.

use serde::{Deserialize, Serialize};

use crate::inventory::LevelChange;

/// What becomes of a returned unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Disposition {
    /// Back on the shelf: on hand rises.
    Restock,
    /// To be repaired or repacked first: quarantined rises.
    Refurbish,
    /// To be looked at: quarantined rises.
    Quarantine,
    /// Thrown away: no stock changes.
    Scrap,
    /// It was announced and did not come.
    Missing,
}

impl Disposition {
    /// Whether the unit came back.
    #[must_use]
    pub fn came_back(self) -> bool {
        self != Self::Missing
    }

    /// What it does to the level of the receiving location.
    #[must_use]
    pub fn change(self, quantity: i64) -> LevelChange {
        match self {
            Self::Restock => LevelChange {
                on_hand: quantity,
                ..LevelChange::default()
            },
            Self::Refurbish | Self::Quarantine => LevelChange {
                quarantined: quantity,
                ..LevelChange::default()
            },
            Self::Scrap | Self::Missing => LevelChange::default(),
        }
    }
}

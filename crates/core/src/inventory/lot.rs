//! Lots: units of an item that were made together, and may expire together.

use std::fmt;
use std::sync::Arc;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::{LevelChange, StockMove};
use crate::id::ItemId;
use crate::network::LocationId;
use crate::refusal::Refusal;
use crate::text;
use crate::time::Millis;

/// Longest code of a lot, in bytes (GS1's batch number has 20 characters; suppliers use more).
pub const LOT_CODE_MAX: usize = 64;
/// Most lots of one item that have units, at all locations together.
pub const LOTS_MAX: usize = 1_000;

/// The code of a lot, as it is printed on it; compared byte by byte.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct LotCode(Arc<str>);

impl LotCode {
    /// The code with this text.
    #[must_use]
    pub fn new(text: &str) -> Self {
        Self(Arc::from(text))
    }

    /// The text of the code.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for LotCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A lot of an item, with what decides whether it may be sold. What is printed on it does not change.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Lot {
    /// Its code.
    pub code: LotCode,
    /// The last day on which it may be used.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires_on: Option<Date>,
}

impl Lot {
    /// First expired, first out: what expires never comes last.
    #[must_use]
    pub fn place(&self) -> (bool, Option<Date>, &LotCode) {
        (self.expires_on.is_none(), self.expires_on, &self.code)
    }
}

/// A lot that was seen for the first time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownLot {
    /// The item.
    pub item: ItemId,
    /// The lot.
    pub lot: Lot,
    /// The day on which it was made, if that is known.
    pub made_on: Option<Date>,
    /// When it first came in.
    pub first_seen_at: Millis,
}

/// The lot that units belong to, as somebody names it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct NamedLot {
    /// Its code.
    pub code: String,
    /// The last day on which it may be used; needed when a lot that expires is new.
    pub expires_on: Option<Date>,
    /// The day on which it was made.
    pub made_on: Option<Date>,
}

impl NamedLot {
    /// Refuses a code that is none, and days that cannot be.
    pub(crate) fn check(&self, field: &str) -> Result<(), Refusal> {
        text::name(format!("{field}/code"), &self.code, LOT_CODE_MAX)?;
        match (self.made_on, self.expires_on) {
            (Some(made), Some(expires)) if made > expires => Err(Refusal::invalid(
                format!("{field}/expires_on"),
                "must not be before made_on",
            )),
            _ => Ok(()),
        }
    }
}

/// The units of a lot at a location. Over all lots of an item they sum to its level there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LotLevel {
    /// Where.
    pub location: LocationId,
    /// Which lot.
    pub lot: Lot,
    /// Sellable units that are there.
    pub on_hand: i64,
    /// Units that fulfilments claim.
    pub allocated: i64,
    /// Units that wait for an inspection; not on hand.
    pub quarantined: i64,
    /// Units that cannot be sold; not on hand.
    pub damaged: i64,
    /// Units on their way here; not on hand.
    pub in_transit: i64,
}

impl LotLevel {
    /// A lot that is not at the location.
    #[must_use]
    pub fn empty(location: LocationId, lot: Lot) -> Self {
        Self {
            location,
            lot,
            on_hand: 0,
            allocated: 0,
            quarantined: 0,
            damaged: 0,
            in_transit: 0,
        }
    }

    /// Units that nobody claims by name.
    #[must_use]
    pub fn free(&self) -> i64 {
        self.on_hand - self.allocated
    }

    /// All counts.
    #[must_use]
    pub fn counts(&self) -> [i64; 5] {
        [
            self.on_hand,
            self.allocated,
            self.quarantined,
            self.damaged,
            self.in_transit,
        ]
    }

    /// Whether I2 holds for the lot: no count is negative, and no more units are claimed than are there.
    #[must_use]
    pub fn is_sound(&self) -> bool {
        self.counts().iter().all(|count| *count >= 0) && self.allocated <= self.on_hand
    }

    /// Applies what a change means to a lot; reservations and safety stock name none.
    pub fn apply(&mut self, change: &LevelChange) {
        self.on_hand += change.on_hand;
        self.allocated += change.allocated;
        self.quarantined += change.quarantined;
        self.damaged += change.damaged;
        self.in_transit += change.in_transit;
    }

    fn is_empty(&self) -> bool {
        self.counts().iter().all(|count| *count == 0)
    }
}

/// The lots of an item that have units somewhere, in the order of locations and of [`Lot::place`].
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ItemLots {
    levels: Vec<LotLevel>,
}

impl ItemLots {
    /// The lots, put in order.
    #[must_use]
    pub fn of(mut levels: Vec<LotLevel>) -> Self {
        levels.sort_by(|a, b| (a.location, a.lot.place()).cmp(&(b.location, b.lot.place())));
        Self { levels }
    }

    /// All of them.
    #[must_use]
    pub fn levels(&self) -> &[LotLevel] {
        &self.levels
    }

    /// Those at a location, first expired first.
    pub fn at(&self, location: LocationId) -> impl Iterator<Item = &LotLevel> {
        let levels = self.levels.iter();
        levels.filter(move |level| level.location == location)
    }

    /// A lot at a location; an empty one where there is none.
    #[must_use]
    pub fn level(&self, location: LocationId, lot: &Lot) -> LotLevel {
        let mut here = self.at(location);
        let known = here.find(|level| level.lot.code == lot.code);
        known.map_or_else(|| LotLevel::empty(location, lot.clone()), LotLevel::clone)
    }

    /// Takes a movement over, if it names a lot.
    pub fn apply(&mut self, moved: &StockMove) {
        let Some(lot) = &moved.lot else { return };
        let mut level = self.level(moved.location, lot);
        level.apply(&moved.change);
        self.levels
            .retain(|known| (known.location, &known.lot.code) != (moved.location, &lot.code));
        if !level.is_empty() {
            let place = (level.location, level.lot.place());
            let position = self
                .levels
                .partition_point(|known| (known.location, known.lot.place()) < place);
            self.levels.insert(position, level);
        }
    }
}

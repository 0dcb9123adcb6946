//! A task to count, and everything that was counted for it.

use serde::{Deserialize, Serialize};

use crate::command::Actor;
use crate::id::{CountTaskId, ItemId};
use crate::inventory::{Lot, Reference};
use crate::network::LocationId;
use crate::refusal::Refusal;
use crate::time::Millis;

/// Most rounds of one task.
pub const ROUNDS_MAX: usize = 20;
/// Largest tolerance in percent.
const PERCENT_MAX: u16 = 100;

/// How much a count may differ from what is expected without anybody's agreement: all limits that are given bind; where
/// none is given, every difference waits.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tolerance {
    /// Units.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub units: Option<i64>,
    /// Hundredths of what is expected.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub percent: Option<u16>,
    /// Cost of the units, in minor units of the merchant's currency; an item without a cost is beyond it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value_minor: Option<i64>,
}

impl Tolerance {
    /// Refuses limits that are none.
    pub(super) fn check(self) -> Result<(), Refusal> {
        let negative = |limit: Option<i64>| limit.is_some_and(|limit| limit < 0);
        if negative(self.units) {
            return Err(Refusal::invalid("/tolerance/units", "must not be negative"));
        }
        if negative(self.value_minor) {
            let field = "/tolerance/value_minor";
            return Err(Refusal::invalid(field, "must not be negative"));
        }
        if self.percent.is_some_and(|percent| percent > PERCENT_MAX) {
            let problem = format!("must lie between 0 and {PERCENT_MAX}");
            return Err(Refusal::invalid("/tolerance/percent", problem));
        }
        Ok(())
    }

    /// Whether a difference needs nobody's agreement.
    #[must_use]
    pub fn covers(self, variance: i64, expected: i64, value_minor: Option<i64>) -> bool {
        if variance == 0 {
            return true;
        }
        if self == Self::default() {
            return false;
        }
        let size = i128::from(variance.unsigned_abs());
        let in_units = self.units.is_none_or(|limit| size <= i128::from(limit));
        let in_percent = self.percent.is_none_or(|limit| {
            size * 100 <= i128::from(limit) * i128::from(expected.unsigned_abs())
        });
        let in_value = self.value_minor.is_none_or(|limit| {
            value_minor.is_some_and(|value| value.unsigned_abs() <= limit.unsigned_abs())
        });
        in_units && in_percent && in_value
    }
}

/// How far a task is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CountState {
    /// It is to be counted, for the first time or again.
    Open,
    /// What was counted differs too much, and waits for somebody to agree.
    Waiting,
    /// The stock is what was counted.
    Closed,
    /// It is not to be counted any more.
    Cancelled,
}

impl CountState {
    /// The state as the API and the database write it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Waiting => "waiting",
            Self::Closed => "closed",
            Self::Cancelled => "cancelled",
        }
    }
}

/// What somebody said to a difference.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// The stock becomes what was counted.
    Approved,
    /// It is counted again.
    Rejected,
}

/// Who decided about a difference, when, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CountReview {
    /// What was decided.
    pub verdict: Verdict,
    /// When.
    pub at: Millis,
    /// By whom.
    pub by: Actor,
    /// Why.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

/// One count.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CountRound {
    /// Sellable units that were found.
    pub counted: i64,
    /// On hand when they were; the counter was not told.
    pub expected: i64,
    /// Cost of the difference in minor units, negative where units are missing; `None` for an item without a cost.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value_minor: Option<i64>,
    /// When.
    pub at: Millis,
    /// By whom.
    pub by: Actor,
    /// What the counter has to say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// What was decided, where the difference waited.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub review: Option<CountReview>,
}

impl CountRound {
    /// Units found beyond what was expected; negative where units are missing.
    #[must_use]
    pub fn variance(&self) -> i64 {
        self.counted - self.expected
    }
}

/// An item, or a lot of it, that is to be counted at a location.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CountTask {
    /// Identity.
    pub id: CountTaskId,
    /// Changes of it, from 1.
    pub version: u64,
    /// The item.
    pub item: ItemId,
    /// Its SKU, for display.
    pub sku: String,
    /// Where.
    pub location: LocationId,
    /// The lot, where the item has lots.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lot: Option<Lot>,
    /// What the counter should know.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// What needs nobody's agreement.
    #[serde(default)]
    pub tolerance: Tolerance,
    /// How far it is.
    pub state: CountState,
    /// What was counted, oldest first.
    #[serde(default)]
    pub rounds: Vec<CountRound>,
    /// When it was made.
    pub created_at: Millis,
    /// By whom.
    pub created_by: Actor,
    /// When it last changed.
    pub updated_at: Millis,
}

impl CountTask {
    /// The document of its movements in the stock ledger.
    #[must_use]
    pub fn reference(&self) -> Reference {
        Reference::Document {
            reference: format!("count {}", self.id),
            note: self.rounds.last().and_then(|round| round.note.clone()),
        }
    }

    /// Refuses what does not fit its state.
    pub(super) fn expect(&self, state: CountState, remedy: &'static str) -> Result<(), Refusal> {
        if self.state == state {
            return Ok(());
        }
        Err(Refusal::CountNotPossible {
            id: self.id.to_string(),
            why: format!("is {}", self.state.as_str()),
            remedy,
        })
    }
}

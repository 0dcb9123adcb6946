//! A task to count as the API shows it.

use serde::{Deserialize, Serialize};
use throughline_core::id::CountTaskId;
use throughline_core::inventory::{CountRound, CountState, CountTask, CountVerdict, Tolerance};
use throughline_core::network::Network;
use utoipa::ToSchema;

use crate::http::api::shapes::Instant;

/// How far a task is.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, ToSchema)]
#[schema(as = CountState)]
#[serde(rename_all = "snake_case")]
pub enum StateShape {
    /// It is to be counted, for the first time or again.
    Open,
    /// What was counted differs too much, and waits for somebody to agree.
    Waiting,
    /// The stock is what was counted.
    Closed,
    /// It is not to be counted any more.
    Cancelled,
}

impl From<CountState> for StateShape {
    fn from(state: CountState) -> Self {
        match state {
            CountState::Open => Self::Open,
            CountState::Waiting => Self::Waiting,
            CountState::Closed => Self::Closed,
            CountState::Cancelled => Self::Cancelled,
        }
    }
}

impl From<StateShape> for CountState {
    fn from(shape: StateShape) -> Self {
        match shape {
            StateShape::Open => Self::Open,
            StateShape::Waiting => Self::Waiting,
            StateShape::Closed => Self::Closed,
            StateShape::Cancelled => Self::Cancelled,
        }
    }
}

/// How much a count may differ without anybody's agreement: all limits that are given bind; where none is given, every
/// difference waits.
#[derive(Debug, Clone, Copy, Default, Serialize, Deserialize, ToSchema)]
#[schema(as = CountTolerance)]
#[serde(deny_unknown_fields)]
pub struct ToleranceShape {
    /// Units.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 0, maximum = 1_000_000_000_000_i64)]
    units: Option<i64>,
    /// Hundredths of what is expected.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 0, maximum = 100)]
    percent: Option<u16>,
    /// Cost of the units in minor units of the merchant's currency; an item without a cost is beyond it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 0, maximum = 9_007_199_254_740_991_i64)]
    value_minor: Option<i64>,
}

impl From<ToleranceShape> for Tolerance {
    fn from(shape: ToleranceShape) -> Self {
        Self {
            units: shape.units,
            percent: shape.percent,
            value_minor: shape.value_minor,
        }
    }
}

impl From<Tolerance> for ToleranceShape {
    fn from(tolerance: Tolerance) -> Self {
        Self {
            units: tolerance.units,
            percent: tolerance.percent,
            value_minor: tolerance.value_minor,
        }
    }
}

/// An item, or a lot of it, that is to be counted at a location. What is expected there is not told.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = CountTask)]
pub struct CountTaskView<'a> {
    /// Its id.
    #[schema(value_type = Uuid)]
    id: CountTaskId,
    /// The SKU.
    sku: &'a str,
    /// Code of the location.
    location: &'a str,
    /// Code of the lot, where the item has lots.
    lot: Option<&'a str>,
    /// What the counter should know.
    note: Option<&'a str>,
    /// How far it is.
    state: StateShape,
    /// How often it was counted.
    rounds: usize,
    /// Units that were found in the last count.
    counted: Option<i64>,
    /// When it was made.
    #[schema(value_type = String, format = DateTime)]
    created_at: Instant,
    /// When it last changed.
    #[schema(value_type = String, format = DateTime)]
    updated_at: Instant,
}

impl<'a> CountTaskView<'a> {
    /// Shows a task.
    #[must_use]
    pub fn new(task: &'a CountTask, network: &'a Network) -> Self {
        Self {
            id: task.id,
            sku: &task.sku,
            location: network
                .location(task.location)
                .map_or("", |location| &location.code),
            lot: task.lot.as_ref().map(|lot| lot.code.as_str()),
            note: task.note.as_deref(),
            state: task.state.into(),
            rounds: task.rounds.len(),
            counted: task.rounds.last().map(|round| round.counted),
            created_at: Instant(task.created_at),
            updated_at: Instant(task.updated_at),
        }
    }
}

/// What was decided about a difference.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
#[schema(as = CountVerdict)]
#[serde(rename_all = "snake_case")]
enum VerdictShape {
    /// The stock became what was counted.
    Approved,
    /// It was counted again, or given up.
    Rejected,
}

/// One count, with what was expected and what was decided.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = CountRound)]
struct RoundView<'a> {
    /// Units that were found.
    counted: i64,
    /// On hand when they were.
    expected: i64,
    /// Units found beyond that; negative where units are missing.
    variance: i64,
    /// What the difference costs in minor units; absent for an item without a cost.
    variance_value_minor: Option<i64>,
    /// When it was counted.
    #[schema(value_type = String, format = DateTime)]
    counted_at: Instant,
    /// Who counted.
    counted_by: String,
    /// What the counter said.
    note: Option<&'a str>,
    /// What was decided, where the difference waited.
    review: Option<ReviewView<'a>>,
}

/// Who decided about a difference.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = CountReview)]
struct ReviewView<'a> {
    /// What.
    verdict: VerdictShape,
    /// When.
    #[schema(value_type = String, format = DateTime)]
    at: Instant,
    /// Who.
    by: String,
    /// Why.
    reason: Option<&'a str>,
}

/// Everything that was counted for a task, oldest first.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = CountRounds)]
pub struct RoundsView<'a> {
    /// What needed nobody's agreement.
    tolerance: ToleranceShape,
    /// Who made the task.
    created_by: String,
    /// The counts, 20 at most.
    data: Vec<RoundView<'a>>,
}

impl<'a> RoundsView<'a> {
    /// Shows all counts of a task.
    #[must_use]
    pub fn new(task: &'a CountTask) -> Self {
        Self {
            tolerance: task.tolerance.into(),
            created_by: task.created_by.to_string(),
            data: task.rounds.iter().map(RoundView::new).collect(),
        }
    }
}

impl<'a> RoundView<'a> {
    fn new(round: &'a CountRound) -> Self {
        Self {
            counted: round.counted,
            expected: round.expected,
            variance: round.variance(),
            variance_value_minor: round.value_minor,
            counted_at: Instant(round.at),
            counted_by: round.by.to_string(),
            note: round.note.as_deref(),
            review: round.review.as_ref().map(|review| ReviewView {
                verdict: match review.verdict {
                    CountVerdict::Approved => VerdictShape::Approved,
                    CountVerdict::Rejected => VerdictShape::Rejected,
                },
                at: Instant(review.at),
                by: review.by.to_string(),
                reason: review.reason.as_deref(),
            }),
        }
    }
}

//! Scoring by somebody else: an order is held until a scorer outside has answered, or has not in time.
//!
//! Nothing is asked while an order is decided. The commit that holds it leaves a job, which asks; the answer comes back as a
//! command.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::finding::{Check, Finding};
use super::rules::{ScorerRules, Unanswered};
use crate::condition::OrderContext;
use crate::time::Millis;

/// A second in milliseconds.
const SECOND_MS: i64 = 1_000;

/// A secret that requests are signed with. It is never shown, not even to who looks for mistakes.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Secret(String);

impl Secret {
    /// A secret as it was given.
    #[must_use]
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The text, for who signs with it.
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.0
    }

    /// Whether none was given.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(..)")
    }
}

/// What a hold waits for, or waited for, from a scorer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Scoring {
    /// Until when the scorer may answer.
    pub until: Millis,
    /// From this score on the hold stays.
    pub hold_at: i64,
    /// What happens when it does not answer until then.
    pub unanswered: Unanswered,
    /// What became of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub outcome: Option<ScoringOutcome>,
}

/// What became of a question to a scorer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum ScoringOutcome {
    /// It answered.
    Answered(Score),
    /// It did not answer in time.
    Unanswered,
}

/// A scorer's answer.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Score {
    /// How suspicious it is, on the scorer's scale.
    pub score: i64,
    /// Why, in the scorer's words. They must not name people.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub reasons: Vec<String>,
    /// The scorer's own name for its answer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reference: Option<String>,
}

impl Scoring {
    /// Whether an answer may still come in time.
    #[must_use]
    pub fn is_awaited(&self) -> bool {
        self.outcome.is_none()
    }

    /// The scorer's answer, if it has answered.
    #[must_use]
    pub fn answer(&self) -> Option<&Score> {
        match &self.outcome {
            Some(ScoringOutcome::Answered(score)) => Some(score),
            Some(ScoringOutcome::Unanswered) | None => None,
        }
    }

    /// Whether the order may go on with this answer.
    #[must_use]
    pub fn passes(&self, score: &Score) -> bool {
        score.score < self.hold_at
    }
}

impl Score {
    /// The answer in one text, as the reason of a hold.
    pub(in crate::order) fn in_words(&self) -> String {
        let reasons = match self.reasons.is_empty() {
            true => "without reasons".to_owned(),
            false => super::screen::listed(&self.reasons),
        };
        let text = format!("the fraud scorer says {}: {reasons}", self.score);
        crate::text::storable(&text, crate::text::REASON_MAX)
    }
}

/// The hold of an order that the scorer is asked about. A condition without an answer asks.
pub(super) fn check(
    rules: &ScorerRules,
    context: Option<&OrderContext>,
    now: Millis,
) -> Option<Finding> {
    let is_asked = match (&rules.when, context) {
        (Some(when), Some(context)) => when.holds(context).unwrap_or(true),
        (Some(_) | None, _) => true,
    };
    let scoring = Scoring {
        until: now.plus_ms(i64::from(rules.deadline_seconds) * SECOND_MS),
        hold_at: rules.hold_at,
        unanswered: rules.unanswered,
        outcome: None,
    };
    is_asked.then(|| Finding {
        scoring: Some(scoring),
        ..Finding::new(Check::Scorer, "the fraud scorer is asked")
    })
}

//! A scorer outside, as the caller writes it and as the API shows it.

use serde::{Deserialize, Serialize};
use throughline_core::Refusal;
use throughline_core::order::screening::{ScorerRules, Secret, Unanswered};
use utoipa::ToSchema;

use super::body::when;

/// Milliseconds that one question may take unless something else is said.
const TIMEOUT_MS: u32 = 5_000;
/// Seconds that an answer is waited for unless something else is said: an hour.
const DEADLINE_SECONDS: u32 = 3_600;

/// Somebody outside who scores orders. What it is asked about is held (`fraud`) until it answers. It is sent what
/// `docs/checks.md` says: no names, addresses, emails or telephone numbers.
#[derive(Deserialize, ToSchema)]
#[schema(as = ScorerRulesData)]
#[serde(deny_unknown_fields)]
pub struct ScorerBody {
    /// Where it is asked: an `http` or `https` address without a user, a password or a fragment.
    #[schema(min_length = 8, max_length = 2000)]
    url: String,
    /// What questions are signed with, as the Standard Webhooks specification has it: `whsec_` and 24 to 64 random bytes
    /// in base64. It is never shown; left away, the known one stays.
    #[schema(min_length = 38, max_length = 94)]
    secret: Option<String>,
    /// Milliseconds that one question may take; 5,000 unless given.
    #[schema(minimum = 100, maximum = 30_000)]
    timeout_ms: Option<u32>,
    /// Seconds that an answer is waited for, however often it is asked; 3,600 unless given.
    #[schema(minimum = 1, maximum = 604_800)]
    deadline_seconds: Option<u32>,
    /// From this score on the order stays held.
    #[schema(minimum = -1_000_000, maximum = 1_000_000)]
    hold_at: i64,
    /// What happens when nobody answers until then; `hold` unless given.
    #[serde(default)]
    #[schema(value_type = UnansweredShape)]
    unanswered: Unanswered,
    /// Which orders it is asked about: a condition in CEL; all orders of the channels unless given.
    #[schema(min_length = 1, max_length = 2000, example = "total_minor >= 10000")]
    when: Option<String>,
}

/// What happens to an order that a scorer does not score in time.
#[derive(Debug, ToSchema)]
#[schema(as = Unanswered, rename_all = "snake_case")]
pub enum UnansweredShape {
    /// It stays held until a person looked at it.
    Hold,
    /// It goes on.
    Release,
}

impl std::fmt::Debug for ScorerBody {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ScorerBody").finish_non_exhaustive()
    }
}

impl ScorerBody {
    /// # Errors
    /// Refuses a condition that cannot be.
    pub(super) fn rules(self) -> Result<ScorerRules, Refusal> {
        let condition = self.when.map(|text| when("/scorer/when", &text));
        Ok(ScorerRules {
            url: self.url,
            secret: Secret::new(self.secret.unwrap_or_default()),
            timeout_ms: self.timeout_ms.unwrap_or(TIMEOUT_MS),
            deadline_seconds: self.deadline_seconds.unwrap_or(DEADLINE_SECONDS),
            hold_at: self.hold_at,
            unanswered: self.unanswered,
            when: condition.transpose()?,
        })
    }
}

/// Somebody outside who scores orders. The secret is not shown.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ScorerRules)]
pub struct ScorerView<'a> {
    /// Where it is asked.
    url: &'a str,
    /// Whether it has a secret, which is not shown.
    has_secret: bool,
    /// Milliseconds that one question may take.
    timeout_ms: u32,
    /// Seconds that an answer is waited for.
    deadline_seconds: u32,
    /// From this score on the order stays held.
    hold_at: i64,
    /// What happens when nobody answers until then.
    #[schema(value_type = UnansweredShape)]
    unanswered: Unanswered,
    /// Which orders it is asked about: a condition in CEL.
    when: Option<&'a str>,
}

impl<'a> ScorerView<'a> {
    pub(super) fn new(scorer: &'a ScorerRules) -> Self {
        Self {
            url: &scorer.url,
            has_secret: !scorer.secret.is_empty(),
            timeout_ms: scorer.timeout_ms,
            deadline_seconds: scorer.deadline_seconds,
            hold_at: scorer.hold_at,
            unanswered: scorer.unanswered,
            when: scorer.when.as_ref().map(|when| when.text()),
        }
    }
}

//! A hold as the API shows it: what it blocks, what found it, and who may decide.

use serde::Serialize;
use throughline_core::order::screening::{
    Approval, Check, Scoring, ScoringOutcome, Unanswered, Verdict,
};
use throughline_core::order::{Found, Hold, HoldKind, Order, Verb};
use utoipa::ToSchema;
use uuid::Uuid;

use super::kinds::{CheckShape, HoldKindShape};
use crate::http::api::screening_rules::scorer::UnansweredShape;
use crate::http::api::shapes::Instant;

/// A typed reason why an order or some of its lines must not move on.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Hold)]
pub struct HoldView<'a> {
    /// Identity.
    id: Uuid,
    /// The kind decides which verbs are blocked.
    #[schema(value_type = HoldKindShape)]
    kind: HoldKind,
    /// The reason in words.
    reason: &'a str,
    /// The lines it binds; empty for the whole order.
    lines: Vec<Uuid>,
    /// Whether it still blocks.
    active: bool,
    /// Since when.
    #[schema(value_type = String, format = DateTime)]
    held_at: Instant,
    /// When it was released.
    #[schema(value_type = Option<String>, format = DateTime)]
    released_at: Option<Instant>,
    /// The verbs that it blocks while it is active.
    blocks: Vec<&'static str>,
    /// What found it, where a check before release did.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    found: Option<FoundView<'a>>,
    /// Who may decide and until when, where it is an approval.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    approval: Option<ApprovalView<'a>>,
    /// What a scorer outside was asked and said, where one was asked.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    scoring: Option<ScoringView<'a>>,
}

/// What found a reason to hold.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = HoldFound)]
struct FoundView<'a> {
    /// The check.
    #[schema(value_type = CheckShape)]
    check: Check,
    /// Code of the screening rules.
    rules: &'a str,
    /// Their version.
    rules_version: u32,
    /// Of fraud: the sum of the rules that hold.
    score: Option<i64>,
    /// When a person should have looked at it: before the authorisation of a payment runs out.
    #[schema(value_type = Option<String>, format = DateTime)]
    review_due: Option<Instant>,
}

/// What a scorer outside was asked and said.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = HoldScoring)]
struct ScoringView<'a> {
    /// Whether the answer is awaited, came, or did not come in time.
    #[schema(value_type = ScoringStateShape)]
    state: &'static str,
    /// Until when it may answer.
    #[schema(value_type = String, format = DateTime)]
    until: Instant,
    /// From this score on the hold stays.
    hold_at: i64,
    /// What happens without an answer.
    #[schema(value_type = UnansweredShape)]
    unanswered: Unanswered,
    /// What it said.
    score: Option<i64>,
    /// Why, in its words.
    reasons: &'a [String],
    /// Its own name for its answer.
    reference: Option<&'a str>,
}

/// What became of a question to a scorer.
#[derive(Debug, ToSchema)]
#[schema(as = ScoringState, rename_all = "snake_case")]
pub enum ScoringStateShape {
    /// The answer is awaited.
    Awaited,
    /// It came.
    Answered,
    /// It did not come in time.
    Unanswered,
}

/// Who may decide an approval, and until when.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = HoldApproval)]
struct ApprovalView<'a> {
    /// The roles that may decide now.
    roles: Vec<&'a str>,
    /// When another role may decide too.
    #[schema(value_type = Option<String>, format = DateTime)]
    escalates_at: Option<Instant>,
    /// When the order is cancelled if nobody decides.
    #[schema(value_type = Option<String>, format = DateTime)]
    expires_at: Option<Instant>,
    /// What became of it.
    #[schema(value_type = Option<VerdictShape>)]
    verdict: Option<Verdict>,
}

/// What became of an approval.
#[derive(Debug, ToSchema)]
#[schema(as = Verdict, rename_all = "snake_case")]
pub enum VerdictShape {
    /// Somebody agreed; the order goes on.
    Granted,
    /// Somebody said no; the order is cancelled.
    Rejected,
    /// Nobody decided in time; the order is cancelled.
    Expired,
}

impl<'a> HoldView<'a> {
    /// Shows a hold of an order.
    #[must_use]
    pub fn new(order: &Order, hold: &'a Hold) -> Self {
        Self {
            id: hold.no.of(order.id),
            kind: hold.kind,
            reason: &hold.reason,
            lines: hold.lines.iter().map(|line| line.of(order.id)).collect(),
            active: hold.released_at.is_none(),
            held_at: Instant(hold.at),
            released_at: hold.released_at.map(Instant),
            blocks: blocked(hold.kind),
            found: hold.found.as_ref().map(FoundView::new),
            approval: hold.approval.as_ref().map(ApprovalView::new),
            scoring: hold.scoring.as_ref().map(ScoringView::new),
        }
    }
}

impl<'a> FoundView<'a> {
    fn new(found: &'a Found) -> Self {
        Self {
            check: found.check,
            rules: &found.rules.0,
            rules_version: found.rules.1,
            score: found.score,
            review_due: found.review_due.map(Instant),
        }
    }
}

impl<'a> ScoringView<'a> {
    fn new(scoring: &'a Scoring) -> Self {
        let answer = scoring.answer();
        Self {
            state: match &scoring.outcome {
                None => "awaited",
                Some(ScoringOutcome::Answered(_)) => "answered",
                Some(ScoringOutcome::Unanswered) => "unanswered",
            },
            until: Instant(scoring.until),
            hold_at: scoring.hold_at,
            unanswered: scoring.unanswered,
            score: answer.map(|answer| answer.score),
            reasons: answer.map_or(&[], |answer| answer.reasons.as_slice()),
            reference: answer.and_then(|answer| answer.reference.as_deref()),
        }
    }
}

impl<'a> ApprovalView<'a> {
    fn new(approval: &'a Approval) -> Self {
        let escalates = approval.escalates.as_ref();
        let done = escalates.filter(|escalates| escalates.is_done);
        let roles = [
            Some(approval.role.as_str()),
            done.map(|one| one.role.as_str()),
        ];
        let pending = escalates.filter(|escalates| !escalates.is_done);
        Self {
            roles: roles.into_iter().flatten().collect(),
            escalates_at: pending.map(|escalates| Instant(escalates.at)),
            expires_at: approval.expires_at.map(Instant),
            verdict: approval.verdict,
        }
    }
}

/// The verbs that a kind of hold blocks.
fn blocked(kind: HoldKind) -> Vec<&'static str> {
    let blocked = Verb::ALL.into_iter().filter(|verb| kind.blocks(*verb));
    blocked.map(Verb::as_str).collect()
}

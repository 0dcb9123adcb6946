//! The scorer's answer, and its silence.

use super::finding::Check;
use super::rules::Unanswered;
use super::scorer::{Score, Scoring, ScoringOutcome};
use crate::decide::{Attempt, Stop};
use crate::decision::{Answer, Resource};
use crate::id::{HoldNo, OrderId};
use crate::order::hold::{go_on_without, why_not_without};
use crate::order::{Found, Hold, Order, Record, Verb, checks};
use crate::refusal::Refusal;
use crate::text;
use crate::time::Millis;

/// Most reasons of one answer.
pub const SCORE_REASONS_MAX: usize = 20;
/// Largest score, and the smallest one below 0.
pub const SCORE_MAX: i64 = 1_000_000;

/// Records what a scorer said of a held order.
#[derive(Debug, Clone)]
pub struct RecordScore {
    /// The hold that waits for it.
    pub hold: HoldNo,
    /// What it said.
    pub score: Score,
}

/// Records the answer of a scorer. A score below the threshold releases the hold, and what waited only for it is sourced
/// in the same commit; any other one leaves it to a person. An answer after the hold was let go, because the scorer was
/// silent for too long, holds the order again if it is a high one and something of it has not left. The same answer again changes nothing.
///
/// # Errors
/// Refuses an unknown hold, one that no scorer was asked about, impossible fields, and another answer than the first one.
pub fn record_score(
    attempt: &mut Attempt<'_>,
    id: OrderId,
    command: &RecordScore,
) -> Result<Answer, Stop> {
    let now = attempt.now();
    let order = attempt.order(id)?;
    let (hold, scoring) = asked(order, command.hold)?;
    check(&command.score)?;
    match scoring.answer() {
        Some(known) if *known == command.score => return Ok(Answer::ok(Resource::Order(id))),
        Some(_) => return Err(answered(order, command.hold).into()),
        None => {}
    }
    let was_silent = scoring.outcome == Some(ScoringOutcome::Unanswered);
    let is_active = hold.released_at.is_none() && order.progress.cancelled.is_none();
    let score = command.score.clone();
    if is_active && scoring.passes(&score) {
        let record = |kept| Record::FraudScored {
            hold: command.hold,
            score,
            kept,
        };
        return let_go(attempt, id, command.hold, record);
    }
    let again = (was_silent && !is_active && !scoring.passes(&score))
        .then(|| held_again(order, hold, (&scoring, &score), now))
        .transpose()?
        .flatten();
    let record = Record::FraudScored {
        hold: command.hold,
        score,
        kept: None,
    };
    attempt.record(id, record)?;
    if let Some(hold) = again {
        attempt.record(id, Record::OrderHeld { hold })?;
    }
    Ok(Answer::ok(Resource::Order(id)))
}

/// Records that no answer came in time, and does what the rules say then.
pub(super) fn miss(attempt: &mut Attempt<'_>, id: OrderId, no: HoldNo) -> Result<(), Stop> {
    let (_, scoring) = asked(attempt.order(id)?, no)?;
    match scoring.unanswered {
        Unanswered::Hold => {
            let record = Record::ScorerSilent {
                hold: no,
                kept: None,
            };
            attempt.record(id, record)
        }
        Unanswered::Release => {
            let record = |kept| Record::ScorerSilent { hold: no, kept };
            let_go(attempt, id, no, record).map(drop)
        }
    }
}

/// Writes what became of the question and releases the hold. Where the order could not go on, because nobody could source
/// it, the hold stays with the reason, and a person releases it.
fn let_go(
    attempt: &mut Attempt<'_>,
    id: OrderId,
    hold: HoldNo,
    record: impl FnOnce(Option<String>) -> Record,
) -> Result<Answer, Stop> {
    let kept = why_not_without(attempt, id, hold)?;
    let is_kept = kept.is_some();
    attempt.record(id, record(kept))?;
    if !is_kept {
        attempt.record(id, Record::HoldReleased { hold })?;
        go_on_without(attempt, id, Verb::ReleaseHold)?;
    }
    Ok(Answer::ok(Resource::Order(id)))
}

/// Another hold of an order that was let go before the answer came; nothing if all of it has left.
fn held_again(
    order: &Order,
    hold: &Hold,
    (scoring, score): (&Scoring, &Score),
    now: Millis,
) -> Result<Option<Hold>, Refusal> {
    if order.progress.cancelled.is_some() || !checks::has_unshipped(order) {
        return Ok(None);
    }
    let outcome = Some(ScoringOutcome::Answered(score.clone()));
    Ok(Some(Hold {
        no: HoldNo(checks::next_children(order, 1)?),
        reason: score.in_words(),
        at: now,
        released_at: None,
        found: hold.found.clone().map(|found| Found {
            score: Some(score.score),
            ..found
        }),
        scoring: Some(Scoring {
            outcome,
            ..scoring.clone()
        }),
        ..hold.clone()
    }))
}

/// The hold that a scorer was asked about.
fn asked(order: &Order, no: HoldNo) -> Result<(&Hold, Scoring), Refusal> {
    let name = || no.of(order.id).to_string();
    let hold = order.progress.holds.iter().find(|hold| hold.no == no);
    let hold = hold.ok_or_else(|| Refusal::NotFound {
        what: "hold",
        name: name(),
    })?;
    let is_scorers = hold
        .found
        .as_ref()
        .is_some_and(|found| found.check == Check::Scorer);
    match hold.scoring.clone().filter(|_| is_scorers) {
        Some(scoring) => Ok((hold, scoring)),
        None => {
            let why = format!("no scorer was asked about hold {}", name());
            Err(Refusal::illegal(Verb::Score, why))
        }
    }
}

fn answered(order: &Order, no: HoldNo) -> Refusal {
    let why = format!(
        "hold {} was scored before, and otherwise; the first answer counts",
        no.of(order.id)
    );
    Refusal::illegal(Verb::Score, why)
}

fn check(score: &Score) -> Result<(), Refusal> {
    if !(-SCORE_MAX..=SCORE_MAX).contains(&score.score) {
        let problem = format!("must lie between -{SCORE_MAX} and {SCORE_MAX}");
        return Err(Refusal::invalid("/score", problem));
    }
    if score.reasons.len() > SCORE_REASONS_MAX {
        let problem = format!(
            "has {} reasons; at most {SCORE_REASONS_MAX} are allowed",
            score.reasons.len()
        );
        return Err(Refusal::invalid("/reasons", problem));
    }
    for (at, reason) in score.reasons.iter().enumerate() {
        text::required(format!("/reasons/{at}"), reason, text::REASON_MAX)?;
    }
    score.reference.as_deref().map_or(Ok(()), |reference| {
        text::name("/reference", reference, text::REFERENCE_MAX)
    })
}

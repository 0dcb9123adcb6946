//! What a scorer said, or did not, becomes part of its hold.

use super::hold_of;
use crate::id::HoldNo;
use crate::order::progress::Progress;
use crate::order::screening::ScoringOutcome;
use crate::text;

/// The hold says what came of the question, and why it was kept where it could have been let go.
pub(super) fn scored(
    progress: &mut Progress,
    no: HoldNo,
    outcome: ScoringOutcome,
    kept: Option<&str>,
) {
    let Some(hold) = hold_of(progress, no) else {
        return;
    };
    let reason = match &outcome {
        ScoringOutcome::Answered(score) => score.in_words(),
        ScoringOutcome::Unanswered => "the fraud scorer did not answer in time".to_owned(),
    };
    let reason = match kept {
        Some(kept) => format!("{reason}; {kept}"),
        None => reason,
    };
    hold.reason = text::storable(&reason, text::REASON_MAX);
    if let (ScoringOutcome::Answered(score), Some(found)) = (&outcome, &mut hold.found) {
        found.score = Some(score.score);
    }
    if let Some(scoring) = &mut hold.scoring {
        scoring.outcome = Some(outcome);
    }
}

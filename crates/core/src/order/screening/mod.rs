//! Screening: the checks between placing and release. One file per check; each is a pure step from what is known to
//! findings, and each finding becomes a typed hold in the commit that places the order.

mod address;
mod approval;
mod arrival;
mod credit;
mod denied;
mod duplicate;
mod finding;
mod formats;
mod fraud;
mod held;
mod payment;
mod price;
mod put_rules;
mod put_scorer;
mod record_score;
#[cfg(test)]
mod reference;
mod review;
mod rules;
mod scorer;
#[cfg(test)]
mod scorer_tests;
mod screen;
mod tally;
#[cfg(test)]
mod tests;
mod wanted;

pub use approval::{Approval, DecideApproval, EscalatedTo, Verdict, decide_approval};
pub(in crate::order) use arrival::Arrival;
pub use finding::Check;
pub use formats::{PostalFormat, postal_format};
pub(in crate::order) use held::hold_found;
pub use put_rules::{PutScreeningRules, put_screening_rules};
pub use record_score::{RecordScore, SCORE_MAX, SCORE_REASONS_MAX, record_score};
pub use review::{ReviewHolds, review_holds};
pub use rules::{
    ApprovalRule, CreditRules, Denied, DeniedKind, DuplicateRules, Exceeded, FraudRule, FraudRules,
    PaymentRules, PriceBase, PriceRules, ScorerRules, ScreeningRules, Unanswered,
};
pub use scorer::{Score, Scoring, ScoringOutcome, Secret};
pub(in crate::order) use screen::{screen, screen_again};
pub use tally::{Seen, TALLY_ENTRIES_MAX, TALLY_KEPT_MS, Tally, TallyKey, TallyKind};
pub(crate) use wanted::needs;

//! From findings to holds, in the commit that places the order.

use super::finding::Finding;
use super::review::review_later;
use crate::decide::{Attempt, Stop};
use crate::id::{HoldNo, OrderId};
use crate::network::Channel;
use crate::order::{Found, Hold, Order, Record, checks};
use crate::time::Millis;

/// A day in milliseconds.
const DAY_MS: i64 = 86_400_000;
/// How long before an authorisation runs out a review is due, in milliseconds: a quarter of a day.
const AHEAD_MS: i64 = DAY_MS / 4;

/// Holds an order for what screening found: one hold for each finding.
pub(in crate::order) fn hold_found(
    attempt: &mut Attempt<'_>,
    id: OrderId,
    channel: &Channel,
    found: Vec<Finding>,
) -> Result<(), Stop> {
    let network = std::sync::Arc::clone(attempt.network());
    let rules = network.screening_of(&channel.code);
    let Some(rules) = rules.filter(|_| !found.is_empty()) else {
        return Ok(());
    };
    let review_due = rules
        .authorization_days
        .and_then(|days| review_due(attempt.look_at(id).ok()?, days));
    for finding in found {
        let hold = Hold {
            no: HoldNo(checks::next_children(attempt.order(id)?, 1)?),
            kind: finding.check.hold(),
            reason: finding.reason,
            lines: Vec::new(),
            at: attempt.now(),
            released_at: None,
            found: Some(Found {
                check: finding.check,
                rules: (rules.code.clone(), rules.version),
                score: finding.score,
                review_due,
            }),
            approval: finding.approval,
            scoring: finding.scoring,
        };
        let to_score = hold.scoring.is_some().then_some(hold.no);
        attempt.record(id, Record::OrderHeld { hold })?;
        if let Some(hold) = to_score {
            attempt.score_later(id, hold);
        }
    }
    review_later(attempt, id)
}

/// A quarter of a day before the first authorisation that is not captured runs out.
fn review_due(order: &Order, days: u16) -> Option<Millis> {
    let open = order.progress.payments.iter().filter(|payment| {
        payment.ended.is_none() && payment.authorized_minor > payment.captured_minor
    });
    let first = open.map(|payment| payment.at).min()?;
    Some(first.plus_ms(i64::from(days) * DAY_MS - AHEAD_MS))
}

//! The maker says no; the units are sourced or made elsewhere in the same commit.

use super::checks::open;
use crate::decide::{Attempt, Stop};
use crate::decision::{Answer, Resource};
use crate::id::{OrderId, ProductionNo};
use crate::network::Shortage;
use crate::order::source::{Scope, source};
use crate::order::{Record, Verb};
use crate::text;

/// A maker rejects a production order, begun or not.
#[derive(Debug, Clone)]
pub struct RejectProduction {
    /// Which.
    pub production: ProductionNo,
    /// Why, in the caller's words.
    pub reason: String,
}

/// Rejects a production order. Its day has room again, the location is not asked again for this order, and the units are
/// sourced from elsewhere, made by others, or wait.
///
/// # Errors
/// Refuses an unknown production order, one that has ended, and a missing reason.
pub fn reject_production(
    attempt: &mut Attempt<'_>,
    id: OrderId,
    command: &RejectProduction,
) -> Result<Answer, Stop> {
    let no = command.production;
    let line = open(attempt.order(id)?, no, Verb::Reject)?.line;
    text::required("/reason", &command.reason, text::REASON_MAX)?;
    let reason = command.reason.trim().to_owned();
    let production = no;
    attempt.record(id, Record::ProductionRejected { production, reason })?;
    source(attempt, id, Scope::NextWaiting(line), Shortage::Backorder)?;
    Ok(Answer::ok(Resource::Production(id, no)))
}

//! Holds: put on, released.

use super::amend::resolve_items;
use super::source::source_open;
use super::{Hold, HoldKind, Order, Record, Verb, checks};
use crate::decide::{Attempt, Stop};
use crate::decision::{Answer, Resource};
use crate::id::{HoldNo, LineNo, OrderId};
use crate::refusal::Refusal;
use crate::text;
use crate::time::Millis;

/// Puts an order, or some of its lines, on hold.
#[derive(Debug, Clone)]
pub struct HoldOrder {
    /// The kind decides which verbs are blocked.
    pub kind: HoldKind,
    /// Why, in the caller's words.
    pub reason: String,
    /// The lines; empty for the whole order.
    pub lines: Vec<LineNo>,
}

/// Releases a hold. What waited only for it is sourced in the same commit.
#[derive(Debug, Clone)]
pub struct ReleaseHold {
    /// Which.
    pub hold: HoldNo,
}

/// Puts an order, or some of its lines (of a kit: with its components), on hold. Stock stays allocated.
///
/// # Errors
/// Refuses a draft, a missing reason, unknown lines, and an order of which everything has left or was cancelled.
pub fn hold_order(
    attempt: &mut Attempt<'_>,
    order: OrderId,
    command: &HoldOrder,
) -> Result<Answer, Stop> {
    let now = attempt.now();
    let hold = check(attempt.order(order)?, command, now)?;
    attempt.record(order, Record::OrderHeld { hold })?;
    Ok(Answer::ok(Resource::Order(order)))
}

fn check(order: &Order, command: &HoldOrder, at: Millis) -> Result<Hold, Refusal> {
    checks::refuse_if_draft(order, Verb::Hold)?;
    text::required("/reason", &command.reason, text::REASON_MAX)?;
    let lines = bound_lines(order, &command.lines)?;
    if !checks::has_unshipped(order) {
        return Err(Refusal::illegal(
            Verb::Hold,
            "all of its units have left or were cancelled; there is nothing to stop",
        ));
    }
    let no = HoldNo(checks::next_children(order, 1)?);
    let reason = command.reason.trim().to_owned();
    Ok(Hold {
        no,
        kind: command.kind,
        reason,
        lines,
        at,
        released_at: None,
    })
}

/// The lines with the components of kits, each once, by ascending number.
fn bound_lines(order: &Order, named: &[LineNo]) -> Result<Vec<LineNo>, Refusal> {
    for (position, no) in named.iter().enumerate() {
        if order.placed.line(*no).is_none() {
            return Err(Refusal::unknown(
                format!("/lines/{position}"),
                "line",
                checks::line_id(order, *no),
            ));
        }
    }
    let is_bound = |line: &&super::Line| {
        named.contains(&line.no) || line.kit.is_some_and(|kit| named.contains(&kit))
    };
    Ok(order
        .placed
        .lines
        .iter()
        .filter(is_bound)
        .map(|line| line.no)
        .collect())
}

/// Releases a hold. Items that were unknown when the order came are looked up again, and everything that no other
/// hold blocks is sourced.
///
/// # Errors
/// Refuses an unknown hold and one that was released before.
pub fn release_hold(
    attempt: &mut Attempt<'_>,
    order: OrderId,
    command: &ReleaseHold,
) -> Result<Answer, Stop> {
    let names_unknown_items = check_release(attempt.order(order)?, command.hold)?;
    attempt.record(order, Record::HoldReleased { hold: command.hold })?;
    if names_unknown_items {
        resolve_items(attempt, order)?;
    }
    source_open(attempt, order)?;
    Ok(Answer::ok(Resource::Order(order)))
}

/// Says whether it is a stock hold on an order with SKUs that were unknown.
fn check_release(order: &Order, no: HoldNo) -> Result<bool, Refusal> {
    let name = || no.of(order.id).to_string();
    let known = order.progress.holds.iter().find(|hold| hold.no == no);
    let hold = known.ok_or_else(|| Refusal::NotFound {
        what: "hold",
        name: name(),
    })?;
    if hold.released_at.is_some() {
        return Err(Refusal::illegal(
            Verb::ReleaseHold,
            format!("hold {} was released before", name()),
        ));
    }
    Ok(hold.kind == HoldKind::Stock && order.placed.lines.iter().any(|line| line.item.is_none()))
}

impl HoldKind {
    /// The kind as the API and the journal write it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Payment => "payment",
            Self::Credit => "credit",
            Self::Fraud => "fraud",
            Self::Address => "address",
            Self::Stock => "stock",
            Self::Approval => "approval",
            Self::Manual => "manual",
        }
    }
}

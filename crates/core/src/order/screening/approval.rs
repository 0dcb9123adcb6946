//! Approvals: holds that a person with the right role grants or refuses, that escalate, and that run out.

use serde::{Deserialize, Serialize};

use super::finding::{Check, Finding};
use super::rules::ApprovalRule;
use crate::condition::OrderContext;
use crate::decide::{Attempt, Stop};
use crate::decision::{Answer, Resource};
use crate::id::{HoldNo, OrderId};
use crate::order::cancel::{CancelOrder, cancel_order};
use crate::order::hold::go_on_without;
use crate::order::{Hold, Order, Record, Verb};
use crate::refusal::Refusal;
use crate::text;
use crate::time::Millis;

/// A minute in milliseconds.
const MINUTE_MS: i64 = 60_000;

/// Who may agree, and until when. An approval is a hold with this.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Approval {
    /// The role that may agree.
    pub role: String,
    /// When another role may agree too, if nobody has decided.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub escalates: Option<EscalatedTo>,
    /// When the order is cancelled, if nobody has decided.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires_at: Option<Millis>,
    /// What became of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub verdict: Option<Verdict>,
}

/// To whom an approval goes if nobody decides.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EscalatedTo {
    /// The role that may then agree too.
    pub role: String,
    /// When.
    pub at: Millis,
    /// Whether it has.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_done: bool,
}

/// What became of an approval.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// Somebody agreed; the order goes on.
    Granted,
    /// Somebody said no; the order is cancelled.
    Rejected,
    /// Nobody decided in time; the order is cancelled.
    Expired,
}

/// Grants or refuses an approval.
#[derive(Debug, Clone)]
pub struct DecideApproval {
    /// Which hold.
    pub hold: HoldNo,
    /// The role that the caller has.
    pub role: String,
    /// Yes or no.
    pub verdict: Verdict,
    /// Why; needed for a no.
    pub reason: Option<String>,
}

/// Finds what a person must agree to. A rule without an answer asks.
pub(super) fn check(
    rules: &[ApprovalRule],
    order: &OrderContext,
    now: Millis,
) -> impl Iterator<Item = Finding> {
    let finding = move |rule: &ApprovalRule| {
        let reason = match rule.when.holds(order) {
            Ok(false) => return None,
            Ok(true) => format!("{}: {}", rule.name, rule.when.text()),
            Err(error) => format!("{}: {error}", rule.name),
        };
        let reason = text::storable(&reason, text::REASON_MAX);
        let approval = Some(asked(rule, now));
        Some(Finding {
            approval,
            ..Finding::new(Check::Approval, reason)
        })
    };
    rules.iter().filter_map(finding)
}

fn asked(rule: &ApprovalRule, now: Millis) -> Approval {
    let after = |minutes: u32| now.plus_ms(i64::from(minutes) * MINUTE_MS);
    let escalates = rule.escalate_after_minutes.zip(rule.escalate_to.clone());
    Approval {
        role: rule.role.clone(),
        escalates: escalates.map(|(minutes, role)| EscalatedTo {
            role,
            at: after(minutes),
            is_done: false,
        }),
        expires_at: rule.expires_after_minutes.map(after),
        verdict: None,
    }
}

impl Approval {
    /// Whether somebody with this role may decide.
    #[must_use]
    pub fn may_decide(&self, role: &str) -> bool {
        let escalated = self
            .escalates
            .as_ref()
            .filter(|escalated| escalated.is_done);
        self.role == role || escalated.is_some_and(|escalated| escalated.role == role)
    }

    /// When something has to be done if nobody decides before.
    #[must_use]
    pub fn next_at(&self) -> Option<Millis> {
        let escalates = self
            .escalates
            .as_ref()
            .filter(|escalates| !escalates.is_done);
        let escalates = escalates.map(|escalates| escalates.at);
        match (escalates, self.expires_at) {
            (Some(escalates), Some(expires)) => Some(escalates.min(expires)),
            (escalates, expires) => escalates.or(expires),
        }
    }
}

/// Grants an approval, so that the order goes on, or refuses it, which cancels the order.
///
/// # Errors
/// Refuses an unknown hold, one that is no approval or is decided, a role that may not decide, and a no without a reason.
pub fn decide_approval(
    attempt: &mut Attempt<'_>,
    id: OrderId,
    command: &DecideApproval,
) -> Result<Answer, Stop> {
    check_decision(attempt.order(id)?, command)?;
    let record = Record::ApprovalDecided {
        hold: command.hold,
        verdict: command.verdict,
        role: Some(command.role.clone()),
        reason: command.reason.clone(),
    };
    attempt.record(id, record)?;
    match command.verdict {
        Verdict::Granted => go_on_without(attempt, id, Verb::Approve)?,
        Verdict::Rejected | Verdict::Expired => {
            let reason = command.reason.clone().unwrap_or_default();
            cancel_all(attempt, id, &reason)?;
        }
    }
    Ok(Answer::ok(Resource::Order(id)))
}

/// Cancels what is left of an order that was not approved.
pub(super) fn cancel_all(attempt: &mut Attempt<'_>, id: OrderId, reason: &str) -> Result<(), Stop> {
    let reason = text::storable(&format!("not approved: {reason}"), text::REASON_MAX);
    let cancel = CancelOrder {
        lines: None,
        reason,
    };
    cancel_order(attempt, id, &cancel).map(drop)
}

fn check_decision(order: &Order, command: &DecideApproval) -> Result<(), Refusal> {
    let name = || command.hold.of(order.id).to_string();
    let hold = order
        .progress
        .holds
        .iter()
        .find(|hold| hold.no == command.hold);
    let Some(hold) = hold else {
        return Err(Refusal::NotFound {
            what: "hold",
            name: name(),
        });
    };
    let verb = match command.verdict {
        Verdict::Granted => Verb::Approve,
        Verdict::Rejected | Verdict::Expired => Verb::Disapprove,
    };
    let approval =
        undecided(hold).map_err(|why| Refusal::illegal(verb, format!("hold {} {why}", name())))?;
    if !approval.may_decide(&command.role) {
        return Err(Refusal::NotApprover {
            hold: name(),
            role: approval.role.clone(),
        });
    }
    match command.verdict {
        Verdict::Granted => text::optional("/reason", command.reason.as_deref(), text::REASON_MAX),
        Verdict::Rejected | Verdict::Expired => {
            let reason = command.reason.as_deref().unwrap_or_default();
            text::required("/reason", reason, text::REASON_MAX)
        }
    }
}

/// The approval that a hold waits for.
fn undecided(hold: &Hold) -> Result<&Approval, &'static str> {
    match &hold.approval {
        None => Err("is no approval; release it instead"),
        Some(approval) if approval.verdict.is_some() || hold.released_at.is_some() => {
            Err("was decided before")
        }
        Some(approval) => Ok(approval),
    }
}

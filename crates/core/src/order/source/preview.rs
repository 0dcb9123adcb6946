//! What sourcing would do with lines that nobody has ordered yet. Nothing is written down.

use std::sync::Arc;

use super::awaited::awaited;
use super::planning::Allowed;
use super::substitute::find_or_substitute;
use super::{POLICY, Scope, Sourced, policy_of};
use crate::decide::{Attempt, Stop};
use crate::id::{LineNo, OrderId};
use crate::money::Currency;
use crate::order::cases::Cases;
use crate::order::entry::{Allotment, Awaited, Record};
use crate::order::place::{NewLine, Parts, USUAL_PRIORITY, new_lines};
use crate::order::{Order, Placed, Production};
use crate::party::Destination;
use crate::refusal::Refusal;
use crate::sourcing::policy::Policy;
use crate::sourcing::{Group, Substitution};

/// Lines that somebody might order.
#[derive(Debug, Clone, Default)]
pub struct Inquiry {
    /// Code of the channel.
    pub channel: String,
    /// What.
    pub lines: Vec<NewLine>,
    /// Where it would go.
    pub destination: Destination,
    /// Code of the policy that is to decide, by its last version, whether it is in force or not; that of the channel if
    /// absent.
    pub policy: Option<String>,
}

/// What would be done.
#[derive(Debug)]
pub struct Preview {
    /// The policy that decided.
    pub policy: String,
    /// The order that it would be, kits with their components.
    pub order: Order,
    /// Who would serve what.
    pub allotments: Vec<Allotment>,
    /// What would be made.
    pub productions: Vec<Production>,
    /// Units that nobody would serve, by line.
    pub missing: Vec<(LineNo, i64)>,
    /// Incoming supply that would stand for missing units, if that was asked for; some may have none.
    pub awaited: Vec<Awaited>,
    /// Why, for lines that travel together.
    pub groups: Vec<Group>,
    /// What would come instead of what nobody serves.
    pub substitutions: Vec<Substitution>,
    /// The channel's currency.
    pub currency: Currency,
}

/// Decides on lines without committing to anything. `id` is any id that no order has.
///
/// # Errors
/// Refuses unknown channels, SKUs, locations, services and policies, and impossible quantities; stops when facts are
/// missing.
pub fn preview(
    attempt: &mut Attempt<'_>,
    id: OrderId,
    inquiry: &Inquiry,
    allowed: Allowed,
) -> Result<Preview, Stop> {
    let placed = placed(attempt, inquiry)?;
    let currency = placed.currency;
    let last = placed.lines.iter().map(|line| line.no.0).max();
    let now = attempt.now();
    let record = Record::OrderPlaced {
        number: 0,
        placed: Arc::new(placed),
        priority: USUAL_PRIORITY,
        tags: Vec::new(),
        next_child: last.unwrap_or_default().saturating_add(1),
        reservation: None,
    };
    attempt.begin_order_at(id, record, now)?;
    let policy = match &inquiry.policy {
        Some(code) => Some(last_version(attempt, code)?),
        None => policy_of(attempt, id)?,
    };
    let policy = policy.or_else(|| allowed.routes.then(|| Arc::new(Policy::plain())));
    let sourced =
        find_or_substitute(attempt, id, Scope::Open, policy, allowed)?.unwrap_or_default();
    let awaited = if allowed.awaited {
        awaited(attempt, id, &sourced.missing)?
    } else {
        Vec::new()
    };
    let order = attempt.order(id)?.clone();
    Ok(told(sourced, awaited, order, currency))
}

fn placed(attempt: &mut Attempt<'_>, inquiry: &Inquiry) -> Result<Placed, Stop> {
    let channel = attempt.network().channel_by_code(&inquiry.channel);
    let channel =
        channel.ok_or_else(|| Refusal::unknown("/channel", "channel", inquiry.channel.as_str()))?;
    let mut parts = Parts::strict(1);
    // Whose terms would bind is not asked; those of the channel do.
    let whole_cases = channel.whole_cases;
    let cases = Cases::of(whole_cases);
    Ok(Placed {
        whole_cases,
        channel: channel.id,
        currency: channel.currency,
        destination: inquiry.destination.clone(),
        lines: new_lines(attempt, &inquiry.lines, ("/lines", cases), &mut parts)?,
        placed_at: attempt.now(),
        ..Placed::default()
    })
}

fn last_version(attempt: &Attempt<'_>, code: &str) -> Result<Arc<Policy>, Refusal> {
    let versions = attempt.network().policies.iter();
    let last = versions.rev().find(|policy| policy.code == code);
    let unknown = || Refusal::unknown("/policy", "sourcing policy", code);
    last.cloned().ok_or_else(unknown)
}

fn told(sourced: Sourced, awaited: Vec<Awaited>, order: Order, currency: Currency) -> Preview {
    let missing = sourced.missing.iter();
    Preview {
        policy: sourced.policy.unwrap_or_else(|| POLICY.to_owned()),
        order,
        missing: missing.map(|(want, units)| (want.line, *units)).collect(),
        allotments: sourced.allotments,
        productions: sourced.productions,
        awaited,
        groups: sourced.groups,
        substitutions: sourced.substitutions,
        currency,
    }
}

#[cfg(test)]
mod tests {
    use crate::fixture::story;

    #[test]
    fn a_preview_says_what_would_be_done_and_writes_nothing() {
        story(
            "
                location L1 labour=100,0,0
                location L2 labour=50,0,0
                stock A@L1=5
                stock A@L2=2
                policy P cost split=300
                preview A=2 > by P/1, A=2@L2
                preview A=6 > by P/1, A=5@L1, A=1@L2
                preview A=9 > by P/1, A=5@L1, A=2@L2, missing A=2
                policy Q nearest from=60m
                preview A=1 by=Q > by Q/1, A=1@L1
                preview A=1 by=R > unknown_reference: /policy names the unknown sourcing policy \"R\"; create it first or correct the name
                preview ?X=1 > unknown_reference: /lines/0/sku names the unknown SKU \"X\"; create it first or correct the name
                order A=2 > order open; F1@L2 open A:2 assigned leaves 2026-01-05; A@L2 2/2
                why > A: chosen L2 costs_more L1 = 50 (L2: labour 50) then L1 100 alone L1 100
            ",
        );
    }
}

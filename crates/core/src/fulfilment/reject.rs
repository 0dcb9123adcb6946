//! The location says no; its units are sourced elsewhere in the same commit.

use super::turned_down::{TurnedDown, turn_down};
use super::variance::{Variance, exceptions};
use crate::decide::{Attempt, Stop};
use crate::decision::{Answer, Resource};
use crate::id::{FulfilmentNo, OrderId};
use crate::inventory::{Cause, check_days};
use crate::network::LocationId;
use crate::order::source::source_open;
use crate::order::{Fulfilment, FulfilmentUnits, LineUnits, Order, Record, Verb, cases, checks};
use crate::refusal::Refusal;
use crate::text;

/// A location rejects a fulfilment that has not left, or some of its units. It is not asked again for this order.
#[derive(Debug, Clone)]
pub struct RejectFulfilment {
    /// Which.
    pub fulfilment: FulfilmentNo,
    /// Why, in the caller's words.
    pub reason: String,
    /// Why, as a code.
    pub cause: Cause,
    /// The units; `None`: everything.
    pub lines: Option<Vec<LineUnits>>,
    /// Days for which the items are not offered from there to any order; as the location's rules say if absent.
    pub exclude_days: Option<u16>,
    /// What becomes of the units on the books; as the cause and the location's rules say if absent.
    pub variance: Option<Variance>,
}

impl RejectFulfilment {
    /// Rejects all of a fulfilment, for a reason in words.
    #[must_use]
    pub fn whole(fulfilment: FulfilmentNo, reason: String) -> Self {
        Self {
            fulfilment,
            reason,
            cause: Cause::Other,
            lines: None,
            exclude_days: None,
            variance: None,
        }
    }
}

/// Rejects a fulfilment: its units go back, and are sourced without the location. What was turned down too often is held
/// for somebody to look at.
///
/// # Errors
/// Refuses an unknown fulfilment, a missing reason, one that left (even in part), one that no location does, and units
/// that it does not have.
pub fn reject_fulfilment(
    attempt: &mut Attempt<'_>,
    order: OrderId,
    command: &RejectFulfilment,
) -> Result<Answer, Stop> {
    let no = command.fulfilment;
    let (location, units, is_whole) = check(attempt.order(order)?, command)?;
    reject(attempt, order, command, (location, units, is_whole))?;
    source_open(attempt, order)?;
    Ok(Answer::ok(Resource::Fulfilment(order, no)))
}

/// Writes down that units were rejected; they are to be sourced afterwards.
fn reject(
    attempt: &mut Attempt<'_>,
    order: OrderId,
    command: &RejectFulfilment,
    (location, units, is_whole): (LocationId, Vec<FulfilmentUnits>, bool),
) -> Result<(), Stop> {
    let (no, cause) = (command.fulfilment, command.cause);
    let rules = exceptions(attempt, location);
    let usual_days = if cause.is_of_goods() {
        rules.exclude_days
    } else {
        0
    };
    let variance = command.variance;
    let lines = in_lines(&units);
    turn_down(
        attempt,
        order,
        TurnedDown {
            location,
            units,
            cause,
            variance: variance.unwrap_or_else(|| Variance::of(cause, rules)),
            exclude_days: command.exclude_days.unwrap_or(usual_days),
            lots: Vec::new(),
        },
    )?;
    let (fulfilment, reason) = (no, command.reason.trim().to_owned());
    let record = if is_whole {
        Record::FulfilmentRejected { fulfilment, reason }
    } else {
        Record::UnitsRejected {
            fulfilment,
            lines,
            reason,
        }
    };
    attempt.record(order, record)
}

fn in_lines(units: &[FulfilmentUnits]) -> Vec<LineUnits> {
    let lines = units.iter().map(|units| LineUnits {
        line: units.line,
        quantity: units.total(),
    });
    lines.collect()
}

fn check(
    order: &Order,
    command: &RejectFulfilment,
) -> Result<(LocationId, Vec<FulfilmentUnits>, bool), Refusal> {
    let fulfilment = checks::fulfilment(order, command.fulfilment, Verb::Reject)?;
    if fulfilment.total().left() > 0 {
        return Err(Refusal::illegal(
            Verb::Reject,
            "it has left; record its outcome or register a return",
        ));
    }
    let Some(location) = fulfilment.location else {
        let why = "no location was asked; cancel the lines";
        return Err(Refusal::illegal(Verb::Reject, why));
    };
    text::required("/reason", &command.reason, text::REASON_MAX)?;
    check_days("/exclude_days", command.exclude_days.unwrap_or_default())?;
    let all = unshipped(fulfilment);
    let units = match &command.lines {
        None => all,
        Some(lines) => some(order, fulfilment, lines)?,
    };
    let count = |units: &[FulfilmentUnits]| units.iter().map(FulfilmentUnits::total).sum::<i64>();
    let is_whole = count(&units) == fulfilment.total().unshipped();
    Ok((location, units, is_whole))
}

fn unshipped(fulfilment: &Fulfilment) -> Vec<FulfilmentUnits> {
    let units = fulfilment.lines.iter().map(|entry| FulfilmentUnits {
        fulfilment: fulfilment.no,
        line: entry.line,
        assigned: entry.units.assigned,
        picked: entry.units.picked,
        packed: entry.units.packed,
    });
    units.filter(|units| units.total() > 0).collect()
}

/// The named units: those that nobody has worked on first.
fn some(
    order: &Order,
    fulfilment: &Fulfilment,
    lines: &[LineUnits],
) -> Result<Vec<FulfilmentUnits>, Refusal> {
    checks::plain_units(
        "/lines",
        lines,
        "must name at least one line, or be left out for everything",
    )?;
    let mut units = Vec::with_capacity(lines.len());
    for (position, wanted) in lines.iter().enumerate() {
        let here = fulfilment.units(wanted.line);
        let possible = here.map(crate::order::Units::unshipped);
        let field = format!("/lines/{position}");
        checks::enough(order, "reject", &field, *wanted, possible)?;
        let all = possible.unwrap_or_default();
        cases::check_taken(order, format!("{field}/quantity"), *wanted, all)?;
        let here = here.copied().unwrap_or_default();
        let assigned = here.assigned.min(wanted.quantity);
        let picked = here.picked.min(wanted.quantity - assigned);
        units.push(FulfilmentUnits {
            fulfilment: fulfilment.no,
            line: wanted.line,
            assigned,
            picked,
            packed: wanted.quantity - assigned - picked,
        });
    }
    Ok(units)
}

#[cfg(test)]
mod tests {
    use crate::fixture::story;

    #[test]
    fn rejected_units_are_sourced_elsewhere_in_the_same_commit() {
        story(
            "
                location L1 3pl
                location L2
                stock A@L1=5
                stock A@L2=1
                order A=3                        > order open; F1@L1 open (submitted) A:3 assigned; A@L1 5/3
                accept F1                        > order in_progress; F1@L1 open (accepted) A:3 assigned
                reject F1 closed for stocktaking > order open; A 2 backordered; F1@L1 cancelled (rejected); F2@L2 open A:1 assigned; A@L1 5/0; A@L2 1/1
                journal                          > units_released, fulfilment_rejected, lines_sourced
                reject F1 again                  > illegal_transition: cannot reject now: the fulfilment is cancelled and has no units; use the fulfilment that has them now
                accept F1                        > illegal_transition: cannot accept now: the fulfilment is cancelled and has no units; use the fulfilment that has them now
                pick F2                          > order in_progress; F2@L2 picked A:1 picked
                pack F2                          > F2@L2 packed A:1 packed; F2 P1 A=1
            ",
        );
    }

    #[test]
    fn picked_and_packed_units_can_still_be_rejected() {
        story(
            "
                location L1
                stock A@L1=5
                stock B@L1=5
                order A=3 B=2            > order open; F1@L1 open A:3 assigned B:2 assigned; A@L1 5/3; B@L1 5/2
                pick F1 A=2              > order in_progress; F1@L1 picking A:1 assigned+2 picked B:2 assigned
                pack F1 A=1              > F1@L1 picking A:1 assigned+1 picked+1 packed B:2 assigned; F1 P1 A=1
                reject F1 the roof leaks > order open; A 3 backordered; B 2 backordered; F1@L1 cancelled (rejected); A@L1 5/0; B@L1 5/0
                stock A@L1=1             > A@L1 6/0
                location L2
                stock A@L2=10            > F2@L2 open A:3 assigned; A@L2 10/3
            ",
        );
    }

    #[test]
    fn what_has_left_or_has_no_location_is_not_rejected() {
        story(
            "
                location L1
                stock A@L1=5
                order A=3 B=1:service   > order open; F1@L1 open A:3 assigned; F2 open B:1 assigned; A@L1 5/3
                reject F2 no time       > illegal_transition: cannot reject now: no location was asked; cancel the lines
                reject F1               > invalid_field: /reason must not be empty
                reject F9 no such thing > not_found: there is no fulfilment ?
                pick F1                 > order in_progress; F1@L1 picked A:3 picked
                pack F1                 > F1@L1 packed A:3 packed; F1 P1 A=3
                ship F1                 > F1@L1 shipped A:3 shipped; F1 left with post; A@L1 2/0
                reject F1 too late      > illegal_transition: cannot reject now: it has left; record its outcome or register a return
            ",
        );
    }

    #[test]
    fn a_hold_does_not_block_rejecting_but_keeps_the_units_open() {
        story(
            "
                location L1
                location L2
                stock A@L1=5
                stock A@L2=5
                order A=3                   > order open; F1@L1 open A:3 assigned; A@L1 5/3
                hold address no such street > order on_hold; F1@L1 on_hold A:3 assigned; H1 address active (no such street)
                reject F1 cannot be sent    > A 3 open; F1@L1 cancelled (rejected); A@L1 5/0
                release H1                  > order open; F2@L2 open A:3 assigned; H1 address released (no such street); A@L2 5/3
            ",
        );
    }

    #[test]
    fn a_pickup_location_that_rejects_leaves_the_units_waiting() {
        story(
            "
                location L1 store
                location L2 store
                stock A@L1=5
                stock A@L2=5
                order A=3:pickup@L1        > order open; F1@L1 open A:3 assigned; A@L1 5/3
                reject F1 not on the shelf > A 3 backordered; F1@L1 cancelled (rejected); A@L1 5/0
            ",
        );
    }

    #[test]
    fn the_reason_of_a_rejection_is_short() {
        story(
            "
                location L1
                stock A@L1=9
                order A=3      > order open; F1@L1 open A:3 assigned; A@L1 9/3
                reject F1 LONG > invalid_field: /reason is 10001 bytes long; at most 500 are allowed
            ",
        );
    }

    #[test]
    fn cancelled_lines_are_not_rejected_with_the_rest() {
        story(
            "
                location L1
                stock A@L1=9
                stock B@L1=9
                order A=3 B=1    > order open; F1@L1 open A:3 assigned B:1 assigned; A@L1 9/3; B@L1 9/1
                cancel B=1       > B 1 cancelled; F1@L1 open A:3 assigned; B@L1 9/0
                reject F1 closed > A 3 backordered; F1@L1 cancelled (rejected); A@L1 9/0
            ",
        );
    }
}

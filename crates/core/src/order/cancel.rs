//! Cancelling lines or a whole order, as long as the units have not left.

use super::entry::{FulfilmentUnits, LineUnits, Record, ReleaseReason};
use super::{Order, Verb};
use crate::decide::{Attempt, Stop};
use crate::decision::{Answer, Resource};
use crate::id::{LineNo, OrderId};
use crate::refusal::Refusal;
use crate::text;

/// Cancels units that have not left.
#[derive(Debug, Clone)]
pub struct CancelOrder {
    /// Why, in the caller's words.
    pub reason: String,
    /// What; `None`: everything that has not left.
    pub lines: Option<Vec<LineUnits>>,
}

/// Cancels units that have not left; claimed ones go back to stock.
///
/// # Errors
/// Refuses a missing reason, lines of a draft, unknown lines, more units than have not left, and orders of which
/// everything has left or is cancelled.
pub fn cancel_order(
    attempt: &mut Attempt<'_>,
    id: OrderId,
    command: &CancelOrder,
) -> Result<Answer, Stop> {
    text::required("/reason", &command.reason, text::REASON_MAX)?;
    let order = attempt.order(id)?;
    if order.progress.draft && command.lines.is_some() {
        let why = "the order is a draft; save it again without the lines, or cancel it as a whole";
        return Err(Refusal::illegal(Verb::Cancel, why).into());
    }
    let lines = match &command.lines {
        None => everything(order),
        Some(lines) => asked_for(order, lines)?,
    };
    if lines.is_empty() {
        return Err(Refusal::illegal(
            Verb::Cancel,
            "every unit has left or is cancelled; register a return instead",
        )
        .into());
    }
    let released = released(order, &lines);
    let cancelled = |line: &LineUnits| line.quantity;
    let before: i64 = order.progress.lines.iter().map(|line| line.cancelled).sum();
    let ordered: i64 = order
        .placed
        .lines
        .iter()
        .filter(|line| !line.is_kit)
        .map(|line| line.quantity)
        .sum();
    let whole_order = before + lines.iter().map(cancelled).sum::<i64>() == ordered;
    if !released.is_empty() {
        attempt.record(
            id,
            Record::UnitsReleased {
                units: released,
                reason: ReleaseReason::Cancelled,
                excluded: None,
                cause: None,
                lots: Vec::new(),
                serials: Vec::new(),
            },
        )?;
    }
    attempt.record(
        id,
        Record::LinesCancelled {
            lines,
            reason: command.reason.clone(),
            whole_order,
        },
    )?;
    Ok(Answer::ok(Resource::Order(id)))
}

/// Units of a line that have not left and are not cancelled.
pub(crate) fn cancellable(order: &Order, no: LineNo) -> i64 {
    let waiting = order
        .placed
        .lines
        .iter()
        .position(|line| line.no == no)
        .map(|position| &order.progress.lines[position]);
    let claimed = order
        .progress
        .fulfilments
        .iter()
        .filter_map(|fulfilment| fulfilment.units(no));
    waiting.map_or(0, |line| line.open + line.backordered)
        + claimed.map(super::Units::unshipped).sum::<i64>()
}

/// The same of a kit: how many of it may be cancelled whole.
fn cancellable_of(order: &Order, no: LineNo) -> i64 {
    let Some(kit) = order.placed.line(no).filter(|line| line.is_kit) else {
        return cancellable(order, no);
    };
    let children = order.placed.lines.iter();
    let children = children.filter(|child| child.kit == Some(no) && child.quantity > 0);
    let whole = children.map(|child| {
        let per_kit = (child.quantity / kit.quantity.max(1)).max(1);
        cancellable(order, child.no) / per_kit
    });
    whole.min().unwrap_or_default()
}

fn everything(order: &Order) -> Vec<LineUnits> {
    let leaves = order.placed.lines.iter().filter(|line| !line.is_kit);
    let units = leaves.map(|line| LineUnits {
        line: line.no,
        quantity: cancellable(order, line.no),
    });
    units.filter(|units| units.quantity > 0).collect()
}

/// Kits stand for their components.
fn asked_for(order: &Order, lines: &[LineUnits]) -> Result<Vec<LineUnits>, Refusal> {
    let mut asked: Vec<LineUnits> = Vec::new();
    if lines.is_empty() {
        return Err(Refusal::invalid(
            "/lines",
            "must name at least one line; leave it out to cancel everything",
        ));
    }
    for (position, units) in lines.iter().enumerate() {
        let Some(line) = order.placed.line(units.line) else {
            return Err(Refusal::unknown(
                format!("/lines/{position}/id"),
                "line",
                units.line.of(order.id).to_string(),
            ));
        };
        if units.quantity < 1 {
            return Err(Refusal::invalid(
                format!("/lines/{position}/quantity"),
                "must be at least 1",
            ));
        }
        if line.is_kit {
            let children = order
                .placed
                .lines
                .iter()
                .filter(|child| child.kit == Some(line.no));
            for child in children {
                let per_kit = child.quantity / line.quantity.max(1);
                add(&mut asked, child.no, per_kit.saturating_mul(units.quantity));
            }
        } else {
            add(&mut asked, line.no, units.quantity);
        }
    }
    for units in &asked {
        let limit = cancellable(order, units.line);
        if units.quantity > limit {
            let line = units.line.of(order.id).to_string();
            return Err(Refusal::QuantityExceeded {
                what: "cancel",
                line,
                asked: units.quantity,
                limit,
            });
        }
    }
    for (position, units) in lines.iter().enumerate() {
        let field = format!("/lines/{position}/quantity");
        super::cases::check_taken(order, field, *units, cancellable_of(order, units.line))?;
    }
    Ok(asked)
}

fn add(asked: &mut Vec<LineUnits>, line: LineNo, quantity: i64) {
    match asked.iter_mut().find(|known| known.line == line) {
        Some(known) => known.quantity = known.quantity.saturating_add(quantity),
        None => asked.push(LineUnits { line, quantity }),
    }
}

/// Claimed units to take back: what open and backordered units do not cover, least worked on first.
fn released(order: &Order, lines: &[LineUnits]) -> Vec<FulfilmentUnits> {
    let mut released = Vec::new();
    for units in lines {
        let waiting = order
            .placed
            .lines
            .iter()
            .position(|line| line.no == units.line)
            .map(|at| &order.progress.lines[at]);
        let mut rest = units.quantity
            - waiting
                .map_or(0, |line| line.open + line.backordered)
                .min(units.quantity);
        release(order, units.line, &mut rest, &mut released);
    }
    released
}

/// Takes `rest` units of a line back from its fulfilments: assigned before picked before packed, newest first.
fn release(order: &Order, line: LineNo, rest: &mut i64, released: &mut Vec<FulfilmentUnits>) {
    let fulfilments = || order.progress.fulfilments.iter().rev();
    let mut taken: Vec<FulfilmentUnits> = fulfilments()
        .filter(|fulfilment| {
            fulfilment
                .units(line)
                .is_some_and(|units| units.unshipped() > 0)
        })
        .map(|fulfilment| FulfilmentUnits {
            fulfilment: fulfilment.no,
            line,
            assigned: 0,
            picked: 0,
            packed: 0,
        })
        .collect();
    for state in 0..3 {
        for entry in &mut taken {
            let Some(units) = order
                .progress
                .fulfilment(entry.fulfilment)
                .and_then(|fulfilment| fulfilment.units(line))
            else {
                continue;
            };
            let (has, target) = match state {
                0 => (units.assigned, &mut entry.assigned),
                1 => (units.picked, &mut entry.picked),
                _ => (units.packed, &mut entry.packed),
            };
            *target = has.min(*rest);
            *rest -= *target;
        }
    }
    released.extend(taken.into_iter().filter(|units| units.total() > 0));
}

#[cfg(test)]
mod tests {
    use crate::fixture::story;

    #[test]
    fn a_whole_order_is_cancelled_and_its_units_go_back() {
        story(
            "
                location L1
                stock A@L1=3
                order A=5 B=1:digital charge=shipping:500 pay:captured=6500 > order open; A 2 backordered; F1@L1 open A:3 assigned; F2 open B:1 assigned; T1 card 6500/6500/0; payment paid; A@L1 3/3
                totals                                                      > goods 6000 discount 0 charges 500 tax 0 total 6500 paid 6500 balance 0
                cancel because=changed_their_mind                           > order cancelled; A 5 cancelled; B 1 cancelled; F1@L1 cancelled; F2 cancelled; A@L1 3/0
                journal                                                     > units_released, lines_cancelled
                ledger                                                      > A@L1 deallocated allocated -3 (O1)
                totals                                                      > goods 0 discount 0 charges 0 tax 0 total 0 paid 6500 balance -6500
                statuses                                                    > order cancelled, payment paid, fulfilment unfulfilled, returns none
                actions                                                     > note, tag, priority, pay
                cancel                                                      > illegal_transition: cannot cancel now: every unit has left or is cancelled; register a return instead
            ",
        );
    }

    #[test]
    fn lines_are_cancelled_open_and_waiting_units_first() {
        story(
            "
                location L1
                stock A@L1=3
                order A=5 B=1  > order open; A 2 backordered; B 1 backordered; F1@L1 open A:3 assigned; A@L1 3/3
                cancel A=1     > A 1 backordered; A 1 cancelled
                cancel A=2     > A 3 cancelled; F1@L1 open A:2 assigned; A@L1 3/2
                totals         > goods 3000 discount 0 charges 0 tax 0 total 3000 paid 0 balance 3000
                cancel B=1 A=1 > A 4 cancelled; B 1 cancelled; F1@L1 open A:1 assigned; A@L1 3/1
                cancel A=1     > order cancelled; A 5 cancelled; F1@L1 cancelled; A@L1 3/0
                statuses       > order cancelled, payment pending, fulfilment unfulfilled, returns none
            ",
        );
    }

    #[test]
    fn what_is_least_worked_on_goes_back_first() {
        story(
            "
                location L1
                location L2
                stock A@L1=4
                stock A@L2=3
                order A=7         > order open; F1@L1 open A:4 assigned; F2@L2 open A:3 assigned; A@L1 4/4; A@L2 3/3
                pick F1 A=3       > order in_progress; F1@L1 picking A:1 assigned+3 picked
                pack F1 A=1 | A=1 > F1@L1 picking A:1 assigned+1 picked+2 packed; F1 P1 A=1; F1 P2 A=1
                pick F2           > F2@L2 picked A:3 picked
                cancel A=1        > A 1 cancelled; F1@L1 picked A:1 picked+2 packed; A@L1 4/3
                cancel A=2        > A 3 cancelled; F2@L2 picked A:1 picked; A@L2 3/1
                cancel A=2        > A 5 cancelled; F1@L1 packed A:2 packed; F2@L2 cancelled; A@L1 4/2; A@L2 3/0
                cancel A=1        > A 6 cancelled; F1@L1 packed A:1 packed; A@L1 4/1
                cancel            > order cancelled; A 7 cancelled; F1@L1 cancelled; A@L1 4/0
            ",
        );
    }

    #[test]
    fn what_has_left_stays_and_comes_back_as_a_return() {
        story(
            "
                location L1
                stock A@L1=9
                order A=3 B=1:pickup@L1 > order open; B 1 backordered; F1@L1 open A:3 assigned; A@L1 9/3
                pick F1 A=2             > order in_progress; F1@L1 picking A:1 assigned+2 picked
                pack F1                 > F1@L1 picking A:1 assigned+2 packed; F1 P1 A=2
                ship F1                 > F1@L1 shipped A:2 shipped; F1 left with post; F2@L1 picking A:1 assigned; A@L1 7/1
                cancel A=2              > quantity_exceeded: cancel: 2 asked for, 1 possible for line A; lower the quantity
                cancel                  > order shipped; A 1 cancelled; B 1 cancelled; F2@L1 cancelled; A@L1 7/0
                totals                  > goods 2000 discount 0 charges 0 tax 0 total 2000 paid 0 balance 2000
                cancel A=1              > quantity_exceeded: cancel: 1 asked for, 0 possible for line A; lower the quantity
                cancel                  > illegal_transition: cannot cancel now: every unit has left or is cancelled; register a return instead
                actions                 > note, tag, priority, pay
                deliver F1              > order delivered; F1@L1 delivered A:2 delivered; F1 P1 A=2 delivered
                statuses                > order delivered, payment pending, fulfilment fulfilled, returns none
            ",
        );
    }

    #[test]
    fn impossible_cancellations_are_refused() {
        story(
            r#"
                location L1
                stock A@L1=9
                item K kit B=2 C=1
                order A=3 K=2       > order open; B 4 backordered; C 2 backordered; F1@L1 open A:3 assigned; A@L1 9/3
                cancel because=none > invalid_field: /reason must not be empty
                cancel because=LONG > invalid_field: /reason is 10001 bytes long; at most 500 are allowed
                cancel nothing      > invalid_field: /lines must name at least one line; leave it out to cancel everything
                cancel A=0          > invalid_field: /lines/0/quantity must be at least 1
                cancel A=-1         > invalid_field: /lines/0/quantity must be at least 1
                cancel A=4          > quantity_exceeded: cancel: 4 asked for, 3 possible for line A; lower the quantity
                cancel A=2 A=2      > quantity_exceeded: cancel: 4 asked for, 3 possible for line A; lower the quantity
                cancel A=max        > quantity_exceeded: cancel: 9223372036854775807 asked for, 3 possible for line A; lower the quantity
                cancel X=1          > unknown_reference: /lines/0/id names the unknown line "?"; look at the order's lines for their ids
                cancel K=3          > quantity_exceeded: cancel: 6 asked for, 4 possible for line B; lower the quantity
                cancel K=max        > quantity_exceeded: cancel: 9223372036854775807 asked for, 4 possible for line B; lower the quantity
                cancel K=2 B=1      > quantity_exceeded: cancel: 5 asked for, 4 possible for line B; lower the quantity
                cancel A=1 A=1      > A 2 cancelled; F1@L1 open A:1 assigned; A@L1 9/1
            "#,
        );
    }

    #[test]
    fn a_kit_is_cancelled_with_its_components() {
        story(
            "
                location L1
                item K kit A=2 B=1
                stock A@L1=9
                stock B@L1=1
                order K=2(1500~100+200) C=1:digital > order open; B 1 backordered; F1@L1 open A:4 assigned B:1 assigned; F2 open C:1 assigned; A@L1 9/4; B@L1 1/1
                totals                              > goods 4000 discount 100 charges 0 tax 200 total 4100 paid 0 balance 4100
                cancel K=1                          > A 2 cancelled; B 1 cancelled; F1@L1 open A:2 assigned B:1 assigned; A@L1 9/2
                totals                              > goods 2500 discount 50 charges 0 tax 100 total 2550 paid 0 balance 2550
                cancel B=1                          > B 2 cancelled; F1@L1 open A:2 assigned; B@L1 1/0
                totals                              > goods 2500 discount 50 charges 0 tax 100 total 2550 paid 0 balance 2550
                cancel A=2                          > A 4 cancelled; F1@L1 cancelled; A@L1 9/0
                totals                              > goods 1000 discount 0 charges 0 tax 0 total 1000 paid 0 balance 1000
                statuses                            > order open, payment pending, fulfilment unfulfilled, returns none
            ",
        );
    }

    #[test]
    fn cancelled_units_serve_those_who_wait() {
        story(
            "
                location L1
                stock A@L1=3
                order A=3    > order open; F1@L1 open A:3 assigned; A@L1 3/3
                order A=2    > order open; A 2 backordered
                order A=2    > order open; A 2 backordered
                on O1
                cancel A=3   > order cancelled; A 3 cancelled; F1@L1 cancelled; O2: F1@L1 open A:2 assigned; O3: A 1 backordered; O3: F1@L1 open A:1 assigned
                on O2
                cancel       > order cancelled; A 2 cancelled; F1@L1 cancelled; O3: F1@L1 open A:2 assigned; A@L1 3/2
            ",
        );
    }

    #[test]
    fn cancelled_units_of_one_line_serve_another_line_of_the_order() {
        story(
            "
                location L1
                stock A@L1=2
                order A=2 A=2^FR > order open; A#2 2 backordered; F1@L1 open A:2 assigned; A@L1 2/2
                cancel A=2       > A 2 cancelled; F1@L1 cancelled; F2@L1 open A#2:2 assigned
            ",
        );
    }

    #[test]
    fn a_held_order_can_be_cancelled() {
        story(
            "
                location L1
                stock A@L1=3
                order A=3            > order open; F1@L1 open A:3 assigned; A@L1 3/3
                hold fraud looks odd > order on_hold; F1@L1 on_hold A:3 assigned; H1 fraud active (looks odd)
                cancel               > order cancelled; A 3 cancelled; F1@L1 cancelled; A@L1 3/0
                statuses             > order cancelled, payment pending, fulfilment unfulfilled, returns none
            ",
        );
    }
}

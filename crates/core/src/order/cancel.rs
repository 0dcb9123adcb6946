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
fn cancellable(order: &Order, no: LineNo) -> i64 {
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

//! Units that no location has: wait, refuse or hold, as the channel says.

use super::{Scope, Sourced, awaited};
use crate::decide::{Attempt, Stop};
use crate::id::{HoldNo, LineNo, OrderId};
use crate::network::{Intake, Shortage};
use crate::order::entry::{LineUnits, Record};
use crate::order::progress::{Hold, HoldKind};
use crate::refusal::Refusal;
use crate::sourcing::Margin;
use crate::sourcing::policy::Unserved;

/// What a shortage means for an order that is sourced for the first time.
///
/// # Errors
/// Stops when the order is not loaded.
pub(super) fn when_placing(attempt: &mut Attempt<'_>, id: OrderId) -> Result<Shortage, Stop> {
    let channel = attempt.order(id)?.placed.channel;
    let channel = attempt.network().channel(channel);
    Ok(channel.map_or(Shortage::Backorder, |channel| {
        channel.shortage_of_new_orders()
    }))
}

/// What a shortage means for an order that is placed already: it is never refused.
///
/// # Errors
/// Stops when the order is not loaded.
pub fn after_placing(attempt: &mut Attempt<'_>, id: OrderId) -> Result<Shortage, Stop> {
    let channel = attempt.order(id)?.placed.channel;
    let shortage = attempt
        .network()
        .channel(channel)
        .map_or(Shortage::Backorder, |channel| channel.shortage);
    Ok(if shortage == Shortage::Hold {
        Shortage::Hold
    } else {
        Shortage::Backorder
    })
}

/// Writes down what was found, and what happens to the rest.
pub(super) fn settle(
    attempt: &mut Attempt<'_>,
    id: OrderId,
    scope: Scope<'_>,
    shortage: Shortage,
    mut sourced: Sourced,
) -> Result<(), Stop> {
    if let Some(margin) = sourced.below {
        return hold_below(attempt, id, &margin);
    }
    let missing = std::mem::take(&mut sourced.missing);
    let is_placing = attempt.is_being_placed(id);
    let (shortage, cancels) = means(attempt, id, &sourced, shortage, is_placing)?;
    if cancels && scope == Scope::Open && !missing.is_empty() {
        return cancel(attempt, id, sourced, &missing);
    }
    match shortage {
        _ if missing.is_empty() || matches!(scope, Scope::Again(_)) => {
            let backordered = still_open(attempt, id, &sourced, &sourced.made)?;
            sourced.record(attempt, id, backordered, Vec::new())
        }
        Shortage::Refuse => refuse(attempt, &missing),
        Shortage::Hold if scope == Scope::Open => hold(attempt, id, &missing),
        Shortage::Hold | Shortage::Backorder => {
            let mut waits = missing.clone();
            let made = sourced.made.iter();
            let others =
                made.filter(|(one, _)| !missing.iter().any(|(want, _)| want.line == one.line));
            waits.extend(others.cloned());
            let backordered = still_open(attempt, id, &sourced, &waits)?;
            let awaited = awaited::awaited(attempt, id, &missing)?;
            sourced.record(attempt, id, backordered, awaited)
        }
    }
}

/// What a shortage means by the policy, where it says so, and whether missing units are cancelled.
fn means(
    attempt: &mut Attempt<'_>,
    id: OrderId,
    sourced: &Sourced,
    shortage: Shortage,
    is_placing: bool,
) -> Result<(Shortage, bool), Stop> {
    Ok(match sourced.unserved {
        None => (shortage, false),
        // What could be substituted is not missing any more.
        Some(Unserved::Substitute) => (shortage, false),
        Some(Unserved::Wait | Unserved::DropShip) => (Shortage::Backorder, false),
        Some(Unserved::Hold) => (Shortage::Hold, false),
        Some(Unserved::Cancel) => (Shortage::Backorder, true),
        Some(Unserved::Refuse) if !is_placing => (Shortage::Backorder, false),
        Some(Unserved::Refuse) => {
            let channel = attempt.order(id)?.placed.channel;
            let known = attempt.network().channel(channel);
            let takes = known.is_some_and(|known| known.intake == Intake::Exceptions);
            let shortage = if takes {
                Shortage::Hold
            } else {
                Shortage::Refuse
            };
            (shortage, false)
        }
    })
}

/// What was found is served, and the rest is cancelled.
fn cancel(
    attempt: &mut Attempt<'_>,
    id: OrderId,
    sourced: Sourced,
    missing: &[(super::Want, i64)],
) -> Result<(), Stop> {
    let made = |line| units_of_line(&sourced.made, line);
    let mut lines = still_open(attempt, id, &sourced, missing)?;
    lines
        .iter_mut()
        .for_each(|units| units.quantity -= made(units.line));
    lines.retain(|units| units.quantity > 0);
    let waits = sourced.made.iter().map(|(want, _)| want.line);
    let mut backordered: Vec<LineUnits> = Vec::new();
    for line in waits {
        let quantity = made(line);
        if !backordered.iter().any(|known| known.line == line) {
            backordered.push(LineUnits { line, quantity });
        }
    }
    let reason = named(attempt, missing)?;
    let nothing_is_left = sourced.allotments.is_empty() && backordered.is_empty();
    sourced.record(attempt, id, backordered, Vec::new())?;
    let ordered = attempt.order(id)?.progress.lines.iter();
    let open: i64 = ordered.map(|line| line.open + line.backordered).sum();
    let cancelled: i64 = lines.iter().map(|line| line.quantity).sum();
    let has_others = !attempt.order(id)?.progress.fulfilments.is_empty();
    let whole_order = nothing_is_left && !has_others && open == cancelled;
    attempt.record(
        id,
        Record::LinesCancelled {
            lines,
            reason,
            whole_order,
        },
    )
}

fn units_of_line(units: &[(super::Want, i64)], line: LineNo) -> i64 {
    let of_line = units.iter().filter(|(want, _)| want.line == line);
    of_line.map(|(_, units)| units).sum()
}

fn refuse(attempt: &Attempt<'_>, missing: &[(super::Want, i64)]) -> Result<(), Stop> {
    let Some((want, _)) = missing.first() else {
        return Ok(());
    };
    let short_by = missing
        .iter()
        .filter(|(other, _)| other.item == want.item)
        .map(|(_, units)| units)
        .sum();
    let sku = want
        .item
        .map(|item| attempt.item(item))
        .transpose()?
        .map(|item| item.sku.clone())
        .unwrap_or_default();
    Err(Refusal::InsufficientStock { sku, short_by }.into())
}

/// Nothing is allocated; a person may let the order go on all the same.
fn hold_below(attempt: &mut Attempt<'_>, id: OrderId, margin: &Margin) -> Result<(), Stop> {
    let Margin {
        price_minor,
        goods_minor,
        plan_minor,
        floor_percent,
    } = margin;
    let left = margin.left_minor();
    let reason = format!(
        "of the price of {price_minor}, goods take {goods_minor} and shipping and labour {plan_minor}: {left} is left, less than {floor_percent} %"
    );
    hold_for(attempt, id, HoldKind::Price, reason)
}

/// Nothing is allocated; the hold names what is missing.
fn hold(
    attempt: &mut Attempt<'_>,
    id: OrderId,
    missing: &[(super::Want, i64)],
) -> Result<(), Stop> {
    let reason = named(attempt, missing)?;
    hold_for(attempt, id, HoldKind::Stock, reason)
}

fn hold_for(
    attempt: &mut Attempt<'_>,
    id: OrderId,
    kind: HoldKind,
    reason: String,
) -> Result<(), Stop> {
    let at = attempt.now();
    let no = HoldNo(attempt.order(id)?.progress.next_child);
    let hold = Hold {
        no,
        kind,
        reason,
        lines: Vec::new(),
        at,
        released_at: None,
        found: None,
        approval: None,
        scoring: None,
    };
    attempt.record(id, Record::OrderHeld { hold })
}

/// What is missing, in words.
pub(super) fn named(attempt: &Attempt<'_>, missing: &[(super::Want, i64)]) -> Result<String, Stop> {
    let mut names = Vec::with_capacity(missing.len());
    for (want, units) in missing.iter().take(20) {
        let sku = want
            .item
            .map(|item| attempt.item(item))
            .transpose()?
            .map_or("", |item| item.sku.as_str());
        names.push(format!("{units} × {sku}"));
    }
    Ok(format!("not in stock: {}", names.join(", ")))
}

/// Missing units that were open begin to wait; those that waited already go on waiting.
fn still_open(
    attempt: &mut Attempt<'_>,
    id: OrderId,
    sourced: &Sourced,
    missing: &[(super::Want, i64)],
) -> Result<Vec<LineUnits>, Stop> {
    let order = attempt.order(id)?;
    let served = |line| {
        sourced
            .allotments
            .iter()
            .flat_map(|a| &a.lines)
            .filter(|l| l.line == line)
            .map(|l| l.quantity)
            .sum::<i64>()
    };
    let lines = missing.iter().filter_map(|(want, _)| {
        let position = order
            .placed
            .lines
            .iter()
            .position(|line| line.no == want.line)?;
        let open = order.progress.lines[position].open - served(want.line);
        (open > 0).then_some(LineUnits {
            line: want.line,
            quantity: open,
        })
    });
    Ok(lines.collect())
}

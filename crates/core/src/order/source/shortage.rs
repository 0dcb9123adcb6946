//! Units that no location has: wait, refuse or hold, as the channel says.

use super::{Scope, Sourced};
use crate::decide::{Attempt, Stop};
use crate::id::{HoldNo, OrderId};
use crate::network::Shortage;
use crate::order::entry::{LineUnits, Record};
use crate::order::progress::{Hold, HoldKind};
use crate::refusal::Refusal;

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
    let missing = std::mem::take(&mut sourced.missing);
    match shortage {
        _ if missing.is_empty() || matches!(scope, Scope::Again(_)) => {
            sourced.record(attempt, id, Vec::new())
        }
        Shortage::Refuse => refuse(attempt, &missing),
        Shortage::Hold if scope == Scope::Open => hold(attempt, id, &missing),
        Shortage::Hold | Shortage::Backorder => {
            let backordered = still_open(attempt, id, &sourced, &missing)?;
            sourced.record(attempt, id, backordered)
        }
    }
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

/// Nothing is allocated; the hold names what is missing.
fn hold(
    attempt: &mut Attempt<'_>,
    id: OrderId,
    missing: &[(super::Want, i64)],
) -> Result<(), Stop> {
    let reason = named(attempt, missing)?;
    let at = attempt.now();
    let no = HoldNo(attempt.order(id)?.progress.next_child);
    let hold = Hold {
        no,
        kind: HoldKind::Stock,
        reason,
        lines: Vec::new(),
        at,
        released_at: None,
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

//! Offering a choice, where a promise has slipped by more than the channel lets pass, and doing the default at the deadline.

use jiff::ToSpan;
use jiff::civil::Date;

use super::{By, Choice, ChooseOption, Chosen, SlipRules, choose_option};
use crate::decide::{Attempt, Stop};
use crate::id::{ChoiceNo, LineNo, OrderId};
use crate::network::LocationStatus;
use crate::order::cancel::cancellable;
use crate::order::{Entry, Line, LineUnits, Order, Record, source};
use crate::promise::{Promised, Slip, line_promises};
use crate::text;

/// Offers what can be chosen to the customers of changed orders, where a promise is later than the channel lets pass.
///
/// # Errors
/// Stops when facts are missing.
pub(crate) fn offer_choices(attempt: &mut Attempt<'_>) -> Result<(), Stop> {
    let network = attempt.network();
    if network
        .channels
        .iter()
        .all(|channel| channel.slips.is_none())
    {
        return Ok(());
    }
    let changed: Vec<(Order, Order)> = attempt
        .changed_orders()
        .filter_map(|(before, after)| Some((before?.clone(), after.clone())))
        .filter(|(before, _)| !before.progress.draft)
        .collect();
    for (before, after) in changed {
        let channel = network.channel(after.placed.channel);
        let Some(rules) = channel.and_then(|channel| channel.slips) else {
            continue;
        };
        let entries = attempt.entries_of(after.id);
        // What the customer wanted otherwise did not slip.
        let is_amended = |entry: &Entry| {
            matches!(
                entry.record,
                Record::OrderAmended { .. } | Record::LinesSubstituted { .. }
            )
        };
        let is_over = after.progress.cancelled.is_some() || entries.iter().any(is_amended);
        match after.open_choice() {
            Some(choice) if is_settled(&after, choice, rules.tolerance_days) => {
                let settled = Record::ChoiceMade {
                    choice: choice.no,
                    chosen: Chosen::Wait,
                    by: By::Recovery,
                };
                attempt.record(after.id, settled)?;
            }
            None if !is_over => offer(attempt, &before, &after, rules)?,
            Some(_) | None => {}
        }
    }
    Ok(())
}

/// Whether nothing is left to be chosen: the units left or were cancelled, or come in time after all.
fn is_settled(order: &Order, choice: &Choice, tolerance_days: u16) -> bool {
    let told = line_promises(order);
    let is_late = |units: &LineUnits| {
        let position = order
            .placed
            .lines
            .iter()
            .position(|line| line.no == units.line);
        position.is_some_and(|at| {
            let due = told[at].and_then(|now| now.due_on());
            let agreed = order.progress.lines[at].told_last();
            let is_later = agreed.is_none_or(|agreed| is_after(due, agreed, tolerance_days));
            is_later && left(order, &order.placed.lines[at]) > 0
        })
    };
    !choice.lines.iter().any(is_late)
}

/// A line whose promise has slipped.
struct Slipped {
    units: LineUnits,
    before: Promised,
    now: Option<Promised>,
}

fn offer(
    attempt: &mut Attempt<'_>,
    before: &Order,
    after: &Order,
    rules: SlipRules,
) -> Result<(), Stop> {
    let slipped = slipped(before, after, rules.tolerance_days);
    let Some(first) = slipped.first() else {
        return Ok(());
    };
    let lines: Vec<LineUnits> = slipped.iter().map(|one| one.units).collect();
    let before_all = slipped
        .iter()
        .skip(1)
        .fold(first.before, |all, one| all.and(one.before));
    let now: Option<Vec<Promised>> = slipped.iter().map(|one| one.now).collect();
    let now = now.and_then(|all| all.into_iter().reduce(Promised::and));
    let instead = instead(attempt, after, &lines)?;
    let is_split = source::splits_waiting(attempt, after.id)?;
    let options: Vec<Chosen> = Chosen::ALL
        .into_iter()
        .filter(|chosen| match chosen {
            Chosen::Wait | Chosen::Refund => true,
            Chosen::Split => is_split,
            Chosen::Substitute => instead.len() == lines.len(),
        })
        .collect();
    let at = attempt.now();
    let choice = Choice {
        no: ChoiceNo(attempt.order(after.id)?.progress.next_child),
        at,
        reason: reason(attempt, after.id),
        lines,
        before: before_all,
        now,
        default: if options.contains(&rules.default) {
            rules.default
        } else {
            Chosen::Wait
        },
        options,
        instead,
        deadline: at.plus_ms(i64::from(rules.answer_within_hours) * 3_600_000),
        link: None,
        made: None,
    };
    attempt.record(after.id, Record::ChoiceOffered { choice })
}

/// Why the promise of an order slipped: what its last entry of this decision says of it.
fn reason(attempt: &Attempt<'_>, id: OrderId) -> Slip {
    let told = attempt.entries_of(id).iter().rev();
    let told = told.filter_map(|entry| match &entry.record {
        Record::PromiseChanged { reason, .. } => Some(*reason),
        Record::FulfilmentRejected { .. } | Record::ProductionRejected { .. } => {
            Some(Slip::Rejected)
        }
        Record::UnitsReleased { .. } => Some(Slip::Resourced),
        _ => None,
    });
    told.max_by_key(|reason| *reason != Slip::Resourced)
        .unwrap_or(Slip::Resourced)
}

/// Lines with units that have not left, that are promised later than the customer knows, or not at all any more. Kits stand
/// for their components.
fn slipped(before: &Order, after: &Order, tolerance_days: u16) -> Vec<Slipped> {
    let (was, is) = (line_promises(before), line_promises(after));
    let lines = after.placed.lines.iter().zip(&after.progress.lines).zip(is);
    let found = lines.filter_map(|((line, progress), now)| {
        if line.kit.is_some() {
            return None;
        }
        let position = before
            .placed
            .lines
            .iter()
            .position(|old| old.no == line.no)?;
        let told = was[position]?;
        let agreed = progress.told_last().or(told.due_on())?;
        let is_later = is_after(now.and_then(|now| now.due_on()), agreed, tolerance_days);
        let quantity = left(after, line);
        (is_later && now != Some(told) && quantity > 0).then_some(Slipped {
            units: LineUnits {
                line: line.no,
                quantity,
            },
            before: progress.first_promise.unwrap_or(told),
            now,
        })
    });
    found.collect()
}

fn is_after(due: Option<Date>, agreed: Date, tolerance_days: u16) -> bool {
    let days = i64::from(tolerance_days).days();
    let latest = agreed.checked_add(days).unwrap_or(agreed);
    due.is_none_or(|due| due > latest)
}

/// Units of a line that have not left; of a kit, whole kits.
fn left(order: &Order, line: &Line) -> i64 {
    if !line.is_kit {
        return cancellable(order, line.no);
    }
    let parts = order.placed.lines.iter();
    let parts = parts.filter(|part| part.kit == Some(line.no) && part.quantity > 0);
    let kits = parts.map(|part| {
        let each = (part.quantity / line.quantity.max(1)).max(1);
        cancellable(order, part.no) / each
    });
    kits.min().unwrap_or_default()
}

/// What could come instead of each line: the first substitute that is there in full.
fn instead(
    attempt: &Attempt<'_>,
    order: &Order,
    lines: &[LineUnits],
) -> Result<Vec<(LineNo, String)>, Stop> {
    let mut found = Vec::new();
    for units in lines {
        let line = order.placed.line(units.line);
        let line = line.filter(|line| !line.is_kit && line.method.uses_stock());
        let Some((line, item)) = line.and_then(|line| Some((line, line.item?))) else {
            continue;
        };
        for sku in &attempt.item(item)?.selling.substitutes {
            if is_there(attempt, order, line, sku, units.quantity)? {
                found.push((line.no, sku.clone()));
                break;
            }
        }
    }
    Ok(found)
}

fn is_there(
    attempt: &Attempt<'_>,
    order: &Order,
    line: &Line,
    sku: &str,
    units: i64,
) -> Result<bool, Stop> {
    let Some(item) = attempt.item_by_sku(sku)? else {
        return Ok(false);
    };
    if item.is_kit() || attempt.network().recall_of(item.id).is_some() {
        return Ok(false);
    }
    let network = attempt.network();
    let channel = network.channel(order.placed.channel);
    let levels = attempt.levels(item.id)?;
    let here = levels.iter().filter(|level| {
        let location = network.location(level.location);
        let is_open = location.is_some_and(|one| one.status == LocationStatus::Open);
        is_open && line.location.is_none_or(|bound| bound == level.location)
    });
    let units_of = |level: &crate::inventory::Level| {
        let available = level.available().max(0);
        channel.map_or(available, |one| one.sells.share(level.location, available))
    };
    Ok(here.map(units_of).sum::<i64>() >= units)
}

/// Does the default of an open choice whose deadline is over; where that is not possible any more, or was refused, the
/// customer waits, and the journal says why.
///
/// # Errors
/// Stops when facts are missing.
pub(crate) fn run_out(
    attempt: &mut Attempt<'_>,
    id: OrderId,
    refused: Option<&str>,
) -> Result<(), Stop> {
    let now = attempt.now();
    let order = attempt.order(id)?;
    let due = order.open_choice().filter(|choice| choice.deadline <= now);
    let Some((choice, default)) = due.map(|choice| (choice.no, choice.default)) else {
        return Ok(());
    };
    let why = match refused {
        _ if default == Chosen::Wait => None,
        Some(refused) => Some(text::storable(refused, text::REASON_MAX)),
        None if is_possible(attempt, id, choice, default)? => None,
        None => Some("it is not possible any more".to_owned()),
    };
    let chosen = if why.is_some() { Chosen::Wait } else { default };
    if let Some(reason) = why {
        let refused = Record::ChoiceDefaultRefused {
            choice,
            default,
            reason,
        };
        attempt.record(id, refused)?;
    }
    let command = ChooseOption {
        choice,
        chosen,
        by: By::Deadline,
    };
    choose_option(attempt, id, &command).map(drop)
}

/// Whether the default of a choice can still be done.
fn is_possible(
    attempt: &mut Attempt<'_>,
    id: OrderId,
    no: ChoiceNo,
    default: Chosen,
) -> Result<bool, Stop> {
    let order = attempt.order(id)?.clone();
    let Some(choice) = order.choice(no) else {
        return Ok(false);
    };
    Ok(match default {
        Chosen::Wait => true,
        Chosen::Split => source::splits_waiting(attempt, id)?,
        Chosen::Substitute => instead(attempt, &order, &choice.lines)? == choice.instead,
        Chosen::Refund => {
            let mut lines = choice.lines.iter();
            lines.any(|units| cancellable(&order, units.line) > 0)
        }
    })
}

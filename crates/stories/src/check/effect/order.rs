//! Effects of verbs on orders as a whole.

use throughline_core::Command;
use throughline_core::order::amend::AmendOrder;
use throughline_core::order::cancel::CancelOrder;
use throughline_core::order::{Fulfilment, HoldKind, Order};

use super::{Change, Missing, unless, what};

pub(super) fn missing(command: &Command, change: &Change<'_>) -> Missing {
    let after = &change.after.progress;
    match command {
        Command::PlaceDraft(_) => unless(!after.draft, || "it is still a draft".to_owned()),
        Command::SetPriority(c) => {
            let asked = what(c).priority;
            unless(after.priority == asked, || {
                format!("its priority is {}, not {asked}", after.priority)
            })
        }
        Command::ChangeTags(c) => {
            let has = |tag: &String| after.tags.contains(tag);
            let right = what(c).add.iter().all(has) && !what(c).remove.iter().any(has);
            unless(right, || format!("its tags are {:?}", after.tags))
        }
        Command::AddNote(_) => unless(
            after.notes.len() == change.before.progress.notes.len() + 1,
            || "the note is not there".to_owned(),
        ),
        Command::HoldOrder(c) => {
            let held =
                active(change.after, what(c).kind) == active(change.before, what(c).kind) + 1;
            unless(held, || "it is not held".to_owned())
        }
        Command::ReleaseHold(c) => {
            let hold = after.holds.iter().find(|hold| hold.no == what(c).hold);
            unless(hold.is_some_and(|hold| hold.released_at.is_some()), || {
                "it is still held".to_owned()
            })
        }
        Command::ReleaseScheduled(c) => {
            let late = |one: &Fulfilment| {
                let until = one.schedule.and_then(|schedule| schedule.until());
                until.is_some_and(|until| what(c).by_hand || until <= change.after.updated_at)
            };
            let mut waiting = change.after.progress.fulfilments.iter();
            unless(
                !waiting.any(|one| one.total().unshipped() > 0 && late(one)),
                || "a fulfilment is scheduled whose time has come".to_owned(),
            )
        }
        Command::CancelOrder(c) => cancelled(what(c), change),
        Command::AmendOrder(c) => amended(&c.what, change),
        _ => None,
    }
}

fn active(order: &Order, kind: HoldKind) -> usize {
    let holds = order.progress.holds.iter();
    holds
        .filter(|hold| hold.released_at.is_none() && hold.kind == kind)
        .count()
}

fn cancelled(command: &CancelOrder, change: &Change<'_>) -> Missing {
    let sum = |order: &Order| {
        order
            .progress
            .lines
            .iter()
            .map(|line| line.cancelled)
            .sum::<i64>()
    };
    let cancelled = sum(change.after) - sum(change.before);
    match &command.lines {
        None => {
            let open: i64 = change
                .after
                .progress
                .lines
                .iter()
                .map(|line| line.open + line.backordered)
                .sum();
            let claimed: i64 = change
                .after
                .progress
                .fulfilments
                .iter()
                .map(|one| one.total().unshipped())
                .sum();
            unless(cancelled > 0 && open + claimed == 0, || {
                "units that have not left are not cancelled".to_owned()
            })
        }
        Some(lines) => {
            let units = |part: &throughline_core::order::LineUnits| {
                let lines = &change.before.placed.lines;
                let line = lines.iter().find(|line| line.no == part.line);
                let Some(kit) = line.filter(|line| line.is_kit) else {
                    return part.quantity;
                };
                let parts = lines.iter().filter(|line| line.kit == Some(kit.no));
                parts
                    .map(|line| line.quantity / kit.quantity.max(1) * part.quantity)
                    .sum()
            };
            let asked: i64 = lines.iter().map(units).sum();
            unless(cancelled == asked, || {
                format!("{cancelled} units were cancelled, not {asked}")
            })
        }
    }
}

fn amended(command: &AmendOrder, change: &Change<'_>) -> Missing {
    let after = change.after;
    let units =
        |line: &throughline_core::order::Line| super::asked_of(Some(change.before), after, line);
    for line in &command.change_lines {
        let now = after
            .placed
            .lines
            .iter()
            .find(|known| known.no == line.line)?;
        let last = command
            .change_lines
            .iter()
            .rev()
            .find(|other| other.line == line.line && other.quantity.is_some());
        let asked = last.and_then(|last| last.quantity);
        let is_removed = command.remove_lines.contains(&line.line);
        if asked.is_some_and(|asked| asked != units(now)) && !is_removed {
            return Some(format!(
                "line {} is of {} units, not {asked:?}",
                now.no.0, now.quantity
            ));
        }
    }
    let added = command.add_lines.iter().find(|line| {
        let same = |known: &&throughline_core::order::Line| {
            known.sku == line.sku && units(known) == line.quantity
        };
        !after.placed.lines.iter().any(|known| same(&known))
    });
    added.map(|line| format!("the added {} × {} are not there", line.quantity, line.sku))
}

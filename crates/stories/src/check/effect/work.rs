//! Effects of verbs on fulfilments.

use throughline_core::Command;
use throughline_core::fulfilment::{
    MergeFulfilments, MoveFulfilment, OutcomeScope, PackFulfilment, PickFulfilment, RecordOutcome,
    ShipFulfilment, SplitFulfilment,
};
use throughline_core::id::FulfilmentNo;
use throughline_core::order::{Fulfilment, Order, Outcome, RequestStatus, Units};

use super::{Change, Missing, unless, what};

pub(super) fn missing(command: &Command, change: &Change<'_>) -> Missing {
    match command {
        Command::AcceptFulfilment(c) => {
            let now = of(change.after, what(c).fulfilment)?;
            unless(now.request == RequestStatus::Accepted, || {
                "it is not accepted".to_owned()
            })
        }
        Command::RejectFulfilment(c) => {
            let now = of(change.after, what(c).fulfilment)?;
            if let Some(lines) = &what(c).lines {
                let units: i64 = lines.iter().map(|units| units.quantity).sum();
                let (was, is) = totals(change, what(c).fulfilment)?;
                // What was given up here may have come back here from elsewhere.
                return unless(was.total() - is.total() == units, || {
                    format!("{units} units should be gone of {was:?}: {is:?}")
                });
            }
            let is_empty = now.total().total() == 0 && now.request == RequestStatus::Rejected;
            unless(is_empty, || "the rejected fulfilment has units".to_owned())
        }
        Command::MoveFulfilment(c) => moved(what(c), change),
        Command::SplitFulfilment(c) => parted(what(c), change),
        Command::MergeFulfilments(c) => merged(what(c), change),
        Command::PickFulfilment(c) => picked(what(c), change),
        Command::PackFulfilment(c) => packed(what(c), change),
        Command::ShipFulfilment(c) => shipped(what(c), change),
        Command::RecordOutcome(c) => ended(what(c), change),
        Command::MarkReady(c) => {
            let now = of(change.after, what(c).fulfilment)?;
            unless(now.ready_at.is_some(), || "it is not ready".to_owned())
        }
        Command::CollectFulfilment(c) => {
            let (was, now) = (
                of(change.before, what(c).fulfilment)?,
                of(change.after, what(c).fulfilment)?,
            );
            // What was sent to the store left before.
            let there = match was.goes_to_store() {
                true => was.total().shipped,
                false => was.total().unshipped(),
            };
            let collected = now.total().delivered - was.total().delivered == there;
            unless(collected && now.total().unshipped() == 0, || {
                "it is not collected".to_owned()
            })
        }
        _ => None,
    }
}

fn of(order: &Order, no: FulfilmentNo) -> Option<&Fulfilment> {
    order
        .progress
        .fulfilments
        .iter()
        .find(|known| known.no == no)
}

/// The units of a fulfilment before and after.
fn totals(change: &Change<'_>, no: FulfilmentNo) -> Option<(Units, Units)> {
    Some((
        of(change.before, no)?.total(),
        of(change.after, no)?.total(),
    ))
}

fn moved(command: &MoveFulfilment, change: &Change<'_>) -> Missing {
    let (was, now) = totals(change, command.fulfilment)?;
    let asked = match &command.lines {
        None => was.assigned,
        Some(lines) => lines.iter().map(|units| units.quantity).sum(),
    };
    let all = |order: &Order| -> i64 {
        let fulfilments = order.progress.fulfilments.iter();
        fulfilments.map(|one| one.total().assigned).sum()
    };
    let is_elsewhere =
        was.assigned - now.assigned == asked && all(change.before) == all(change.after);
    unless(is_elsewhere, || {
        format!("{asked} units should be done elsewhere: {was:?}, {now:?}")
    })
}

fn parted(command: &SplitFulfilment, change: &Change<'_>) -> Missing {
    let was = of(change.before, command.fulfilment)?;
    let now = of(change.after, command.fulfilment)?;
    let packages = was.packages.iter();
    let packages = packages.filter(|package| command.packages.contains(&package.no));
    let packed = packages.flat_map(|package| &package.lines);
    let asked: i64 = command
        .lines
        .iter()
        .chain(packed)
        .map(|units| units.quantity)
        .sum();
    let new = change.after.progress.fulfilments.last()?;
    let is_parted = was.total().total() - now.total().total() == asked
        && new.total().unshipped() == asked
        && (new.location, new.work_day) == (was.location, was.work_day)
        && change.after.progress.fulfilments.len() == change.before.progress.fulfilments.len() + 1;
    unless(is_parted, || {
        format!("{asked} units should go their own way: {new:?}")
    })
}

fn merged(command: &MergeFulfilments, change: &Change<'_>) -> Missing {
    let (was, now) = totals(change, command.fulfilment)?;
    let (joined, left) = totals(change, command.with)?;
    let is_one = left.total() == 0 && now.total() == was.total() + joined.total();
    unless(is_one, || {
        format!("{joined:?} should have joined {was:?}: {now:?}")
    })
}

fn picked(command: &PickFulfilment, change: &Change<'_>) -> Missing {
    let (was, now) = totals(change, command.fulfilment)?;
    if command.start_only {
        let begun = of(change.after, command.fulfilment)?
            .picking_since
            .is_some();
        return unless(begun && was == now, || "picking has not begun".to_owned());
    }
    let asked = match &command.lines {
        None => was.assigned,
        Some(lines) => lines.iter().map(|line| line.quantity).sum(),
    };
    unless(now.picked - was.picked == asked, || {
        format!("{} units were picked, not {asked}", now.picked - was.picked)
    })
}

fn packed(command: &PackFulfilment, change: &Change<'_>) -> Missing {
    let (was, now) = totals(change, command.fulfilment)?;
    let lines = || command.packages.iter().flat_map(|package| &package.lines);
    let asked = if lines().next().is_none() {
        was.picked
    } else {
        lines().map(|units| units.quantity).sum()
    };
    let packed = now.packed - was.packed;
    unless(packed == asked && was.picked - now.picked == asked, || {
        format!("{packed} units were packed, not {asked}")
    })
}

fn shipped(command: &ShipFulfilment, change: &Change<'_>) -> Missing {
    let was = of(change.before, command.fulfilment)?;
    let now = of(change.after, command.fulfilment)?;
    let leaving: i64 = match &command.packages {
        None => was.total().packed,
        Some(packages) => {
            let leaves = |no| packages.iter().any(|shipped| shipped.package == no);
            let leaving = was.packages.iter().filter(|package| leaves(package.no));
            leaving
                .flat_map(|package| &package.lines)
                .map(|units| units.quantity)
                .sum()
        }
    };
    let is_gone =
        now.total().shipped == leaving && now.total().unshipped() == 0 && now.shipment.is_some();
    let unshipped = |order: &Order| {
        order
            .progress
            .fulfilments
            .iter()
            .map(|one| one.total().unshipped())
            .sum::<i64>()
    };
    let stays = unshipped(change.before) - unshipped(change.after) == leaving;
    unless(is_gone && stays, || {
        format!("{leaving} units should have left: {:?}", now.total())
    })
}

fn ended(command: &RecordOutcome, change: &Change<'_>) -> Missing {
    let was = of(change.before, command.fulfilment)?;
    let (before, after) = totals(change, command.fulfilment)?;
    let asked = match &command.scope {
        OutcomeScope::All if was.method.uses_stock() => before.shipped,
        OutcomeScope::All => before.assigned,
        OutcomeScope::Lines(lines) => lines.iter().map(|units| units.quantity).sum(),
        OutcomeScope::Packages(packages) => {
            let named = was
                .packages
                .iter()
                .filter(|package| packages.contains(&package.no));
            named
                .flat_map(|package| &package.lines)
                .map(|units| units.quantity)
                .sum()
        }
    };
    let count = |units: &Units| match command.outcome {
        Outcome::Delivered => units.delivered,
        Outcome::Refused => units.refused,
        Outcome::Lost => units.lost,
        Outcome::ReturnedToSender => units.returned_to_sender,
    };
    let ended = count(&after) - count(&before);
    unless(ended == asked, || {
        format!("the outcome of {ended} units is recorded, not of {asked}")
    })
}

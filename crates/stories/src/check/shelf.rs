//! A simple model of the shelves: what lies there follows from what was asked for, whatever orders and ledger say.

use std::collections::BTreeMap;

use throughline_core::Command;
use throughline_core::command::OnOrder;
use throughline_core::fulfilment::{PickFulfilment, RejectFulfilment, ShipFulfilment, Variance};
use throughline_core::id::{FulfilmentNo, ItemId, LineNo, OrderId, SupplyId};
use throughline_core::inventory::{Cause, CountDecision, SupplySource};
use throughline_core::network::LocationId;
use throughline_core::order::{Fulfilment, Order, Violation};
use throughline_core::returns::{Disposition, ReceiveReturn};

use super::violation;
use crate::Snapshot;
use crate::lots::lots_at;

/// Units on the shelves, and units set apart.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Shelf {
    on_hand: BTreeMap<(ItemId, LocationId), i64>,
    quarantined: BTreeMap<(ItemId, LocationId), i64>,
}

impl Shelf {
    /// The shelves as they are stored.
    #[must_use]
    pub fn of(snapshot: &Snapshot) -> Self {
        let mut shelf = Self::default();
        for (key, level) in &snapshot.levels {
            shelf.on_hand.insert(*key, level.on_hand);
            shelf.quarantined.insert(*key, level.quarantined);
        }
        shelf
    }

    /// The shelves after a command that was accepted, which found everything as in `before`.
    #[must_use]
    pub fn after(before: &Snapshot, command: &Command) -> Self {
        let mut shelf = Self::of(before);
        match command {
            Command::ReceiveStock(c) => shelf.put(before, &c.sku, &c.location, c.quantity),
            Command::AdjustStock(c) => shelf.put(before, &c.sku, &c.location, c.quantity),
            Command::CountStock(c) => {
                if let Some(key) = key(before, &c.sku, &c.location) {
                    let others = lots_at(before, key.0, key.1).filter(|known| {
                        let counted = c.lot.as_ref().map(|lot| lot.code.as_str());
                        counted.is_some_and(|counted| counted != known.lot.code.as_str())
                    });
                    let others: i64 = others.map(|known| known.on_hand).sum();
                    shelf.on_hand.insert(key, others + c.quantity);
                }
            }
            Command::RecordCount(c) => {
                if let Some(task) = before.count_tasks.get(&c.task) {
                    let place = (task.item, task.location);
                    let change = c.quantity - before.level(task.item, task.location).on_hand;
                    let limit = task.tolerance.units.unwrap_or(0);
                    if change.abs() <= limit {
                        *shelf.on_hand.entry(place).or_default() += change;
                    }
                }
            }
            Command::DecideCount(c) if c.decision == CountDecision::Approve => {
                let task = before.count_tasks.get(&c.task);
                if let Some((task, round)) = task.and_then(|task| Some((task, task.rounds.last()?)))
                {
                    let change = round.counted - round.expected;
                    let place = (task.item, task.location);
                    *shelf.on_hand.entry(place).or_default() += change;
                }
            }
            Command::TransferStock(c) => {
                shelf.put(before, &c.sku, &c.from, -c.quantity);
                shelf.put(before, &c.sku, &c.to, c.quantity);
            }
            Command::ShipTransfer(c) => shelf.put(before, &c.sku, &c.from, -c.quantity),
            Command::ReceiveSupply(c) => {
                if let Some(told) = before.supplies.get(&c.supply) {
                    let place = (told.supply.item, told.supply.location);
                    *shelf.on_hand.entry(place).or_default() += c.what.quantity;
                }
            }
            Command::CancelSupply(c) => shelf.turn_round(before, c.supply),
            Command::PickFulfilment(c) => shelf.pick(before, c),
            Command::RejectFulfilment(c) => shelf.reject(before, c),
            Command::ShipFulfilment(c) => shelf.ship(before, c),
            Command::CollectFulfilment(c) => {
                shelf.leave(before, c.order, c.what.fulfilment, |fulfilment, line| {
                    let units = fulfilment.lines.iter().filter(|entry| entry.line == line);
                    units
                        .map(|entry| entry.units.picked + entry.units.packed)
                        .sum()
                })
            }
            Command::ReceiveReturn(c) => shelf.take_back(before, c),
            _ => {}
        }
        shelf
    }

    fn turn_round(&mut self, before: &Snapshot, id: SupplyId) {
        let Some(told) = before.supplies.get(&id) else {
            return;
        };
        let supply = &told.supply;
        let rest = supply.ordered - supply.received - supply.cancelled - supply.lost;
        if let SupplySource::Transfer { from } = supply.source {
            *self.on_hand.entry((supply.item, from)).or_default() += rest;
        }
    }

    fn put(&mut self, before: &Snapshot, sku: &str, location: &str, units: i64) {
        if let Some(key) = key(before, sku, location) {
            *self.on_hand.entry(key).or_default() += units;
        }
    }

    fn pick(&mut self, before: &Snapshot, command: &OnOrder<PickFulfilment>) {
        for found in command.what.lines.iter().flatten() {
            let short = found.short;
            self.leave(before, command.order, command.what.fulfilment, |_, line| {
                if line == found.line { short } else { 0 }
            });
        }
        // Oversold units that are not found never were there.
        self.on_hand
            .values_mut()
            .for_each(|units| *units = (*units).max(0));
    }

    /// What a location turned down and is not there, or cannot be sold, goes off the shelf.
    fn reject(&mut self, before: &Snapshot, command: &OnOrder<RejectFulfilment>) {
        let Some((order, location)) = before.order(command.order).and_then(|order| {
            let known = order.progress.fulfilments.iter();
            let mut known = known.filter(|one| one.no == command.what.fulfilment);
            Some((order, known.next()?.location?))
        }) else {
            return;
        };
        let gone = |line: LineNo, fulfilment: &Fulfilment| match &command.what.lines {
            Some(lines) => {
                let of_line = lines.iter().filter(|units| units.line == line);
                of_line.map(|units| units.quantity).sum()
            }
            None => {
                let lines = fulfilment.lines.iter().filter(|entry| entry.line == line);
                lines.map(|entry| entry.units.unshipped()).sum()
            }
        };
        let is_set_apart = command.what.variance == Some(Variance::Quarantine);
        let corrects = match command.what.variance {
            Some(Variance::None) => false,
            Some(_) => true,
            None => matches!(command.what.cause, Cause::NotFound | Cause::Damaged),
        };
        if !corrects {
            return;
        }
        let on_hand = self.on_hand.clone();
        self.leave(
            before,
            command.order,
            command.what.fulfilment,
            |one, line| gone(line, one),
        );
        // Oversold units never were there.
        self.on_hand
            .values_mut()
            .for_each(|units| *units = (*units).max(0));
        let lines = order.placed.lines.iter().filter_map(|line| line.item);
        let items: std::collections::BTreeSet<ItemId> = lines.collect();
        for place in items.into_iter().map(|item| (item, location)) {
            let units = |shelf: &BTreeMap<_, i64>| shelf.get(&place).copied().unwrap_or_default();
            let taken = units(&on_hand) - units(&self.on_hand);
            if is_set_apart {
                *self.quarantined.entry(place).or_default() += taken;
            }
        }
    }

    fn ship(&mut self, before: &Snapshot, command: &OnOrder<ShipFulfilment>) {
        let leaving = command.what.packages.as_ref();
        self.leave(
            before,
            command.order,
            command.what.fulfilment,
            |fulfilment, line| match leaving {
                None => fulfilment
                    .lines
                    .iter()
                    .filter(|entry| entry.line == line)
                    .map(|entry| entry.units.packed)
                    .sum(),
                Some(leaving) => {
                    let leaves = |no| leaving.iter().any(|shipped| shipped.package == no);
                    let packages = fulfilment
                        .packages
                        .iter()
                        .filter(|package| leaves(package.no));
                    let units = packages.flat_map(|package| &package.lines);
                    units
                        .filter(|units| units.line == line)
                        .map(|units| units.quantity)
                        .sum()
                }
            },
        );
    }

    /// Takes units of the lines of a fulfilment off the shelf.
    fn leave(
        &mut self,
        before: &Snapshot,
        order: OrderId,
        no: FulfilmentNo,
        count: impl Fn(&Fulfilment, LineNo) -> i64,
    ) {
        let Some(order) = before.order(order) else {
            return;
        };
        let fulfilment = order
            .progress
            .fulfilments
            .iter()
            .find(|known| known.no == no);
        let Some((fulfilment, location)) =
            fulfilment.and_then(|known| Some((known, known.location?)))
        else {
            return;
        };
        for entry in &fulfilment.lines {
            if let Some(item) = item_of(order, entry.line) {
                *self.on_hand.entry((item, location)).or_default() -= count(fulfilment, entry.line);
            }
        }
    }

    fn take_back(&mut self, before: &Snapshot, command: &OnOrder<ReceiveReturn>) {
        let location = command
            .what
            .location
            .as_ref()
            .and_then(|code| before.network.location_by_code(code));
        let (Some(order), Some(location)) = (before.order(command.order), location) else {
            return;
        };
        let returned = order
            .progress
            .returns
            .iter()
            .find(|known| known.no == command.what.no);
        for received in &command.what.lines {
            let line =
                returned.and_then(|one| one.lines.iter().find(|line| line.no == received.line));
            let line = line.map_or(LineNo(received.line), |line| line.line);
            let Some(item) = item_of(order, line) else {
                continue;
            };
            let shelf = match received.disposition {
                Disposition::Restock => &mut self.on_hand,
                Disposition::Refurbish | Disposition::Quarantine => &mut self.quarantined,
                Disposition::Scrap | Disposition::Missing => continue,
            };
            *shelf.entry((item, location.id)).or_default() += received.quantity;
        }
    }

    /// What differs from what is stored.
    #[must_use]
    pub fn compare(&self, snapshot: &Snapshot) -> Vec<Violation> {
        let stored = Self::of(snapshot);
        let pairs = [
            (&self.on_hand, &stored.on_hand, "on hand"),
            (&self.quarantined, &stored.quarantined, "quarantined"),
        ];
        let mut found = Vec::new();
        for (expected, stored, what) in pairs {
            for key in expected.keys().chain(stored.keys()) {
                let (expected, stored) = (
                    expected.get(key).unwrap_or(&0),
                    stored.get(key).unwrap_or(&0),
                );
                if expected != stored {
                    let sku = snapshot.items.get(&key.0).map_or("?", |item| &item.sku);
                    found.push(violation(
                        "I4",
                        format!(
                            "{sku}@{}: {expected} should be {what}, {stored} are",
                            key.1.0
                        ),
                    ));
                }
            }
        }
        found
    }
}

fn key(before: &Snapshot, sku: &str, code: &str) -> Option<(ItemId, LocationId)> {
    Some((
        before.item(sku)?.id,
        before.network.location_by_code(code)?.id,
    ))
}

/// The item of a line that moves stock.
fn item_of(order: &Order, line: LineNo) -> Option<ItemId> {
    let line = order.placed.lines.iter().find(|known| known.no == line)?;
    line.item.filter(|_| line.method.uses_stock())
}

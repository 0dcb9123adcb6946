//! Which versions of items a batch was decided on, where another process may have changed them since they were loaded.

use rustc_hash::FxHashMap;
use throughline_core::facts::Need;
use throughline_core::id::{ItemId, OrderId};
use throughline_core::order::Order;
use throughline_core::{Decision, Facts, Request, needs};

/// Items with the versions that were decided on. The commit makes sure that they are in force (I10).
#[derive(Debug, Default)]
pub(super) struct DecidedOn(FxHashMap<ItemId, i64>);

impl DecidedOn {
    /// Notes the items that a decision wrote down: those of new and changed lines, and those whose stock moves.
    pub(super) fn note_decision(&mut self, facts: &Facts, decision: &Decision) {
        for revised in &decision.orders {
            let placed = &revised.after.placed;
            let before = revised.before.as_deref().map(|order| &order.placed);
            if before.is_none_or(|before| before.lines != placed.lines) {
                self.note_lines(facts, &revised.after);
            }
        }
        if decision.orders.is_empty() {
            decision
                .moves
                .iter()
                .for_each(|moved| self.note(facts, moved.item));
        }
        for revised in &decision.supplies {
            self.note(facts, revised.after.item);
        }
        for item in &decision.items {
            item.components
                .iter()
                .for_each(|component| self.note(facts, component.item));
        }
    }

    /// Notes the items that a refused request names: the refusal may be theirs.
    pub(super) fn note_refused(&mut self, facts: &Facts, request: &Request) {
        let mut named = Vec::new();
        needs(&Facts::default(), request, &mut named);
        for need in &named {
            match need {
                Need::Sku(sku) => {
                    let item = facts.skus.get(sku).copied().flatten();
                    item.into_iter().for_each(|item| self.note_kit(facts, item));
                }
                Need::Order(order) => self.note_order(facts, *order),
                Need::Item(item)
                | Need::Stock(item)
                | Need::FreshStock(item)
                | Need::Queue(item)
                | Need::Incoming(item)
                | Need::Waited(item)
                | Need::Booked(item)
                | Need::Lots(item)
                | Need::Lot(item, _)
                | Need::Serial(item, _)
                | Need::Allocations(item, _) => self.note(facts, *item),
                Need::Reservation(_)
                | Need::Supply(_)
                | Need::Claim(_)
                | Need::CountTask(_)
                | Need::Load(..)
                | Need::Tally(_)
                | Need::Agreement(_)
                | Need::Account(_) => {}
            }
        }
    }

    /// What was noted.
    pub(super) fn items(&self) -> Vec<(ItemId, i64)> {
        self.0
            .iter()
            .map(|(item, version)| (*item, *version))
            .collect()
    }

    fn note_order(&mut self, facts: &Facts, order: OrderId) {
        if let Some(Some(order)) = facts.orders.get(&order) {
            self.note_lines(facts, order);
        }
    }

    fn note_lines(&mut self, facts: &Facts, order: &Order) {
        let items = order.placed.lines.iter().filter_map(|line| line.item);
        items.for_each(|item| self.note(facts, item));
    }

    fn note_kit(&mut self, facts: &Facts, item: ItemId) {
        self.note(facts, item);
        let kit = facts.items.get(&item);
        for component in kit.iter().flat_map(|kit| &kit.components) {
            self.note(facts, component.item);
        }
    }

    fn note(&mut self, facts: &Facts, item: ItemId) {
        if let Some(known) = facts.items.get(&item) {
            self.0.entry(item).or_insert(known.version);
        }
    }
}

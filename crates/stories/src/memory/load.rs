//! Loading facts from the tables, as the store does.

use std::sync::Arc;

use throughline_core::booking::Booked;
use throughline_core::facts::{ClaimKey, Facts, ItemStock, Need, QUEUE_LOADED, WAITING_LOADED};
use throughline_core::id::{CustomerId, ItemId, OrderId, ReservationId};
use throughline_core::inventory::{ItemLots, ReservationState, Waited};
use throughline_core::network::LocationId;
use throughline_core::party::Account;
use throughline_core::time::Millis;

use super::database::Database;
use crate::check::{claimed, queue};

impl Database {
    /// Fills in what is asked for; what does not exist is there as `None`.
    pub(super) fn load(&self, need: &Need, facts: &mut Facts, now: Millis) {
        match need {
            Need::Sku(sku) => {
                let claim = self.claims.get(&ClaimKey::sku(sku));
                let item = claim.and_then(|claim| match claim.resource {
                    throughline_core::decision::Resource::Item(id) => Some(id),
                    _ => None,
                });
                facts.skus.insert(sku.clone(), item);
                item.into_iter()
                    .for_each(|item| self.load_item(item, facts));
            }
            Need::Item(item) => self.load_item(*item, facts),
            Need::Stock(item) => drop(facts.stock.insert(*item, self.stock(*item, now, false))),
            Need::FreshStock(item) => {
                facts.stock.insert(*item, self.stock(*item, now, true));
                self.load_item(*item, facts);
            }
            Need::Queue(item) => {
                let mut stock = self.stock(*item, now, true);
                let orders = self.orders.values().map(|told| told.order.as_ref());
                stock.waiting = queue(orders, *item);
                stock.whole_queue = true;
                stock.more_waiting = stock.waiting.len() > QUEUE_LOADED;
                stock.waiting.truncate(QUEUE_LOADED);
                facts.stock.insert(*item, stock);
                self.load_item(*item, facts);
            }
            Need::Order(id) => {
                let order = self.orders.get(id).map(|told| Arc::clone(&told.order));
                facts.orders.insert(*id, order);
            }
            Need::Reservation(id) => {
                let reservation = self.reservations.get(id).cloned();
                facts.reservations.insert(*id, reservation);
            }
            Need::Supply(id) => {
                let supply = self.supplies.get(id).map(|told| Arc::clone(&told.supply));
                facts.supplies.insert(*id, supply);
            }
            Need::Incoming(item) => {
                let all = self.supplies.values().map(|told| &told.supply);
                let open = all.filter(|supply| supply.item == *item && supply.outstanding() > 0);
                let mut open: Vec<_> = open.cloned().collect();
                open.sort_by_key(|supply| (supply.expected, supply.id));
                facts.incoming.insert(*item, open);
            }
            Need::Waited(item) => {
                let orders = self.orders.values().map(|told| told.order.as_ref());
                let mut waited = Waited::default();
                let rows = queue(orders, *item);
                rows.iter()
                    .for_each(|row| waited.add(row.location, row.quantity));
                facts.waited.insert(*item, waited);
            }
            Need::Lots(item) => {
                let levels = self.lots.iter().filter(|((id, ..), _)| id == item);
                let used = levels.filter(|(_, level)| level.counts() != [0; 5]);
                let lots = ItemLots::of(used.map(|(_, level)| level.clone()).collect());
                facts.lots.insert(*item, lots);
            }
            Need::Lot(item, code) => {
                let key = (*item, code.clone());
                let known = self.known_lots.get(&key).cloned();
                facts.known_lots.insert(key, known);
            }
            Need::CountTask(task) => {
                let known = self.count_tasks.get(task).cloned();
                facts.count_tasks.insert(*task, known);
            }
            Need::Serial(item, serial) => {
                let key = (*item, serial.clone());
                let last = self.serials.get(&key).cloned();
                facts.serials.insert(key, last);
            }
            Need::Claim(key) => drop(
                facts
                    .claims
                    .insert(key.clone(), self.claims.get(key).copied()),
            ),
            Need::Load(location, date) => {
                let day = (*location, *date);
                let load = self.loads.get(&day).copied().unwrap_or_default();
                facts.loads.insert(day, load);
            }
            Need::Booked(item) => {
                let mut booked = Booked::default();
                let slots = self.bookings.iter().filter(|(slot, _)| slot.item == *item);
                slots.for_each(|(slot, units)| booked.add(slot, *units));
                facts.booked.insert(*item, booked);
            }
            Need::Tally(key) => {
                let tally = self.tallies.get(key).cloned().unwrap_or_default();
                facts.tallies.insert(key.clone(), tally);
            }
            // No story calls off agreements.
            Need::Agreement(id) => drop(facts.agreements.insert(*id, None)),
            Need::Account(customer) => {
                facts.accounts.insert(*customer, self.account(*customer));
            }
            Need::Allocations(item, location) => {
                let orders = self.claiming(*item, *location);
                facts.allocations.insert((*item, *location), orders);
            }
        }
    }

    fn account(&self, customer: CustomerId) -> Account {
        let orders = self.orders.values().map(|told| &told.order);
        let theirs =
            orders.filter(|order| !order.progress.draft && order.placed.customer == Some(customer));
        Account {
            orders_count: i64::try_from(theirs.count()).unwrap_or(i64::MAX),
            ..self.accounts.get(&customer).cloned().unwrap_or_default()
        }
    }

    fn load_item(&self, item: ItemId, facts: &mut Facts) {
        let known = self
            .items
            .get(&item)
            .expect("items are asked for by their ids");
        facts.items.insert(item, Arc::clone(known));
    }

    fn stock(&self, item: ItemId, now: Millis, is_fresh: bool) -> ItemStock {
        let levels = self.levels.iter().filter(|((id, _), _)| *id == item);
        let mut waiting = queue(self.orders.values().map(|told| told.order.as_ref()), item);
        let more_waiting = waiting.len() > WAITING_LOADED;
        waiting.truncate(WAITING_LOADED);
        let active = self.active_reservations(item);
        let expired = active.iter().filter(|(at, _)| *at <= now);
        let expired = expired.map(|(_, id)| *id).collect();
        let reserved_by = active.iter().map(|(_, id)| *id);
        ItemStock {
            levels: levels.map(|(_, level)| *level).collect(),
            waiting,
            more_waiting,
            whole_queue: false,
            expired,
            reserved_by: if is_fresh {
                reserved_by.collect()
            } else {
                Vec::new()
            },
            fences: Vec::new(),
            exclusions: self
                .exclusions
                .iter()
                .filter(|((id, _), one)| *id == item && one.until > now)
                .map(|(_, one)| *one)
                .collect(),
            is_fresh,
        }
    }

    fn active_reservations(&self, item: ItemId) -> Vec<(Millis, ReservationId)> {
        let active = self.reservations.values().filter(|reservation| {
            reservation.state == ReservationState::Active
                && reservation.lines.iter().any(|line| line.item == item)
        });
        let mut active: Vec<_> = active.map(|one| (one.expires_at, one.id)).collect();
        active.sort_unstable();
        active
    }

    fn claiming(&self, item: ItemId, location: LocationId) -> Vec<OrderId> {
        let orders = self.orders.values().map(|told| told.order.as_ref());
        let claiming = orders.filter(|order| claimed(order, item, location) > 0);
        claiming.map(|order| order.id).collect()
    }
}

//! An attempt: what one command would change, on top of the facts.

mod account;
mod agreement;
mod bookings;
mod counts;
mod days;
mod exclusion;
mod later;
mod lots;
mod plans;
mod reservation;
mod ring_fence;
mod serials;
mod supply;

pub(crate) use serials::{expect_all as expect_all_serials, refuse_named as refuse_named_serials};

use std::sync::Arc;

use rustc_hash::FxHashMap;
use smallvec::SmallVec;
use uuid::Uuid;

use super::Stop;
use crate::catalog::Item;
use crate::command::{Actor, Context};
use crate::decision::{Answer, Decision, Resource, RevisedOrder};
use crate::facts::{Claim, ClaimKey, Facts, ItemStock, Need};
use crate::id::{CustomerId, ItemId, OrderId};
use crate::inventory::{ItemLots, Level, StockMove, Waiting};
use crate::network::{Location, LocationId, Member, Network};
use crate::order::screening::{Tally, TallyKey};
use crate::order::source::waiting_rows;
use crate::order::{Entry, Order, Record, Route, evolve};
use crate::party::{Contact, Customer, Destination};
use crate::promise::{self, Observation, Scored};
use crate::refusal::Refusal;
use crate::sourcing::Explanation;
use crate::time::Millis;

/// What one command would change, on top of the facts. Reads see the attempt's own changes.
/// Nothing of it happened until the store has committed the [`Decision`] it ends in.
#[derive(Debug)]
pub struct Attempt<'a> {
    facts: &'a Facts,
    ctx: Context,
    actor: Actor,
    decision: Decision,
    levels: FxHashMap<(ItemId, LocationId), Level>,
    /// Lots of items as the attempt has made them.
    lots: FxHashMap<ItemId, ItemLots>,
    work: SmallVec<[Work; 1]>,
    plans: plans::Plans,
}

/// An order being worked on.
#[derive(Debug)]
struct Work {
    before: Option<Arc<Order>>,
    now: Order,
    entries: SmallVec<[Entry; 3]>,
}

impl<'a> Attempt<'a> {
    /// Begins an attempt.
    #[must_use]
    pub fn new(facts: &'a Facts, actor: Actor, ctx: Context) -> Self {
        Self {
            facts,
            ctx,
            actor,
            decision: Decision {
                at: ctx.now,
                ..Decision::default()
            },
            levels: FxHashMap::default(),
            lots: FxHashMap::default(),
            work: SmallVec::new(),
            plans: plans::Plans::default(),
        }
    }

    /// The time of the decision.
    #[must_use]
    pub fn now(&self) -> Millis {
        self.ctx.now
    }

    /// Locations and channels.
    #[must_use]
    pub fn network(&self) -> &'a Arc<Network> {
        &self.facts.network
    }

    /// A way with what lanes say of its days, as one of so many parcels that come `together`.
    #[must_use]
    pub fn assured(
        &self,
        location: &Location,
        route: Route,
        destination: &Destination,
        together: u64,
    ) -> Route {
        let (network, lanes) = (&self.facts.network, &self.facts.lanes);
        let way = (route, together);
        promise::assured(network, lanes, self.ctx.now, location, way, destination)
    }

    /// The next order number.
    pub fn take_number(&mut self) -> u64 {
        self.decision.numbers_used += 1;
        self.ctx.next_number + self.decision.numbers_used - 1
    }

    /// The item with this SKU, if there is one.
    ///
    /// # Errors
    /// Stops when it was not looked up yet.
    pub fn item_by_sku(&self, sku: &str) -> Result<Option<&'a Arc<Item>>, Stop> {
        match self.facts.skus.get(sku) {
            Some(Some(id)) => self.item(*id).map(Some),
            Some(None) => Ok(None),
            None => Err(Stop::Missing(vec![Need::Sku(sku.to_owned())])),
        }
    }

    /// The item that a field names.
    ///
    /// # Errors
    /// Stops when it was not looked up yet; refuses when it is unknown.
    pub fn known_item(&self, field: &str, sku: &str) -> Result<&'a Arc<Item>, Stop> {
        self.item_by_sku(sku)?
            .ok_or_else(|| Refusal::unknown(field, "SKU", sku).into())
    }

    /// An item by id.
    ///
    /// # Errors
    /// Stops when it was not loaded yet.
    pub fn item(&self, id: ItemId) -> Result<&'a Arc<Item>, Stop> {
        self.facts
            .items
            .get(&id)
            .ok_or_else(|| Stop::Missing(vec![Need::Item(id)]))
    }

    /// The stock of an item, without the attempt's own changes.
    ///
    /// # Errors
    /// Stops when it was not loaded yet.
    pub fn stock(&self, item: ItemId) -> Result<&'a ItemStock, Stop> {
        self.facts
            .stock
            .get(&item)
            .ok_or_else(|| Stop::Missing(vec![Need::Stock(item)]))
    }

    /// Makes sure that the committed rows were read, before a shortage decides anything (I10).
    ///
    /// # Errors
    /// Stops when only a cached copy was loaded.
    pub fn require_fresh(&self, item: ItemId) -> Result<&'a ItemStock, Stop> {
        match self.facts.stock.get(&item) {
            Some(stock) if stock.is_fresh => Ok(stock),
            _ => Err(Stop::Missing(vec![Need::FreshStock(item)])),
        }
    }

    /// Makes sure of it for several items, and names all of them at once: a large order has hundreds.
    ///
    /// # Errors
    /// Stops when only a cached copy of some was loaded.
    pub fn require_all_fresh(&self, items: impl IntoIterator<Item = ItemId>) -> Result<(), Stop> {
        let missing: Vec<Need> = items
            .into_iter()
            .filter(|item| self.require_fresh(*item).is_err())
            .map(Need::FreshStock)
            .collect();
        if missing.is_empty() {
            Ok(())
        } else {
            Err(Stop::Missing(missing))
        }
    }

    /// Makes sure that those who wait were read beyond the first rows, because these are not enough to decide.
    ///
    /// # Errors
    /// Stops when they were not.
    pub fn require_queue(&self, item: ItemId) -> Result<&'a ItemStock, Stop> {
        match self.facts.stock.get(&item) {
            Some(stock) if stock.is_fresh && (stock.whole_queue || !stock.more_waiting) => {
                Ok(stock)
            }
            _ => Err(Stop::Missing(vec![Need::Queue(item)])),
        }
    }

    /// The levels of an item as the attempt has made them, by ascending location.
    ///
    /// # Errors
    /// Stops when the stock was not loaded yet.
    pub fn levels(&self, item: ItemId) -> Result<Vec<Level>, Stop> {
        let mut levels = self.stock(item)?.levels.clone();
        if self.levels.is_empty() {
            return Ok(levels);
        }
        for level in &mut levels {
            if let Some(changed) = self.levels.get(&(item, level.location)) {
                *level = *changed;
            }
        }
        for ((_, location), changed) in self
            .levels
            .iter()
            .filter(|((changed, _), _)| *changed == item)
        {
            if let Err(position) = levels.binary_search_by_key(location, |level| level.location) {
                levels.insert(position, *changed);
            }
        }
        Ok(levels)
    }

    /// One level as the attempt has made it; an empty one where there is none.
    ///
    /// # Errors
    /// Stops when the stock or the item was not loaded yet.
    pub fn level(&self, item: ItemId, location: LocationId) -> Result<Level, Stop> {
        if let Some(level) = self.levels.get(&(item, location)) {
            return Ok(*level);
        }
        match self.stock(item)?.level(location) {
            Some(level) => Ok(*level),
            None => Ok(Level::empty(location, self.item(item)?.oversell_limit)),
        }
    }

    /// Moves stock, if the guard that the database has too allows it.
    ///
    /// # Errors
    /// Refuses when units would be missing, after the committed rows were read.
    pub fn move_stock(&mut self, moved: StockMove) -> Result<(), Stop> {
        if moved.change.is_nothing() && moved.saw_on_hand.is_none() {
            return Ok(());
        }
        let before = self.level(moved.item, moved.location)?;
        let mut level = before;
        level.apply(&moved.change);
        if let Some(short_by) = shortfall(&before, &level, moved.claims()) {
            self.require_fresh(moved.item)?;
            let sku = self.item(moved.item)?.sku.clone();
            return Err(Refusal::InsufficientStock { sku, short_by }.into());
        }
        self.move_lot(&moved)?;
        self.levels.insert((moved.item, moved.location), level);
        self.decision.moves.push(moved);
        Ok(())
    }

    /// The rows that wait for an item, without the orders that the attempt has changed.
    ///
    /// # Errors
    /// Stops when the stock was not loaded yet.
    pub fn waiting(&self, item: ItemId) -> Result<Vec<Waiting>, Stop> {
        let rows = &self.stock(item)?.waiting;
        let changed = |row: &&Waiting| {
            !self
                .work
                .iter()
                .any(|work| work.now.id == row.order && !work.entries.is_empty())
        };
        Ok(rows.iter().filter(changed).copied().collect())
    }

    /// The order as the attempt has made it.
    ///
    /// # Errors
    /// Stops when it was not loaded yet; refuses when there is none.
    pub fn order(&mut self, id: OrderId) -> Result<&Order, Stop> {
        let position = self.work_on(id)?;
        Ok(&self.work[position].now)
    }

    /// Whether the attempt places the order: it was not there before, or was a draft.
    #[must_use]
    pub fn is_being_placed(&self, id: OrderId) -> bool {
        let work = self.work.iter().find(|work| work.now.id == id);
        work.is_some_and(|work| {
            let before = work.before.as_ref();
            before.is_none_or(|order| order.progress.draft)
        })
    }

    /// The order as the attempt has made it, only to look at.
    ///
    /// # Errors
    /// Stops when it was not loaded yet; refuses when there is none.
    pub fn look_at(&self, id: OrderId) -> Result<&Order, Stop> {
        match self.work.iter().find(|work| work.now.id == id) {
            Some(work) => Ok(&work.now),
            None => self.stored_order(id).map(AsRef::as_ref),
        }
    }

    fn stored_order(&self, id: OrderId) -> Result<&'a Arc<Order>, Stop> {
        match self.facts.orders.get(&id) {
            Some(Some(order)) => Ok(order),
            Some(None) => Err(Refusal::NotFound {
                what: "order",
                name: id.to_string(),
            }
            .into()),
            None => Err(Stop::Missing(vec![Need::Order(id)])),
        }
    }

    fn work_on(&mut self, id: OrderId) -> Result<usize, Stop> {
        if let Some(position) = self.work.iter().position(|work| work.now.id == id) {
            return Ok(position);
        }
        let order = self.stored_order(id)?;
        self.work.push(Work {
            before: Some(Arc::clone(order)),
            now: order.as_ref().clone(),
            entries: SmallVec::new(),
        });
        Ok(self.work.len() - 1)
    }

    /// Units of an item at a location that the order claimed before the attempt, and does not claim now.
    #[must_use]
    pub fn given_back(&self, id: OrderId, item: ItemId, location: LocationId) -> i64 {
        let work = self.work.iter().find(|work| work.now.id == id);
        let before = work.and_then(|work| Some((work, work.before.as_ref()?)));
        before.map_or(0, |(work, before)| {
            (before.claimed(item, location) - work.now.claimed(item, location)).max(0)
        })
    }

    /// Makes a new order with its first entry, which happened at this time.
    ///
    /// # Errors
    /// Refuses an entry that no order begins with.
    pub fn begin_order_at(&mut self, id: OrderId, record: Record, at: Millis) -> Result<(), Stop> {
        let entry = Entry {
            seq: 1,
            at,
            actor: self.actor,
            record,
        };
        let Some(now) = evolve(id, None, &entry) else {
            return Err(Refusal::NotFound {
                what: "order",
                name: id.to_string(),
            }
            .into());
        };
        self.work.push(Work {
            before: None,
            now,
            entries: SmallVec::from_iter([entry]),
        });
        Ok(())
    }

    /// Writes the next journal entry of an order, and moves the stock that it speaks of.
    ///
    /// # Errors
    /// Refuses when stock is missing for what the entry says.
    pub fn record(&mut self, id: OrderId, record: Record) -> Result<(), Stop> {
        self.record_at(id, record, self.ctx.now)
    }

    /// Like [`Attempt::record`], for something that happened earlier (imported history).
    ///
    /// # Errors
    /// Refuses when stock is missing for what the entry says.
    pub fn record_at(&mut self, id: OrderId, record: Record, at: Millis) -> Result<(), Stop> {
        self.record_moving(id, record, at, |_| {})
    }

    /// Like [`Attempt::record`], for allotments of units that a reservation holds where they are: they change hands
    /// without being free in between, when safety stock or others could claim them.
    ///
    /// # Errors
    /// Stops when facts are missing.
    pub fn record_reserved(&mut self, id: OrderId, record: Record) -> Result<(), Stop> {
        self.record_moving(id, record, self.ctx.now, |moved| {
            moved.change.reserved -= moved.change.allocated;
        })
    }

    fn record_moving(
        &mut self,
        id: OrderId,
        mut record: Record,
        at: Millis,
        change: impl Fn(&mut StockMove),
    ) -> Result<(), Stop> {
        let position = self.work_on(id)?;
        self.choose_lots(id, &mut record)?;
        crate::order::complete_lots(&self.work[position].now, &mut record);
        crate::order::complete_serials(&self.work[position].now, &mut record);
        self.record_serials(id, &record, at)?;
        let channel = self.work[position].now.placed.channel;
        for mut moved in crate::order::stock_moves(&self.work[position].now, &record) {
            change(&mut moved);
            self.use_fenced(channel, &mut moved)?;
            self.move_stock(moved)?;
        }
        let work = &mut self.work[position];
        let entry = Entry {
            seq: work.now.version + 1,
            at,
            actor: self.actor,
            record,
        };
        let now = std::mem::replace(&mut work.now, Order::placeholder());
        work.now = evolve(id, Some(now), &entry).unwrap_or_else(Order::placeholder);
        work.entries.push(entry);
        Ok(())
    }

    /// What the attempt has written of an order.
    #[must_use]
    pub fn entries_of(&self, id: OrderId) -> &[Entry] {
        let work = self.work.iter().find(|work| work.now.id == id);
        work.map_or(&[], |work| work.entries.as_slice())
    }

    /// Stores why locations were or were not chosen by the last entry of the order.
    pub fn explain(&mut self, id: OrderId, explanation: Explanation) {
        if let Some(work) = self.work.iter().find(|work| work.now.id == id) {
            self.decision
                .explanations
                .push((id, work.now.version, explanation));
        }
    }

    /// Who has a unique value.
    ///
    /// # Errors
    /// Stops when it was not looked up yet.
    pub fn claim(&self, key: &ClaimKey) -> Result<Option<Claim>, Stop> {
        if let Some((_, claim)) = self.decision.claims.iter().find(|(known, _)| known == key) {
            return Ok(Some(*claim));
        }
        self.facts
            .claims
            .get(key)
            .copied()
            .ok_or_else(|| Stop::Missing(vec![Need::Claim(key.clone())]))
    }

    /// Claims a unique value.
    pub fn put_claim(&mut self, key: ClaimKey, claim: Claim) {
        self.decision.claims.push((key, claim));
    }

    /// Claims a value that recognises a customer.
    pub fn claim_for_customer(&mut self, key: ClaimKey, customer: CustomerId) {
        self.put_claim(key, Claim::of(Resource::Customer(customer)));
    }

    /// What was seen of late of these values, as the attempt has made it.
    ///
    /// # Errors
    /// Stops when some were not looked up yet, and names all of them at once.
    pub fn tallies(&self, keys: &[TallyKey]) -> Result<Vec<Tally>, Stop> {
        let is_missing = |key: &&TallyKey| !self.facts.tallies.contains_key(key);
        let missing: Vec<Need> = keys
            .iter()
            .filter(is_missing)
            .cloned()
            .map(Need::Tally)
            .collect();
        if !missing.is_empty() {
            return Err(Stop::Missing(missing));
        }
        let known = keys.iter().filter_map(|key| self.facts.tallies.get(key));
        Ok(known.cloned().collect())
    }

    /// Writes what was seen of late of a value.
    pub fn put_tally(&mut self, key: TallyKey, tally: Tally) {
        self.decision.tallies.push((key, tally));
    }

    /// The orders that the attempt has changed, and what they were.
    pub(crate) fn changed(&self) -> SmallVec<[(Option<Arc<Order>>, OrderId); 1]> {
        let changed = self.work.iter().filter(|work| !work.entries.is_empty());
        changed
            .map(|work| (work.before.clone(), work.now.id))
            .collect()
    }

    /// Writes a contact row.
    pub fn put_contact(&mut self, id: Uuid, contact: Contact) {
        self.decision.contacts.push((id, contact));
    }

    /// Writes a customer.
    pub fn put_customer(&mut self, customer: Customer) {
        self.decision
            .contacts
            .push((customer.id.uuid(), customer.contact()));
        self.decision.customers.push(customer);
    }

    /// Writes an item.
    pub fn put_item(&mut self, item: Arc<Item>) {
        self.decision.items.push(item);
    }

    /// Writes a member of the network, which gets a new version.
    pub fn put_member(&mut self, member: Member) {
        let known = self.decision.network.as_ref();
        let mut network = known.unwrap_or(&self.facts.network).as_ref().clone();
        if network.put(member.clone()) {
            network.version = self.facts.network.version + 1;
            self.decision.network = Some(Arc::new(network));
            self.decision.members.push(member);
        }
    }

    /// The orders that may claim stock of an item at a location: those that did when that was looked up, and those
    /// that work there in this batch.
    ///
    /// # Errors
    /// Stops when they were not looked up yet.
    pub fn allocations(&self, item: ItemId, location: LocationId) -> Result<Vec<OrderId>, Stop> {
        let known = self.facts.allocations.get(&(item, location));
        let mut orders = known
            .cloned()
            .ok_or_else(|| Stop::Missing(vec![Need::Allocations(item, location)]))?;
        let loaded = self.facts.orders.values().flatten();
        let here = loaded.filter(|order| {
            let fulfilments = &order.progress.fulfilments;
            fulfilments.iter().any(|one| one.location == Some(location))
        });
        orders.extend(here.map(|order| order.id));
        orders.sort_unstable();
        orders.dedup();
        Ok(orders)
    }

    /// Counts how long a parcel took that has arrived.
    pub fn observe(&mut self, observation: Observation) {
        self.decision.observations.push(observation);
    }

    /// Counts whether a promise was kept.
    pub fn score(&mut self, scored: Scored) {
        self.decision.scores.push(scored);
    }

    /// Ends the attempt in a decision with this answer.
    #[must_use]
    pub fn finish(mut self, mut answer: Answer, key: ClaimKey, body_hash: [u8; 16]) -> Decision {
        for work in self
            .work
            .into_iter()
            .filter(|work| !work.entries.is_empty())
        {
            let revised = RevisedOrder {
                before: work.before,
                after: Arc::new(work.now),
                entries: work.entries,
            };
            self.decision.orders.push(revised);
        }
        if let Resource::Order(id)
        | Resource::Fulfilment(id, _)
        | Resource::Return(id, _)
        | Resource::Production(id, _)
        | Resource::Visit(id, _) = answer.resource
        {
            let revised = self
                .decision
                .orders
                .iter()
                .find(|revised| revised.after.id == id)
                .map(|revised| &revised.after);
            let known = revised.or_else(|| self.facts.orders.get(&id).and_then(Option::as_ref));
            answer.version = known.map_or(0, |order| order.version);
        }
        if let Resource::Supply(id) = answer.resource {
            let revised = self.decision.supplies.iter().rev();
            let revised = revised.map(|revised| &revised.after);
            let known = self.facts.supplies.get(&id).and_then(Option::as_ref);
            let current = revised.chain(known).find(|supply| supply.id == id);
            answer.version = current.map_or(0, |supply| supply.version);
        }
        self.decision.claims.push((
            key,
            Claim {
                resource: answer.resource,
                answer,
                body_hash,
            },
        ));
        self.decision.answer = answer;
        self.decision
    }

    /// Stock that became free while orders wait for it, and stock that is free for orders that wait again, is given
    /// to them after the commit. Who waits is read from the committed rows: nobody else would tell them.
    ///
    /// # Errors
    /// Stops when the committed rows were not read yet.
    pub fn serve_freed_stock(&mut self) -> Result<(), Stop> {
        let mut items: SmallVec<[ItemId; 4]> = self.freed_items();
        self.require_all_fresh(items.iter().copied())?;
        items.retain(|item| {
            let others = self.waiting(*item).is_ok_and(|rows| !rows.is_empty());
            others
                || self.changed_orders().any(|(_, now)| {
                    waiting_rows(now)
                        .iter()
                        .any(|(waits_for, _)| waits_for == item)
                })
        });
        items.extend(self.rejoining());
        items.sort_unstable();
        items.dedup();
        items.into_iter().for_each(|item| self.serve_later(item));
        Ok(())
    }

    /// Items of which more units may be claimed than before.
    fn freed_items(&self) -> SmallVec<[ItemId; 4]> {
        let freed = |level: &Level, before: Option<&Level>| {
            level.claimable() > before.map_or(0, Level::claimable).max(0)
        };
        let mut items: SmallVec<[ItemId; 4]> = SmallVec::new();
        for ((item, location), level) in &self.levels {
            let Some(stock) = self.facts.stock.get(item) else {
                continue;
            };
            if freed(level, stock.level(*location)) && !items.contains(item) {
                items.push(*item);
            }
        }
        items.sort_unstable();
        items
    }

    /// Items that changed orders wait for again, after a hold had taken them out of the queue.
    fn rejoining(&self) -> Vec<ItemId> {
        let mut items = Vec::new();
        for (before, now) in self.changed_orders() {
            let rows = waiting_rows(now)
                .into_iter()
                .filter(|(_, row)| row.since < self.ctx.now);
            let old = before.map(waiting_rows).unwrap_or_default();
            let rejoin =
                rows.filter(|(_, row)| !old.iter().any(|(_, known)| known.line == row.line));
            items.extend(rejoin.map(|(item, _)| item));
        }
        items
    }

    /// The orders that the attempt has changed, as they were and as they are.
    pub(crate) fn changed_orders(&self) -> impl Iterator<Item = (Option<&Order>, &Order)> {
        let changed = self.work.iter().filter(|work| !work.entries.is_empty());
        changed.map(|work| (work.before.as_deref(), &work.now))
    }
}

/// Units missing for a change; the same rule as the guard in the database. It binds consumption
/// only: releasing always succeeds.
fn shortfall(before: &Level, after: &Level, claims: bool) -> Option<i64> {
    let consumed = (after.allocated + after.reserved) - (before.allocated + before.reserved);
    let safety = if consumed > 0 && claims {
        after.safety
    } else {
        0
    };
    let short_by =
        (after.allocated + after.reserved + safety - after.on_hand - after.oversell_limit)
            .max(-after.on_hand);
    let counts = [
        after.allocated,
        after.reserved,
        after.quarantined,
        after.damaged,
        after.in_transit,
    ];
    if short_by > 0 {
        Some(short_by)
    } else {
        counts.iter().find(|count| **count < 0).map(|count| -count)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everything_that_has_to_be_read_again_is_named_at_once() {
        let facts = Facts::default();
        let ctx = Context {
            now: Millis(1),
            next_number: 1,
        };
        let attempt = Attempt::new(&facts, Actor::System, ctx);
        let items = [1, 2].map(|random| ItemId::new(Millis(1), random));
        assert_eq!(
            attempt.require_all_fresh(items),
            Err(Stop::Missing(items.map(Need::FreshStock).to_vec()))
        );
    }
}

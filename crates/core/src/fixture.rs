//! A small world for tests: facts in memory, the loop that loads what a decision needs, and the
//! invariants, checked after every step. Stories in the field's words run on it ([`story`]).

mod check;
mod read;
mod settings;
mod show;
mod story;

pub(crate) use settings::Settings;
pub(crate) use story::{play, story};

use std::sync::Arc;

use rustc_hash::FxHashMap;

use crate::booking::Booked;
use crate::command::{Actor, Command, Context, OnOrder, Request};
use crate::decide::{Attempt, Stop, decide};
use crate::facts::{Facts, ItemStock, Need};
use crate::id::{CountTaskId, ItemId, OrderId, RequestId, SupplyId};
use crate::inventory::{
    LevelChange, LotCode, ReservationState, SerialNumber, ServeWaiting, Supply, SupplyEntry, Waited,
};
use crate::network::{Load, LocationId, LocationStatus};
use crate::order::queue::{self, Rank};
use crate::order::replay::past_order;
use crate::order::screening::Tally;
use crate::order::source::{
    Allowed, DecidedAgain, Inquiry, PlannedQueue, PlansAhead, Preview, decide_again, plan_ahead,
    plan_queue, preview,
};
use crate::order::{Entry, Order, Record, evolve};
use crate::party::Account;
use crate::promise::{LaneCount, RenewPromise};
use crate::sourcing::policy::PolicyId;
use crate::time::Millis;
use crate::{Answer, Decision, Refusal};

/// When the world begins: 2026-01-05T08:00:00Z.
const BEGIN: Millis = Millis(1_767_600_000_000);
/// How far the clock goes on with every command.
const STEP_MS: i64 = 60_000;

/// Facts, a clock, and the journals of all orders.
pub(crate) struct World {
    facts: Facts,
    now: Millis,
    ids: u128,
    next_number: u64,
    journals: FxHashMap<OrderId, Vec<Entry>>,
    supply_journals: FxHashMap<SupplyId, Vec<SupplyEntry>>,
    ledger: FxHashMap<(ItemId, LocationId), LevelChange>,
    lot_ledger: FxHashMap<(ItemId, LocationId, LotCode), LevelChange>,
    /// Entries of each unit with a serial number.
    lives: FxHashMap<(ItemId, SerialNumber), u64>,
    /// Versions of tasks to count.
    versions: FxHashMap<CountTaskId, u64>,
    last: Decision,
    /// Items whose waiting orders are to be served, while a story does that by hand.
    jobs: Option<Vec<ItemId>>,
    /// Who asks from now on.
    actor: Actor,
}

impl World {
    fn new() -> Self {
        Self {
            facts: Facts::default(),
            now: BEGIN,
            ids: 0,
            next_number: 1,
            journals: FxHashMap::default(),
            supply_journals: FxHashMap::default(),
            ledger: FxHashMap::default(),
            lot_ledger: FxHashMap::default(),
            lives: FxHashMap::default(),
            versions: FxHashMap::default(),
            last: Decision::default(),
            jobs: None,
            actor: Actor::System,
        }
    }

    /// Random bits that no other id has.
    fn bits(&mut self) -> u128 {
        self.ids += 1;
        self.ids << 26 | self.ids & 0x3FF
    }

    /// Decides a command, takes the decision over, and checks what must always be true.
    fn run(&mut self, command: Command) -> Result<Answer, Refusal> {
        self.now = self.now.plus_ms(STEP_MS);
        let mut decision = self.decide(command)?;
        self.take_over(&decision);
        self.check();
        let renew = std::mem::take(&mut decision.renew_later);
        let later = std::mem::take(&mut decision.serve_later);
        let answer = decision.answer;
        self.last = decision;
        match &mut self.jobs {
            Some(jobs) => jobs.extend(later),
            None => {
                self.serve_all(later);
                renew.into_iter().for_each(|item| self.renew_waiting(item));
            }
        }
        Ok(answer)
    }

    /// What the store does after a commit that freed stock: those who wait are served, until nothing is left to do.
    fn serve_all(&mut self, mut later: Vec<ItemId>) {
        for _ in 0..1_000 {
            let Some(item) = later.pop() else { return };
            later.extend(self.serve(item));
        }
        panic!("serving those who wait never ends");
    }

    /// What a job does after a commit that changed what will come of an item.
    fn renew_waiting(&mut self, item: ItemId) {
        for row in self.queue(item) {
            let renew = Command::RenewPromise(OnOrder {
                order: row.order,
                expected_version: None,
                what: RenewPromise::default(),
            });
            let decision = self.decide(renew).expect("renewing is never refused");
            self.take_over(&decision);
            self.check();
        }
    }

    fn serve(&mut self, item: ItemId) -> Vec<ItemId> {
        let decision = self
            .decide(Command::ServeWaiting(ServeWaiting { item }))
            .expect("serving is never refused");
        self.take_over(&decision);
        self.check();
        decision.serve_later
    }

    fn take_over(&mut self, decision: &Decision) {
        self.check_days_hold(decision);
        self.facts.apply(decision);
        self.next_number += decision.numbers_used;
        self.learn(decision);
        for moved in &decision.moves {
            let level = self.ledger.entry((moved.item, moved.location));
            level.or_default().add(&moved.change);
            if let Some(lot) = &moved.lot {
                let place = (moved.item, moved.location, lot.code.clone());
                let level = self.lot_ledger.entry(place);
                level.or_default().add(&moved.change);
            }
        }
        for entry in &decision.serials {
            let life = self.lives.entry((entry.item, entry.serial.clone()));
            let life = life.or_default();
            *life += 1;
            assert_eq!(entry.seq, *life, "the guard of {entry:?}");
        }
        for revised in &decision.count_tasks {
            let known = self
                .versions
                .insert(revised.after.id, revised.after.version);
            assert_eq!(known.unwrap_or(0), revised.was, "the guard of {revised:?}");
        }
        for revised in &decision.supplies {
            let journal = self.supply_journals.entry(revised.after.id).or_default();
            journal.extend(revised.entries.iter().cloned());
        }
        for revised in &decision.orders {
            revised.entries.iter().for_each(check::refuse_empty_units);
            let journal = self.journals.entry(revised.after.id).or_default();
            journal.extend(revised.entries.iter().cloned());
        }
    }

    /// What the store counts of deliveries.
    fn learn(&mut self, decision: &Decision) {
        let lanes = Arc::make_mut(&mut self.facts.lanes);
        for seen in &decision.observations {
            lanes.add(LaneCount {
                lane: seen.lane.clone(),
                month: seen.month,
                days: seen.days,
                parcels: 1,
            });
        }
    }

    /// Uses up an order's numbers, so that this one is the next for a part of it.
    fn number_parts_from(&mut self, id: OrderId, next_child: u16) {
        let order = self.order(id).as_ref().clone();
        let record = Record::OrderAmended {
            placed: Arc::clone(&order.placed),
            next_child,
            reason: None,
        };
        let entry = Entry {
            seq: order.version + 1,
            at: self.now,
            actor: Actor::System,
            record,
        };
        let after = evolve(id, Some(order), &entry).map(Arc::new);
        self.facts.orders.insert(id, after);
        self.journals.entry(id).or_default().push(entry);
        self.check();
    }

    /// Decides a command, loading facts until they suffice. Nothing is taken over.
    fn decide(&mut self, command: Command) -> Result<Decision, Refusal> {
        let id = RequestId::new(self.now, self.bits());
        let request = Request {
            id,
            actor: self.actor,
            key: None,
            command,
        };
        let ctx = Context {
            now: self.now,
            next_number: self.next_number,
        };
        self.forget();
        for _ in 0..100 {
            match decide(&self.facts, &request, &ctx) {
                Ok(decision) => return Ok(decision),
                Err(Stop::Refused(refusal)) => return Err(refusal),
                Err(Stop::Missing(needs)) => needs.into_iter().for_each(|need| self.load(need)),
            }
        }
        panic!("a decision goes on asking for facts: {request:?}");
    }

    /// What would be done, on facts that are read for it; nothing is taken over.
    fn preview(&self, inquiry: &Inquiry) -> Result<Preview, Refusal> {
        let id = OrderId::new(self.now, u128::MAX);
        self.aside().on_facts(|facts, ctx| {
            let mut attempt = Attempt::new(facts, Actor::System, *ctx);
            preview(&mut attempt, id, inquiry, Allowed::default())
        })
    }

    /// Plans an order ahead, on facts that are read for it; nothing is taken over.
    fn plan_ahead(&self, command: Command) -> Option<Arc<PlansAhead>> {
        let mut world = self.aside();
        let request = Request {
            id: RequestId::new(self.now, u128::MAX),
            actor: Actor::System,
            key: None,
            command,
        };
        let planned = world.on_facts(|facts, ctx| plan_ahead(facts, &request, ctx));
        planned.expect("planning refuses nothing")
    }

    /// Plans for all that wait together, on facts that are read for it; nothing is taken over.
    fn plan_queue(&self, policy: Option<PolicyId>) -> PlannedQueue {
        let waiting = self.orders().filter(|order| queue::waits(order));
        let mut ranks: Vec<Rank> = waiting.map(|order| Rank::of(order)).collect();
        ranks.sort_unstable();
        let planned = self.aside().on_facts(|facts, ctx| {
            let mut attempt = Attempt::new(facts, Actor::System, *ctx);
            plan_queue(&mut attempt, &ranks, policy)
        });
        planned.expect("planning refuses nothing")
    }

    /// Decides an order again as it was when it was first sourced, on what the others leave; nothing is taken over.
    fn decide_again(
        &self,
        id: OrderId,
        policy: Option<PolicyId>,
        closed: Option<LocationId>,
    ) -> Option<DecidedAgain> {
        let past = past_order(id, self.journals.get(&id)?)?;
        let mut world = self.aside();
        let claimed = self.order(id);
        for (item, stock) in &mut world.facts.stock {
            for level in &mut stock.levels {
                level.allocated -= claimed.claimed(*item, level.location);
            }
        }
        let network = Arc::make_mut(&mut world.facts.network);
        for location in network.locations.iter_mut() {
            if Some(location.id) == closed {
                Arc::make_mut(location).status = LocationStatus::Closed;
            }
        }
        world
            .facts
            .orders
            .insert(id, Some(Arc::new(past.order.clone())));
        let again = world.on_facts(|facts, ctx| {
            let ctx = Context {
                now: past.at,
                ..*ctx
            };
            let mut attempt = Attempt::new(facts, Actor::System, ctx);
            decide_again(&mut attempt, &past, policy)
        });
        Some(again.expect("deciding again refuses nothing"))
    }

    /// A copy of the world to read into.
    fn aside(&self) -> Self {
        Self {
            facts: Facts {
                network: Arc::clone(&self.facts.network),
                items: self.facts.items.clone(),
                skus: self.facts.skus.clone(),
                stock: self.facts.stock.clone(),
                orders: self.facts.orders.clone(),
                reservations: self.facts.reservations.clone(),
                loads: self.facts.loads.clone(),
                lots: self.facts.lots.clone(),
                serials: self.facts.serials.clone(),
                ..Facts::default()
            },
            now: self.now,
            ..Self::new()
        }
    }

    /// Does something on the facts, and loads what it misses.
    fn on_facts<T>(
        &mut self,
        mut done: impl FnMut(&Facts, &Context) -> Result<T, Stop>,
    ) -> Result<T, Refusal> {
        let ctx = Context {
            now: self.now,
            next_number: 0,
        };
        for _ in 0..100 {
            match done(&self.facts, &ctx) {
                Ok(value) => return Ok(value),
                Err(Stop::Refused(refusal)) => return Err(refusal),
                Err(Stop::Missing(needs)) => needs.into_iter().for_each(|need| self.load(need)),
            }
        }
        panic!("it goes on asking for facts");
    }

    /// Forgets what was read for the last decision.
    fn forget(&mut self) {
        self.facts.allocations.clear();
        self.facts.incoming.clear();
        self.facts.waited.clear();
        self.facts.booked.clear();
        for (customer, account) in &mut self.facts.accounts {
            let orders = self.facts.orders.values().flatten();
            let placed = orders.filter(|order| !order.progress.draft);
            let theirs = placed.filter(|order| order.placed.customer == Some(*customer));
            account.orders_count = i64::try_from(theirs.count()).unwrap_or(i64::MAX);
        }
        self.facts
            .stock
            .values_mut()
            .for_each(|stock| stock.is_fresh = false);
    }

    fn load(&mut self, need: Need) {
        match need {
            Need::Sku(sku) => drop(self.facts.skus.insert(sku, None)),
            Need::Item(id) => panic!("item {id} is not in the world"),
            Need::Stock(item) => drop(self.facts.stock.entry(item).or_default()),
            Need::FreshStock(item) => self.load_fresh(item, false),
            Need::Queue(item) => self.load_fresh(item, true),
            Need::Order(id) => drop(self.facts.orders.insert(id, None)),
            Need::Reservation(id) => drop(self.facts.reservations.insert(id, None)),
            Need::Supply(id) => drop(self.facts.supplies.insert(id, None)),
            Need::Incoming(item) => {
                let mut open: Vec<_> = self.supplies().cloned().collect();
                open.retain(|supply| supply.item == item && supply.outstanding() > 0);
                open.sort_by_key(|supply| (supply.expected, supply.id));
                self.facts.incoming.insert(item, open);
            }
            Need::Waited(item) => {
                let mut waited = Waited::default();
                let queue = self.queue(item);
                queue
                    .iter()
                    .for_each(|row| waited.add(row.location, row.quantity));
                self.facts.waited.insert(item, waited);
            }
            Need::Lots(item) => drop(self.facts.lots.entry(item).or_default()),
            Need::Lot(item, code) => drop(self.facts.known_lots.insert((item, code), None)),
            Need::Serial(item, serial) => drop(self.facts.serials.insert((item, serial), None)),
            Need::CountTask(id) => drop(self.facts.count_tasks.insert(id, None)),
            Need::Claim(key) => drop(self.facts.claims.insert(key, None)),
            Need::Load(location, date) => {
                let day = (location, date);
                let loads = self.orders().flat_map(|order| crate::order::loads(order));
                let here = loads.filter(|(counted, _)| *counted == day);
                let load = here.fold(Load::default(), |sum, (_, load)| sum.plus(load));
                self.facts.loads.insert(day, load);
            }
            Need::Booked(item) => {
                let mut booked = Booked::default();
                for order in self.orders() {
                    let all = crate::booking::booked(order).into_iter();
                    all.filter(|(slot, _)| slot.item == item)
                        .for_each(|(slot, units)| booked.add(&slot, units));
                }
                self.facts.booked.insert(item, booked);
            }
            Need::Tally(key) => drop(self.facts.tallies.insert(key, Tally::default())),
            Need::Account(id) => drop(self.facts.accounts.insert(id, Account::default())),
            Need::Agreement(id) => drop(self.facts.agreements.insert(id, None)),
            Need::Allocations(item, location) => {
                let orders = self
                    .orders()
                    .filter(|order| check::allocated(order, item, location) > 0);
                let mut orders: Vec<OrderId> = orders.map(|order| order.id).collect();
                orders.sort_unstable();
                self.facts.allocations.insert((item, location), orders);
            }
        }
    }

    fn load_fresh(&mut self, item: ItemId, whole_queue: bool) {
        let active = self
            .facts
            .reservations
            .values()
            .flatten()
            .filter(|reservation| {
                let claims = reservation.lines.iter().any(|line| line.item == item);
                reservation.state == ReservationState::Active && claims
            });
        let mut active: Vec<_> = active.map(|one| (one.expires_at, one.id)).collect();
        active.sort_unstable();
        let expired = active.iter().filter(|(at, _)| *at <= self.now);
        let expired = expired.map(|(_, id)| *id).collect();
        let reserved_by = active.iter().map(|(_, id)| *id).collect();
        let (waiting, more_waiting) = self.loaded_queue(item, whole_queue);
        let stock = self.facts.stock.entry(item).or_default();
        *stock = ItemStock {
            levels: std::mem::take(&mut stock.levels),
            waiting,
            more_waiting,
            whole_queue,
            expired,
            reserved_by,
            fences: std::mem::take(&mut stock.fences),
            exclusions: std::mem::take(&mut stock.exclusions),
            is_fresh: true,
        };
    }

    /// Incoming supply, open or ended.
    fn supplies(&self) -> impl Iterator<Item = &Arc<Supply>> {
        self.facts.supplies.values().flatten()
    }

    fn orders(&self) -> impl Iterator<Item = &Arc<Order>> {
        self.facts.orders.values().flatten()
    }

    fn order(&self, id: OrderId) -> &Arc<Order> {
        self.facts
            .orders
            .get(&id)
            .and_then(Option::as_ref)
            .expect("the order is in the world")
    }
}

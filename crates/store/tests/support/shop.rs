//! A small shop: what the executor does, without its queue.

use std::sync::Arc;

use throughline_core::catalog::{Selling, Tracking};
use throughline_core::command::{Actor, Command, Context, OnOrder, PutMode, Request};
use throughline_core::decide::{Stop, decide};
use throughline_core::facts::{Facts, Need};
use throughline_core::id::{CustomerId, ItemId, OrderId, RequestId};
use throughline_core::inventory::ReceiveStock;
use throughline_core::network::{Capacity, Channel, Kind, Location, PutChannel, PutLocation};
use throughline_core::order::Order;
use throughline_core::order::place::{NewLine, NewOrder, PlaceOrder};
use throughline_core::party::{Address, Person};
use throughline_core::time::Millis;
use throughline_core::{Answer, Decision, Refusal};
use throughline_store::{Batch, Committed, Retry, Store, StoreError, Writer};

use super::databases::BEGIN;

/// What was decided and is not committed.
pub(crate) struct Planned {
    pub(crate) decisions: Vec<(Actor, Decision)>,
    pub(crate) answers: Vec<Result<Answer, Refusal>>,
    network_version: i64,
    items: Vec<(ItemId, i64)>,
}

impl Planned {
    fn batch(&self, now: Millis) -> Batch<'_> {
        Batch {
            decisions: &self.decisions,
            network_version: self.network_version,
            items: &self.items,
            now,
        }
    }
}

/// A store with a writer, a clock and a source of ids.
pub(crate) struct Shop {
    pub(crate) store: Store,
    pub(crate) writer: Writer,
    pub(crate) now: Millis,
    /// How often a batch waited in a circle with another one.
    pub(crate) deadlocks: usize,
    ids: u128,
    numbers: std::ops::Range<u64>,
}

impl Shop {
    pub(crate) fn new(store: Store, seed: u128) -> Self {
        let writer = store.writer("test", BEGIN).unwrap();
        Self {
            store,
            writer,
            now: BEGIN,
            deadlocks: 0,
            ids: seed << 40,
            numbers: 0..0,
        }
    }

    /// Random bits that no other id of this shop has.
    pub(crate) fn bits(&mut self) -> u128 {
        self.ids += 1;
        self.ids << 26 | (self.ids.wrapping_mul(0x9E37_79B9)) & 0x3FF
    }

    pub(crate) fn request(&mut self, command: Command) -> Request {
        Request {
            id: RequestId::new(self.now, self.bits()),
            actor: Actor::System,
            key: None,
            command,
        }
    }

    /// Decides and commits one command; anything but a refusal is a failed test.
    pub(crate) fn run(&mut self, command: Command) -> Result<Answer, Refusal> {
        let request = self.request(command);
        self.run_all(&[request]).remove(0)
    }

    /// Decides and commits requests in one batch, again and again until it is known what became of them.
    pub(crate) fn run_all(&mut self, requests: &[Request]) -> Vec<Result<Answer, Refusal>> {
        self.now = self.now.plus_ms(1000);
        for _ in 0..200 {
            match self.try_run(requests) {
                Ok((answers, _)) => return answers,
                Err(StoreError::GuardFailed(guards)) if guards.writer_fenced => self.renew(),
                Err(error) if error.is_retryable() => {
                    let is_deadlock = matches!(error, StoreError::Retry(Retry::Deadlock));
                    self.deadlocks += usize::from(is_deadlock);
                    self.writer.rollback();
                }
                Err(error) => panic!("{error}"),
            }
        }
        panic!("two hundred tries were not enough");
    }

    fn renew(&mut self) {
        while let Err(error) = self.writer.renew(self.now) {
            assert!(error.is_retryable(), "{error}");
        }
    }

    /// One try.
    pub(crate) fn try_run(
        &mut self,
        requests: &[Request],
    ) -> Result<(Vec<Result<Answer, Refusal>>, Committed), StoreError> {
        if self.numbers.end - self.numbers.start < 10 + requests.len() as u64 {
            self.numbers = self.writer.lease_numbers(1000)?;
        }
        self.writer.begin()?;
        let planned = self.plan(requests)?;
        let committed = self.writer.commit(&planned.batch(self.now))?;
        Ok((planned.answers, committed))
    }

    /// Decides without committing.
    pub(crate) fn plan(&mut self, requests: &[Request]) -> Result<Planned, StoreError> {
        let mut facts = Facts {
            network: self.writer.load_network()?,
            ..Facts::default()
        };
        let network_version = facts.network.version;
        let mut planned = Planned {
            decisions: Vec::new(),
            answers: Vec::new(),
            network_version,
            items: Vec::new(),
        };
        for request in requests {
            let decided = self.decide(&mut facts, request, &planned.decisions)?;
            if let Ok(decision) = &decided {
                facts.apply(decision);
                self.numbers.start += decision.numbers_used;
                planned.decisions.push((request.actor, decision.clone()));
            }
            planned
                .answers
                .push(decided.map(|decision| decision.answer));
        }
        let items = facts.items.values();
        planned.items = items.map(|item| (item.id, item.version)).collect();
        Ok(planned)
    }

    /// Commits what was decided earlier.
    pub(crate) fn commit(&mut self, planned: &Planned) -> Result<Committed, StoreError> {
        self.writer.begin()?;
        self.writer.commit(&planned.batch(self.now))
    }

    /// Everything that is wrong with the database.
    pub(crate) fn violations(&self) -> Vec<String> {
        let found = self
            .store
            .read(throughline_store::check_invariants)
            .unwrap();
        found.iter().map(ToString::to_string).collect()
    }

    /// An order verb.
    pub(crate) fn on<T>(order: OrderId, what: T) -> OnOrder<T> {
        OnOrder {
            order,
            expected_version: None,
            what,
        }
    }

    /// The order as committed.
    pub(crate) fn order(&mut self, id: OrderId) -> Arc<Order> {
        load_order(&mut self.writer, id, self.now).unwrap()
    }

    fn decide(
        &mut self,
        facts: &mut Facts,
        request: &Request,
        earlier: &[(Actor, Decision)],
    ) -> Result<Result<Decision, Refusal>, StoreError> {
        let context = Context {
            now: self.now,
            next_number: self.numbers.start,
        };
        for _ in 0..100 {
            match decide(facts, request, &context) {
                Ok(decision) => return Ok(Ok(decision)),
                Err(Stop::Refused(refusal)) => return Ok(Err(refusal)),
                Err(Stop::Missing(needs)) => {
                    let mut loaded = Facts {
                        network: Arc::clone(&facts.network),
                        ..Facts::default()
                    };
                    self.writer.load(&needs, &mut loaded, self.now)?;
                    take_over(facts, loaded, earlier);
                }
            }
        }
        panic!("the facts are never enough for {request:?}");
    }

    pub(crate) fn channel(&mut self, code: &str) {
        let channel = Channel {
            id: Default::default(),
            code: code.to_owned(),
            name: code.to_owned(),
            currency: "EUR".parse().unwrap(),
            shortage: Default::default(),
            intake: Default::default(),
            source_on_placement: true,
            remorse_minutes: 0,
            sourcing_schedule: None,
            sells: throughline_core::network::Sells::default(),
            slips: None,
            escalate_after: throughline_core::network::ESCALATE_AFTER,
            whole_cases: false,
            till: None,
        };
        self.run(Command::PutChannel(PutChannel {
            channel,
            mode: PutMode::Ensure,
        }))
        .unwrap();
    }

    pub(crate) fn location(&mut self, code: &str) {
        self.limited(code, None);
    }

    /// A location that takes at most so many orders a day.
    pub(crate) fn limited(&mut self, code: &str, per_day: Option<i64>) {
        let location = Location {
            capacity: per_day.map(|per_day| Capacity {
                per_day,
                ..Capacity::default()
            }),
            id: throughline_core::network::LocationId(0),
            code: code.to_owned(),
            name: code.to_owned(),
            kind: Kind::Warehouse,
            status: Default::default(),
            priority: 1,
            address: Address {
                country: "DE".to_owned(),
                ..Address::default()
            },
            time_zone: "Europe/Berlin".to_owned(),
            ..Location::default()
        };
        self.run(Command::PutLocation(PutLocation {
            location,
            mode: PutMode::Ensure,
        }))
        .unwrap();
    }

    pub(crate) fn item(&mut self, sku: &str) -> ItemId {
        self.sold(sku, Selling::default())
    }

    /// An item that is sold in this way; a new one, or one that is changed.
    pub(crate) fn sold(&mut self, sku: &str, selling: Selling) -> ItemId {
        self.put_item(sku, selling, Tracking::default())
    }

    /// An item whose units are told apart in this way.
    pub(crate) fn tracked(&mut self, sku: &str, tracking: Tracking) -> ItemId {
        self.put_item(sku, Selling::default(), tracking)
    }

    fn put_item(&mut self, sku: &str, selling: Selling, tracking: Tracking) -> ItemId {
        let id = ItemId::new(self.now, self.bits());
        let item = throughline_core::catalog::PutItem {
            id,
            sku: sku.to_owned(),
            title: format!("Item {sku}"),
            gtin: None,
            weight_g: None,
            dimensions: None,
            unit_cost_minor: None,
            components: Vec::new(),
            oversell_limit: 0,
            list_prices: None,
            case_quantity: None,
            selling,
            mode: PutMode::Ensure,
            tracking,
        };
        self.run(Command::PutItem(item)).unwrap();
        id
    }

    pub(crate) fn receive(&mut self, sku: &str, location: &str, quantity: i64) {
        let (sku, location) = (sku.to_owned(), location.to_owned());
        self.run(Command::ReceiveStock(ReceiveStock {
            sku,
            location,
            quantity,
            reference: "delivery".to_owned(),
            lot: None,
            serials: Vec::new(),
        }))
        .unwrap();
    }

    /// A shop with one channel, two locations and two items with stock.
    pub(crate) fn furnished(store: Store, seed: u128) -> Self {
        let mut shop = Self::new(store, seed);
        shop.channel("web");
        shop.location("L1");
        shop.location("L2");
        for sku in ["A", "B"] {
            shop.item(sku);
            shop.receive(sku, "L1", 100);
            shop.receive(sku, "L2", 50);
        }
        shop
    }

    pub(crate) fn place(&mut self, order: NewOrder) -> Command {
        Command::PlaceOrder(Box::new(PlaceOrder {
            id: OrderId::new(self.now, self.bits()),
            new_customer: CustomerId::new(self.now, self.bits()),
            order,
            body_hash: [7; 16],
            history: None,
            plans: None,
        }))
    }
}

/// Committed rows take the place of what was known, with what the batch has decided by now on top.
fn take_over(facts: &mut Facts, loaded: Facts, earlier: &[(Actor, Decision)]) {
    facts.items.extend(loaded.items);
    facts.skus.extend(loaded.skus);
    facts.claims.extend(loaded.claims);
    facts.orders.extend(loaded.orders);
    facts.reservations.extend(loaded.reservations);
    facts.allocations.extend(loaded.allocations);
    facts.supplies.extend(loaded.supplies);
    facts.incoming.extend(loaded.incoming);
    let added_up: Vec<ItemId> = loaded.waited.keys().copied().collect();
    facts.waited.extend(loaded.waited);
    let decisions = earlier.iter().map(|(_, decision)| decision);
    facts.apply_waited_again(decisions.clone(), &added_up);
    facts.apply_supply_again(decisions.clone());
    let booked: Vec<ItemId> = loaded.booked.keys().copied().collect();
    facts.booked.extend(loaded.booked);
    facts.apply_bookings_again(decisions, &booked);
    let with_lots: Vec<ItemId> = loaded.lots.keys().copied().collect();
    facts.lots.extend(loaded.lots);
    facts.known_lots.extend(loaded.known_lots);
    facts.serials.extend(loaded.serials);
    facts.count_tasks.extend(loaded.count_tasks);
    let decisions = earlier.iter().map(|(_, decision)| decision);
    facts.apply_lots_again(decisions, &with_lots);
    facts.loads.extend(loaded.loads);
    facts.tallies.extend(loaded.tallies);
    facts.accounts.extend(loaded.accounts);
    facts.agreements.extend(loaded.agreements);
    for (item, stock) in loaded.stock {
        facts.stock.insert(item, stock);
        for (_, decision) in earlier {
            for moved in decision.moves.iter().filter(|moved| moved.item == item) {
                let limit = facts.items.get(&item).map_or(0, |item| item.oversell_limit);
                facts
                    .stock
                    .entry(item)
                    .or_default()
                    .level_mut(moved.location, limit)
                    .apply(&moved.change);
            }
            for revised in &decision.orders {
                throughline_core::order::source::waiting_changes(
                    revised.before.as_deref(),
                    &revised.after,
                    |waits_for, waiting| {
                        if let (true, Some(stock)) = (waits_for == item, facts.stock.get_mut(&item))
                        {
                            stock.set_waiting(waiting);
                        }
                    },
                );
            }
        }
    }
    // What the batch has claimed by now is known whatever the database says.
    for (_, decision) in earlier {
        facts.tallies.extend(decision.tallies.iter().cloned());
        facts.accounts.extend(decision.accounts.iter().cloned());
        facts.claims.extend(
            decision
                .claims
                .iter()
                .map(|(key, claim)| (key.clone(), Some(*claim))),
        );
        facts.orders.extend(
            decision
                .orders
                .iter()
                .map(|revised| (revised.after.id, Some(Arc::clone(&revised.after)))),
        );
    }
}

pub(crate) fn line(sku: &str, quantity: i64) -> NewLine {
    NewLine {
        sku: sku.to_owned(),
        quantity,
        unit_price_minor: 1250,
        ..NewLine::default()
    }
}

pub(crate) fn order(reference: &str, lines: Vec<NewLine>) -> NewOrder {
    NewOrder {
        channel: "web".to_owned(),
        external_ref: Some(reference.to_owned()),
        currency: "EUR".to_owned(),
        customer: Some(Person {
            email: Some(format!("{reference}@example.com")),
            name: Some("Example Buyer".to_owned()),
            phone: None,
        }),
        ship_to: Some(Address {
            name: "Example Buyer".to_owned(),
            line1: "1 Example Street".to_owned(),
            city: "Berlin".to_owned(),
            postal_code: "10115".to_owned(),
            country: "DE".to_owned(),
            ..Address::default()
        }),
        lines,
        ..NewOrder::default()
    }
}

/// The need for an order, as the writer loads it.
pub(crate) fn load_order(writer: &mut Writer, id: OrderId, now: Millis) -> Option<Arc<Order>> {
    let mut facts = Facts::default();
    writer.load(&[Need::Order(id)], &mut facts, now).unwrap();
    facts.orders.remove(&id).flatten()
}

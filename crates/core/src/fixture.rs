//! A small world for tests: facts in memory, the loop that loads what a decision needs, and the
//! invariants, checked after every step. Stories in the field's words run on it ([`story`]).

mod read;
mod show;
mod story;

pub(crate) use story::story;

use std::sync::Arc;

use rustc_hash::FxHashMap;

use crate::command::{Actor, Command, Context, Request};
use crate::decide::{Stop, decide};
use crate::facts::{Facts, ItemStock, Need};
use crate::fulfilment::{
    AcceptFulfilment, CollectFulfilment, MarkReady, OutcomeScope, PackFulfilment, PickFulfilment,
    RecordOutcome, RejectFulfilment, ShipFulfilment,
};
use crate::id::{FulfilmentNo, ItemId, OrderId, RequestId};
use crate::inventory::{ReservationState, ServeWaiting};
use crate::network::LocationId;
use crate::order::{
    Entry, FulfilmentUnits, LineUnits, Order, Outcome, Record, Verb, evolve, fold, violations,
};
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
    last: Decision,
}

impl World {
    fn new() -> Self {
        Self {
            facts: Facts::default(),
            now: BEGIN,
            ids: 0,
            next_number: 1,
            journals: FxHashMap::default(),
            last: Decision::default(),
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
        let mut later = std::mem::take(&mut decision.serve_later);
        let answer = decision.answer;
        self.last = decision;
        while let Some(item) = later.pop() {
            later.extend(self.serve(item));
        }
        Ok(answer)
    }

    /// What the store does after a commit that freed stock: those who wait are served.
    fn serve(&mut self, item: ItemId) -> Vec<ItemId> {
        let decision = self
            .decide(Command::ServeWaiting(ServeWaiting { item }))
            .expect("serving is never refused");
        self.take_over(&decision);
        self.check();
        decision.serve_later
    }

    fn take_over(&mut self, decision: &Decision) {
        self.facts.apply(decision);
        self.next_number += decision.numbers_used;
        for revised in &decision.orders {
            revised.entries.iter().for_each(refuse_empty_units);
            let journal = self.journals.entry(revised.after.id).or_default();
            journal.extend(revised.entries.iter().cloned());
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
            actor: Actor::System,
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

    /// Forgets what was read for the last decision.
    fn forget(&mut self) {
        self.facts.allocations.clear();
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
            Need::FreshStock(item) => self.load_fresh(item),
            Need::Order(id) => drop(self.facts.orders.insert(id, None)),
            Need::Reservation(id) => drop(self.facts.reservations.insert(id, None)),
            Need::Claim(key) => drop(self.facts.claims.insert(key, None)),
            Need::Allocations(item, location) => {
                let orders = self
                    .orders()
                    .filter(|order| allocated(order, item, location) > 0);
                let mut orders: Vec<OrderId> = orders.map(|order| order.id).collect();
                orders.sort_unstable();
                self.facts.allocations.insert((item, location), orders);
            }
        }
    }

    fn load_fresh(&mut self, item: ItemId) {
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
        let stock = self.facts.stock.entry(item).or_default();
        *stock = ItemStock {
            expired,
            reserved_by,
            is_fresh: true,
            ..std::mem::take(stock)
        };
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

    /// I1, I2, I3, I5 and I6, and that what is offered can be done.
    fn check(&mut self) {
        for order in self.orders() {
            assert_eq!(violations(order), [], "order {}", order.id);
            let folded = fold(order.id, &self.journals[&order.id]);
            assert_eq!(
                folded.as_ref(),
                Some(order.as_ref()),
                "I6: the journal is the truth"
            );
        }
        for (item, stock) in &self.facts.stock {
            for level in &stock.levels {
                assert!(level.is_sound(), "I2: {level:?}");
                let claimed = self
                    .orders()
                    .map(|order| allocated(order, *item, level.location));
                assert_eq!(claimed.sum::<i64>(), level.allocated, "I3: {level:?}");
            }
        }
        let orders: Vec<Arc<Order>> = self.orders().cloned().collect();
        for order in &orders {
            for fulfilment in &order.progress.fulfilments {
                for verb in fulfilment.available_actions(order) {
                    let command = plain_command(order.id, fulfilment.no, verb);
                    let tried = self.decide(command);
                    // Oversold units may be packed before they are there, and an order may have run out of
                    // numbers; only then is an offer refused.
                    let limit = matches!(
                        tried,
                        Err(Refusal::InsufficientStock { .. } | Refusal::TooMany { .. })
                    );
                    assert!(
                        tried.is_ok() || limit,
                        "{verb:?} is offered and refused: {tried:?}"
                    );
                }
            }
        }
    }
}

/// An entry says what happened to units; none of them is about no unit.
fn refuse_empty_units(entry: &Entry) {
    let of = |lines: &[LineUnits]| lines.iter().map(|units| units.quantity).collect();
    let quantities: Vec<i64> = match &entry.record {
        Record::UnitsReleased { units, .. } | Record::FulfilmentSplit { units, .. } => {
            units.iter().map(FulfilmentUnits::total).collect()
        }
        Record::UnitsPicked { lines, .. }
        | Record::OutcomeRecorded { lines, .. }
        | Record::LinesCancelled { lines, .. } => of(lines),
        Record::UnitsPacked { packages, .. } => {
            packages.iter().flat_map(|one| of(&one.lines)).collect()
        }
        Record::ReturnReceived { lines, .. } => {
            lines.iter().map(|(_, quantity, _)| *quantity).collect()
        }
        _ => return,
    };
    let full = !quantities.is_empty() && quantities.iter().all(|quantity| *quantity > 0);
    assert!(full, "an entry about nothing: {entry:?}");
}

/// Units that unshipped fulfilment lines of an order claim.
fn allocated(order: &Order, item: ItemId, location: LocationId) -> i64 {
    let here = order
        .progress
        .fulfilments
        .iter()
        .filter(|one| one.location == Some(location));
    let lines = here.flat_map(|fulfilment| &fulfilment.lines);
    let lines = lines.filter(|entry| {
        order
            .placed
            .line(entry.line)
            .is_some_and(|line| line.item == Some(item))
    });
    lines.map(|entry| entry.units.unshipped()).sum()
}

/// A fulfilment verb in its plainest form: for everything.
fn plain_command(order: OrderId, fulfilment: FulfilmentNo, verb: Verb) -> Command {
    match verb {
        Verb::Accept => Command::AcceptFulfilment(read::on(order, AcceptFulfilment { fulfilment })),
        Verb::Reject => {
            let reason = "tried".to_owned();
            Command::RejectFulfilment(read::on(order, RejectFulfilment { fulfilment, reason }))
        }
        Verb::Pick => {
            let pick = PickFulfilment {
                fulfilment,
                start_only: false,
                lines: None,
            };
            Command::PickFulfilment(read::on(order, pick))
        }
        Verb::Pack => {
            let pack = PackFulfilment {
                fulfilment,
                packages: Vec::new(),
            };
            Command::PackFulfilment(read::on(order, pack))
        }
        Verb::Ship => Command::ShipFulfilment(read::on(order, plain_ship(fulfilment))),
        Verb::Deliver => {
            let (outcome, scope) = (Outcome::Delivered, OutcomeScope::All);
            let deliver = RecordOutcome {
                fulfilment,
                outcome,
                at: None,
                scope,
            };
            Command::RecordOutcome(read::on(order, deliver))
        }
        Verb::Ready => Command::MarkReady(read::on(order, MarkReady { fulfilment })),
        Verb::Pickup => {
            Command::CollectFulfilment(read::on(order, CollectFulfilment { fulfilment }))
        }
        other => panic!("{other:?} is no verb of a fulfilment"),
    }
}

fn plain_ship(fulfilment: FulfilmentNo) -> ShipFulfilment {
    ShipFulfilment {
        fulfilment,
        carrier: "post".to_owned(),
        service: None,
        tracking_number: None,
        packages: None,
        shipped_at: None,
    }
}

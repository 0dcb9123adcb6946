//! A database in memory: facts that commands are decided on, one at a time.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Result, bail};
use fastrand::Rng;
use rustc_hash::FxHashMap;
use throughline_core::command::{Actor, Command, Context, Request};
use throughline_core::decide::{Stop, decide};
use throughline_core::facts::{Facts, ItemStock, Need, WAITING_LOADED};
use throughline_core::id::{ItemId, RequestId};
use throughline_core::inventory::{ServeWaiting, Waiting};
use throughline_core::network::Load;
use throughline_core::order::source::waiting_changes;
use throughline_core::party::Account;
use throughline_core::promise::LaneCount;
use throughline_core::time::Millis;
use throughline_core::{Decision, Refusal};

/// Rounds of loading that a decision may ask for.
const ROUNDS: usize = 100;
/// Commands that one command may lead to.
const FOLLOWING_MAX: usize = 10_000;

/// Facts, and what they do not keep by themselves.
pub(super) struct World {
    pub(super) facts: Facts,
    pub(super) now: Millis,
    /// Time spent on deciding.
    pub(super) deciding: Duration,
    /// Commands decided.
    pub(super) decided: u64,
    random: Rng,
    next_number: u64,
    waiting: FxHashMap<ItemId, Vec<Waiting>>,
    fresh: Vec<ItemId>,
}

impl World {
    pub(super) fn new(now: Millis) -> Self {
        Self {
            facts: Facts::default(),
            now,
            deciding: Duration::ZERO,
            decided: 0,
            random: Rng::with_seed(1),
            next_number: 1,
            waiting: FxHashMap::default(),
            fresh: Vec::new(),
        }
    }

    /// Random bits, the same in every run.
    pub(super) fn bits(&mut self) -> u128 {
        self.random.u128(..)
    }

    /// Decides a command, takes it over, and does what it leaves to be done; tells each decision.
    ///
    /// # Errors
    /// When a command is refused: none of these should be.
    pub(super) fn run(&mut self, command: Command, tell: &mut dyn FnMut(&Decision)) -> Result<()> {
        let first = self.decide(command)?;
        let mut later = first.serve_later.clone();
        tell(&first);
        for _ in 0..FOLLOWING_MAX {
            let Some(item) = later.pop() else {
                return Ok(());
            };
            let decision = self.decide(Command::ServeWaiting(ServeWaiting { item }))?;
            later.extend(decision.serve_later.iter().copied());
            tell(&decision);
        }
        bail!("serving those who wait never ends")
    }

    fn decide(&mut self, command: Command) -> Result<Decision> {
        let request = Request {
            id: RequestId::new(self.now, self.random.u128(..)),
            actor: Actor::System,
            key: None,
            command,
        };
        let ctx = Context {
            now: self.now,
            next_number: self.next_number,
        };
        let mut taken = Duration::ZERO;
        for _ in 0..ROUNDS {
            let begun = Instant::now();
            let decided = decide(&self.facts, &request, &ctx);
            taken += begun.elapsed();
            match decided {
                Ok(decision) => {
                    self.deciding += taken;
                    self.decided += 1;
                    self.take_over(&decision);
                    return Ok(decision);
                }
                Err(Stop::Refused(refusal)) => bail!("{}", told(&refusal, &request)),
                Err(Stop::Missing(needs)) => needs.into_iter().for_each(|need| self.load(need)),
            }
        }
        bail!("a decision goes on asking for facts: {request:?}")
    }

    fn take_over(&mut self, decision: &Decision) {
        self.facts.apply(decision);
        for observed in &decision.observations {
            Arc::make_mut(&mut self.facts.lanes).add(LaneCount {
                lane: observed.lane.clone(),
                month: observed.month,
                days: observed.days,
                parcels: 1,
            });
        }
        self.next_number += decision.numbers_used;
        for revised in &decision.orders {
            let (before, after) = (revised.before.as_deref(), &revised.after);
            waiting_changes(before, after, |item, row| {
                let rows = self.waiting.entry(item).or_default();
                rows.retain(|known| (known.order, known.line) != (row.order, row.line));
                if row.quantity > 0 {
                    let place = rows.partition_point(|known| known < &row);
                    rows.insert(place, row);
                }
            });
        }
        for item in self.fresh.drain(..) {
            if let Some(stock) = self.facts.stock.get_mut(&item) {
                stock.is_fresh = false;
            }
        }
    }

    fn load(&mut self, need: Need) {
        let facts = &mut self.facts;
        match need {
            Need::Sku(sku) => drop(facts.skus.insert(sku, None)),
            Need::Item(_) => {}
            Need::Stock(item) => drop(facts.stock.entry(item).or_default()),
            Need::FreshStock(item) => self.freshen(item, false),
            Need::Queue(item) => self.freshen(item, true),
            Need::Order(id) => drop(facts.orders.insert(id, None)),
            Need::Reservation(id) => drop(facts.reservations.insert(id, None)),
            Need::Supply(id) => drop(facts.supplies.insert(id, None)),
            Need::Incoming(item) => drop(facts.incoming.insert(item, Vec::new())),
            Need::Waited(item) => drop(facts.waited.insert(item, Default::default())),
            Need::Booked(item) => drop(facts.booked.insert(item, Default::default())),
            Need::Claim(key) => drop(facts.claims.insert(key, None)),
            Need::Load(location, date) => {
                facts.loads.insert((location, date), Load::default());
            }
            Need::Lots(item) => drop(facts.lots.insert(item, Default::default())),
            Need::Lot(item, code) => drop(facts.known_lots.insert((item, code), None)),
            Need::CountTask(task) => drop(facts.count_tasks.insert(task, None)),
            Need::Serial(item, serial) => drop(facts.serials.insert((item, serial), None)),
            Need::Tally(key) => drop(facts.tallies.insert(key, Default::default())),
            Need::Agreement(id) => drop(facts.agreements.insert(id, None)),
            Need::Account(id) => drop(facts.accounts.insert(id, Account::default())),
            Need::Allocations(item, location) => {
                facts.allocations.insert((item, location), Vec::new());
            }
        }
    }

    /// The stock of an item with those who wait for it, as it would be read again.
    fn freshen(&mut self, item: ItemId, whole_queue: bool) {
        let rows = self.waiting.get(&item).map_or(&[][..], Vec::as_slice);
        let stock = self.facts.stock.entry(item).or_default();
        let most = ItemStock {
            whole_queue,
            ..ItemStock::default()
        }
        .waiting_max();
        debug_assert!(most >= WAITING_LOADED);
        stock.waiting = rows.iter().take(most).copied().collect();
        stock.more_waiting = rows.len() > most;
        stock.whole_queue = whole_queue;
        stock.is_fresh = true;
        self.fresh.push(item);
    }

    /// What stands in the books and must not, by what it breaks.
    pub(super) fn violations(&self) -> BTreeMap<String, usize> {
        let mut found = BTreeMap::new();
        let mut note = |what: &str| *found.entry(what.to_owned()).or_default() += 1;
        let mut allocated: FxHashMap<_, i64> = FxHashMap::default();
        for order in self.facts.orders.values().flatten() {
            for violation in throughline_core::order::violations(order) {
                note(violation.invariant);
            }
            for fulfilment in &order.progress.fulfilments {
                let Some(location) = fulfilment.location else {
                    continue;
                };
                for line in &fulfilment.lines {
                    let item = order.placed.line(line.line).and_then(|line| line.item);
                    let units = line.units.assigned + line.units.picked + line.units.packed;
                    if let Some(item) = item {
                        *allocated.entry((item, location)).or_default() += units;
                    }
                }
            }
        }
        for (item, stock) in &self.facts.stock {
            for level in &stock.levels {
                if !level.is_sound() {
                    note("I2");
                }
                let claimed = allocated.remove(&(*item, level.location)).unwrap_or(0);
                if claimed != level.allocated {
                    note("I3");
                }
            }
        }
        allocated
            .values()
            .filter(|units| **units != 0)
            .for_each(|_| note("I3"));
        found
    }
}

fn told(refusal: &Refusal, request: &Request) -> String {
    format!("{refusal}: {:?}", request.command)
}

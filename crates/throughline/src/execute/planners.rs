//! Planning beside the queue: orders with much to weigh are planned before they are queued, in parallel, so that no committer
//! waits for an optimiser.
//!
//! A planner works at a desk with facts of its own. They are hints (I10): the decision takes a plan only where it still fits.
//! That finds out where stock has shrunk; where it has grown, committers tell, so that no plan misses it for long.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use parking_lot::Mutex;
use throughline_core::id::ItemId;
use throughline_core::inventory::LevelChange;
use throughline_core::network::Network;
use throughline_core::order::source::{PlansAhead, pays_ahead};
use throughline_core::{Command, Decision, Facts, Request};
use throughline_store::{Connection, Engine, Store, StoreError};
use tokio::sync::Semaphore;

use super::board;
use super::decide_batch::{Bench, Source};
use crate::wiring::clock::{self, Stopwatch};

/// Items told of that are remembered; a desk that has missed more starts afresh.
const TOLD_MAX: usize = 4_096;
/// How long facts are kept that other processes may change, and what locations have to do on their days.
const KEPT_FOR: Duration = Duration::from_millis(500);
/// Stock levels that a desk keeps at most: with 2,000 locations those of 500 items.
const LEVELS_MAX: usize = 1_000_000;
/// Plans at a time at most, however many processors there are.
const PLANNERS_MAX: usize = 16;

/// Planners of one process.
pub(super) struct Planners {
    store: Store,
    desks: Mutex<Vec<Desk>>,
    told: Mutex<Told>,
    permits: Semaphore,
}

/// Where an order is planned.
#[derive(Default)]
struct Desk {
    facts: Facts,
    fresh: Vec<ItemId>,
    unknown: Vec<String>,
    /// How much of what committers told it has heard.
    heard: u64,
    since: Option<Stopwatch>,
    days_since: Option<Stopwatch>,
}

/// What committers told.
#[derive(Default)]
struct Told {
    /// The number of the next item.
    next: u64,
    /// Desks that have heard less start afresh.
    afresh: u64,
    items: VecDeque<ItemId>,
}

impl Planners {
    pub(super) fn new(store: &Store) -> Self {
        let processors = std::thread::available_parallelism().map_or(1, usize::from);
        Self {
            store: store.clone(),
            desks: Mutex::default(),
            told: Mutex::default(),
            permits: Semaphore::new(processors.min(PLANNERS_MAX)),
        }
    }

    /// Plans a request, if that pays; waits for a planner to be free.
    pub(super) async fn plan(self: &Arc<Self>, request: &mut Request, network: &Arc<Network>) {
        if !pays_ahead(network, &request.command, clock::now()) {
            return;
        }
        // The semaphore is never closed.
        let permit = self.permits.acquire().await;
        let (planners, network, asked) = (Arc::clone(self), Arc::clone(network), request.clone());
        let planned =
            tokio::task::spawn_blocking(move || planners.plan_now(&asked, &network)).await;
        drop(permit);
        match planned {
            Ok(plans) => give(request, plans),
            Err(_) => tracing::error!("planning an order ended with a panic"),
        }
    }

    /// Like [`Planners::plan`], for threads that may wait.
    pub(super) fn plan_blocking(&self, request: &mut Request, network: &Arc<Network>) {
        if pays_ahead(network, &request.command, clock::now()) {
            let plans = self.plan_now(request, network);
            give(request, plans);
        }
    }

    /// A plan that cannot be made now is made by the committer.
    fn plan_now(&self, request: &Request, network: &Arc<Network>) -> Option<Arc<PlansAhead>> {
        let mut desk = self.desks.lock().pop().unwrap_or_default();
        self.tidy(&mut desk, network);
        let planned = self.store.read(|connection| desk.plan(connection, request));
        match planned {
            Ok(plans) => {
                desk.clear_away();
                self.desks.lock().push(desk);
                plans
            }
            Err(error) => {
                tracing::warn!(%error, "an order cannot be planned ahead");
                None
            }
        }
    }

    /// Takes from the desk what is not in force any more.
    fn tidy(&self, desk: &mut Desk, network: &Arc<Network>) {
        let is_old = |since: Option<Stopwatch>| since.is_none_or(|one| one.elapsed() > KEPT_FOR);
        let is_shared = self.store.engine() == Engine::Postgres;
        let told = self.told.lock();
        let oldest = told.next - told.items.len() as u64;
        let must_clear = desk.heard < told.afresh.max(oldest)
            || desk.facts.network.version != network.version
            || is_shared && is_old(desk.since);
        if must_clear {
            desk.facts = Facts {
                network: Arc::clone(network),
                ..Facts::default()
            };
            desk.since = Some(Stopwatch::start());
        } else {
            let unheard = usize::try_from(desk.heard - oldest).unwrap_or(usize::MAX);
            let mut items = told.items.iter().skip(unheard).copied().peekable();
            if items.peek().is_some() {
                board::forget(&mut desk.facts, items);
            }
        }
        desk.heard = told.next;
        drop(told);
        if must_clear || is_old(desk.days_since) {
            desk.facts.loads.clear();
            desk.facts.booked.clear();
            desk.days_since = Some(Stopwatch::start());
        }
    }

    /// Tells the planners what a batch has changed for them.
    pub(super) fn tell(&self, landed: &Landed) {
        if landed.grown.is_empty() {
            return;
        }
        let mut told = self.told.lock();
        for item in &landed.grown {
            told.items.push_back(*item);
            told.next += 1;
            if told.items.len() > TOLD_MAX {
                told.items.pop_front();
            }
        }
    }

    /// Tells the planners that another process has written, or that what was told may never have been.
    pub(super) fn tell_of_everything(&self) {
        let mut told = self.told.lock();
        told.next += 1;
        told.afresh = told.next;
        told.items.clear();
    }
}

fn give(request: &mut Request, plans: Option<Arc<PlansAhead>>) {
    if let Command::PlaceOrder(place) = &mut request.command {
        place.plans = plans;
    }
}

impl Desk {
    fn plan(
        &mut self,
        connection: &mut Connection,
        request: &Request,
    ) -> Result<Option<Arc<PlansAhead>>, StoreError> {
        let mut bench = Bench {
            source: Source::Aside(connection),
            facts: &mut self.facts,
            fresh: &mut self.fresh,
            unknown: &mut self.unknown,
            now: clock::now(),
            next_number: 0,
            may_have_happened: false,
        };
        bench.plan(request)
    }

    fn clear_away(&mut self) {
        board::end_batch(&mut self.facts, &mut self.fresh, &mut self.unknown);
        let stock = self.facts.stock.values();
        if stock.map(|stock| stock.levels.len()).sum::<usize>() > LEVELS_MAX {
            board::clear(&mut self.facts);
        }
    }
}

/// What a batch that is durable has changed for planners.
#[derive(Debug, Default)]
pub(super) struct Landed {
    /// Items of which more may be served than before, and those of plans that did not fit, because they were made on what is
    /// not so any more.
    grown: Vec<ItemId>,
    pub(super) plans_taken: u64,
    pub(super) plans_again: u64,
}

impl Landed {
    /// Nothing where no policy is in force: then nobody plans.
    pub(super) fn of<'d>(
        network: &Network,
        decisions: impl IntoIterator<Item = &'d Decision>,
    ) -> Self {
        let mut landed = Self::default();
        if !network.policies.is_empty() {
            decisions.into_iter().for_each(|one| landed.note(one));
        }
        landed
    }

    fn note(&mut self, decision: &Decision) {
        let frees = |change: &LevelChange| {
            change.on_hand - change.allocated - change.reserved - change.safety > 0
        };
        let moves = decision.moves.iter();
        let freed = moves.filter(|moved| frees(&moved.change));
        self.grown.extend(freed.map(|moved| moved.item));
        self.grown.extend(decision.items.iter().map(|item| item.id));
        self.grown
            .extend(decision.fences.iter().map(|fence| fence.item));
        self.plans_taken += u64::from(decision.plans.taken);
        self.plans_again += u64::from(decision.plans.again);
        if decision.plans.again > 0 {
            let orders = decision.orders.iter();
            let lines = orders.flat_map(|order| &order.after.placed.lines);
            self.grown.extend(lines.filter_map(|line| line.item));
        }
    }
}

//! The past that orders are decided on again: their journals, the network that is asked for, and stock as it was then.

use std::collections::VecDeque;
use std::collections::hash_map::Entry;
use std::sync::Arc;

use rustc_hash::{FxHashMap, FxHashSet};
use throughline_core::Facts;
use throughline_core::command::{Actor, Context};
use throughline_core::decide::{Attempt, Stop};
use throughline_core::facts::{ItemStock, Need};
use throughline_core::id::{ItemId, OrderId};
use throughline_core::network::{LocationStatus, Network};
use throughline_core::order::replay::{
    Moved, ORDERS_MAX, OrderReplay, PastOrder, PastStock, Replay, past_order,
};
use throughline_core::order::source::{DecidedAgain, decide_again};
use throughline_core::time::Millis;
use throughline_store::views::orders::{Filter, Sort};
use throughline_store::{Connection, StoreError, views};

/// Rounds of loading that a decision may ask for.
const ROUNDS: usize = 64;
/// Orders of a page.
const PAGE: usize = 200;

/// What is known of the past.
pub(super) struct Past {
    facts: Facts,
    stock: FxHashMap<ItemId, PastStock>,
    /// Those that are to be decided again, by the time of their first decision; those without one last.
    orders: VecDeque<(Millis, OrderId)>,
    replayed: FxHashSet<OrderId>,
}

/// What came of one order.
pub(super) enum Decided {
    /// Nothing was ever decided.
    NeverSourced,
    /// It cannot be decided on.
    Refused,
    /// It was decided again.
    Again(OrderId, u64, Box<OrderReplay>),
}

impl Past {
    /// Finds the orders of a range, and the network.
    pub(super) fn begin(
        connection: &mut Connection,
        asked: &Replay,
        known: &Arc<Network>,
    ) -> Result<Self, StoreError> {
        let network = views::network::reload(connection, known)?;
        let orders = orders(connection, asked)?;
        Ok(Self {
            replayed: orders.iter().map(|(_, order)| *order).collect(),
            orders,
            facts: Facts {
                network: Arc::new(asked_network(connection, asked, &network)?),
                ..Facts::default()
            },
            stock: FxHashMap::default(),
        })
    }

    /// Orders that are left.
    pub(super) fn left(&self) -> i64 {
        i64::try_from(self.orders.len()).unwrap_or(i64::MAX)
    }

    /// Decides the next order again; none where none is left.
    pub(super) fn next(
        &mut self,
        connection: &mut Connection,
        asked: &Replay,
    ) -> Result<Option<Decided>, StoreError> {
        let Some((_, id)) = self.orders.front().copied() else {
            return Ok(None);
        };
        let entries = views::journal::all(connection, id)?;
        let decided = match past_order(id, &entries) {
            Some(past) => self.decide(connection, asked, &past)?,
            None => Decided::NeverSourced,
        };
        self.orders.pop_front();
        Ok(Some(decided))
    }

    fn decide(
        &mut self,
        connection: &mut Connection,
        asked: &Replay,
        past: &PastOrder,
    ) -> Result<Decided, StoreError> {
        let id = past.order.id;
        let order = Some(Arc::new(past.order.clone()));
        self.facts.orders.insert(id, order);
        // Levels are those of the moment. A decision asks for one item after the other, and an order may have hundreds.
        self.facts.stock.clear();
        for item in past.order.placed.lines.iter().filter_map(|line| line.item) {
            if !self.facts.stock.contains_key(&item) {
                self.load_stock(connection, asked, item, past.at)?;
            }
        }
        let ctx = Context {
            now: past.at,
            next_number: 0,
        };
        for _ in 0..ROUNDS {
            let mut attempt = Attempt::new(&self.facts, Actor::System, ctx);
            let needs = match decide_again(&mut attempt, past, asked.policy) {
                Ok(again) => {
                    self.facts.orders.remove(&id);
                    self.take(past, &again);
                    let (number, order) = (past.order.number, Box::new(again.order));
                    return Ok(Decided::Again(id, number, order));
                }
                Err(Stop::Refused(_)) => {
                    self.facts.orders.remove(&id);
                    return Ok(Decided::Refused);
                }
                Err(Stop::Missing(needs)) => needs,
            };
            for need in needs {
                self.load(connection, asked, need, past.at)?;
            }
        }
        Err(StoreError::Misuse(
            "a past order asks for the same facts again and again",
        ))
    }

    /// Levels and days are those of the replay; everything else is read.
    fn load(
        &mut self,
        connection: &mut Connection,
        asked: &Replay,
        need: Need,
        now: Millis,
    ) -> Result<(), StoreError> {
        match need {
            Need::Stock(item) | Need::FreshStock(item) | Need::Queue(item) => {
                self.load_stock(connection, asked, item, now)
            }
            Need::Load(location, date) => {
                let day = (location, date);
                self.facts.loads.entry(day).or_default();
                Ok(())
            }
            other => views::facts::load(connection, &[other], &mut self.facts, now),
        }
    }

    fn load_stock(
        &mut self,
        connection: &mut Connection,
        asked: &Replay,
        item: ItemId,
        now: Millis,
    ) -> Result<(), StoreError> {
        if !self.facts.items.contains_key(&item) {
            views::facts::load(connection, &[Need::Item(item)], &mut self.facts, now)?;
        }
        let known = self.facts.items.get(&item);
        let oversell_limit = known.map_or(0, |item| item.oversell_limit);
        let past = match self.stock.entry(item) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(place) => place.insert(past_stock(connection, asked, item, now)?),
        };
        past.advance(now, &self.replayed);
        let stock = ItemStock {
            levels: past.levels(oversell_limit),
            whole_queue: true,
            is_fresh: true,
            ..ItemStock::default()
        };
        self.facts.stock.insert(item, stock);
        Ok(())
    }

    fn take(&mut self, past: &PastOrder, again: &DecidedAgain) {
        for allotment in &again.allotments {
            let Some(location) = allotment.location else {
                continue;
            };
            for units in &allotment.lines {
                let line = again.after.placed.line(units.line);
                let stock = line.and_then(|line| self.stock.get_mut(&line.item?));
                if let Some(stock) = stock {
                    stock.take(past.order.id, location, units.quantity);
                }
            }
            if let Some(day) = allotment.work_day.filter(|day| day.counted) {
                let load = self.facts.loads.entry((location, day.date)).or_default();
                *load = load.plus(allotment.load());
            }
        }
    }
}

/// The network that is asked for: its policies are always those of today, of which each says from when on it is in force.
fn asked_network(
    connection: &mut Connection,
    asked: &Replay,
    today: &Arc<Network>,
) -> Result<Network, StoreError> {
    let mut network = match asked.network {
        Some(version) if version != today.version => {
            Network::clone(&*views::network::at(connection, version)?)
        }
        Some(_) | None => Network::clone(today),
    };
    network.policies = today.policies.clone();
    for location in &mut network.locations {
        if asked.closed.contains(&location.id) {
            Arc::make_mut(location).status = LocationStatus::Closed;
        }
    }
    Ok(network)
}

/// Orders of the range, by the time of their first decision.
fn orders(
    connection: &mut Connection,
    asked: &Replay,
) -> Result<VecDeque<(Millis, OrderId)>, StoreError> {
    let filter = Filter {
        channel: asked.channel,
        placed_after: Some(asked.from),
        placed_before: Some(asked.until),
        ..Filter::default()
    };
    let (mut found, mut after) = (Vec::new(), None::<String>);
    while found.len() < ORDERS_MAX {
        let sort = Sort::OldestFirst;
        let page = views::orders::list(connection, &filter, sort, after.as_deref(), PAGE)?;
        for stored in &page.data {
            let id = stored.order.id;
            let past = past_order(id, &views::journal::all(connection, id)?);
            found.push((past.map_or(Millis(i64::MAX), |past| past.at), id));
        }
        after = page.next_cursor;
        if after.is_none() {
            break;
        }
    }
    found.truncate(ORDERS_MAX);
    found.sort_unstable();
    Ok(found.into())
}

/// What was available of an item when the range began, and what moved since.
fn past_stock(
    connection: &mut Connection,
    asked: &Replay,
    item: ItemId,
    now: Millis,
) -> Result<PastStock, StoreError> {
    let mut today = Facts::default();
    views::facts::load(connection, &[Need::Stock(item)], &mut today, now)?;
    let levels = today.stock.remove(&item).unwrap_or_default().levels;
    let moved = views::ledger::since(connection, item, asked.from)?;
    let moved = moved.into_iter().map(|row| Moved {
        at: row.at,
        location: row.location,
        order: row.order,
        change: row.change,
    });
    let mut past = PastStock::new(&levels, moved.collect());
    for set in asked.stock.iter().filter(|set| set.item == item) {
        past.set(set.location, set.units);
    }
    Ok(past)
}

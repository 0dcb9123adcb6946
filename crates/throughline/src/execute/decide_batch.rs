//! Deciding a batch: the facts all requests need are loaded together, then one request after the
//! other is decided on the working set. A refused request costs the others nothing.

use std::sync::Arc;

use rustc_hash::FxHashSet;
use throughline_core::command::{Actor, Context};
use throughline_core::decide::Stop;
use throughline_core::facts::{ClaimKind, Need};
use throughline_core::id::ItemId;
use throughline_core::order::source::{PlansAhead, plan_ahead};
use throughline_core::time::Millis;
use throughline_core::{Decision, Facts, Refusal, Request, decide, needs};
use throughline_store::{Connection, Loader, Retry, StoreError, Writer, views};

/// Rounds of loading before the first decision: names, then what they lead to, then its stock.
const ROUNDS: usize = 3;
/// Times a single request may ask for more facts.
const MORE_FACTS_MAX: usize = 64;

/// Whether what is loaded may name more that is needed.
fn leads_further(need: &Need) -> bool {
    match need {
        Need::Sku(_) | Need::Item(_) | Need::Order(_) | Need::Reservation(_) | Need::Supply(_) => {
            true
        }
        // A customer who is known has an account.
        Need::Claim(key) => matches!(key.kind, ClaimKind::Email | ClaimKind::CustomerRef),
        _ => false,
    }
}

/// What became of one request.
pub(super) enum Verdict {
    Decided(Box<Decision>),
    Refused(Refusal),
}

/// Where facts are loaded from.
pub(super) enum Source<'a> {
    /// The writer, with nothing of this process under way.
    Writer(&'a mut Writer),
    /// A connection beside the writer, while it commits a batch that has touched these items. What that batch made is
    /// in the facts already, so that it does not matter whether its commit is seen.
    Beside(&'a mut Loader, &'a FxHashSet<ItemId>),
    /// A snapshot, for what is only thought of.
    Aside(&'a mut Connection),
}

/// What a batch is decided with.
pub(super) struct Bench<'a> {
    pub(super) source: Source<'a>,
    pub(super) facts: &'a mut Facts,
    /// Items of which the committed rows were read in this batch.
    pub(super) fresh: &'a mut Vec<ItemId>,
    /// SKUs that this batch found to be unknown.
    pub(super) unknown: &'a mut Vec<String>,
    pub(super) now: Millis,
    pub(super) next_number: u64,
    /// Whether generated claims have to be looked up, because an earlier try may have happened.
    pub(super) may_have_happened: bool,
}

impl Bench<'_> {
    /// Loads what the requests need, as far as they tell. Beside a writer [`StoreError::Retry`] says that they need what
    /// is committed, while a batch is under way. `decisions` are the earlier ones of the batch.
    pub(super) fn load_for(
        &mut self,
        requests: &[&Request],
        decisions: &[(Actor, Decision)],
    ) -> Result<(), StoreError> {
        for request in requests {
            let (key, _) = request.claim();
            if key.kind == ClaimKind::Generated && !self.may_have_happened {
                self.facts.claims.insert(key, None);
            }
        }
        for _ in 0..ROUNDS {
            let mut wanted = Vec::new();
            requests
                .iter()
                .for_each(|request| needs(self.facts, request, &mut wanted));
            if wanted.is_empty() {
                break;
            }
            let leads_further = wanted.iter().any(leads_further);
            self.load(wanted, decisions)?;
            if !leads_further {
                break;
            }
        }
        Ok(())
    }

    fn load(
        &mut self,
        mut wanted: Vec<Need>,
        decisions: &[(Actor, Decision)],
    ) -> Result<(), StoreError> {
        let mut seen = FxHashSet::default();
        wanted.retain(|need| seen.insert(need.clone()));
        match &mut self.source {
            Source::Writer(writer) => {
                self.fresh.extend(wanted.iter().filter_map(fresh_of));
                writer.load(&wanted, self.facts, self.now)?;
            }
            Source::Beside(_, in_flight) if wanted.iter().any(|need| waits(need, in_flight)) => {
                return Err(StoreError::Retry(Retry::Busy));
            }
            Source::Beside(loader, _) => loader.load(&wanted, self.facts, self.now)?,
            Source::Aside(connection) => {
                self.fresh.extend(wanted.iter().filter_map(fresh_of));
                views::facts::load(connection, &wanted, self.facts, self.now)?;
            }
        }
        for need in &wanted {
            if let Need::Sku(sku) = need
                && self.facts.skus.get(sku) == Some(&None)
            {
                self.unknown.push(sku.clone());
            }
        }
        // What was read is what is committed; the batch has gone on since.
        let read: Vec<ItemId> = wanted.iter().filter_map(stock_of).collect();
        let decisions = decisions.iter().map(|(_, decision)| decision);
        let added_up: Vec<ItemId> = wanted.iter().filter_map(waited_of).collect();
        self.facts.apply_again(decisions.clone(), &read);
        self.facts.apply_waited_again(decisions.clone(), &added_up);
        let with_lots: Vec<ItemId> = wanted.iter().filter_map(lots_of).collect();
        self.facts.apply_lots_again(decisions.clone(), &with_lots);
        self.facts.apply_bookings_again(
            decisions.clone(),
            &wanted.iter().filter_map(booked_of).collect::<Vec<_>>(),
        );
        self.facts.apply_supply_again(decisions);
        Ok(())
    }

    /// Plans one request on the facts. Nothing of it is decided; a request that was executed before needs no plan.
    pub(super) fn plan(
        &mut self,
        request: &Request,
    ) -> Result<Option<Arc<PlansAhead>>, StoreError> {
        self.load_for(&[request], &[])?;
        let (key, _) = request.claim();
        if self.facts.claims.get(&key).is_some_and(Option::is_some) {
            return Ok(None);
        }
        let ctx = Context {
            now: self.now,
            next_number: self.next_number,
        };
        for _ in 0..MORE_FACTS_MAX {
            match plan_ahead(self.facts, request, &ctx) {
                Ok(plans) => return Ok(plans),
                Err(Stop::Refused(_)) => return Ok(None),
                Err(Stop::Missing(wanted)) => self.load(wanted, &[])?,
            }
        }
        Err(StoreError::Misuse(
            "a plan asks for the same facts again and again",
        ))
    }

    /// Decides one request on the facts and takes its decision over; `decisions` are the earlier ones of the batch.
    pub(super) fn decide(
        &mut self,
        request: &Request,
        decisions: &[(Actor, Decision)],
    ) -> Result<Verdict, StoreError> {
        for _ in 0..MORE_FACTS_MAX {
            let ctx = Context {
                now: self.now,
                next_number: self.next_number,
            };
            match decide(self.facts, request, &ctx) {
                Ok(decision) => {
                    self.facts.apply(&decision);
                    self.next_number += decision.numbers_used;
                    return Ok(Verdict::Decided(Box::new(decision)));
                }
                Err(Stop::Refused(refusal)) => return Ok(Verdict::Refused(refusal)),
                Err(Stop::Missing(wanted)) => self.load(wanted, decisions)?,
            }
        }
        Err(StoreError::Misuse(
            "a request asks for the same facts again and again",
        ))
    }
}

/// The item whose committed rows are needed.
fn fresh_of(need: &Need) -> Option<ItemId> {
    match need {
        Need::FreshStock(item) | Need::Queue(item) => Some(*item),
        _ => None,
    }
}

/// Whether a need has to wait until the batch is committed that is under way and has touched these items.
fn waits(need: &Need, in_flight: &FxHashSet<ItemId>) -> bool {
    match need {
        Need::FreshStock(_) | Need::Queue(_) | Need::Allocations(..) => true,
        Need::Sku(_)
        | Need::Order(_)
        | Need::Reservation(_)
        | Need::Supply(_)
        | Need::Claim(_)
        | Need::Load(..)
        | Need::Tally(_)
        | Need::Serial(..)
        | Need::CountTask(_)
        | Need::Agreement(_)
        | Need::Account(_) => false,
        Need::Item(item)
        | Need::Stock(item)
        | Need::Incoming(item)
        | Need::Waited(item)
        | Need::Booked(item)
        | Need::Lots(item)
        | Need::Lot(item, _) => in_flight.contains(item),
    }
}

/// The item whose stock is needed, if it is stock.
fn stock_of(need: &Need) -> Option<ItemId> {
    match need {
        Need::Stock(item) | Need::FreshStock(item) | Need::Queue(item) => Some(*item),
        Need::Sku(_)
        | Need::Item(_)
        | Need::Order(_)
        | Need::Reservation(_)
        | Need::Supply(_)
        | Need::Incoming(_)
        | Need::Booked(_)
        | Need::Waited(_)
        | Need::Lots(_)
        | Need::Lot(..)
        | Need::Serial(..)
        | Need::CountTask(_)
        | Need::Claim(_)
        | Need::Load(..)
        | Need::Tally(_)
        | Need::Account(_)
        | Need::Agreement(_)
        | Need::Allocations(..) => None,
    }
}

/// The item whose lots are needed.
fn lots_of(need: &Need) -> Option<ItemId> {
    match need {
        Need::Lots(item) => Some(*item),
        _ => None,
    }
}

/// The item whose bookings are needed.
fn booked_of(need: &Need) -> Option<ItemId> {
    match need {
        Need::Booked(item) => Some(*item),
        _ => None,
    }
}

/// The item whose waiting units are needed, added up.
fn waited_of(need: &Need) -> Option<ItemId> {
    match need {
        Need::Waited(item) => Some(*item),
        _ => None,
    }
}

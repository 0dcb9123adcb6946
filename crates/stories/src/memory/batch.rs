//! Deciding a batch on what a process has cached, and committing it under the guards.

use std::collections::BTreeSet;
use std::sync::Arc;

use throughline_core::command::Context;
use throughline_core::decide::Stop;
use throughline_core::facts::{ClaimKind, Facts, Need};
use throughline_core::{Answer, Decision, Refusal, Request, decide, needs};

use super::guard::FailedGuards;
use super::{Hints, Memory, Node};
use crate::check::queue;

/// Rounds of loading before the first decision.
const ROUNDS: usize = 3;
/// Times a request may ask for more facts.
const MORE_FACTS_MAX: usize = 64;
/// Times a batch may fail under the guards while nobody else commits anything.
const TRIES_MAX: usize = 4;

type Answers = Vec<Result<Answer, Refusal>>;

impl Memory {
    /// Tries the batch until it is committed. Nobody else commits meanwhile, so that it must work soon.
    pub(super) fn settle(&mut self, requests: &[Request], may_have_happened: bool) -> Answers {
        let mut may_have_happened = may_have_happened;
        for _ in 0..TRIES_MAX {
            let network = self.nodes[self.active].facts.network.version;
            let (answers, decisions) = self.decide_batch(requests, may_have_happened);
            match self.database.commit(&decisions, network) {
                Ok(()) => {
                    self.nodes[self.active].end_batch();
                    return answers;
                }
                Err(failed) => {
                    may_have_happened |= failed.claims;
                    self.forget(&decisions, &failed);
                }
            }
        }
        self.complain(
            "I10",
            "a batch fails under the guards again and again".to_owned(),
        );
        let halves = requests.split_at(requests.len() / 2);
        if halves.0.is_empty() {
            panic!(
                "a request fails under the guards for ever: {:?}",
                requests.first()
            );
        }
        let mut answers = self.settle(halves.0, may_have_happened);
        answers.extend(self.settle(halves.1, may_have_happened));
        answers
    }

    /// Decides the batch, and then the connection is lost.
    pub(super) fn decide_and_lose(&mut self, requests: &[Request]) {
        let (_, decisions) = self.decide_batch(requests, false);
        self.forget(&decisions, &FailedGuards::default());
        self.recover();
    }

    /// Starts afresh on what is committed.
    pub(super) fn recover(&mut self) {
        self.nodes[self.active].facts = Facts {
            network: Arc::clone(&self.database.network),
            ..Facts::default()
        };
        self.nodes[self.active].fresh.clear();
    }

    fn decide_batch(
        &mut self,
        requests: &[Request],
        may_have_happened: bool,
    ) -> (Answers, Vec<Decision>) {
        let mut answers = Answers::with_capacity(requests.len());
        let mut decisions = Vec::new();
        if !may_have_happened {
            let generated = requests.iter().map(|request| request.claim().0);
            for key in generated.filter(|key| key.kind == ClaimKind::Generated) {
                self.nodes[self.active].facts.claims.insert(key, None);
            }
        }
        if self.hints == Hints::Used {
            self.load_ahead(requests);
        }
        let mut next_number = 1_001 + self.database.numbers_used;
        for request in requests {
            match self.decide_one(request, next_number, &decisions) {
                Ok(decision) => {
                    next_number += decision.numbers_used;
                    answers.push(Ok(decision.answer));
                    decisions.push(decision);
                }
                Err(refusal) => answers.push(Err(refusal)),
            }
        }
        (answers, decisions)
    }

    fn load_ahead(&mut self, requests: &[Request]) {
        for _ in 0..ROUNDS {
            let mut wanted = Vec::new();
            let node = &self.nodes[self.active];
            requests
                .iter()
                .for_each(|request| needs(&node.facts, request, &mut wanted));
            self.load(&wanted, &[]);
        }
    }

    fn load(&mut self, wanted: &[Need], decisions: &[Decision]) {
        let node = &mut self.nodes[self.active];
        for need in wanted {
            if let Need::FreshStock(item) | Need::Queue(item) = need {
                node.fresh.insert(*item);
            }
            self.database.load(need, &mut node.facts, self.now);
            if let Need::Stock(item) | Need::FreshStock(item) | Need::Queue(item) = need {
                node.facts.apply_again(decisions, &[*item]);
            }
            if let Need::Waited(item) = need {
                node.facts.apply_waited_again(decisions, &[*item]);
            }
            if let Need::Lots(item) = need {
                node.facts.apply_lots_again(decisions, &[*item]);
            }
            if let Need::Incoming(_) = need {
                node.facts.apply_supply_again(decisions);
            }
        }
    }

    fn decide_one(
        &mut self,
        request: &Request,
        next_number: u64,
        decisions: &[Decision],
    ) -> Result<Decision, Refusal> {
        let ctx = Context {
            now: self.now,
            next_number,
        };
        for _ in 0..MORE_FACTS_MAX {
            let facts = &mut self.nodes[self.active].facts;
            match decide(facts, request, &ctx) {
                Ok(decision) => {
                    facts.apply(&decision);
                    return Ok(decision);
                }
                Err(Stop::Refused(refusal)) => return Err(refusal),
                Err(Stop::Missing(wanted)) => self.load(&wanted, decisions),
            }
        }
        panic!("a request asks for the same facts again and again: {request:?}");
    }

    /// Forgets what a batch that is not committed has left behind.
    fn forget(&mut self, decisions: &[Decision], failed: &FailedGuards) {
        let moved = decisions
            .iter()
            .flat_map(|decision| decision.moves.iter().map(|moved| moved.item));
        let excluded = decisions
            .iter()
            .flat_map(|decision| decision.exclusions.iter().map(|one| one.item));
        let items = decisions
            .iter()
            .flat_map(|decision| decision.items.iter().map(|item| item.id));
        let mut touched: BTreeSet<_> = moved
            .chain(items)
            .chain(excluded)
            .chain(failed.items.iter().copied())
            .collect();
        for revised in decisions.iter().flat_map(|decision| &decision.orders) {
            let before = revised.before.as_deref();
            throughline_core::order::source::waiting_changes(before, &revised.after, |item, _| {
                touched.insert(item);
            });
        }
        let node = &mut self.nodes[self.active];
        node.facts.loads.clear();
        node.facts.booked.clear();
        for item in touched {
            node.facts.stock.remove(&item);
            if let Some(item) = node.facts.items.remove(&item) {
                node.facts.skus.remove(&item.sku);
            }
        }
        node.end_batch();
        if failed.settings || decisions.iter().any(|decision| decision.network.is_some()) {
            self.recover();
        }
    }

    /// What a process that is alone has cached is what is stored.
    pub(super) fn check_boards(&mut self) {
        if self.nodes.len() > 1 {
            return;
        }
        let mut wrong = Vec::new();
        for (item, stock) in &self.nodes[0].facts.stock {
            let orders = self
                .database
                .orders
                .values()
                .map(|told| told.order.as_ref());
            let waiting = queue(orders, *item);
            if !waiting.starts_with(&stock.waiting)
                || stock.waiting.len() != waiting.len() && !stock.more_waiting
            {
                wrong.push(format!(
                    "who waits for {item}: cached {:?}, stored {waiting:?}",
                    stock.waiting
                ));
            }
            let stored = self
                .database
                .levels
                .iter()
                .filter(|((id, _), _)| id == item);
            let stored: Vec<_> = stored.map(|(_, level)| *level).collect();
            if stored != stock.levels {
                wrong.push(format!(
                    "levels of {item}: cached {:?}, stored {stored:?}",
                    stock.levels
                ));
            }
        }
        for (item, stock) in &self.nodes[0].facts.stock {
            let stored = self.database.exclusions.iter();
            let here = stored.filter(|((id, _), one)| id == item && one.until > self.now);
            let stored: Vec<_> = here.map(|(_, one)| *one).collect();
            let mut cached = stock.exclusions.clone();
            cached.retain(|one| one.until > self.now);
            if cached != stored {
                wrong.push(format!(
                    "exclusions of {item}: cached {cached:?}, stored {stored:?}"
                ));
            }
        }
        wrong
            .into_iter()
            .for_each(|detail| self.complain("I10", detail));
    }
}

impl Node {
    /// Forgets what belongs to one batch only.
    fn end_batch(&mut self) {
        let facts = &mut self.facts;
        facts.orders.clear();
        facts.claims.clear();
        facts.reservations.clear();
        facts.supplies.clear();
        facts.incoming.clear();
        facts.waited.clear();
        facts.lots.clear();
        facts.known_lots.clear();
        facts.serials.clear();
        facts.count_tasks.clear();
        facts.tallies.clear();
        facts.accounts.clear();
        facts.agreements.clear();
        facts.allocations.clear();
        // Others lighten days, too, and no guard tells of that.
        facts.loads.clear();
        facts.booked.clear();
        facts.skus.retain(|_, item| item.is_some());
        for item in std::mem::take(&mut self.fresh) {
            if let Some(stock) = facts.stock.get_mut(&item) {
                stock.is_fresh = false;
            }
        }
    }
}

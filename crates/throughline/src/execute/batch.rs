//! One try of one batch: begin, load, decide, write, commit.

use std::sync::Arc;

use throughline_core::command::Actor;
use throughline_core::decision::Resource;
use throughline_core::id::ItemId;
use throughline_core::{Decision, Facts, Refusal, Request};
use throughline_store::{Batch, Engine, StoreError};

use super::committer::Committer;
use super::decide_batch::{Bench, Source, Verdict};
use super::decided_on::DecidedOn;
use super::planners::Landed;
use super::{Done, board, twins};
use crate::wiring::clock::{self, Stopwatch};

/// The answers of a committed batch, in the order of its requests.
pub(super) type Answers = Vec<Result<Done, Refusal>>;

impl Committer {
    /// Tries the batch once. On an error nothing happened, unless it is [`StoreError::UnknownOutcome`].
    pub(super) fn attempt(
        &mut self,
        requests: &[&Request],
        may_have_happened: bool,
    ) -> Result<Answers, StoreError> {
        let mut touched = Vec::new();
        let network = Arc::clone(&self.facts.network);
        let result = self.attempt_on_board(requests, may_have_happened, &mut touched);
        if result.is_err() {
            self.writer.lock().rollback();
            board::forget(&mut self.facts, touched);
            // Settings of a batch that was rolled back never were.
            self.reload |= !Arc::ptr_eq(&self.facts.network, &network);
        }
        self.end_batch();
        result
    }

    /// Forgets what belongs to one batch only.
    pub(super) fn end_batch(&mut self) {
        board::end_batch(&mut self.facts, &mut self.fresh, &mut self.unknown);
        self.facts.lanes = Arc::clone(&self.shared.lane_book.read());
        if self.engine == Engine::Postgres {
            // Others lighten days, too, and no guard tells of that.
            self.facts.loads.clear();
        }
    }

    fn attempt_on_board(
        &mut self,
        requests: &[&Request],
        may_have_happened: bool,
        touched: &mut Vec<ItemId>,
    ) -> Result<Answers, StoreError> {
        self.lease_numbers(requests.len())?;
        let stopwatch = Stopwatch::start();
        let shared_writer = Arc::clone(&self.writer);
        let mut writer = shared_writer.lock();
        writer.begin()?;
        let is_overtaken = writer.changed_by_others()?;
        if self.reload || is_overtaken {
            self.shared.planners.tell_of_everything();
        }
        if self.reload {
            // The known network may be one that was never committed.
            board::clear(&mut self.facts);
            self.facts.network = writer.load_network()?;
            self.reload = false;
        } else if is_overtaken {
            board::clear(&mut self.facts);
            self.facts.network = writer.reload_network(&self.facts.network)?;
        }
        // On SQLite what is loaded stays true until the commit.
        let is_shared = self.engine == Engine::Postgres;
        let network_version = self.facts.network.version;
        let now = clock::now();
        let mut bench = Bench {
            source: Source::Writer(&mut writer),
            facts: &mut self.facts,
            fresh: &mut self.fresh,
            unknown: &mut self.unknown,
            now,
            next_number: self.numbers.start,
            may_have_happened,
        };
        bench.load_for(requests, &[])?;
        let mut answers = Answers::with_capacity(requests.len());
        let mut decisions: Vec<(Actor, Decision)> = Vec::with_capacity(requests.len());
        let mut decided_on = DecidedOn::default();
        let mut unclaimed = Vec::new();
        for request in requests {
            match bench.decide(request, &decisions)? {
                Verdict::Refused(refusal) => {
                    if is_shared {
                        decided_on.note_refused(bench.facts, request);
                        unclaimed.extend(twins::unclaimed(bench.facts, request));
                    }
                    answers.push(Err(refusal));
                }
                Verdict::Decided(mut decision) => {
                    if is_shared {
                        decided_on.note_decision(bench.facts, &decision);
                    }
                    touched_items(&decision, touched);
                    answers.push(Ok(done(bench.facts, &mut decision)));
                    decisions.push((request.actor, *decision));
                }
            }
        }
        self.numbers.start = bench.next_number;
        twins::prove_unclaimed(&mut writer, &unclaimed, now)?;
        let deciding = stopwatch.elapsed();
        let jobs = decisions
            .iter()
            .any(|(_, decision)| !decision.serve_later.is_empty());
        if decisions
            .iter()
            .any(|(_, decision)| !decision.claims.is_empty())
        {
            writer.commit(&Batch {
                decisions: &decisions,
                network_version,
                items: &decided_on.items(),
                now,
            })?;
        } else {
            // Refusing needs proof too: where nothing is written, no guard tells that another process, or the other
            // committer of this one, has replaced what the batch was decided on.
            if answers.iter().any(Result::is_err) {
                writer.prove(network_version, &decided_on.items())?;
            }
            writer.rollback();
        }
        drop(writer);
        let committing = stopwatch.elapsed().saturating_sub(deciding);
        let network = Arc::clone(&self.facts.network);
        let landed = Landed::of(&network, decisions.iter().map(|(_, decision)| decision));
        self.committed(&network, &landed, [deciding, committing], jobs);
        Ok(answers)
    }
}

/// Items that a decision changes, those included whose queue of waiting orders changes without a movement of stock.
pub(super) fn touched_items(decision: &Decision, items: &mut Vec<ItemId>) {
    items.extend(decision.moves.iter().map(|moved| moved.item));
    items.extend(decision.items.iter().map(|item| item.id));
    items.extend(decision.supplies.iter().map(|revised| revised.after.item));
    items.extend(decision.bookings.iter().map(|changed| changed.slot.item));
    for revised in &decision.orders {
        throughline_core::order::source::waiting_changes(
            revised.before.as_deref(),
            &revised.after,
            |item, _| items.push(item),
        );
    }
}

/// What the caller gets, as of this request: later requests of the batch may change more.
pub(super) fn done(facts: &Facts, decision: &mut Decision) -> Done {
    let answer = decision.answer;
    let replayed = decision.claims.is_empty();
    let mut done = Done {
        answer,
        replayed,
        contacts: decision.contacts.to_vec(),
        items: decision.items.clone(),
        network: facts.network.clone(),
        ..Done::default()
    };
    match answer.resource {
        // A replay is rendered from the resource as it is stored now.
        _ if replayed => {}
        Resource::Order(id)
        | Resource::Fulfilment(id, _)
        | Resource::Return(id, _)
        | Resource::Production(id, _)
        | Resource::Visit(id, _) => {
            done.order = facts.orders.get(&id).cloned().flatten();
        }
        Resource::StockLevel(item, location) => {
            let level = facts
                .stock
                .get(&item)
                .and_then(|stock| stock.level(location).copied());
            done.level = facts.items.get(&item).cloned().zip(level);
        }
        Resource::Reservation(id) => {
            done.reservation = facts.reservations.get(&id).cloned().flatten()
        }
        Resource::Supply(id) => done.supply = facts.supplies.get(&id).cloned().flatten(),
        Resource::Nothing
        | Resource::Item(_)
        | Resource::Location(_)
        | Resource::Channel(_)
        | Resource::LocationGroup(_)
        | Resource::Calendar(_)
        | Resource::Policy(_)
        | Resource::Service(_)
        | Resource::Closure(_)
        | Resource::ScreeningRules(_)
        | Resource::CountTask(_)
        | Resource::Agreement(_)
        | Resource::Customer(_) => {}
    }
    done
}

//! Sources waiting orders together, as many at a time as are planned together, each through the write path.

use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use rustc_hash::{FxHashMap, FxHashSet};
use throughline_core::command::{Actor, Command, Context, IdempotencyKey, OnOrder};
use throughline_core::decide::{Attempt, Stop};
use throughline_core::id::{OrderId, SourcingRunId};
use throughline_core::order::Order;
use throughline_core::order::queue::{
    ORDERS_MAX, PlanTold, QueueOutcome, QueueResult, QueueRun, Rank, TOGETHER_MAX, gained,
};
use throughline_core::order::source::{PlannedOrder, PlannedQueue, SourceOrder, Turn, plan_queue};
use throughline_core::text::{REASON_MAX, storable};
use throughline_core::time::Millis;
use throughline_core::{Facts, Refusal, Request};
use throughline_store::sourcing_runs::{self, OrderResult, Run};
use throughline_store::{Connection, Store, StoreError, views};

use crate::execute::{Executor, NotDone};
use crate::wiring::{clock, ids};

/// Runs that go on side by side.
const RUNS_MAX: usize = 8;
/// Orders read at a time.
const READ_MAX: usize = 500;
/// Rounds of loading that a plan may ask for.
const ROUNDS: usize = 64;

/// Works on the runs of this database.
pub(super) struct QueueRunner {
    store: Store,
    executor: Executor,
    stopping: Arc<AtomicBool>,
    /// Who still waits for their turn, and the version of the run that this was known at.
    waiting: FxHashMap<SourcingRunId, (i64, VecDeque<Rank>)>,
}

/// What was planned for the next orders, and what they were.
struct Planned {
    queue: PlannedQueue,
    orders: FxHashMap<OrderId, Arc<Order>>,
}

impl QueueRunner {
    pub(super) fn new(store: Store, executor: Executor, stopping: Arc<AtomicBool>) -> Self {
        Self {
            store,
            executor,
            stopping,
            waiting: FxHashMap::default(),
        }
    }

    /// Makes a step of every run that nobody works on.
    pub(super) fn go_on(&mut self) -> Result<(), StoreError> {
        let now = clock::now();
        let runs = self
            .store
            .read(|connection| sourcing_runs::free(connection, now, RUNS_MAX))?;
        runs.into_iter().try_for_each(|run| self.step(run))
    }

    fn step(&mut self, mut run: Run<QueueRun>) -> Result<(), StoreError> {
        let known = run.version;
        if !self.store.lease_sourcing_run(&mut run, clock::now())? {
            return Ok(());
        }
        let kept = self.waiting.remove(&run.id);
        let mut waiting = match kept.filter(|(version, _)| *version == known) {
            Some((_, waiting)) => waiting,
            None => self.gather(&run)?,
        };
        let left = i64::try_from(waiting.len()).unwrap_or(i64::MAX);
        run.report.found = run.report.done.saturating_add(left);
        let next: Vec<Rank> = waiting.drain(..waiting.len().min(TOGETHER_MAX)).collect();
        let planned = self.plan(&run, &next)?;
        let (results, taken) = self.take_turns(&mut run, &planned)?;
        // Those who have not had their turn are planned again.
        if taken == next.len() {
            run.report.add_plans(&planned.queue.tallies);
        }
        for rank in next.into_iter().skip(taken).rev() {
            waiting.push_front(rank);
        }
        run.is_running = !waiting.is_empty();
        run.updated_at = clock::now();
        if self.store.advance_sourcing_run(&run, &results)? && run.is_running {
            self.waiting.insert(run.id, (run.version + 1, waiting));
        }
        Ok(())
    }

    /// Who waits, in the order of their turns, without those who have had theirs.
    fn gather(&self, run: &Run<QueueRun>) -> Result<VecDeque<Rank>, StoreError> {
        let ranks = self.store.read(|connection| {
            let done = sourcing_runs::done(connection, run.id, ORDERS_MAX)?;
            ranks(connection, &run.asked, run.created_at, &done)
        })?;
        Ok(ranks.into())
    }

    /// Plans for the next orders on one snapshot.
    fn plan(&self, run: &Run<QueueRun>, next: &[Rank]) -> Result<Planned, StoreError> {
        let (known, now) = (self.executor.network(), clock::now());
        self.store.read(|connection| {
            let mut facts = Facts {
                network: views::network::reload(connection, &known)?,
                ..Facts::default()
            };
            let ctx = Context {
                now,
                next_number: 0,
            };
            for _ in 0..ROUNDS {
                let mut attempt = Attempt::new(&facts, Actor::System, ctx);
                let needs = match plan_queue(&mut attempt, next, run.asked.policy) {
                    Ok(queue) => {
                        let orders = facts.orders.into_iter();
                        let orders = orders.filter_map(|(id, order)| Some((id, order?)));
                        return Ok(Planned {
                            queue,
                            orders: orders.collect(),
                        });
                    }
                    Err(Stop::Missing(needs)) => needs,
                    Err(Stop::Refused(_)) => break,
                };
                views::facts::load(connection, &needs, &mut facts, now)?;
            }
            Err(StoreError::Misuse(
                "a plan for many orders asks for the same facts again and again",
            ))
        })
    }

    /// Sources the orders of a plan, one after the other; says what came of them, and how many had their turn. Where the
    /// server stops or cannot go on, the others have theirs later.
    fn take_turns(
        &self,
        run: &mut Run<QueueRun>,
        planned: &Planned,
    ) -> Result<(Vec<OrderResult<QueueResult>>, usize), StoreError> {
        let mut answers = Vec::with_capacity(planned.queue.turns.len());
        for turn in &planned.queue.turns {
            if self.stopping.load(Ordering::Acquire) {
                break;
            }
            match self.take_turn(run, turn, planned) {
                Ok(answer) => answers.push(answer),
                Err(error) => {
                    tracing::warn!(%error, "a queue is sourced further in a moment");
                    break;
                }
            }
        }
        let taken = answers.len();
        let turns = planned.queue.turns.iter().take(taken);
        let ids: Vec<OrderId> = turns.clone().map(|turn| turn.order).collect();
        let after = self.read(&ids)?;
        let mut results = Vec::with_capacity(taken);
        for (turn, answer) in turns.zip(answers) {
            // An order that is not there any more has nothing to tell.
            let (Some(before), Some(after)) =
                (planned.orders.get(&turn.order), after.get(&turn.order))
            else {
                continue;
            };
            let result = result(turn, before, after, answer.as_ref());
            run.report.add(&result);
            results.push(OrderResult {
                position: run.report.done,
                order: turn.order,
                number: after.number,
                result,
            });
        }
        Ok((results, taken))
    }

    /// Sources one order as planned. Repeating it finds what was done by its key.
    fn take_turn(
        &self,
        run: &Run<QueueRun>,
        turn: &Turn,
        planned: &Planned,
    ) -> Result<Option<Refusal>, NotDone> {
        let before = planned.orders.get(&turn.order);
        if before.is_none_or(|order| has_nothing_to_decide(turn, order)) {
            return Ok(None);
        }
        let key = IdempotencyKey {
            operation: "sourcing-runs".to_owned(),
            key: format!("{}/{}", run.id, turn.order),
            body_hash: [0; 16],
        };
        let request = Request {
            id: ids::request(),
            actor: run.actor,
            key: Some(key),
            command: Command::SourceOrder(OnOrder {
                order: turn.order,
                expected_version: None,
                what: SourceOrder {
                    again: false,
                    together: Some(Arc::clone(&turn.together)),
                },
            }),
        };
        match self.executor.execute_blocking(request) {
            Ok(_) => Ok(None),
            Err(NotDone::Refused(refusal)) => Ok(Some(refusal)),
            Err(error) => Err(error),
        }
    }

    fn read(&self, ids: &[OrderId]) -> Result<FxHashMap<OrderId, Order>, StoreError> {
        let orders = self
            .store
            .read(|connection| views::orders::load(connection, ids))?;
        let orders = orders.into_iter().map(|stored| stored.order);
        Ok(orders.map(|order| (order.id, order)).collect())
    }
}

/// Those who wait and are meant, in the order of their turns, without some.
pub(super) fn ranks(
    connection: &mut Connection,
    asked: &QueueRun,
    begun_at: Millis,
    without: &[OrderId],
) -> Result<Vec<Rank>, StoreError> {
    let without: FxHashSet<OrderId> = without.iter().copied().collect();
    let mut found = sourcing_runs::unserved(connection, ORDERS_MAX)?;
    found.retain(|order| !without.contains(order));
    let mut ranks = Vec::new();
    for ids in found.chunks(READ_MAX) {
        let orders = views::orders::load(connection, ids)?;
        let meant = orders
            .iter()
            .filter(|stored| asked.concerns(&stored.order, begun_at));
        ranks.extend(meant.map(|stored| Rank::of(&stored.order)));
    }
    ranks.sort_unstable();
    Ok(ranks)
}

/// Whether nothing would change: all that it wants waits already, and nobody has anything for it.
fn has_nothing_to_decide(turn: &Turn, order: &Order) -> bool {
    let is_open = order.progress.lines.iter().any(|line| line.open > 0);
    let gets_nothing = turn.plan.as_ref().is_some_and(|(_, plan)| plan.served == 0);
    gets_nothing && !is_open
}

fn result(turn: &Turn, before: &Order, after: &Order, refusal: Option<&Refusal>) -> QueueResult {
    let planned = turn.plan.as_ref();
    let nothing = PlannedOrder::default();
    let plan = planned.map_or(&nothing, |(_, plan)| plan);
    let (served, as_planned) = gained(before, after, plan);
    let lines = before.progress.lines.iter();
    QueueResult {
        outcome: match (refusal, planned) {
            (Some(_), _) => QueueOutcome::Refused,
            (None, _) if served == 0 => QueueOutcome::Waits,
            (None, Some(_)) if as_planned => QueueOutcome::AsPlanned,
            (None, Some(_)) => QueueOutcome::DecidedAgain,
            (None, None) => QueueOutcome::Alone,
        },
        wanted: lines.map(|line| line.open + line.backordered).sum(),
        served,
        plan: planned.map(|(currency, plan)| PlanTold {
            currency: *currency,
            served: plan.served,
            cost_minor: plan.cost_minor,
            alone_served: plan.alone_served,
            alone_minor: plan.alone_minor,
        }),
        reason: refusal.map(|refusal| storable(&refusal.to_string(), REASON_MAX)),
    }
}

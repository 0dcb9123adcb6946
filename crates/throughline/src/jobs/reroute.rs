//! Goes on with runs over everything that is to be sent while a closure lasts: what it touches is rated, sourced and
//! promised anew, order by order, and the run tells what became of it.

use throughline_core::Request;
use throughline_core::carrier::Closure;
use throughline_core::command::{Actor, Command, OnOrder};
use throughline_core::id::{FulfilmentNo, OrderId};
use throughline_core::network::Network;
use throughline_core::order::{Order, OrderStatus};
use throughline_core::promise::{Promised, RenewPromise, days_later, touched};
use throughline_core::text::{REASON_MAX, storable};
use throughline_store::closures::{self, Became, ClosureRun, Touched};
use throughline_store::views::network;
use throughline_store::views::orders::{self, Filter, Sort};
use throughline_store::{Store, StoreError};

use crate::execute::{Executor, NotDone};
use crate::wiring::{clock, ids};

/// Runs that go on side by side.
const RUNS_MAX: usize = 8;
/// Orders looked at in one step of a run.
const STEP: usize = 50;
/// Orders with anything that has not left have one of these statuses.
const STAGES: [OrderStatus; 3] = [
    OrderStatus::Open,
    OrderStatus::OnHold,
    OrderStatus::InProgress,
];
/// Parts of one order that are sent elsewhere: one with each look.
const LOOKS_MAX: usize = 50;

/// Works on the runs of this database.
pub(super) struct Rerouter {
    store: Store,
    executor: Executor,
}

/// A fulfilment as a closure finds it.
struct Found {
    no: FulfilmentNo,
    told: Promised,
    cost_minor: Option<i64>,
}

impl Rerouter {
    pub(super) fn new(store: Store, executor: Executor) -> Self {
        Self { store, executor }
    }

    /// Makes a step of every run. Looking twice at an order changes nothing more.
    pub(super) fn go_on(&self) -> Result<(), StoreError> {
        let runs = self
            .store
            .read(|connection| closures::running(connection, RUNS_MAX))?;
        runs.into_iter().try_for_each(|run| self.step(run))
    }

    fn step(&self, mut run: ClosureRun) -> Result<(), StoreError> {
        let Some(status) = STAGES.get(usize::from(run.progress.stage)) else {
            run.is_running = false;
            return self.store.advance_closure_run(&run, &[]).map(drop);
        };
        let filter = Filter {
            status: Some(*status),
            placed_before: Some(run.progress.began_at),
            ..Filter::default()
        };
        let (network, page) = self.store.read(|connection| {
            let after = run.progress.cursor.as_deref();
            let page = orders::list(connection, &filter, Sort::NewestFirst, after, STEP)?;
            Ok((network::current(connection)?, page))
        })?;
        let known = network.closures.iter().find(|one| one.id == run.closure);
        let mut report = Vec::new();
        for stored in known.iter().flat_map(|_| &page.data) {
            run.progress.looked_at += 1;
            let Some(closure) = known else { break };
            match self.reroute(&network, closure, &stored.order) {
                Ok(rows) => report.extend(rows),
                // The whole step is made again.
                Err(error) => {
                    tracing::warn!(%error, "a step over what a closure touches is made again");
                    return Ok(());
                }
            }
        }
        if !page.has_more {
            run.progress.stage += 1;
        }
        run.progress.cursor = page.next_cursor.filter(|_| page.has_more);
        run.is_running = usize::from(run.progress.stage) < STAGES.len();
        run.progress.updated_at = clock::now();
        let rows: Vec<(i64, Touched)> = report
            .into_iter()
            .map(|one| (count(&mut run, &network, &one), one))
            .collect();
        self.store.advance_closure_run(&run, &rows).map(drop)
    }

    /// Rates, sources and promises anew what a closure touches of an order.
    fn reroute(
        &self,
        network: &Network,
        closure: &Closure,
        order: &Order,
    ) -> Result<Vec<Touched>, Failed> {
        let found: Vec<Found> = touched(network, closure, order)
            .into_iter()
            .filter_map(|no| found(order, no))
            .collect();
        if found.is_empty() {
            return Ok(Vec::new());
        }
        let mut now = order.clone();
        let mut why = None;
        for _ in 0..LOOKS_MAX {
            match self.executor.execute_blocking(renew(order.id, closure)) {
                Ok(_) => {}
                Err(NotDone::Refused(refusal)) => {
                    why = Some(storable(&refusal.to_string(), REASON_MAX));
                    break;
                }
                Err(error) => return Err(error.into()),
            }
            let stored = self
                .store
                .read(|connection| orders::get(connection, order.id))?;
            let Some(stored) = stored.filter(|stored| stored.order.version != now.version) else {
                break;
            };
            now = stored.order;
        }
        Ok(found
            .into_iter()
            .map(|before| became(&now, before, why.as_deref()))
            .collect())
    }
}

/// Why a step was not made.
#[derive(Debug, thiserror::Error)]
enum Failed {
    #[error(transparent)]
    NotDone(#[from] NotDone),
    #[error(transparent)]
    Store(#[from] StoreError),
}

fn renew(order: OrderId, closure: &Closure) -> Request {
    let what = RenewPromise {
        closure: Some(closure.id),
        ..RenewPromise::default()
    };
    Request {
        id: ids::request(),
        actor: Actor::System,
        key: None,
        command: Command::RenewPromise(OnOrder {
            order,
            expected_version: None,
            what,
        }),
    }
}

fn found(order: &Order, no: FulfilmentNo) -> Option<Found> {
    let part = order.progress.fulfilment(no)?;
    Some(Found {
        no,
        told: Promised::of_fulfilment(part)?,
        cost_minor: part.route.and_then(|route| route.carrier_minor),
    })
}

/// What became of a fulfilment: where it was taken from its location, its lines tell what is promised instead.
fn became(now: &Order, before: Found, why: Option<&str>) -> Touched {
    let after = found(now, before.no).filter(|_| {
        let part = now.progress.fulfilment(before.no);
        part.is_some_and(|part| part.total().unshipped() > 0)
    });
    let instead = || {
        let lines = now
            .progress
            .fulfilment(before.no)
            .into_iter()
            .flat_map(|part| &part.lines);
        let lines: Vec<_> = lines.map(|entry| entry.line).collect();
        let parts = now.progress.fulfilments.iter().filter(|part| {
            part.total().unshipped() > 0
                && part.lines.iter().any(|entry| lines.contains(&entry.line))
        });
        let parts: Vec<Found> = parts.filter_map(|part| found(now, part.no)).collect();
        let cost = parts
            .iter()
            .map(|part| part.cost_minor)
            .sum::<Option<i64>>();
        let told = parts.iter().map(|part| part.told).reduce(Promised::and);
        (told, cost)
    };
    let is_elsewhere = after.is_none();
    let (told, cost) = match after {
        Some(after) => (Some(after.told), after.cost_minor),
        None => instead(),
    };
    let service = told.and_then(|told| told.service);
    let due = told.and_then(|told| told.due_on());
    let became = if is_elsewhere || service != before.told.service {
        Became::Rerouted
    } else if told != Some(before.told) {
        Became::Later
    } else {
        Became::Unchanged
    };
    let why = why.map(str::to_owned).or_else(|| {
        let stays = "no other way would be sooner, or none goes there at all";
        (became == Became::Unchanged).then(|| stays.to_owned())
    });
    Touched {
        order: now.id,
        number: now.number,
        fulfilment: before.no.of(now.id),
        became,
        why,
        service: (before.told.service, service),
        keeps_on: (before.told.due_on(), due),
        later_days: days_later(before.told.due_on(), due),
        extra_minor: cost
            .zip(before.cost_minor)
            .map(|(after, before)| after - before),
    }
}

/// Counts what became of a fulfilment; its position in the report. What ways of several currencies cost is not compared.
fn count(run: &mut ClosureRun, network: &Network, one: &Touched) -> i64 {
    let progress = &mut run.progress;
    progress.touched += 1;
    match one.became {
        Became::Rerouted => progress.rerouted += 1,
        Became::Later => progress.later += 1,
        Became::Unchanged => progress.unchanged += 1,
    }
    progress.later_days += one.later_days;
    let currency = |id| {
        network
            .service(id)
            .map(|service| service.currency.to_string())
    };
    let (before, after) = (
        one.service.0.and_then(currency),
        one.service.1.and_then(currency),
    );
    if let (Some(extra), Some(currency)) = (
        one.extra_minor,
        after.filter(|after| Some(after) == before.as_ref()),
    ) {
        let mut known = progress.extra_minor.iter_mut();
        match known.find(|(name, _)| *name == currency) {
            Some((_, sum)) => *sum += extra,
            None => progress.extra_minor.push((currency, extra)),
        }
    }
    progress.touched
}

//! A real database with real processes on it, as a subject of stories.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use throughline::execute::{Done, Executor, NotDone};
use throughline::wiring::{clock, random};
use throughline_core::command::Actor;
use throughline_core::id::{ItemId, RequestId, ReservationId, SupplyId};
use throughline_core::inventory::{Exclusion, LotCode, ServeWaiting};
use throughline_core::network::LocationId;
use throughline_core::order::Violation;
use throughline_core::time::Millis;
use throughline_core::{Answer, Command, Refusal, Request};
use throughline_store::jobs::{JobKind, Worker};
use throughline_store::views::{self, Page};
use throughline_store::{Connection, Fault, Faults, Options, Store, StoreError, check_invariants};
use throughline_stories::{Fate, LedgerRow, Snapshot, Subject, Told, ToldSupply};

use crate::database::Database;

/// Jobs worked off at once; more means that they beget each other for ever.
const JOBS_MAX: usize = 500;
/// Buckets, so that looking for jobs takes few round trips.
const PARTITIONS: u16 = 4;

/// Which processes work on a database.
#[derive(Clone, Copy)]
pub(crate) struct Processes {
    /// How many.
    pub(crate) count: usize,
    /// A seed, and one in how many moments goes wrong.
    pub(crate) faults: Option<(u64, u64)>,
}

/// A database and the processes that work on it.
pub(crate) struct Engine {
    executors: Vec<Executor>,
    active: usize,
    faults: Faults,
    worker: Worker,
    store: Store,
    reservations: BTreeSet<ReservationId>,
    complaints: Vec<Violation>,
    /// Dropped last.
    _database: Database,
}

impl Engine {
    pub(crate) fn start(database: Database, processes: Processes) -> Self {
        show_log();
        let options = || Options {
            now: clock::now(),
            random: random::bits(),
            partitions: Some(PARTITIONS),
        };
        let faults = match processes.faults {
            Some((seed, one_in)) => Faults::seeded(seed, one_in),
            None => Faults::none(),
        };
        let store = Store::open(&database.url, options()).expect("a new database");
        let executors = (0..processes.count).map(|_| {
            let store = Store::open_with_faults(&database.url, options(), faults.clone());
            start(&store.expect("a database that is there"))
        });
        Self {
            executors: executors.collect(),
            active: 0,
            faults,
            worker: store.worker("stories").expect("a worker"),
            store,
            reservations: BTreeSet::new(),
            complaints: Vec::new(),
            _database: database,
        }
    }

    pub(crate) fn executors(&self) -> &[Executor] {
        &self.executors
    }

    pub(crate) fn store(&self) -> &Store {
        &self.store
    }

    fn serve_waiting(&mut self, item: throughline_core::id::ItemId) {
        let request = Request {
            id: RequestId::new(clock::now(), random::bits()),
            actor: Actor::System,
            key: None,
            command: Command::ServeWaiting(ServeWaiting { item }),
        };
        if let Err(refusal) = self.execute(request) {
            let detail = format!("serving who waits is refused: {refusal}");
            self.complaints.push(Violation {
                invariant: "jobs",
                detail,
            });
        }
    }
}

/// What the write path has to say is shown with a test that fails.
fn show_log() {
    let log = tracing_subscriber::fmt()
        .with_test_writer()
        .with_max_level(tracing_subscriber::filter::LevelFilter::ERROR);
    // The first test of a process sets it up for all.
    let _set_up = log.try_init();
}

/// A process whose first connections may break as well as all others.
fn start(store: &Store) -> Executor {
    let mut tries = 0;
    loop {
        match Executor::start(store) {
            Ok(executor) => return executor,
            Err(StoreError::Retry(_) | StoreError::UnknownOutcome) if tries < 50 => tries += 1,
            Err(error) => panic!("a process cannot start: {error}"),
        }
    }
}

fn answer(done: Result<Done, NotDone>) -> Result<Answer, Refusal> {
    match done {
        Ok(done) => Ok(done.answer),
        Err(NotDone::Refused(refusal)) => Err(refusal),
        Err(broken) => panic!("something broke: {broken}"),
    }
}

impl Drop for Engine {
    fn drop(&mut self) {
        self.faults.stop();
        self.executors.iter().for_each(Executor::shutdown_blocking);
    }
}

impl Subject for Engine {
    fn execute(&mut self, request: Request) -> Result<Answer, Refusal> {
        answer(self.executors[self.active].execute_blocking(request))
    }

    fn together(&mut self, requests: Vec<Request>, fate: Fate) -> Vec<Result<Answer, Refusal>> {
        match fate {
            Fate::Commit => {}
            Fate::Lost => self.faults.next(Fault::CutBeforeCommit),
            Fate::Unheard => self.faults.next(Fault::CutAfterCommit),
        }
        let executor = &self.executors[self.active];
        let waiting: Vec<_> = requests
            .into_iter()
            .map(|request| executor.enqueue(request))
            .collect();
        let receive =
            |queued: Result<tokio::sync::oneshot::Receiver<_>, NotDone>| {
                answer(queued.and_then(|queued| {
                    queued.blocking_recv().unwrap_or(Err(NotDone::ShuttingDown))
                }))
            };
        waiting.into_iter().map(receive).collect()
    }

    fn snapshot(&mut self) -> Snapshot {
        let known = self.reservations.clone();
        let read = self.store.read(|connection| snapshot(connection, &known));
        let snapshot = read.expect("the database can be read");
        self.reservations.extend(snapshot.reservations.keys());
        snapshot
    }

    fn work_off(&mut self) -> usize {
        let mut worked = 0;
        loop {
            let now = clock::now();
            self.worker
                .lease_buckets(1, now)
                .expect("nobody else works on jobs");
            let jobs = self.worker.claim(64, now).expect("jobs can be claimed");
            if jobs.is_empty() || worked > JOBS_MAX {
                break;
            }
            for job in jobs {
                // What time brings about is a step of its own.
                if let JobKind::ServeWaiting { item } = job.kind {
                    self.serve_waiting(item);
                }
                self.worker.complete(&job).expect("jobs can be ended");
                worked += 1;
            }
        }
        if worked > JOBS_MAX {
            let detail = "they beget each other for ever".to_owned();
            self.complaints.push(Violation {
                invariant: "jobs",
                detail,
            });
        }
        worked
    }

    fn now(&self) -> Millis {
        clock::now()
    }

    fn wait(&mut self, _ms: i64) {}

    fn switch_to(&mut self, node: u8) {
        self.active = usize::from(node) % self.executors.len();
    }

    fn is_alone(&self) -> bool {
        self.executors.len() == 1
    }

    /// The rows that a snapshot does not show are checked too: queue, allocations, lines, claims.
    fn complaints(&mut self) -> Vec<Violation> {
        let found = self.store.read(check_invariants);
        let mut complaints = found.expect("the database can be read");
        complaints.append(&mut self.complaints);
        complaints
    }

    fn twin(&mut self) -> Option<Box<dyn Subject>> {
        None
    }
}

/// Everything that is stored, in one consistent read.
fn snapshot(
    connection: &mut Connection,
    known: &BTreeSet<ReservationId>,
) -> Result<Snapshot, StoreError> {
    let items = pages(|after| views::items::list(connection, after, 200))?;
    let filter = views::orders::Filter::default();
    let orders = pages(|after| {
        views::orders::list(
            connection,
            &filter,
            views::orders::Sort::OldestFirst,
            after,
            200,
        )
    })?;
    let mut told = BTreeMap::new();
    for stored in orders {
        let journal = Arc::new(views::journal::all(connection, stored.order.id)?);
        told.insert(
            stored.order.id,
            Told {
                order: Arc::new(stored.order),
                journal,
            },
        );
    }
    let filter = views::stock::Filter::default();
    let levels = pages(|after| views::stock::list(connection, &filter, after, 200))?;
    let filter = views::ledger::Filter::default();
    let ledger = pages(|after| views::ledger::list(connection, &filter, after, 200))?;
    let mut lots = BTreeMap::new();
    for item in items.iter().filter(|item| item.has_lots()) {
        let known = views::lots::levels(connection, item.id)?;
        lots.extend(known.levels().iter().map(|level| {
            let place = (item.id, level.location, level.lot.code.clone());
            (place, level.clone())
        }));
    }
    Ok(Snapshot {
        network: views::network::current(connection)?,
        items: items
            .into_iter()
            .map(|item| (item.id, Arc::new(item)))
            .collect(),
        orders: told,
        levels: levels
            .into_iter()
            .map(|row| ((row.item.id, row.level.location), row.level))
            .collect(),
        ledger: ledger.into_iter().map(ledger_row).collect(),
        exclusions: exclusions(connection)?,
        reservations: reservations(connection, known)?,
        loads: views::days::all(connection)?.into_iter().collect(),
        bookings: views::bookings::all(connection)?.into_iter().collect(),
        supplies: supplies(connection)?,
        count_tasks: pages(|after| views::counts::list(connection, None, after, 200))?
            .into_iter()
            .map(|task| (task.id, task))
            .collect(),
        lots,
    })
}

fn exclusions(
    connection: &mut Connection,
) -> Result<BTreeMap<(ItemId, LocationId), Exclusion>, StoreError> {
    let (filter, now) = (views::exclusions::Filter::default(), clock::now());
    let all = pages(|after| views::exclusions::list(connection, &filter, now, after, 200))?;
    let places = all.into_iter();
    Ok(places
        .map(|(item, one)| ((item, one.location), one))
        .collect())
}

fn supplies(connection: &mut Connection) -> Result<BTreeMap<SupplyId, ToldSupply>, StoreError> {
    let filter = views::supply::Filter::default();
    let all = pages(|after| views::supply::list(connection, &filter, after, 200))?;
    let mut told = BTreeMap::new();
    for supply in all {
        let journal = views::supply::entries(connection, supply.id)?;
        let supply = Arc::new(supply);
        told.insert(supply.id, ToldSupply { supply, journal });
    }
    Ok(told)
}

fn ledger_row(row: views::ledger::LedgerRow) -> LedgerRow {
    LedgerRow {
        lot: row.lot.as_deref().map(LotCode::new),
        item: row.item,
        location: row.location,
        change: row.change,
        reason: row.reason,
    }
}

/// Reservations that claim stock, and those that did when they were seen before.
fn reservations(
    connection: &mut Connection,
    known: &BTreeSet<ReservationId>,
) -> Result<BTreeMap<ReservationId, Arc<throughline_core::inventory::Reservation>>, StoreError> {
    let mut ids = known.clone();
    ids.extend(views::reservations::expired(connection, Millis::MAX, 200)?);
    let mut all = BTreeMap::new();
    for id in ids {
        all.extend(views::reservations::get(connection, id)?.map(|one| (id, one)));
    }
    Ok(all)
}

fn pages<T>(
    mut page: impl FnMut(Option<&str>) -> Result<Page<T>, StoreError>,
) -> Result<Vec<T>, StoreError> {
    let mut all = Vec::new();
    let mut after: Option<String> = None;
    loop {
        let Page {
            data, next_cursor, ..
        } = page(after.as_deref())?;
        all.extend(data);
        match next_cursor {
            Some(next) => after = Some(next),
            None => return Ok(all),
        }
    }
}

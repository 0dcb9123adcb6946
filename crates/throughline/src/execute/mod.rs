//! `execute`, the one write path: requests queue up, committers decide whole batches of them on
//! loaded facts, write each batch in one transaction, and answer every caller after the commit.

mod batch;
mod board;
mod committer;
mod decide_batch;
mod decided_on;
mod metrics;
mod pipeline;
mod planners;
mod queue;
mod scribe;
mod twins;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread::JoinHandle;

use parking_lot::{Mutex, RwLock};
use throughline_core::catalog::Item;
use throughline_core::inventory::{Level, Reservation, Supply};
use throughline_core::network::Network;
use throughline_core::order::Order;
use throughline_core::party::Address;
use throughline_core::party::Contact;
use throughline_core::promise::LaneBook;
use throughline_core::{Answer, Refusal, Request};
use throughline_store::{Engine, Store, StoreError};
use tokio::sync::{oneshot, watch};
use uuid::Uuid;

use committer::Committer;
pub use metrics::Metrics;
use planners::Planners;
use queue::{Queued, Work, lane_of};

use crate::geocode::Geocoder;

/// Requests that may wait for a committer; beyond them callers are told to come back.
const QUEUE_LIMIT: usize = 20_000;
/// Committers per process on PostgreSQL; SQLite has one writer.
const POSTGRES_COMMITTERS: usize = 2;

/// What a caller gets after the commit.
#[derive(Debug, Clone, Default)]
pub struct Done {
    /// How it ended, and the resource it is about.
    pub answer: Answer,
    /// Whether nothing happened because the request was known already.
    pub replayed: bool,
    /// The order the answer is about, as of this request.
    pub order: Option<Arc<Order>>,
    /// Contact rows written by this request.
    pub contacts: Vec<(Uuid, Contact)>,
    /// Items written by this request.
    pub items: Vec<Arc<Item>>,
    /// Locations and channels as of this request.
    pub network: Arc<Network>,
    /// The stock level the answer is about, as of this request.
    pub level: Option<(Arc<Item>, Level)>,
    /// The reservation the answer is about, as of this request.
    pub reservation: Option<Arc<Reservation>>,
    /// The supply the answer is about, as of this request.
    pub supply: Option<Arc<Supply>>,
}

/// Why a request did not happen.
#[derive(Debug, Clone, thiserror::Error)]
pub enum NotDone {
    /// The business said no.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// Something broke; the log has the reference.
    #[error("something broke; the log has the details under {reference}")]
    Fault {
        /// Finds the fault in the log.
        reference: String,
        /// What the database said, if it was the database; for the command line, never for a caller from outside.
        cause: Option<Arc<StoreError>>,
    },
    /// Too many requests are waiting.
    #[error("too many requests are waiting; try again in a moment")]
    Overloaded,
    /// The server is about to stop.
    #[error("the server is stopping; try again with the next one")]
    ShuttingDown,
}

/// What a caller waits on.
pub type Receiver = oneshot::Receiver<Result<Done, NotDone>>;

/// The handle of the write path; cheap to clone.
#[derive(Clone)]
pub struct Executor {
    shared: Arc<Shared>,
}

/// What the handle and the committers share.
pub(crate) struct Shared {
    lanes: RwLock<Vec<crossbeam_channel::Sender<Work>>>,
    waiting: AtomicUsize,
    stopping: AtomicBool,
    network: RwLock<Arc<Network>>,
    /// What was seen of lanes, for the promises of new orders.
    lane_book: RwLock<Arc<LaneBook>>,
    geocoder: Geocoder,
    planners: Arc<Planners>,
    threads: Mutex<Vec<JoinHandle<()>>>,
    commits: watch::Sender<u64>,
    jobs: (
        crossbeam_channel::Sender<()>,
        crossbeam_channel::Receiver<()>,
    ),
    metrics: Metrics,
}

impl Executor {
    /// Starts the committers of this process on the store.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub fn start(store: &Store) -> Result<Self, StoreError> {
        let committers = match store.engine() {
            Engine::Sqlite => 1,
            Engine::Postgres => POSTGRES_COMMITTERS,
        };
        let shared = Arc::new(Shared {
            lanes: RwLock::default(),
            waiting: AtomicUsize::new(0),
            stopping: AtomicBool::new(false),
            network: RwLock::default(),
            lane_book: RwLock::default(),
            geocoder: Geocoder::start(store)?,
            planners: Arc::new(Planners::new(store)),
            threads: Mutex::default(),
            commits: watch::Sender::new(0),
            jobs: crossbeam_channel::bounded(1),
            metrics: Metrics::default(),
        });
        for position in 0..committers {
            let (sender, receiver) = crossbeam_channel::unbounded();
            let committer = Committer::new(store, receiver, Arc::clone(&shared))?;
            let thread = std::thread::Builder::new()
                .name(format!("committer-{position}"))
                .spawn(move || committer.run());
            let thread =
                thread.map_err(|_| StoreError::Misuse("the system gives no more threads"))?;
            shared.threads.lock().push(thread);
            shared.lanes.write().push(sender);
        }
        Ok(Self { shared })
    }

    /// Executes a request and answers after it is durable.
    ///
    /// # Errors
    /// [`NotDone`] says why nothing happened.
    pub async fn execute(&self, request: Request) -> Result<Done, NotDone> {
        self.send(request)
            .await?
            .await
            .unwrap_or(Err(NotDone::ShuttingDown))
    }

    /// Tells what was seen of lanes; what is promised from now on is as sure as that.
    pub fn learn_lanes(&self, lanes: Arc<LaneBook>) {
        *self.shared.lane_book.write() = lanes;
    }

    /// Tells an address where it is, unless its coordinates were given.
    pub async fn locate(&self, address: &mut Address) {
        self.shared.geocoder.locate_address(address).await;
    }

    /// Finds where a request's addresses are, plans it if that takes long, and queues it; the receiver gets the answer after the commit. Dropping it
    /// changes nothing.
    ///
    /// # Errors
    /// When the queue is full or the server is stopping.
    pub async fn send(&self, mut request: Request) -> Result<Receiver, NotDone> {
        let shared = &self.shared;
        shared.geocoder.locate(&mut request.command).await;
        shared.planners.plan(&mut request, &self.network()).await;
        self.queue(request)
    }

    /// Like [`Executor::execute`], for threads outside the runtime.
    ///
    /// # Errors
    /// [`NotDone`] says why nothing happened.
    pub fn execute_blocking(&self, request: Request) -> Result<Done, NotDone> {
        self.enqueue(request)?
            .blocking_recv()
            .unwrap_or(Err(NotDone::ShuttingDown))
    }

    /// Like [`Executor::send`], for threads that may wait for the database.
    ///
    /// # Errors
    /// When the queue is full or the server is stopping.
    pub fn enqueue(&self, mut request: Request) -> Result<Receiver, NotDone> {
        let shared = &self.shared;
        shared.geocoder.locate_blocking(&mut request.command);
        shared.planners.plan_blocking(&mut request, &self.network());
        self.queue(request)
    }

    fn queue(&self, request: Request) -> Result<Receiver, NotDone> {
        let shared = &self.shared;
        if shared.stopping.load(Ordering::Acquire) {
            return Err(NotDone::ShuttingDown);
        }
        if shared.waiting.fetch_add(1, Ordering::AcqRel) >= QUEUE_LIMIT {
            shared.waiting.fetch_sub(1, Ordering::AcqRel);
            return Err(NotDone::Overloaded);
        }
        let (answer, receiver) = oneshot::channel();
        let lanes = shared.lanes.read();
        let lane = lane_of(&request, lanes.len());
        let sent = lanes
            .get(lane)
            .is_some_and(|lane| lane.send(Work::Commit(Queued { request, answer })).is_ok());
        if sent {
            Ok(receiver)
        } else {
            shared.waiting.fetch_sub(1, Ordering::AcqRel);
            Err(NotDone::ShuttingDown)
        }
    }

    /// Waits until the projections hold everything that this process has committed so far.
    pub async fn project(&self) {
        for lane in self.ask_to_project() {
            // A committer that ends has brought its projections up to date.
            let _ended = lane.await;
        }
    }

    /// The same, for threads that are no part of the server.
    pub fn project_blocking(&self) {
        for lane in self.ask_to_project() {
            let _ended = lane.blocking_recv();
        }
    }

    fn ask_to_project(&self) -> Vec<oneshot::Receiver<()>> {
        let lanes = self.shared.lanes.read();
        let asked = lanes.iter().filter_map(|lane| {
            let (told, waiting) = oneshot::channel();
            lane.send(Work::Project(told)).ok().map(|()| waiting)
        });
        asked.collect()
    }

    /// Locations and channels as the committers last saw them: a hint for reading.
    #[must_use]
    pub fn network(&self) -> Arc<Network> {
        Arc::clone(&self.shared.network.read())
    }

    /// A counter that changes with every commit of this process.
    #[must_use]
    pub fn commits(&self) -> watch::Receiver<u64> {
        self.shared.commits.subscribe()
    }

    /// Told when a commit of this process left jobs behind.
    #[must_use]
    pub fn jobs_waiting(&self) -> crossbeam_channel::Receiver<()> {
        self.shared.jobs.1.clone()
    }

    /// What the write path has done so far.
    #[must_use]
    pub fn metrics(&self) -> &Metrics {
        &self.shared.metrics
    }

    /// Requests that wait for a committer.
    #[must_use]
    pub fn queue_length(&self) -> usize {
        self.shared.waiting.load(Ordering::Relaxed)
    }

    /// Takes no more requests, finishes those that wait, and ends the committers.
    pub async fn shutdown(&self) {
        let executor = self.clone();
        let ended = tokio::task::spawn_blocking(move || executor.shutdown_blocking()).await;
        if ended.is_err() {
            tracing::error!("a committer ended with a panic");
        }
    }

    /// Like [`Executor::shutdown`], for threads outside the runtime.
    pub fn shutdown_blocking(&self) {
        self.shared.stopping.store(true, Ordering::Release);
        self.shared.lanes.write().clear();
        let threads = std::mem::take(&mut *self.shared.threads.lock());
        for thread in threads {
            if thread.join().is_err() {
                tracing::error!("a committer ended with a panic");
            }
        }
    }
}

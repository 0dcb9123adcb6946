//! Works off the jobs of the buckets this process has leased.

use std::collections::BTreeSet;

use throughline_core::Request;
use throughline_core::command::{Actor, Command, OnOrder};
use throughline_core::id::{ItemId, OrderId};
use throughline_core::inventory::{ServeWaiting, Waiting};
use throughline_core::order::schedule::ReleaseScheduled;
use throughline_core::order::screening::ReviewHolds;
use throughline_core::promise::RenewPromise;
use throughline_store::jobs::{Job, JobKind, Worker};
use throughline_store::views::PAGE_MAX;
use throughline_store::views::waiting::waiting;
use throughline_store::{Store, StoreError};

use super::scorer::{Asked, Asker};
use crate::execute::{Executor, NotDone};
use crate::wiring::{clock, ids, random};

/// Jobs claimed at a time.
const CLAIMED_MAX: usize = 64;
/// Pages of those who wait for one item that are promised anew at once.
const PAGES_MAX: usize = 500;
/// Rounds before the caller gets to look at other things.
const ROUNDS_MAX: usize = 100;

/// One worker of this process.
pub(super) struct JobWorker {
    store: Store,
    worker: Worker,
    executor: Executor,
    asker: Asker,
}

impl JobWorker {
    pub(super) fn new(store: &Store, executor: Executor) -> Result<Self, StoreError> {
        Ok(Self {
            store: store.clone(),
            worker: store.worker(&name())?,
            asker: Asker::start(store, &executor)?,
            executor,
        })
    }

    /// Claims and runs jobs until none is due. A lost connection is replaced for the next time.
    pub(super) fn work_off(&mut self) -> Result<(), StoreError> {
        let result = self.asked().and_then(|()| self.rounds());
        if result.is_err() {
            self.worker = self.store.worker(&name())?;
        }
        result
    }

    fn rounds(&mut self) -> Result<(), StoreError> {
        for _ in 0..ROUNDS_MAX {
            let now = clock::now();
            self.worker.lease_buckets(1, now)?;
            let jobs = self.worker.claim(CLAIMED_MAX, now)?;
            if jobs.is_empty() {
                break;
            }
            for job in jobs {
                self.run(&job)?;
            }
        }
        Ok(())
    }

    /// What became of questions that were asked meanwhile.
    fn asked(&mut self) -> Result<(), StoreError> {
        for (job, asked) in self.asker.asked() {
            end(&mut self.worker, &job, &asked)?;
        }
        Ok(())
    }

    fn run(&mut self, job: &Job) -> Result<(), StoreError> {
        if let JobKind::AskScorer { .. } = job.kind {
            return match self.asker.ask(job.clone()) {
                Some((job, asked)) => end(&mut self.worker, &job, &asked),
                None => Ok(()),
            };
        }
        match self.execute(job) {
            Ok(()) | Err(Failed::NotDone(NotDone::Refused(_))) => self.worker.complete(job)?,
            Err(error) => self.worker.fail(job, &error.to_string(), clock::now())?,
        };
        Ok(())
    }

    fn execute(&self, job: &Job) -> Result<(), Failed> {
        let command = match job.kind {
            JobKind::AskScorer { .. } => return Ok(()),
            JobKind::WatchPromise { order } => return self.watch(order),
            JobKind::RenewWaiting { item } => return self.renew_waiting(item),
            JobKind::Reroute { closure, network } => {
                let begun = self.store.begin_closure_run(closure, network, clock::now());
                return begun.map_err(Failed::Store);
            }
            JobKind::ServeWaiting { item } => Command::ServeWaiting(ServeWaiting { item }),
            JobKind::ReviewHolds { order } => Command::ReviewHolds(OnOrder {
                order,
                expected_version: None,
                what: ReviewHolds,
            }),
            JobKind::ReleaseScheduled { order } => Command::ReleaseScheduled(OnOrder {
                order,
                expected_version: None,
                what: ReleaseScheduled { by_hand: false },
            }),
        };
        self.executor.execute_blocking(request(command))?;
        Ok(())
    }

    /// Looks at the promises of an order. Where what a choice comes to at its deadline is refused, the customer waits, and the
    /// journal says why: nothing stays open because nobody may do it.
    fn watch(&self, order: OrderId) -> Result<(), Failed> {
        let refused = match self.executor.execute_blocking(request(renew(order))) {
            Err(NotDone::Refused(refusal)) => refusal.to_string(),
            done => return Ok(done.map(drop)?),
        };
        let command = Command::RenewPromise(OnOrder {
            order,
            expected_version: None,
            what: RenewPromise {
                closure: None,
                default_refused: Some(refused),
            },
        });
        self.executor.execute_blocking(request(command))?;
        Ok(())
    }

    /// Promises anew what waits for an item, first those who are served first: what they leave is promised to the others.
    fn renew_waiting(&self, item: ItemId) -> Result<(), Failed> {
        let mut after: Option<Waiting> = None;
        for _ in 0..PAGES_MAX {
            let page = self
                .store
                .read(|connection| waiting(connection, item, after.as_ref(), PAGE_MAX))
                .map_err(Failed::Store)?;
            let orders: BTreeSet<OrderId> = page.iter().map(|row| row.order).collect();
            for order in orders {
                match self.executor.execute_blocking(request(renew(order))) {
                    Ok(_) | Err(NotDone::Refused(_)) => {}
                    Err(error) => return Err(error.into()),
                }
            }
            after = page.last().copied();
            if page.len() < PAGE_MAX {
                break;
            }
        }
        Ok(())
    }

    /// Gives the buckets back to other processes.
    pub(super) fn release(&mut self) {
        if let Err(error) = self.worker.release() {
            tracing::warn!(%error, "the buckets' leases run out by themselves");
        }
    }
}

/// Ends the job of a question, or has it asked again.
fn end(worker: &mut Worker, job: &Job, asked: &Asked) -> Result<(), StoreError> {
    match asked {
        Asked::Done => worker.complete(job)?,
        Asked::Again { at, error } => worker.put_back(job, error, *at)?,
    };
    Ok(())
}

/// Why a job was not done.
#[derive(Debug, thiserror::Error)]
enum Failed {
    #[error(transparent)]
    NotDone(#[from] NotDone),
    #[error(transparent)]
    Store(#[from] StoreError),
}

fn renew(order: OrderId) -> Command {
    Command::RenewPromise(OnOrder {
        order,
        expected_version: None,
        what: RenewPromise::default(),
    })
}

fn request(command: Command) -> Request {
    Request {
        id: ids::request(),
        actor: Actor::System,
        key: None,
        command,
    }
}

/// A name that no other living worker has.
fn name() -> String {
    format!("worker-{:012x}", random::bits() >> 80)
}

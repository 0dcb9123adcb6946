//! A subject in memory: a database of maps, and processes that decide batches on what they have cached, as the
//! executor does on a real one.

mod batch;
mod database;
mod guard;
mod load;

use std::collections::BTreeSet;
use std::sync::Arc;

use throughline_core::command::Actor;
use throughline_core::facts::Facts;
use throughline_core::id::{ItemId, RequestId};
use throughline_core::inventory::ServeWaiting;
use throughline_core::order::Violation;
use throughline_core::time::Millis;
use throughline_core::{Answer, Command, Refusal, Request};

use crate::{Fate, Snapshot, Subject};
use database::Database;

/// When stories begin: 2026-01-05T08:00:00Z.
const BEGIN: Millis = Millis(1_767_600_000_000);
/// Jobs worked off at once; more means that they beget each other for ever.
const JOBS_MAX: usize = 500;

/// A database in memory, and the processes that work on it.
#[derive(Debug)]
pub struct Memory {
    database: Database,
    nodes: Vec<Node>,
    active: usize,
    now: Millis,
    hints: Hints,
    own_requests: u128,
    complaints: Vec<Violation>,
}

/// What one process has cached.
#[derive(Debug, Default)]
struct Node {
    facts: Facts,
    fresh: BTreeSet<ItemId>,
}

/// Whether facts are loaded ahead for a whole batch, or only when a decision asks for them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Hints {
    Used,
    Ignored,
}

impl Memory {
    /// An empty database with so many processes.
    #[must_use]
    pub fn new(nodes: usize) -> Self {
        Self::on(Database::default(), nodes, BEGIN, Hints::Used)
    }

    fn on(database: Database, nodes: usize, now: Millis, hints: Hints) -> Self {
        let node = || {
            let mut node = Node::default();
            node.facts.network = Arc::clone(&database.network);
            node
        };
        let nodes = std::iter::repeat_with(node).take(nodes.max(1)).collect();
        Self {
            database,
            nodes,
            active: 0,
            now,
            hints,
            own_requests: 0,
            complaints: Vec::new(),
        }
    }

    fn complain(&mut self, invariant: &'static str, detail: String) {
        self.complaints.push(Violation { invariant, detail });
    }

    fn own_request(&mut self, command: Command) -> Request {
        self.own_requests += 1;
        Request {
            id: RequestId::new(self.now, 1 << 100 | self.own_requests << 26),
            actor: Actor::System,
            key: None,
            command,
        }
    }
}

impl Subject for Memory {
    fn execute(&mut self, request: Request) -> Result<Answer, Refusal> {
        let answers = self.together(vec![request], Fate::Commit);
        answers
            .into_iter()
            .next()
            .expect("one request has one answer")
    }

    fn together(&mut self, requests: Vec<Request>, fate: Fate) -> Vec<Result<Answer, Refusal>> {
        match fate {
            Fate::Commit => {}
            Fate::Lost => self.decide_and_lose(&requests),
            Fate::Unheard => {
                self.settle(&requests, false);
                self.recover();
            }
        }
        let answers = self.settle(&requests, fate == Fate::Unheard);
        self.check_boards();
        answers
    }

    fn snapshot(&mut self) -> Snapshot {
        self.database.snapshot(self.now)
    }

    fn work_off(&mut self) -> usize {
        let mut worked = 0;
        let due = self.database.later.iter().filter(|(at, _)| *at <= self.now);
        let due: Vec<_> = due.copied().collect();
        for job in due {
            self.database.later.remove(&job);
            self.database.jobs.insert(job.1);
        }
        while let Some(item) = self.database.jobs.pop_first() {
            worked += 1;
            if worked > JOBS_MAX {
                self.complain("jobs", "they beget each other for ever".to_owned());
                self.database.jobs.clear();
                break;
            }
            let request = self.own_request(Command::ServeWaiting(ServeWaiting { item }));
            if let Err(refusal) = self.execute(request) {
                self.complain("jobs", format!("serving who waits is refused: {refusal}"));
            }
        }
        worked
    }

    fn now(&self) -> Millis {
        self.now
    }

    fn wait(&mut self, ms: i64) {
        self.now = self.now.plus_ms(ms);
    }

    fn switch_to(&mut self, node: u8) {
        self.active = usize::from(node) % self.nodes.len();
    }

    fn is_alone(&self) -> bool {
        self.nodes.len() == 1
    }

    fn complaints(&mut self) -> Vec<Violation> {
        std::mem::take(&mut self.complaints)
    }

    fn twin(&mut self) -> Option<Box<dyn Subject>> {
        let database = self.database.clone();
        Some(Box::new(Self::on(database, 1, self.now, Hints::Ignored)))
    }
}

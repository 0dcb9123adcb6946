//! A client that places orders, works on its own ones, moves stock, and writes down what was acknowledged.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread;
use std::time::Duration;

use fastrand::Rng;
use serde_json::Value;

use super::book::Book;
use super::drive::{Work, next};
use super::request::{Acknowledged, Request, identity};
use super::{order, stock};
use crate::client::{Answer, Asked, Client, Method, Outcome};
use crate::fault::Fault;

/// Of so many first tries in a hundred, the client hangs up at once and tries again.
const HANG_UPS: u32 = 4;
/// A client that hangs up waits at most so many microseconds before.
const HANG_UP_US: u64 = 3_000;
/// Pause before another try.
const PAUSE: Duration = Duration::from_millis(5);
/// Refusals that the mix of requests leads to. Any other means that a request was taken for another one, or lost.
const REFUSALS: [&str; 3] = ["illegal_transition", "insufficient_stock", "on_hold"];
/// Recent orders that are worked on most.
const RECENT: usize = 30;

/// What all clients share during a cycle.
pub(crate) struct Traffic {
    /// Where the servers answer.
    pub(crate) servers: Vec<String>,
    /// Whether the clients are to stop.
    pub(crate) halted: AtomicBool,
    /// Requests acknowledged in this cycle.
    pub(crate) acknowledged: AtomicU64,
    /// Whether answers of 500 and above are to be expected, because the database goes away.
    pub(crate) faults_expected: bool,
    /// A mistake to make.
    pub(crate) plant: Option<Fault>,
}

/// What one client counted in a cycle.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Count {
    /// Requests acknowledged with success.
    pub(crate) acknowledged: u64,
    /// Requests refused.
    pub(crate) refused: u64,
    /// Requests of which the client did not know what became of them, hang-ups included.
    pub(crate) unknown: u64,
    /// Requests that the client hung up on.
    pub(crate) hung_up: u64,
    /// Acknowledged requests that were sent again and answered as before.
    pub(crate) again: u64,
}

/// A client.
pub(crate) struct Buyer {
    client: Client,
    random: Rng,
    name: String,
    serial: u64,
    server: usize,
    /// The request that it does not know the outcome of.
    pub(crate) pending: Option<Request>,
    /// What was acknowledged to it, ever.
    pub(crate) book: Book,
    /// What was acknowledged to it in this cycle.
    pub(crate) acknowledged: Vec<Acknowledged>,
    /// What it counted in this cycle.
    pub(crate) count: Count,
    /// What it found wrong.
    pub(crate) problems: Vec<String>,
}

impl Buyer {
    /// A client with this number.
    pub(crate) fn new(number: usize, key: &str, random: Rng) -> Self {
        Self {
            client: Client::new(key),
            random,
            name: format!("c{number}"),
            serial: 0,
            server: number,
            pending: None,
            book: Book::default(),
            acknowledged: Vec::new(),
            count: Count::default(),
            problems: Vec::new(),
        }
    }

    /// Prepares for a new cycle.
    pub(crate) fn begin_cycle(&mut self) {
        self.book.begin_cycle();
        self.acknowledged.clear();
        self.count = Count::default();
    }

    /// Buys and works until all clients are halted.
    pub(crate) fn work(&mut self, traffic: &Traffic) {
        while !traffic.halted.load(Ordering::Acquire) && self.problems.is_empty() {
            let request = match self.pending.take() {
                Some(request) => Some(request),
                None => self.next(traffic),
            };
            match request {
                Some(request) => self.ask(request, traffic),
                None => continue,
            }
        }
    }

    /// Repeats the request of unknown outcome until it is answered, or too often.
    pub(crate) fn settle(&mut self, traffic: &Traffic) {
        let mut tries = 0;
        while let Some(request) = self.pending.take() {
            tries += 1;
            if tries > 500 {
                self.problems.push(format!("never answered: {request:?}"));
            } else {
                self.ask(request, traffic);
            }
        }
    }

    /// Sends again, with their keys, what was acknowledged: the answer must be about the same thing.
    pub(crate) fn ask_again(&mut self, traffic: &Traffic, most: usize) {
        let mut acknowledged = std::mem::take(&mut self.acknowledged);
        self.random.shuffle(&mut acknowledged);
        acknowledged.truncate(most);
        for Acknowledged {
            request,
            identity: known,
        } in acknowledged
        {
            let server = &traffic.servers[self.random.usize(..traffic.servers.len())];
            let url = format!("{server}{}", request.path);
            let fits = |answer: &Answer| {
                answer.status == request.success && identity(&answer.body) == known
            };
            match self.client.ask(request.at(&url)) {
                Outcome::Answered(answer) if fits(&answer) => self.count.again += 1,
                Outcome::Answered(answer) => {
                    let problem = format!(
                        "acknowledged about {known}, and asked again with its key answers {answer}: {request:?}"
                    );
                    self.problems.push(problem);
                }
                Outcome::Cut { why, .. } => self
                    .problems
                    .push(format!("asked again, no answer ({why}): {request:?}")),
            }
        }
    }

    fn name(&mut self) -> String {
        self.serial += 1;
        format!("{}-{}", self.name, self.serial)
    }

    /// What to do next; `None` when that needs a server and none answers.
    fn next(&mut self, traffic: &Traffic) -> Option<Request> {
        let name = self.name();
        let roll = self.random.u32(..100);
        let random = &mut self.random;
        match roll {
            ..9 => Some(stock::receive(random, &name)),
            9..11 => Some(stock::adjust(random, &name)),
            11..13 => Some(stock::transfer(random, &name)),
            13..19 => Some(stock::reserve(random, &self.book, &name)),
            19..21 => Some(order::place_many(random, &name)),
            21..50 => Some(order::place(random, &self.book, &name)),
            _ if self.book.orders.is_empty() => Some(order::place(random, &self.book, &name)),
            _ => self.drive(traffic, &name),
        }
    }

    /// Looks at an order, at any server, and drives it on.
    fn drive(&mut self, traffic: &Traffic, name: &str) -> Option<Request> {
        let count = self.book.orders.len();
        let oldest = if self.random.u32(..10) == 0 {
            0
        } else {
            count.saturating_sub(RECENT)
        };
        let position = self.random.usize(oldest..count);
        let order = self.look_at(position, traffic)?;
        let work = Work {
            position,
            order: &order,
            name,
        };
        match next(&mut self.random, &work) {
            Ok(request) => request,
            Err(problem) => {
                self.problems.push(problem);
                None
            }
        }
    }

    /// Whatever was acknowledged before is seen at every server.
    fn look_at(&mut self, position: usize, traffic: &Traffic) -> Option<Value> {
        let known = &mut self.book.orders[position];
        let server = &traffic.servers[self.random.usize(..traffic.servers.len())];
        let url = format!("{server}/v1/orders/{}", known.facts.id);
        let asked = Asked {
            method: Method::Get,
            url: &url,
            key: None,
            body: "",
        };
        match self.client.ask(asked) {
            Outcome::Answered(answer) if answer.status == 200 => {
                let version = answer.body["version"].as_i64().unwrap_or_default();
                if version < known.version {
                    let problem = format!(
                        "order {} was at version {}, and is read at version {version}",
                        known.facts.id, known.version
                    );
                    self.problems.push(problem);
                }
                known.version = version;
                Some(answer.body)
            }
            Outcome::Answered(answer) if answer.status >= 500 && traffic.faults_expected => {
                thread::sleep(PAUSE);
                None
            }
            Outcome::Answered(answer) => {
                self.problems
                    .push(format!("order {} cannot be read: {answer}", known.facts.id));
                None
            }
            Outcome::Cut { .. } => {
                thread::sleep(PAUSE);
                None
            }
        }
    }

    fn ask(&mut self, mut request: Request, traffic: &Traffic) {
        if request.tries > 0 && traffic.plant == Some(Fault::RetryWithoutKey) {
            request.key = format!("{}-again-{}", request.key, request.tries);
        }
        let hangs_up = request.tries == 0 && self.random.u32(..100) < HANG_UPS;
        request.tries += 1;
        let url = format!(
            "{}{}",
            traffic.servers[self.server % traffic.servers.len()],
            request.path
        );
        let asked = request.at(&url);
        let outcome = if hangs_up {
            let patience = Duration::from_micros(self.random.u64(100..HANG_UP_US));
            self.client.ask_with_patience(asked, patience)
        } else {
            self.client.ask(asked)
        };
        match outcome {
            Outcome::Answered(answer) if answer.is_fault() => {
                if !traffic.faults_expected {
                    let problem = format!("a fault: {answer}: {request:?}");
                    self.problems.push(problem);
                }
                self.unanswered(request, hangs_up);
            }
            Outcome::Answered(answer) => self.answered(request, &answer, traffic),
            Outcome::Cut { lines, .. } => {
                if lines.len() > request.early.len() {
                    request.early = lines;
                }
                self.unanswered(request, hangs_up);
            }
        }
    }

    fn answered(&mut self, request: Request, answer: &Answer, traffic: &Traffic) {
        let code = answer.body["code"].as_str().unwrap_or_default();
        if answer.status == request.success {
            self.compare_with_early(&request, answer);
            if let Err(problem) = self.book.write(&request.effect, &answer.body) {
                self.problems.push(format!("{problem}: {request:?}"));
            }
            self.count.acknowledged += 1;
            traffic.acknowledged.fetch_add(1, Ordering::AcqRel);
            self.acknowledged.push(Acknowledged {
                request,
                identity: identity(&answer.body),
            });
        } else if answer.status == 409 && REFUSALS.contains(&code) {
            self.count.refused += 1;
        } else {
            self.problems
                .push(format!("answered {answer}: {request:?}"));
        }
    }

    /// Rows of a batch that were acknowledged before the connection was cut stay what they were.
    fn compare_with_early(&mut self, request: &Request, answer: &Answer) {
        for (position, early) in request.early.iter().enumerate() {
            if early["status"] == 201 && answer.body[position]["id"] != early["id"] {
                let now = &answer.body[position];
                let problem = format!("a row was answered {early}, and asked again {now}");
                self.problems.push(problem);
            }
        }
    }

    /// Nobody knows what became of it: the next try goes to the next server.
    fn unanswered(&mut self, request: Request, hung_up: bool) {
        if request.tries == 1 {
            self.count.unknown += 1;
            self.count.hung_up += u64::from(hung_up);
        } else {
            thread::sleep(PAUSE);
        }
        self.server += 1;
        self.pending = Some(request);
    }
}

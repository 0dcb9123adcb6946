//! Asks a scorer outside about held orders. Questions are asked in threads of their own, so that a slow scorer keeps no
//! other job waiting; they may be asked twice, under the same id.

mod question;

use std::time::Duration;

use crossbeam_channel::{Receiver, Sender, TrySendError};
use serde::Deserialize;
use throughline_core::Request;
use throughline_core::command::{Actor, Command, OnOrder};
use throughline_core::id::{HoldNo, OrderId};
use throughline_core::order::Order;
use throughline_core::order::screening::{RecordScore, Score, ScorerRules, Scoring};
use throughline_core::time::Millis;
use throughline_store::jobs::{Job, JobKind, pause_ms};
use throughline_store::{Store, StoreError, views};

use crate::execute::{Executor, NotDone};
use crate::signing;
use crate::wiring::{clock, ids};

/// Questions asked at the same time.
const THREADS: usize = 8;
/// Questions that wait for a thread.
const QUEUE: usize = 64;
/// How long a question may wait for a thread, in milliseconds: its job is claimed for a minute only.
const WAIT_MAX_MS: i64 = 20_000;
/// The longest pause between two questions, in milliseconds.
const PAUSE_MAX_MS: i64 = 60_000;
/// The pause where all threads are busy, in milliseconds.
const BUSY_MS: i64 = 1_000;
/// Bytes of an answer that are read.
const ANSWER_MAX: u64 = 65_536;

/// What became of a question.
pub(super) enum Asked {
    /// It was answered, or nobody needs the answer any more.
    Done,
    /// It is to be asked again at this time.
    Again { at: Millis, error: String },
}

/// The threads that ask.
pub(super) struct Asker {
    questions: Sender<(Job, Millis)>,
    asked: Receiver<(Job, Asked)>,
}

impl Asker {
    pub(super) fn start(store: &Store, executor: &Executor) -> Result<Self, StoreError> {
        let (questions, waiting) = crossbeam_channel::bounded(QUEUE);
        let (told, asked) = crossbeam_channel::unbounded();
        for number in 0..THREADS {
            let caller = Caller {
                store: store.clone(),
                executor: executor.clone(),
            };
            let (waiting, told) = (waiting.clone(), told.clone());
            let thread = std::thread::Builder::new().name(format!("scorer-{number}"));
            // They end with the jobs, as soon as nobody can ask any more; a question that is under way is left behind.
            let thread = thread.spawn(move || caller.run(&waiting, &told));
            thread.map_err(|_| StoreError::Misuse("the system gives no more threads"))?;
        }
        Ok(Self { questions, asked })
    }

    /// Has a question asked; answers at once where nobody is free.
    pub(super) fn ask(&self, job: Job) -> Option<(Job, Asked)> {
        match self.questions.try_send((job, clock::now())) {
            Ok(()) => None,
            Err(TrySendError::Full((job, now)) | TrySendError::Disconnected((job, now))) => {
                let error = "all who ask the scorer are busy".to_owned();
                let at = now.plus_ms(BUSY_MS);
                Some((job, Asked::Again { at, error }))
            }
        }
    }

    /// What became of questions since the last look.
    pub(super) fn asked(&self) -> impl Iterator<Item = (Job, Asked)> {
        self.asked.try_iter()
    }
}

/// One thread that asks.
struct Caller {
    store: Store,
    executor: Executor,
}

/// A held order that is to be scored.
struct Question {
    order: Order,
    scoring: Scoring,
    rules: ScorerRules,
    body: Vec<u8>,
}

/// What a scorer answers.
#[derive(Deserialize)]
struct ScorerAnswer {
    score: i64,
    #[serde(default)]
    reasons: Vec<String>,
    #[serde(default)]
    reference: Option<String>,
}

impl Caller {
    fn run(&self, waiting: &Receiver<(Job, Millis)>, told: &Sender<(Job, Asked)>) {
        while let Ok((job, since)) = waiting.recv() {
            let asked = self.ask(&job, since);
            if told.send((job, asked)).is_err() {
                return;
            }
        }
    }

    fn ask(&self, job: &Job, since: Millis) -> Asked {
        let JobKind::AskScorer { order, hold } = job.kind else {
            return Asked::Done;
        };
        let now = clock::now();
        if now.0 - since.0 > WAIT_MAX_MS {
            let error = "nobody was free to ask the scorer in time".to_owned();
            return Asked::Again { at: now, error };
        }
        let question = match self.question(order, hold, now) {
            Ok(Some(question)) => question,
            Ok(None) => return Asked::Done,
            Err(error) => return again(job, now, error.to_string()),
        };
        match put(&question, hold, now) {
            // It answers later, at the address it was told.
            Ok(None) => Asked::Done,
            Ok(Some(score)) => match self.record(order, hold, score) {
                Ok(()) => Asked::Done,
                Err(error) => again(job, clock::now(), error),
            },
            Err(error) => again(job, clock::now(), error),
        }
    }

    /// What is to be asked; `None` where nobody needs an answer any more.
    fn question(
        &self,
        id: OrderId,
        no: HoldNo,
        now: Millis,
    ) -> Result<Option<Question>, StoreError> {
        self.store.read(|connection| {
            let Some(stored) = views::orders::get(connection, id)? else {
                return Ok(None);
            };
            let network = views::network::current(connection)?;
            let order = stored.order;
            if order.progress.cancelled.is_some() {
                return Ok(None);
            }
            let mut holds = order.progress.active_holds();
            let hold = holds.find(|hold| hold.no == no);
            let asked = hold.and_then(|hold| Some((hold.found.clone()?, hold.scoring.clone()?)));
            let Some((found, scoring)) = asked.filter(|(_, one)| one.is_awaited()) else {
                return Ok(None);
            };
            let mut known = network.screening.iter();
            let rules = known.find(|rules| rules.code == found.rules.0);
            let rules = rules.and_then(|rules| rules.scorer.clone());
            let Some(rules) = rules.filter(|_| now < scoring.until) else {
                return Ok(None);
            };
            drop(holds);
            let body = question::body(&order, no, scoring.until, &network);
            Ok(Some(Question {
                order,
                scoring,
                rules,
                body,
            }))
        })
    }

    /// Records the answer. What the order's own rules refuse is the scorer's mistake, and it is asked again.
    fn record(&self, order: OrderId, hold: HoldNo, score: Score) -> Result<(), String> {
        let request = Request {
            id: ids::request(),
            actor: Actor::System,
            key: None,
            command: Command::RecordScore(OnOrder {
                order,
                expected_version: None,
                what: RecordScore { hold, score },
            }),
        };
        match self.executor.execute_blocking(request) {
            Ok(_) => Ok(()),
            // Another answer was there first, or the hold is gone.
            Err(NotDone::Refused(refusal)) if refusal.field().is_none() => Ok(()),
            Err(NotDone::Refused(refusal)) => {
                Err(format!("the scorer's answer cannot be used: {refusal}"))
            }
            Err(error) => Err(error.to_string()),
        }
    }
}

fn again(job: &Job, now: Millis, error: String) -> Asked {
    let at = now.plus_ms(pause_ms(job.attempts).min(PAUSE_MAX_MS));
    Asked::Again { at, error }
}

/// Asks, and reads the answer; `None` where it comes later.
fn put(question: &Question, hold: HoldNo, now: Millis) -> Result<Option<Score>, String> {
    let rules = &question.rules;
    let left_ms = question.scoring.until.0.saturating_sub(now.0).max(1);
    let timeout_ms = i64::from(rules.timeout_ms).min(left_ms).unsigned_abs();
    let config = ureq::Agent::config_builder()
        .timeout_global(Some(Duration::from_millis(timeout_ms)))
        .http_status_as_error(false)
        .max_redirects(0)
        .max_redirects_will_error(false)
        .user_agent("Throughline")
        .build();
    let agent: ureq::Agent = config.into();
    let id = format!("score_{}", hold.of(question.order.id));
    let sent_s = now.0 / 1_000;
    let signature = signing::sign(&rules.secret, &id, sent_s, &question.body);
    let sent = agent
        .post(&rules.url)
        .header("content-type", "application/json")
        .header("idempotency-key", &id)
        .header(signing::ID, &id)
        .header(signing::TIMESTAMP, sent_s.to_string())
        .header(signing::SIGNATURE, &signature)
        .send(&question.body[..]);
    let mut response = sent.map_err(|error| format!("the scorer did not answer: {error}"))?;
    let status = response.status().as_u16();
    match status {
        202 => return Ok(None),
        200 | 201 => {}
        _ => return Err(format!("the scorer answered with the status {status}")),
    }
    let body = response.body_mut().with_config().limit(ANSWER_MAX);
    let body = body
        .read_to_vec()
        .map_err(|error| format!("the scorer's answer broke off: {error}"))?;
    let answer: ScorerAnswer = serde_json::from_slice(&body)
        .map_err(|_| "the scorer's answer is no JSON object with a whole number as score")?;
    Ok(Some(Score {
        score: answer.score,
        reasons: answer.reasons,
        reference: answer.reference,
    }))
}

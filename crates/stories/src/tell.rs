//! Telling a story: each step is executed, and everything is checked after it.

use std::fmt::{self, Display, Formatter};

use throughline_core::inventory::{EndReservation, ServeWaiting};
use throughline_core::order::Violation;
use throughline_core::{Answer, Command, Refusal, Request};

use crate::check::{Shelf, changes, check, effects, overtaken, stuck};
use crate::expect::{Expected, Known, wrong_no};
use crate::stage::Act;
use crate::step::{Step, What};
use crate::{Fate, Snapshot, Stage, Story, Subject, Tally};

/// How far the clock goes on with every step.
const STEP_MS: i64 = 60_000;

/// Something that must always be true was not.
#[derive(Debug, Clone)]
pub struct Broken {
    /// What.
    pub violations: Vec<Violation>,
    /// The story so far, with what came of each step.
    pub told: Vec<String>,
}

impl Display for Broken {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        self.told
            .iter()
            .try_for_each(|line| writeln!(f, "{line}"))?;
        writeln!(f)?;
        self.violations
            .iter()
            .try_for_each(|violation| writeln!(f, "{violation}"))
    }
}

type Outcome = Result<Answer, Refusal>;

/// Tells a story to a subject that has stored nothing yet, and checks everything after every step. Answers what was
/// told: each step with what came of it.
///
/// # Errors
/// [`Broken`] at the first step after which something is not true that must always be.
pub fn tell(
    story: &Story,
    subject: &mut dyn Subject,
    tally: &mut Tally,
) -> Result<Vec<String>, Broken> {
    let mut telling = Telling {
        subject,
        tally,
        stage: Stage::new(),
        known: Known::default(),
        told: Vec::new(),
        found: Vec::new(),
    };
    telling.set_the_stage();
    let mut steps = story.0.iter();
    while let Some(step) = steps.next() {
        telling.step(step, &mut steps);
        if !telling.found.is_empty() {
            return Err(Broken {
                violations: telling.found,
                told: telling.told,
            });
        }
    }
    Ok(telling.told)
}

struct Telling<'a> {
    subject: &'a mut dyn Subject,
    tally: &'a mut Tally,
    stage: Stage,
    known: Known,
    told: Vec<String>,
    found: Vec<Violation>,
}

impl Telling<'_> {
    fn set_the_stage(&mut self) {
        for request in self.stage.set(self.subject.now()) {
            self.subject.wait(STEP_MS);
            let answer = self.execute(request);
            answer.expect("the first locations, channels and items are accepted");
        }
    }

    fn execute(&mut self, request: Request) -> Outcome {
        let outcome = self.subject.execute(request.clone());
        self.tally.count_command(&request.command, &outcome);
        outcome
    }

    fn step(&mut self, step: &Step, rest: &mut std::slice::Iter<'_, Step>) {
        self.subject.wait(STEP_MS);
        let before = self.subject.snapshot();
        match self.stage.act(step, &before, self.subject.now()) {
            Act::Nothing => {
                self.tally.count_nothing(&step.what);
                self.tell(step, "nothing to do it with");
            }
            Act::Wait(ms) => {
                self.subject.wait(ms);
                self.tell(step, "");
            }
            Act::Node(node) => {
                self.subject.switch_to(node);
                self.tell(step, "");
            }
            Act::Together(count, fate) => {
                self.tell(step, "");
                self.end_expired(&before);
                let before = self.subject.snapshot();
                let batch: Vec<Step> = rest.by_ref().take(usize::from(count)).cloned().collect();
                self.together(&batch, fate, &before);
            }
            Act::Request(request) => self.alone(step, &request, &before),
        }
    }

    fn tell(&mut self, step: &Step, outcome: &str) {
        let line = if outcome.is_empty() {
            step.to_string()
        } else {
            format!("{step} > {outcome}")
        };
        self.told.push(line);
    }

    fn alone(&mut self, step: &Step, request: &Request, before: &Snapshot) {
        let outcome = self.execute(request.clone());
        self.tally.count(&step.what, &outcome);
        self.tell(step, &describe(&outcome));
        let after = self.subject.snapshot();
        let now = self.subject.now();
        self.found.extend(verify(
            &self.known,
            step,
            request,
            &outcome,
            before,
            &after,
            now,
        ));
        if let Ok(answer) = outcome {
            self.known.accepted(request, answer, &after);
        }
        self.settle(request, before);
    }

    /// Works off what the step has left behind, and checks everything.
    fn settle(&mut self, request: &Request, before: &Snapshot) {
        self.subject.work_off();
        if matches!(
            request.command,
            Command::PutLocation(_) | Command::PutChannel(_)
        ) {
            self.sweep(before);
        }
        let after = self.subject.snapshot();
        self.check(before, &after);
    }

    fn check(&mut self, before: &Snapshot, after: &Snapshot) {
        self.found.extend(check(after));
        self.found.extend(changes(before, after));
        self.found.extend(self.subject.complaints());
        self.found.extend(stuck(after));
        if self.subject.is_alone() {
            self.found.extend(overtaken(before, after));
        }
    }

    /// Serves those who wait for any item: a location that opens, or a channel that is no till any more, brings stock to all of
    /// them, and nobody is woken for that.
    fn sweep(&mut self, before: &Snapshot) {
        for item in before.items.keys() {
            let command = Command::ServeWaiting(ServeWaiting { item: *item });
            let request = self.stage.request(self.subject.now(), command);
            if let Err(refusal) = self.execute(request) {
                self.found.push(violation("serving who waits", &refusal));
            }
        }
        self.subject.work_off();
    }

    /// Ends the reservations that have run out. A process that has cached stock need not know of them, one that has not
    /// does; so what they come to could differ.
    fn end_expired(&mut self, before: &Snapshot) {
        let now = self.subject.now();
        for reservation in before
            .reservations
            .values()
            .filter(|one| one.expires_at <= now)
        {
            let command = Command::EndReservation(EndReservation {
                id: reservation.id,
                expired: true,
            });
            let request = self.stage.request(now, command);
            if let Err(refusal) = self.execute(request) {
                self.found
                    .push(violation("the end of a reservation", &refusal));
            }
        }
        self.subject.work_off();
    }

    /// Several steps in one batch. It must come to the same as if they were done one after the other.
    fn together(&mut self, batch: &[Step], fate: Fate, before: &Snapshot) {
        let mut steps = Vec::new();
        for step in batch {
            match self.stage.act(step, before, self.subject.now()) {
                Act::Request(request) => steps.push((step.clone(), *request)),
                _ => self.tally.count_nothing(&step.what),
            }
        }
        let requests: Vec<Request> = steps.iter().map(|(_, request)| request.clone()).collect();
        let twin = if self.subject.is_alone() {
            self.subject.twin()
        } else {
            None
        };
        let outcomes = self.subject.together(requests, fate);
        for ((step, request), outcome) in steps.iter().zip(&outcomes) {
            self.tally.count(&step.what, outcome);
            self.tally.count_command(&request.command, outcome);
            self.tell(step, &describe(outcome));
        }
        match twin {
            Some(mut twin) => self.compare(&steps, &outcomes, twin.as_mut(), fate),
            None => self.remember(&steps, &outcomes),
        }
        self.subject.work_off();
        if steps.iter().any(|(_, request)| {
            matches!(
                request.command,
                Command::PutLocation(_) | Command::PutChannel(_)
            )
        }) {
            self.sweep(before);
        }
        let after = self.subject.snapshot();
        self.check_batch(before, &after);
    }

    /// Within a batch places in the queue change hands several times; only what is left of it is checked.
    fn check_batch(&mut self, before: &Snapshot, after: &Snapshot) {
        self.found.extend(check(after));
        self.found.extend(changes(before, after));
        self.found.extend(self.subject.complaints());
        self.found.extend(stuck(after));
    }

    fn remember(&mut self, steps: &[(Step, Request)], outcomes: &[Outcome]) {
        let after = self.subject.snapshot();
        for ((_, request), outcome) in steps.iter().zip(outcomes) {
            if let Ok(answer) = outcome {
                self.known.accepted(request, *answer, &after);
            }
        }
    }

    fn compare(
        &mut self,
        steps: &[(Step, Request)],
        outcomes: &[Outcome],
        twin: &mut dyn Subject,
        fate: Fate,
    ) {
        let mut expected = self.one_by_one(steps, twin);
        if fate == Fate::Unheard {
            // The batch is asked for again as a whole; what was refused is decided again.
            for ((_, request), outcome) in steps.iter().zip(&mut expected) {
                if outcome.is_err() {
                    *outcome = twin.execute(request.clone());
                }
                if let Ok(answer) = outcome {
                    self.known.accepted(request, *answer, &twin.snapshot());
                }
            }
        }
        for ((step, _), (one, other)) in steps.iter().zip(outcomes.iter().zip(&expected)) {
            if one != other {
                let detail = format!(
                    "{step}: in a batch {}, alone {}",
                    describe(one),
                    describe(other)
                );
                self.found.push(Violation {
                    invariant: "batch",
                    detail,
                });
            }
        }
        if self.found.is_empty() && !self.subject.is_like(twin) {
            let (one, other) = (self.subject.snapshot(), twin.snapshot());
            let detail = format!(
                "what is stored differs from what the same steps store alone: {}",
                difference(&one, &other)
            );
            self.found.push(Violation {
                invariant: "batch",
                detail,
            });
        }
    }

    fn one_by_one(&mut self, steps: &[(Step, Request)], twin: &mut dyn Subject) -> Vec<Outcome> {
        let mut outcomes = Vec::with_capacity(steps.len());
        for (step, request) in steps {
            let before = twin.snapshot();
            let outcome = twin.execute(request.clone());
            let after = twin.snapshot();
            self.found.extend(verify(
                &self.known,
                step,
                request,
                &outcome,
                &before,
                &after,
                twin.now(),
            ));
            self.found.extend(check(&after));
            if let Ok(answer) = outcome {
                self.known.accepted(request, answer, &after);
            }
            outcomes.push(outcome);
        }
        self.found.extend(twin.complaints());
        outcomes
    }
}

/// What is wrong with the outcome of one request.
fn verify(
    known: &Known,
    step: &Step,
    request: &Request,
    outcome: &Outcome,
    before: &Snapshot,
    after: &Snapshot,
    now: throughline_core::time::Millis,
) -> Vec<Violation> {
    let mut found = Vec::new();
    let mut wrong = |invariant, detail: String| found.push(Violation { invariant, detail });
    let expected = match step.what {
        What::Mistake(mistake) => Expected::Refused(mistake.code()),
        _ => known.expect(request, before),
    };
    let is_right = match (&expected, outcome) {
        (Expected::Anything, _) => true,
        (Expected::Replay(known), Ok(answer)) => known == answer,
        (Expected::Existing(order), Ok(answer)) => {
            answer.resource == throughline_core::decision::Resource::Order(*order)
                && answer.outcome == throughline_core::decision::AnswerKind::Ok
        }
        (Expected::Refused(code), Err(refusal)) => refusal.code() == *code,
        (Expected::Replay(_) | Expected::Existing(_), Err(_)) | (Expected::Refused(_), Ok(_)) => {
            false
        }
    };
    if !is_right {
        wrong(
            "I7",
            format!(
                "{step}: {expected:?} was expected, it was {}",
                describe(outcome)
            ),
        );
    }
    let nothing_may_happen =
        outcome.is_err() || matches!(expected, Expected::Replay(_) | Expected::Existing(_));
    if nothing_may_happen && before != after {
        wrong(
            "I7",
            format!(
                "{step}: something happened nevertheless: {}",
                difference(before, after)
            ),
        );
    }
    match outcome {
        Ok(_) if matches!(expected, Expected::Anything) => {
            found.extend(Shelf::after(before, &request.command).compare(after));
            found.extend(effects(&request.command, before, after));
        }
        Ok(_) => {}
        Err(refusal) => {
            if let Some(detail) = wrong_no(request, refusal, before, now) {
                wrong("I10", format!("{step}: {detail}"));
            }
        }
    }
    found
}

fn describe(outcome: &Outcome) -> String {
    match outcome {
        Ok(_) => "ok".to_owned(),
        Err(refusal) => format!("{}: {refusal}", refusal.code()),
    }
}

fn violation(what: &str, refusal: &Refusal) -> Violation {
    Violation {
        invariant: "waiting",
        detail: format!("{what} is refused: {refusal}"),
    }
}

/// The first part in which two states differ.
fn difference(one: &Snapshot, other: &Snapshot) -> String {
    for (id, told) in &one.orders {
        match other.orders.get(id) {
            Some(known) if known == told => {}
            Some(known) => return format!("{told:#?}\n\nthe other:\n\n{known:#?}"),
            None => return format!("only one has order {}", told.order.number),
        }
    }
    for key in one.levels.keys().chain(other.levels.keys()) {
        let (one, other) = (one.level(key.0, key.1), other.level(key.0, key.1));
        if one != other {
            return format!("{one:?}, the other: {other:?}");
        }
    }
    if one.reservations != other.reservations {
        return format!(
            "{:#?}\n\nthe other:\n\n{:#?}",
            one.reservations, other.reservations
        );
    }
    if one.supplies != other.supplies {
        return format!("{:#?}\n\nthe other:\n\n{:#?}", one.supplies, other.supplies);
    }
    format!(
        "{} and {} orders, {} and {} rows of the ledger",
        one.orders.len(),
        other.orders.len(),
        one.ledger.len(),
        other.ledger.len()
    )
}

//! Booking the file's cancellations with the orders that they take units from, when all orders are known.

use throughline_core::refusal::Refusal;
use throughline_formats::sheet::{Document, Match, Rows, SheetCancellation};

use super::account::Account;
use super::fingerprint;
use super::made::Made;
use super::reasons::reason;
use super::take_back::{Cause, TakeBack};
use crate::cli::Failure;
use crate::cli::flight::Flight;
use crate::cli::interrupt::Interrupt;
use crate::execute::{Done, Executor};

/// Books cancellations, many at a time; the orders of one cancellation one after the other.
pub(super) struct Booking<'a> {
    flight: Flight<'a, Box<Open>>,
    rows: Rows,
    account: &'a mut Account,
    made: &'a mut Made,
}

/// A cancellation on its way.
struct Open {
    document: SheetCancellation,
    /// What is still to be taken back; the last one is on its way.
    left: Vec<TakeBack>,
    /// Why the first order gave nothing back that did not.
    refused: Option<String>,
}

impl<'a> Booking<'a> {
    pub(super) fn new(
        executor: &'a Executor,
        interrupt: &Interrupt,
        rows: Rows,
        account: &'a mut Account,
        made: &'a mut Made,
    ) -> Self {
        Self {
            flight: Flight::new(executor).until(interrupt),
            rows,
            account,
            made,
        }
    }

    /// Books all of them.
    ///
    /// # Errors
    /// When something broke; what is refused is written to the rejects file.
    pub(super) fn book(&mut self, cancellations: Vec<SheetCancellation>) -> Result<(), Failure> {
        for document in cancellations {
            if self.flight.is_full() {
                self.land()?;
            }
            let open = self.open(document);
            self.go_on(open)?;
        }
        while self.land()? {}
        Ok(())
    }

    fn open(&self, mut document: SheetCancellation) -> Box<Open> {
        let mut references: Vec<String> = Vec::new();
        for found in matches(&document) {
            if !references.contains(&found.reference) {
                references.push(found.reference.clone());
            }
        }
        let said =
            matches(&document).map(|found| (found.reference.as_str(), found.line, found.quantity));
        let body_hash = fingerprint::of_units(said);
        let mut left = Vec::new();
        for (part, reference) in references.iter().enumerate() {
            match self.part(&document, part, reference, body_hash) {
                Some(part) => left.push(part),
                // The order was refused, so its units are not matched any more.
                None => document.forget_order(reference),
            }
        }
        left.reverse();
        Box::new(Open {
            document,
            left,
            refused: None,
        })
    }

    /// What the cancellation takes back from one order. Its key names the cancellation and the part, not the order, so
    /// that a cancellation that finds other orders in a file that has changed is not booked a second time.
    fn part(
        &self,
        document: &SheetCancellation,
        part: usize,
        reference: &str,
        body_hash: [u8; 16],
    ) -> Option<TakeBack> {
        let lines = self.made.lines(reference)?;
        let units = matches(document)
            .filter(|found| found.reference == reference)
            .map(|found| (found.line, found.quantity));
        let day = document.at.strftime("%Y-%m-%d");
        let cause = Cause {
            reference: reference.to_owned(),
            reason: format!("cancellation {} of {day}", document.reference),
            names: [
                document.channel.clone(),
                document.reference.clone(),
                part.to_string(),
            ],
            body_hash,
        };
        Some(TakeBack::new(lines, units, self.rows, cause))
    }

    /// Sends the next command, or books the document when there is none.
    fn go_on(&mut self, open: Box<Open>) -> Result<(), Failure> {
        if let Some(part) = open.left.last() {
            let (command, key) = (part.command(), part.key());
            return self.flight.send(command, Some(key), open);
        }
        match open.refused {
            Some(reason)
                if open
                    .document
                    .lines
                    .iter()
                    .all(|line| line.matches.is_empty()) =>
            {
                self.account.refuse_cancellation(open.document, &reason)
            }
            _ => self.account.book(&Document::Cancellation(open.document)),
        }
    }

    fn land(&mut self) -> Result<bool, Failure> {
        let Some((mut open, answer)) = self.flight.land()? else {
            return Ok(false);
        };
        match answer {
            Ok(done) => self.done(&mut open, &done),
            Err(refusal) => self.refused(&mut open, &refusal),
        }
        self.go_on(open)?;
        Ok(true)
    }

    fn done(&mut self, open: &mut Open, done: &Done) {
        let Some(part) = open.left.last_mut() else {
            return;
        };
        if let Some(taken) = part.advance(done) {
            self.account.took_back(part.is_known());
            self.made
                .taken_back
                .entry(part.order())
                .or_default()
                .push(taken);
            open.left.pop();
        }
    }

    /// The order gives nothing back: its units are not matched. When the cancellation was imported with other contents,
    /// nothing more of it is booked.
    fn refused(&mut self, open: &mut Open, refusal: &Refusal) {
        let reason = reason(refusal, "cancellation");
        let is_another = matches!(refusal, Refusal::IdempotencyKeyReused { .. });
        let given_up = if is_another { open.left.len() } else { 1 };
        let from = open.left.len().saturating_sub(given_up);
        for part in open.left.split_off(from) {
            open.document.forget_order(part.reference());
        }
        let line = open.document.source.first().map_or(0, |row| row.raw.line);
        self.account
            .remark(line, &format!("an order gives nothing back: {reason}"));
        open.refused.get_or_insert(reason);
    }
}

fn matches(document: &SheetCancellation) -> impl Iterator<Item = &Match> {
    document.lines.iter().flat_map(|line| &line.matches)
}

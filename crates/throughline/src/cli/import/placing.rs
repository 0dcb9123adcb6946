//! Placing the orders of the file.

use throughline_core::decision::{AnswerKind, Resource};
use throughline_core::id::OrderId;
use throughline_core::order::Order;
use throughline_core::refusal::Refusal;
use throughline_formats::sheet::{Document, Rows, SheetCancellation, SheetOrder};
use throughline_store::Store;

use super::account::Account;
use super::customers::Customers;
use super::fingerprint;
use super::made::{Expected, Lines, Made, Sums};
use super::orders::{new_order, place};
use super::reasons;
use super::take_back::{Cause, TakeBack};
use crate::cli::flight::Flight;
use crate::cli::{Failure, database};
use crate::execute::Done;

/// Places the orders of the file, many at a time.
pub(super) struct Placing<'a> {
    pub(super) store: &'a Store,
    pub(super) rows: Rows,
    pub(super) customers: Customers,
    pub(super) flight: Flight<'a, Box<Errand>>,
    pub(super) account: &'a mut Account,
    pub(super) made: &'a mut Made,
    /// They follow when all orders are known.
    pub(super) cancellations: Vec<SheetCancellation>,
}

/// An order on its way.
pub(super) struct Errand {
    sheet: SheetOrder,
    /// Set when the order is placed, and lines that the file marks as cancelled are on their way back.
    cancelled: Option<TakeBack>,
}

impl Placing<'_> {
    /// Takes a document of the file.
    ///
    /// # Errors
    /// When something broke; what is refused is written to the rejects file.
    pub(super) fn take(&mut self, document: Document) -> Result<(), Failure> {
        match document {
            Document::Order(order) => self.send(order),
            Document::Cancellation(cancellation) => {
                self.cancellations.push(cancellation);
                Ok(())
            }
            document => self.account.book(&document),
        }
    }

    /// Waits for what is on its way.
    ///
    /// # Errors
    /// When something broke.
    pub(super) fn finish(&mut self) -> Result<(), Failure> {
        while self.land()? {}
        Ok(())
    }

    fn send(&mut self, sheet: SheetOrder) -> Result<(), Failure> {
        if let Some(reason) = self.customers.objection(self.store, &sheet)? {
            return self.account.refuse_order(sheet, &reason);
        }
        if self.flight.is_full() {
            self.land()?;
        }
        let command = place(&sheet, new_order(&sheet), self.rows);
        let hash = fingerprint::of_order(&sheet, self.rows == Rows::History);
        let key = fingerprint::key(&["order", &sheet.channel, &sheet.reference], hash);
        let errand = Errand {
            sheet,
            cancelled: None,
        };
        self.flight.send(command, Some(key), Box::new(errand))
    }

    fn land(&mut self) -> Result<bool, Failure> {
        let Some((mut errand, answer)) = self.flight.land()? else {
            return Ok(false);
        };
        match (errand.cancelled.take(), answer) {
            (None, Ok(done)) => self.placed(errand.sheet, &done)?,
            (None, Err(refusal)) => {
                let reason = reasons::of_order(&refusal, &errand.sheet);
                self.account.refuse_order(errand.sheet, &reason)?;
            }
            (Some(cancelled), answer) => self.cancelled(errand.sheet, cancelled, answer)?,
        }
        Ok(true)
    }

    fn placed(&mut self, sheet: SheetOrder, done: &Done) -> Result<(), Failure> {
        let Resource::Order(id) = done.answer.resource else {
            return Err(Failure::Broken(format!(
                "placing order {:?} gave no order",
                sheet.reference
            )));
        };
        if done.answer.outcome == AnswerKind::Created && !done.replayed {
            self.account.counts.orders_made += 1;
        } else {
            self.account.counts.orders_known += 1;
        }
        let sums = Sums::of_sheet(&sheet);
        self.made.orders.push(Expected { id, sums });
        let is_cancelled = sheet.lines.iter().any(|line| line.cancelled);
        if !is_cancelled && !self.made.is_taken_from(&sheet.reference) {
            return self.account.book(&Document::Order(sheet));
        }
        let lines = match &done.order {
            Some(order) => Lines::of(order),
            None => Lines::of(&stored(self.store, id)?),
        };
        if is_cancelled {
            self.cancel_lines(sheet, lines)
        } else {
            self.made.remember(&sheet.reference, lines);
            self.account.book(&Document::Order(sheet))
        }
    }

    /// Takes back the lines that the file marks as cancelled by a status.
    fn cancel_lines(&mut self, sheet: SheetOrder, lines: Lines) -> Result<(), Failure> {
        let marked = sheet
            .lines
            .iter()
            .enumerate()
            .filter(|(_, line)| line.cancelled);
        let units: Vec<(usize, i64)> = marked
            .map(|(position, line)| (position, line.quantity))
            .collect();
        let said = units
            .iter()
            .map(|(position, quantity)| (sheet.reference.as_str(), *position, *quantity));
        let cause = Cause {
            reference: sheet.reference.clone(),
            reason: "cancelled in the imported file".to_owned(),
            names: [
                sheet.channel.clone(),
                sheet.reference.clone(),
                "status".to_owned(),
            ],
            body_hash: fingerprint::of_units(said),
        };
        let cancelled = TakeBack::new(&lines, units, self.rows, cause);
        self.made.remember(&sheet.reference, lines);
        self.send_back(sheet, cancelled)
    }

    fn send_back(&mut self, sheet: SheetOrder, cancelled: TakeBack) -> Result<(), Failure> {
        let (command, key) = (cancelled.command(), cancelled.key());
        let cancelled = Some(cancelled);
        self.flight
            .send(command, Some(key), Box::new(Errand { sheet, cancelled }))
    }

    fn cancelled(
        &mut self,
        sheet: SheetOrder,
        mut cancelled: TakeBack,
        answer: Result<Done, Refusal>,
    ) -> Result<(), Failure> {
        match answer {
            Ok(done) => match cancelled.advance(&done) {
                None => return self.send_back(sheet, cancelled),
                Some(taken) => {
                    self.account.took_back(cancelled.is_known());
                    self.made
                        .taken_back
                        .entry(cancelled.order())
                        .or_default()
                        .push(taken);
                }
            },
            Err(refusal) => {
                let line = sheet.source.first().map_or(0, |row| row.raw.line);
                let text = format!(
                    "the order is there, but its cancelled lines are not: {}",
                    reasons::reason(&refusal, "cancellation")
                );
                self.account.remark(line, &text);
            }
        }
        self.account.book(&Document::Order(sheet))
    }
}

/// An order as it is stored now.
fn stored(store: &Store, id: OrderId) -> Result<Order, Failure> {
    database::order(store, id)?.ok_or_else(|| {
        Failure::NotInOrder(format!(
            "order {id} was placed and is not in the database; run throughline doctor"
        ))
    })
}

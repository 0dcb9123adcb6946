//! Units that the file takes back from one order: a return of history, a cancellation of a live order.

use std::collections::BTreeMap;

use throughline_core::command::{Command, IdempotencyKey, OnOrder};
use throughline_core::decision::Resource;
use throughline_core::id::{LineNo, OrderId, ReturnNo};
use throughline_core::order::LineUnits;
use throughline_core::order::cancel::CancelOrder;
use throughline_core::returns::{
    Disposition, ReceiveReturn, ReceivedLine, RegisterReturn, ReturnedLine,
};
use throughline_formats::sheet::Rows;

use super::fingerprint;
use super::made::{Lines, TakenBack};
use crate::execute::Done;

/// Units that the file takes back from one order, and how far that is.
#[derive(Debug)]
pub(super) struct TakeBack {
    order: OrderId,
    units: Vec<LineUnits>,
    cause: Cause,
    stage: Stage,
    is_known: bool,
}

/// What takes units back.
#[derive(Debug)]
pub(super) struct Cause {
    /// Reference of the order.
    pub(super) reference: String,
    /// Why, for people.
    pub(super) reason: String,
    /// What makes the keys of its commands.
    pub(super) names: [String; 3],
    /// The hash of everything that the document takes back from all orders: when that changes, it is another document.
    pub(super) body_hash: [u8; 16],
}

#[derive(Debug, Clone, Copy)]
enum Stage {
    /// A live order: the units are cancelled.
    Cancel,
    /// History: the units come back, as a return that is announced...
    Announce,
    /// ... and received, without a location, so that stock stays untouched.
    Receive(ReturnNo),
}

impl TakeBack {
    /// Prepares to take units back: positions of the file's lines, each with its units.
    pub(super) fn new(
        lines: &Lines,
        units: impl IntoIterator<Item = (usize, i64)>,
        rows: Rows,
        cause: Cause,
    ) -> Self {
        let mut sums: BTreeMap<LineNo, i64> = BTreeMap::new();
        for (position, quantity) in units {
            for (line, each) in lines.carriers(position) {
                *sums.entry(*line).or_default() += quantity * each;
            }
        }
        let units = sums
            .into_iter()
            .map(|(line, quantity)| LineUnits { line, quantity });
        Self {
            order: lines.order,
            units: units.collect(),
            cause,
            stage: match rows {
                Rows::Live => Stage::Cancel,
                Rows::History => Stage::Announce,
            },
            is_known: false,
        }
    }

    /// The order.
    pub(super) fn order(&self) -> OrderId {
        self.order
    }

    /// Whether a run before this one did it.
    pub(super) fn is_known(&self) -> bool {
        self.is_known
    }

    /// The reference of the order.
    pub(super) fn reference(&self) -> &str {
        &self.cause.reference
    }

    /// The next command.
    pub(super) fn command(&self) -> Command {
        let order = self.order;
        match self.stage {
            Stage::Cancel => Command::CancelOrder(on(order, self.cancel())),
            Stage::Announce => Command::RegisterReturn(on(order, self.announce())),
            Stage::Receive(no) => Command::ReceiveReturn(on(order, self.receive(no))),
        }
    }

    /// The key of the next command.
    pub(super) fn key(&self) -> IdempotencyKey {
        let verb = match self.stage {
            Stage::Cancel => "cancel",
            Stage::Announce => "return",
            Stage::Receive(_) => "receive",
        };
        let [channel, document, part] = &self.cause.names;
        fingerprint::key(&[verb, channel, document, part], self.cause.body_hash)
    }

    /// Takes the answer to the last command; says what was taken back when nothing is left to do.
    pub(super) fn advance(&mut self, done: &Done) -> Option<TakenBack> {
        let units = self.units.iter().map(|units| units.quantity).sum();
        match (self.stage, done.answer.resource) {
            (Stage::Announce, Resource::Return(_, no)) => {
                self.is_known = done.replayed;
                self.stage = Stage::Receive(no);
                None
            }
            (Stage::Receive(no), _) => Some(TakenBack {
                no: Some(no),
                units,
            }),
            (Stage::Cancel | Stage::Announce, _) => {
                self.is_known = done.replayed;
                Some(TakenBack { no: None, units })
            }
        }
    }

    fn cancel(&self) -> CancelOrder {
        CancelOrder {
            reason: self.cause.reason.clone(),
            lines: Some(self.units.clone()),
        }
    }

    fn announce(&self) -> RegisterReturn {
        let lines = self.units.iter().map(|units| ReturnedLine {
            line: units.line,
            quantity: units.quantity,
            reason: self.cause.reason.clone(),
        });
        RegisterReturn {
            lines: lines.collect(),
        }
    }

    /// Units of history came back, so they count as returned; without a location no stock changes, whatever the disposition.
    fn receive(&self, no: ReturnNo) -> ReceiveReturn {
        let lines = self.units.iter().map(|units| ReceivedLine {
            line: units.line.0,
            quantity: units.quantity,
            disposition: Disposition::Restock,
            lot: None,
        });
        ReceiveReturn {
            no,
            location: None,
            lines: lines.collect(),
        }
    }
}

fn on<T>(order: OrderId, what: T) -> OnOrder<T> {
    OnOrder {
        order,
        expected_version: None,
        what,
    }
}

//! Orders on their way: what is done with one next follows from how far it is.

use std::collections::BTreeMap;
use std::sync::Arc;

use throughline_core::command::{Command, OnOrder};
use throughline_core::fulfilment::{
    AcceptFulfilment, OutcomeScope, PackFulfilment, PickFulfilment, PickLine, RecordOutcome,
    RejectFulfilment, ShipFulfilment,
};
use throughline_core::id::{FulfilmentNo, LineNo};
use throughline_core::order::cancel::CancelOrder;
use throughline_core::order::{
    Fulfilment, FulfilmentState, Order, Outcome, RequestStatus, Return, totals,
};
use throughline_core::payment::{PaymentState, RecordPayment};
use throughline_core::returns::{
    Disposition, ReceiveReturn, ReceivedLine, RegisterReturn, ReturnedLine,
};

use super::fate::Fate;
use super::network::SITES;
use super::sheet::Cancelled;

/// An order on its way.
pub(super) struct Walker<'d> {
    pub(super) order: Arc<Order>,
    fate: Fate,
    /// What the data's cancellations take back, once it is delivered.
    cancelled: &'d [Cancelled],
    was_found_short: bool,
    was_announced: bool,
    was_refunded: bool,
}

impl<'d> Walker<'d> {
    pub(super) fn new(order: Arc<Order>, fate: Fate, cancelled: &'d [Cancelled]) -> Self {
        Self {
            order,
            fate,
            cancelled,
            was_found_short: false,
            was_announced: false,
            was_refunded: false,
        }
    }

    /// Whether a picker found a unit less than there should be.
    pub(super) fn was_found_short(&self) -> bool {
        self.was_found_short
    }

    /// What is done next; nothing when the order has arrived, is called off, or waits.
    pub(super) fn next(&mut self) -> Option<Command> {
        self.call_off()
            .or_else(|| self.fulfil())
            .or_else(|| self.settle())
            .or_else(|| self.announce())
            .or_else(|| self.receive())
            .or_else(|| self.refund())
    }

    /// The customer changes their mind before anybody picks; not where the data says that goods came back.
    fn call_off(&self) -> Option<Command> {
        let progress = &self.order.progress;
        let begun = progress
            .fulfilments
            .iter()
            .any(|one| one.picking_since.is_some());
        let wanted = self.fate.is_called_off() && self.cancelled.is_empty();
        (wanted && !begun && progress.cancelled.is_none()).then(|| {
            let reason = "the customer changed their mind".to_owned();
            Command::CancelOrder(self.on(CancelOrder {
                reason,
                lines: None,
            }))
        })
    }

    fn fulfil(&mut self) -> Option<Command> {
        let order = Arc::clone(&self.order);
        order
            .progress
            .fulfilments
            .iter()
            .find_map(|one| self.at_location(one))
    }

    fn at_location(&mut self, one: &Fulfilment) -> Option<Command> {
        let fulfilment = one.no;
        match one.state(&self.order) {
            FulfilmentState::Open if one.request == RequestStatus::Submitted => {
                Some(self.answer(fulfilment))
            }
            FulfilmentState::Open if one.location.is_none() => {
                Some(self.outcome(fulfilment, Outcome::Delivered))
            }
            FulfilmentState::Open | FulfilmentState::Picking => Some(self.pick(one)),
            FulfilmentState::Picked => {
                let packages = Vec::new();
                Some(Command::PackFulfilment(self.on(PackFulfilment {
                    fulfilment,
                    packages,
                })))
            }
            FulfilmentState::Packed => Some(self.ship(fulfilment)),
            FulfilmentState::Shipped => {
                Some(self.outcome(fulfilment, self.what_becomes_of(fulfilment)))
            }
            _ => None,
        }
    }

    /// A provider says yes, or no.
    fn answer(&self, fulfilment: FulfilmentNo) -> Command {
        if self.fate.is_turned_down() {
            let reason = "no capacity until Thursday".to_owned();
            let reject = RejectFulfilment {
                cause: throughline_core::inventory::Cause::TooBusy,
                ..RejectFulfilment::whole(fulfilment, reason)
            };
            return Command::RejectFulfilment(self.on(reject));
        }
        Command::AcceptFulfilment(self.on(AcceptFulfilment::plain(fulfilment)))
    }

    fn pick(&mut self, one: &Fulfilment) -> Command {
        let short = self.fate.is_found_short() && !self.was_found_short;
        self.was_found_short |= short;
        let assigned = one.lines.iter().filter(|line| line.units.assigned > 0);
        let lines = assigned.enumerate().map(|(position, line)| {
            let short = i64::from(short && position == 0);
            let quantity = line.units.assigned - short;
            PickLine {
                line: line.line,
                quantity,
                short,
                lots: Vec::new(),
                short_lot: None,
                serials: Vec::new(),
            }
        });
        let lines = short.then(|| lines.collect());
        Command::PickFulfilment(self.on(PickFulfilment {
            fulfilment: one.no,
            start_only: false,
            lines,
        }))
    }

    fn ship(&self, fulfilment: FulfilmentNo) -> Command {
        let number = format!(
            "TL{:09}GB",
            self.order.number * 100 + u64::from(fulfilment.0) % 100
        );
        Command::ShipFulfilment(self.on(ShipFulfilment {
            serials: Vec::new(),
            fulfilment,
            carrier: "Royal Mail".to_owned(),
            service: Some("Tracked 48".to_owned()),
            tracking_number: Some(number),
            packages: None,
            shipped_at: None,
        }))
    }

    fn what_becomes_of(&self, fulfilment: FulfilmentNo) -> Outcome {
        let is_first = self
            .order
            .progress
            .fulfilments
            .first()
            .is_some_and(|first| first.no == fulfilment);
        match (self.fate.is_lost(), self.fate.is_refused()) {
            // Goods that the data says came back have arrived before.
            _ if !is_first || !self.cancelled.is_empty() => Outcome::Delivered,
            (true, _) => Outcome::Lost,
            (_, true) => Outcome::Refused,
            _ => Outcome::Delivered,
        }
    }

    fn outcome(&self, fulfilment: FulfilmentNo, outcome: Outcome) -> Command {
        let (at, scope) = (None, OutcomeScope::All);
        Command::RecordOutcome(self.on(RecordOutcome {
            fulfilment,
            outcome,
            at,
            scope,
        }))
    }

    /// Captures what was authorised when nothing waits any more, or gives it up when the order was called off.
    fn settle(&self) -> Option<Command> {
        let progress = &self.order.progress;
        let tender = progress
            .payments
            .iter()
            .find(|one| one.ended.is_none() && one.captured_minor == 0)?;
        let waits = progress
            .lines
            .iter()
            .any(|line| line.open + line.backordered > 0);
        let owed = totals(&self.order).total_minor.min(tender.authorized_minor);
        let (state, amount) = match (progress.cancelled.is_some(), waits, owed > 0) {
            (true, _, _) => (PaymentState::Voided, None),
            (false, false, true) => (PaymentState::Captured, Some(owed)),
            _ => return None,
        };
        Some(self.payment(Some(tender.no), state, amount, None))
    }

    /// The data's own cancellations, of what has arrived.
    fn announce(&mut self) -> Option<Command> {
        if std::mem::replace(&mut self.was_announced, true) {
            return None;
        }
        let mut delivered = self.delivered();
        let mut lines: Vec<ReturnedLine> = Vec::new();
        for cancelled in self.cancelled {
            let line = self.order.placed.lines.get(cancelled.line)?.no;
            let left = delivered.entry(line).or_default();
            let quantity = cancelled.units.min(*left);
            *left -= quantity;
            let reason = format!("cancellation {}", cancelled.by);
            lines.push(ReturnedLine {
                line,
                quantity,
                reason,
            });
        }
        lines.retain(|line| line.quantity > 0);
        (!lines.is_empty()).then(|| Command::RegisterReturn(self.on(RegisterReturn { lines })))
    }

    fn delivered(&self) -> BTreeMap<LineNo, i64> {
        let mut delivered = BTreeMap::new();
        for line in self
            .order
            .progress
            .fulfilments
            .iter()
            .flat_map(|one| &one.lines)
        {
            *delivered.entry(line.line).or_default() += line.units.delivered;
        }
        delivered
    }

    fn receive(&self) -> Option<Command> {
        let expected = |one: &&Return| {
            one.lines
                .iter()
                .any(|line| line.received_total() < line.quantity)
        };
        let one = self.order.progress.returns.iter().find(expected)?;
        let lines = one.lines.iter().map(|line| ReceivedLine {
            line: line.no,
            quantity: line.quantity,
            disposition: Disposition::Restock,
            lot: None,
            serials: Vec::new(),
        });
        Some(Command::ReceiveReturn(self.on(ReceiveReturn {
            no: one.no,
            location: Some(SITES[0].code.to_owned()),
            lines: lines.collect(),
        })))
    }

    fn refund(&mut self) -> Option<Command> {
        let paid = totals(&self.order).paid_minor;
        let returned = self
            .order
            .placed
            .lines
            .iter()
            .zip(&self.order.progress.lines);
        let due: i64 = returned
            .map(|(line, progress)| line.amount(progress.returned))
            .sum();
        let due = due.min(paid);
        if due <= 0 || std::mem::replace(&mut self.was_refunded, true) {
            return None;
        }
        Some(self.payment(
            None,
            PaymentState::Refunded,
            Some(due),
            Some("goods came back"),
        ))
    }

    fn payment(
        &self,
        payment: Option<throughline_core::id::PaymentNo>,
        state: PaymentState,
        amount_minor: Option<i64>,
        reason: Option<&str>,
    ) -> Command {
        Command::RecordPayment(self.on(RecordPayment {
            payment,
            state,
            amount_minor,
            method: None,
            reference: None,
            reason: reason.map(str::to_owned),
        }))
    }

    fn on<T>(&self, what: T) -> OnOrder<T> {
        OnOrder {
            order: self.order.id,
            expected_version: None,
            what,
        }
    }
}

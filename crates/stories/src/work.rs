//! Steps about fulfilments, money and returns, as commands.

use std::sync::Arc;

use throughline_core::Command;
use throughline_core::fulfilment::{
    AcceptFulfilment, CollectFulfilment, MarkReady, NewPackage, OutcomeScope, PackFulfilment,
    PickFulfilment, PickLine, RecordOutcome, RejectFulfilment, ShipFulfilment, ShippedPackage,
    Variance,
};
use throughline_core::id::{LineNo, PackageNo, PaymentNo};
use throughline_core::inventory::Cause;
use throughline_core::order::{
    Fulfilment, LineUnits, Order, Outcome, Package, Units, Verb, available_actions, totals,
};
use throughline_core::payment::{Payment, PaymentState, RecordPayment};
use throughline_core::returns::{
    Disposition, ReceiveReturn, ReceivedLine, RegisterReturn, ReturnedLine,
};

use crate::cast::Place;
use crate::lots::{returned_lot, short_lot};
use crate::orders::{nth, once, parts_of};
use crate::serials::{all_scanned, in_packages, picked_serials, returned_serials};
use crate::stage::{Scene, choose, share_of};
use crate::step::{
    Fortune, Found, OutcomeWord, Packing, Part, PayWord, Pick, RejectWord, Scope, Share, Shipping,
    What,
};

pub(crate) type Work = (Arc<Order>, Fulfilment);

impl Scene<'_> {
    pub(crate) fn work_command(&mut self, what: &What) -> Option<Command> {
        match what {
            What::Advance(pick) => self.advance(*pick),
            What::Accept(pick) => {
                let (order, work) = self.work(*pick, Verb::Accept)?;
                Some(Command::AcceptFulfilment(
                    self.on(&order, AcceptFulfilment::plain(work.no)),
                ))
            }
            What::Reject(pick, how) => self.reject(*pick, *how),
            What::Move(pick, place, share) => self.move_to(*pick, *place, *share),
            What::Part(pick, share) => self.part(*pick, *share),
            What::Merge(pick) => self.merge(*pick),
            What::Start(pick) => self.start(*pick),
            What::PickUnits(pick, found) => self.pick(*pick, found),
            What::Pack(pick, packing) => self.pack(*pick, packing),
            What::Ship(pick, shipping) => self.ship(*pick, *shipping),
            What::Outcome(pick, outcome, scope) => self.outcome(*pick, *outcome, *scope),
            What::Ready(pick) => {
                let (order, work) = self.work(*pick, Verb::Ready)?;
                Some(Command::MarkReady(self.on(
                    &order,
                    MarkReady {
                        fulfilment: work.no,
                    },
                )))
            }
            What::Collect(pick) => {
                let (order, work) = self.work(*pick, Verb::Pickup)?;
                Some(Command::CollectFulfilment(self.on(
                    &order,
                    CollectFulfilment {
                        fulfilment: work.no,
                    },
                )))
            }
            What::Pay(pick, state, share, tender) => self.pay(*pick, *state, *share, *tender),
            What::Return(pick, parts) => self.register_return(*pick, parts),
            What::TakeBack(pick, place, share, fortune) => {
                self.take_back(*pick, *place, *share, *fortune)
            }
            _ => None,
        }
    }

    /// What is next for a fulfilment, in its plainest form.
    fn advance(&mut self, pick: Pick) -> Option<Command> {
        let (order, work) = self.work_where(pick, |order, one| next(order, one).is_some())?;
        let all = self.work_position(&order, &work)?;
        let one = Pick::Any(all);
        self.work_command(&match next(&order, &work)? {
            Verb::Accept => What::Accept(one),
            Verb::Pick => What::PickUnits(one, Vec::new()),
            Verb::Pack => What::Pack(one, Packing::Together),
            Verb::Ship => What::Ship(one, Shipping::All),
            Verb::Ready => What::Ready(one),
            Verb::Pickup => What::Collect(one),
            _ => What::Outcome(one, OutcomeWord::Delivered, Scope::All),
        })
    }

    /// The position of a fulfilment among all of them.
    fn work_position(&self, order: &Order, work: &Fulfilment) -> Option<u8> {
        let orders = self.snapshot.orders();
        let mut all = orders.into_iter().flat_map(|order| {
            let fulfilments = order.progress.fulfilments.iter();
            fulfilments.map(move |one| (order.id, one.no))
        });
        let position = all.position(|known| known == (order.id, work.no))?;
        u8::try_from(position).ok()
    }

    pub(crate) fn work(&self, pick: Pick, verb: Verb) -> Option<Work> {
        self.work_where(pick, |order, fulfilment| {
            fulfilment.available_actions(order).contains(&verb)
        })
    }

    fn work_where(&self, pick: Pick, fits: impl Fn(&Order, &Fulfilment) -> bool) -> Option<Work> {
        let orders = self.snapshot.orders();
        let all = orders.into_iter().flat_map(|order| {
            order
                .progress
                .fulfilments
                .iter()
                .map(move |one| (Arc::clone(order), one.clone()))
        });
        choose(pick, all.collect(), |(order, fulfilment)| {
            fits(order, fulfilment)
        })
    }

    fn reject(&self, pick: Pick, how: RejectWord) -> Option<Command> {
        let (order, work) = self.work(pick, Verb::Reject)?;
        let plain = RejectFulfilment::whole(work.no, "no one is here".to_owned());
        let one = || {
            let line = work.lines.first()?;
            Some(vec![LineUnits {
                line: line.line,
                quantity: 1,
            }])
        };
        let reject = match how {
            RejectWord::Plain => plain,
            RejectWord::One => RejectFulfilment {
                lines: one(),
                ..plain
            },
            RejectWord::NotFound => RejectFulfilment {
                cause: Cause::NotFound,
                ..plain
            },
            RejectWord::Damaged => RejectFulfilment {
                cause: Cause::Damaged,
                lines: one(),
                exclude_days: Some(0),
                ..plain
            },
            RejectWord::Doubtful => RejectFulfilment {
                variance: Some(Variance::Quarantine),
                exclude_days: Some(1),
                ..plain
            },
        };
        Some(Command::RejectFulfilment(self.on(&order, reject)))
    }

    fn start(&self, pick: Pick) -> Option<Command> {
        let can_start = |order: &Order, one: &Fulfilment| {
            one.available_actions(order).contains(&Verb::Pick) && one.picking_since.is_none()
        };
        let (order, work) = self.work_where(pick, can_start)?;
        let pick = PickFulfilment {
            fulfilment: work.no,
            start_only: true,
            lines: None,
        };
        Some(Command::PickFulfilment(self.on(&order, pick)))
    }

    fn pick(&self, pick: Pick, found: &[Found]) -> Option<Command> {
        let (order, work) = self.work(pick, Verb::Pick)?;
        let lines = lines_with(&work, |units| units.assigned);
        let line = |found: &Found| {
            let (line, assigned) = *nth(&lines, found.part.line)?;
            let short = i64::from(found.short).min(assigned);
            let quantity = match found.part.share {
                Share::Over => assigned + 1,
                _ if short == assigned => 0,
                share => share_of(share, assigned - short),
            };
            // Now and then the picker takes what lies in front.
            let lots = match found.part.share {
                Share::Some(number) if number % 3 == 1 => {
                    self.scanned(&order, &work, line, quantity)
                }
                _ => Vec::new(),
            };
            Some(PickLine {
                line,
                quantity,
                short,
                lots,
                short_lot: short_lot(&work, line, short),
                serials: picked_serials(&order, line, quantity),
            })
        };
        let mut lines: Vec<PickLine> = found.iter().filter_map(line).collect();
        once(&mut lines, |picked| (picked.line, picked.quantity));
        let lines = match found.is_empty() {
            true => all_scanned(&order, &work),
            false => Some(lines),
        };
        let pick = PickFulfilment {
            fulfilment: work.no,
            start_only: false,
            lines,
        };
        Some(Command::PickFulfilment(self.on(&order, pick)))
    }

    fn pack(&self, pick: Pick, packing: &Packing) -> Option<Command> {
        let (order, work) = self.work(pick, Verb::Pack)?;
        let picked = lines_with(&work, |units| units.picked);
        let unit = |(line, quantity): &(LineNo, i64)| LineUnits {
            line: *line,
            quantity: *quantity,
        };
        let package = |lines: Vec<LineUnits>| NewPackage {
            lines,
            weight_g: Some(500),
        };
        let packages = match packing {
            Packing::Together => Vec::new(),
            Packing::ByLine => picked
                .iter()
                .map(|line| package(vec![unit(line)]))
                .collect(),
            Packing::InTwo => {
                let half = |count: fn(i64) -> i64| {
                    let lines = picked
                        .iter()
                        .map(|(line, units)| unit(&(*line, count(*units))));
                    package(lines.filter(|units| units.quantity > 0).collect())
                };
                let halves = [half(|units| units - units / 2), half(|units| units / 2)];
                halves
                    .into_iter()
                    .filter(|package| !package.lines.is_empty())
                    .collect()
            }
            Packing::These(parts) => {
                let part = |part: &Part| {
                    let (line, possible) = *nth(&picked, part.line)?;
                    Some(LineUnits {
                        line,
                        quantity: share_of(part.share, possible),
                    })
                };
                let mut lines: Vec<LineUnits> = parts.iter().filter_map(part).collect();
                once(&mut lines, |units| (units.line, units.quantity));
                vec![package(lines)]
            }
        };
        Some(Command::PackFulfilment(self.on(
            &order,
            PackFulfilment {
                fulfilment: work.no,
                packages,
            },
        )))
    }

    fn ship(&self, pick: Pick, shipping: Shipping) -> Option<Command> {
        let (order, work) = self.work(pick, Verb::Ship)?;
        let shipped = |package: PackageNo, tracking: Option<String>| ShippedPackage {
            package,
            tracking_number: tracking,
        };
        let packages = match shipping {
            Shipping::All => None,
            Shipping::One(position) => {
                let package =
                    nth(&work.packages, position).map_or(PackageNo(60_000), |package| package.no);
                Some(vec![shipped(package, None)])
            }
            Shipping::Tracked => {
                let packages = work.packages.iter();
                Some(
                    packages
                        .map(|package| shipped(package.no, Some(format!("T-{}", package.no.0))))
                        .collect(),
                )
            }
        };
        let leaves = |package: &&Package| {
            let named = packages.as_ref();
            named.is_none_or(|named| named.iter().any(|one| one.package == package.no))
        };
        let serials = in_packages(&work, work.packages.iter().filter(leaves));
        let ship = ShipFulfilment {
            fulfilment: work.no,
            carrier: "post".to_owned(),
            service: None,
            tracking_number: Some("J-1".to_owned()),
            serials,
            packages,
            shipped_at: None,
        };
        Some(Command::ShipFulfilment(self.on(&order, ship)))
    }

    fn outcome(&self, pick: Pick, outcome: OutcomeWord, scope: Scope) -> Option<Command> {
        let (order, work) = self.work(pick, Verb::Deliver)?;
        let outcome = match outcome {
            OutcomeWord::Delivered => Outcome::Delivered,
            OutcomeWord::Refused => Outcome::Refused,
            OutcomeWord::Lost => Outcome::Lost,
            OutcomeWord::ReturnedToSender => Outcome::ReturnedToSender,
        };
        let scope = match scope {
            Scope::All => OutcomeScope::All,
            Scope::Package(position) => {
                let open: Vec<_> = work
                    .packages
                    .iter()
                    .filter(|package| package.outcome.is_none())
                    .collect();
                match nth(&open, position) {
                    Some(package) => OutcomeScope::Packages(vec![package.no]),
                    None if position == 0 => OutcomeScope::Packages(vec![PackageNo(60_000)]),
                    None => OutcomeScope::All,
                }
            }
            Scope::Part(part) => {
                let uses_stock = work.method.uses_stock();
                let lines = lines_with(&work, |units| {
                    if uses_stock {
                        units.shipped
                    } else {
                        units.assigned
                    }
                });
                let part = nth(&lines, part.line).map(|(line, possible)| LineUnits {
                    line: *line,
                    quantity: share_of(part.share, *possible),
                });
                OutcomeScope::Lines(part.into_iter().collect())
            }
        };
        let record = RecordOutcome {
            fulfilment: work.no,
            outcome,
            at: None,
            scope,
        };
        Some(Command::RecordOutcome(self.on(&order, record)))
    }

    fn pay(&self, pick: Pick, word: PayWord, share: Share, tender: Option<u8>) -> Option<Command> {
        let state = payment_state(word);
        let fits = |order: &Order| match tender {
            Some(_) => order
                .progress
                .payments
                .iter()
                .any(|one| left(one, state) > 0),
            None if state == PaymentState::Refunded => totals(order).paid_minor > 0,
            None => !order.progress.draft,
        };
        let order = self.order(pick, fits)?;
        let tenders = &order.progress.payments;
        let fitting: Vec<&Payment> = tenders.iter().filter(|one| left(one, state) > 0).collect();
        let known = tender.map(|position| {
            nth(&fitting, position)
                .copied()
                .or_else(|| nth(tenders, position))
        });
        let possible = match known {
            Some(known) => known.map_or(100, |known| left(known, state)),
            None if state == PaymentState::Refunded => totals(&order).paid_minor,
            None => totals(&order).balance_minor.max(100),
        };
        let needs_amount = matches!(
            state,
            PaymentState::Authorized | PaymentState::Captured | PaymentState::Refunded
        );
        let pay = RecordPayment {
            payment: known.map(|known| known.map_or(PaymentNo(60_000), |known| known.no)),
            state,
            amount_minor: needs_amount.then(|| share_of(share, possible)),
            method: tender.is_none().then(|| "cash".to_owned()),
            reference: None,
            reason: Some("as agreed".to_owned()),
        };
        Some(Command::RecordPayment(self.on(&order, pay)))
    }

    fn register_return(&self, pick: Pick, parts: &[Part]) -> Option<Command> {
        let order = self.order(pick, |order| {
            available_actions(order).contains(&Verb::Return)
        })?;
        let part = Part {
            line: 0,
            share: Share::All,
        };
        let parts = if parts.is_empty() { &[part][..] } else { parts };
        let lines = parts_of(&order, parts, |line| returnable(&order, line));
        let line = |units: LineUnits| ReturnedLine {
            line: units.line,
            quantity: units.quantity,
            reason: "wrong size".to_owned(),
        };
        let lines = lines.into_iter().map(line).collect();
        Some(Command::RegisterReturn(
            self.on(&order, RegisterReturn { lines }),
        ))
    }

    fn take_back(
        &self,
        pick: Pick,
        place: Place,
        share: Share,
        fortune: Fortune,
    ) -> Option<Command> {
        let orders = self.snapshot.orders();
        let returns = orders
            .into_iter()
            .flat_map(|order| order.progress.returns.iter().map(move |one| (order, one)));
        let is_expected =
            |line: &throughline_core::order::ReturnLine| line.received_total() < line.quantity;
        let (order, known) = choose(pick, returns.collect(), |(_, one)| {
            one.lines.iter().any(is_expected)
        })?;
        let line = known
            .lines
            .iter()
            .find(|line| is_expected(line))
            .or(known.lines.first())?;
        let disposition = match fortune {
            Fortune::Restock => Disposition::Restock,
            Fortune::Refurbish => Disposition::Refurbish,
            Fortune::Quarantine => Disposition::Quarantine,
            Fortune::Scrap => Disposition::Scrap,
            Fortune::Missing => Disposition::Missing,
        };
        let quantity = share_of(share, line.quantity - line.received_total());
        let receive = ReceiveReturn {
            no: known.no,
            location: Some(place.to_string()),
            lines: vec![ReceivedLine {
                line: line.no,
                quantity,
                disposition,
                lot: returned_lot(order, line.line),
                serials: match disposition.came_back() {
                    true => returned_serials(order, line.line, quantity),
                    false => Vec::new(),
                },
            }],
        };
        Some(Command::ReceiveReturn(self.on(order, receive)))
    }
}

/// What is next for a fulfilment.
fn next(order: &Order, work: &Fulfilment) -> Option<Verb> {
    let possible = work.available_actions(order);
    let in_order = [
        Verb::Accept,
        Verb::Pick,
        Verb::Pickup,
        Verb::Ready,
        Verb::Ship,
        Verb::Pack,
        Verb::Deliver,
    ];
    in_order.into_iter().find(|verb| possible.contains(verb))
}

/// Lines of a fulfilment with what is possible of them; all lines, if nothing is.
fn lines_with(fulfilment: &Fulfilment, count: impl Fn(&Units) -> i64) -> Vec<(LineNo, i64)> {
    let all = fulfilment
        .lines
        .iter()
        .map(|entry| (entry.line, count(&entry.units)));
    let some: Vec<_> = all.clone().filter(|(_, units)| *units > 0).collect();
    if some.is_empty() { all.collect() } else { some }
}

/// Money of a tender for which the state is possible.
fn left(payment: &Payment, state: PaymentState) -> i64 {
    let open = if payment.ended.is_some() {
        0
    } else {
        payment.authorized_minor - payment.captured_minor
    };
    match state {
        PaymentState::Captured => open,
        PaymentState::Refunded => payment.captured_minor - payment.refunded_minor,
        PaymentState::Voided => open,
        PaymentState::Failed | PaymentState::Expired if payment.captured_minor == 0 => open,
        PaymentState::Authorized if payment.ended.is_none() => 100,
        _ => 0,
    }
}

fn returnable(order: &Order, line: LineNo) -> i64 {
    let lines = order
        .progress
        .fulfilments
        .iter()
        .flat_map(|fulfilment| &fulfilment.lines);
    let delivered: i64 = lines
        .filter(|entry| entry.line == line)
        .map(|entry| entry.units.delivered)
        .sum();
    let announced = order
        .progress
        .returns
        .iter()
        .flat_map(|one| &one.lines)
        .filter(|known| known.line == line);
    let missing = |known: &throughline_core::order::ReturnLine| {
        let received = known
            .received
            .iter()
            .filter(|(disposition, _)| !disposition.came_back());
        received.map(|(_, units)| units).sum::<i64>()
    };
    delivered
        - announced
            .map(|known| known.quantity - missing(known))
            .sum::<i64>()
}

fn payment_state(word: PayWord) -> PaymentState {
    match word {
        PayWord::Pending => PaymentState::Pending,
        PayWord::Authorized => PaymentState::Authorized,
        PayWord::Captured => PaymentState::Captured,
        PayWord::Refunded => PaymentState::Refunded,
        PayWord::Voided => PaymentState::Voided,
        PayWord::Failed => PaymentState::Failed,
        PayWord::Expired => PaymentState::Expired,
    }
}

//! Steps about orders, as commands.

use std::sync::Arc;

use jiff::civil::Date;
use throughline_core::Command;
use throughline_core::id::{ChoiceNo, CustomerId, LineNo, ReservationId};
use throughline_core::inventory::ReservationState;
use throughline_core::order::amend::{AmendOrder, LineAmendment};
use throughline_core::order::cancel::CancelOrder;
use throughline_core::order::choice::{By, ChooseOption, Chosen, IssueChoiceLink};
use throughline_core::order::hold::{HoldOrder, ReleaseHold};
use throughline_core::order::note::{AddNote, ChangeTags, SetPriority};
use throughline_core::order::place::{self, PlaceDraft, PlaceOrder, SaveDraft};
use throughline_core::order::schedule::{ReleaseScheduled, scheduled};
use throughline_core::order::source::{PlannedParty, SourceOrder, Together};
use throughline_core::order::{
    Charge, HoldKind, Line, LineUnits, Method, Order, Verb, available_actions,
};
use throughline_core::party::{Address, Person, PutCustomer};
use throughline_core::payment::{NewPayment, PaymentState};
use throughline_core::promise::RenewPromise;

use crate::cast::{Country, Place, Sku, Way};
use crate::stage::{Scene, body_hash, choose, share_of};
use crate::step::{Change, ChosenWord, HoldWord, NewLine, NewOrder, Paid, Part, Pick, What};

/// A day, in milliseconds.
const DAY_MS: i64 = 24 * 60 * 60 * 1000;

impl Scene<'_> {
    pub(crate) fn order_command(&mut self, what: &What) -> Option<Command> {
        match what {
            What::Place(order) => Some(self.place(order, false)),
            What::History(order) => Some(self.place(order, true)),
            What::Draft(order) => Some(self.draft(order)),
            What::Redraft(pick, order) => self.redraft(*pick, order),
            What::PlaceDraft(pick) => {
                let order = self.order(*pick, |order| order.progress.draft)?;
                Some(Command::PlaceDraft(self.on(&order, PlaceDraft)))
            }
            What::Amend(pick, changes) => self.amend(*pick, changes),
            What::Cancel(pick, parts) => self.cancel(*pick, parts),
            What::Hold(pick, kind, lines) => self.hold(*pick, *kind, lines),
            What::Release(pick) => self.release(*pick),
            What::Source(pick) => self.source(*pick, false),
            What::SourceAgain(pick) => self.source(*pick, true),
            What::SourcePlanned(pick, units, sku, at) => {
                self.source_planned(*pick, i64::from(*units), *sku, *at)
            }
            What::ReleaseNow(pick) => self.release_scheduled(*pick, true),
            What::TimeIsUp(pick) => self.release_scheduled(*pick, false),
            What::Renew(pick) => {
                let order = self.order(*pick, |order| !order.progress.draft)?;
                Some(Command::RenewPromise(
                    self.on(&order, RenewPromise::default()),
                ))
            }
            What::Choose(pick, word) => self.choose(*pick, *word),
            What::Link(pick, secret) => {
                let (order, choice) = self.choice(*pick)?;
                let what = IssueChoiceLink {
                    choice,
                    secret_hash: format!("{secret:064x}"),
                };
                Some(Command::IssueChoiceLink(self.on(&order, what)))
            }
            What::Priority(pick, priority) => {
                let order = self.order(*pick, |_| true)?;
                let priority = i32::from(*priority);
                Some(Command::SetPriority(
                    self.on(&order, SetPriority { priority }),
                ))
            }
            What::Note(pick) => {
                let order = self.order(*pick, |_| true)?;
                let text = "please ring twice".to_owned();
                Some(Command::AddNote(self.on(&order, AddNote { text })))
            }
            What::Tag(pick, tag) => {
                let order = self.order(*pick, |_| true)?;
                let (add, remove) = (
                    vec![format!("tag-{tag}")],
                    vec![format!("tag-{}", tag.wrapping_add(1))],
                );
                Some(Command::ChangeTags(
                    self.on(&order, ChangeTags { add, remove }),
                ))
            }
            _ => None,
        }
    }

    fn place(&mut self, order: &NewOrder, history: bool) -> Command {
        let mut placed = PlaceOrder {
            id: self.new_order_id(),
            new_customer: CustomerId::new(self.now, self.stage.bits()),
            order: self.new_order(order),
            body_hash: [0; 16],
            history: history.then(|| self.now.plus_ms(-DAY_MS)),
            plans: None,
        };
        placed.order.placed_at = history.then(|| self.now.plus_ms(-2 * DAY_MS));
        let mut command = Command::PlaceOrder(Box::new(placed));
        let hash = body_hash(&command);
        if let Command::PlaceOrder(placed) = &mut command {
            placed.body_hash = hash;
        }
        command
    }

    fn draft(&mut self, order: &NewOrder) -> Command {
        Command::SaveDraft(Box::new(SaveDraft {
            id: self.new_order_id(),
            exists: false,
            new_customer: CustomerId::new(self.now, self.stage.bits()),
            order: self.new_order(order),
        }))
    }

    fn redraft(&mut self, pick: Pick, order: &NewOrder) -> Option<Command> {
        let draft = self.order(pick, |order| order.progress.draft)?;
        Some(Command::SaveDraft(Box::new(SaveDraft {
            id: draft.id,
            exists: true,
            new_customer: CustomerId::new(self.now, self.stage.bits()),
            order: self.new_order(order),
        })))
    }

    /// Who a customer is, under another name every time.
    pub(crate) fn put_customer(&mut self, number: u8) -> PutCustomer {
        let random = self.stage.bits();
        PutCustomer {
            id: CustomerId::new(self.now, random),
            external_ref: (number % 2 == 1).then(|| format!("C{number}")),
            person: Person {
                email: Some(format!("customer{number}@example.com")),
                name: Some(format!("Customer {number} the {random}th")),
                phone: None,
            },
        }
    }

    pub(crate) fn new_order(&mut self, order: &NewOrder) -> place::NewOrder {
        place::NewOrder {
            channel: order.shop.to_string(),
            external_ref: order.reference.map(|reference| format!("ref-{reference}")),
            currency: "EUR".to_owned(),
            customer: order.customer.map(|number| Person {
                email: Some(format!("customer{number}@example.com")),
                name: Some(format!("Customer {number}")),
                phone: None,
            }),
            customer_ref: order
                .customer
                .filter(|number| number % 2 == 1)
                .map(|number| format!("C{number}")),
            ship_to: order.to.map(address),
            bill_to: order.to.filter(|_| order.trimmings).map(address),
            lines: order.lines.iter().map(new_line).collect(),
            charges: if order.trimmings {
                vec![postage(495)]
            } else {
                Vec::new()
            },
            po_number: order.trimmings.then(|| "PO 7".to_owned()),
            reservation: order.reservation.and_then(|pick| self.reservation(pick)),
            payments: payments(order.paid),
            placed_at: None,
            tags: if order.trimmings {
                vec!["gift".to_owned(), "vip".to_owned()]
            } else {
                Vec::new()
            },
            note: order
                .trimmings
                .then(|| "leave it with the neighbours".to_owned()),
            priority: order.priority.map(i32::from),
            ship_complete: order.complete.then_some(true),
            metadata: metadata(order),
        }
    }

    pub(crate) fn reservation(&self, pick: Pick) -> Option<ReservationId> {
        let all: Vec<_> = self.snapshot.reservations.values().collect();
        let now = self.now;
        let fits = |one: &&std::sync::Arc<throughline_core::inventory::Reservation>| {
            one.state == ReservationState::Active && one.expires_at > now
        };
        choose(pick, all, fits).map(|one| one.id)
    }

    fn amend(&mut self, pick: Pick, changes: &[Change]) -> Option<Command> {
        let order = self.order(pick, |order| {
            available_actions(order).contains(&Verb::Amend)
        })?;
        let mut amend = AmendOrder::default();
        for change in changes {
            add_change(&order, *change, &mut amend);
        }
        Some(Command::AmendOrder(self.on(&order, Box::new(amend))))
    }

    fn cancel(&mut self, pick: Pick, parts: &[Part]) -> Option<Command> {
        let order = self.order(pick, |order| {
            available_actions(order).contains(&Verb::Cancel)
        })?;
        let reason = "changed their mind".to_owned();
        let lines =
            (!parts.is_empty()).then(|| parts_of(&order, parts, |line| cancellable(&order, line)));
        Some(Command::CancelOrder(
            self.on(&order, CancelOrder { reason, lines }),
        ))
    }

    fn hold(&mut self, pick: Pick, kind: HoldWord, lines: &[u8]) -> Option<Command> {
        let order = self.order(pick, |order| available_actions(order).contains(&Verb::Hold))?;
        let line =
            |line: &u8| nth(&order.placed.lines, *line).map_or(LineNo(60_000), |line| line.no);
        let lines = lines.iter().map(line).collect();
        let reason = "wait a moment".to_owned();
        Some(Command::HoldOrder(self.on(
            &order,
            HoldOrder {
                kind: hold_kind(kind),
                reason,
                lines,
            },
        )))
    }

    fn release(&mut self, pick: Pick) -> Option<Command> {
        let orders = self.snapshot.orders();
        let holds = orders
            .into_iter()
            .flat_map(|order| order.progress.holds.iter().map(move |hold| (order, hold)));
        let (order, hold) = choose(pick, holds.collect(), |(_, hold)| {
            hold.released_at.is_none() && hold.approval.is_none()
        })?;
        Some(Command::ReleaseHold(
            self.on(order, ReleaseHold { hold: hold.no }),
        ))
    }

    fn release_scheduled(&mut self, pick: Pick, by_hand: bool) -> Option<Command> {
        let order = self.order(pick, |order| !scheduled(order).is_empty())?;
        let what = ReleaseScheduled { by_hand };
        Some(Command::ReleaseScheduled(self.on(&order, what)))
    }

    fn choose(&mut self, pick: Pick, word: ChosenWord) -> Option<Command> {
        let (order, choice) = self.choice(pick)?;
        let chosen = match word {
            ChosenWord::Wait => Chosen::Wait,
            ChosenWord::Split => Chosen::Split,
            ChosenWord::Substitute => Chosen::Substitute,
            ChosenWord::Refund => Chosen::Refund,
        };
        let known = order.choice(choice)?;
        let is_offered = known.options.contains(&chosen);
        // Mostly something that was offered.
        let chosen = match pick {
            Pick::Fitting(number) if !is_offered => *nth(&known.options, number)?,
            Pick::Fitting(_) | Pick::Any(_) => chosen,
        };
        let by = By::Customer;
        let what = ChooseOption { choice, chosen, by };
        Some(Command::ChooseOption(self.on(&order, what)))
    }

    fn choice(&self, pick: Pick) -> Option<(Arc<Order>, ChoiceNo)> {
        let order = self.order(pick, |order| order.open_choice().is_some())?;
        let last = order.progress.choices.last()?.no;
        Some((order, last))
    }

    fn source(&mut self, pick: Pick, again: bool) -> Option<Command> {
        let fits = |order: &Order| {
            let has_work = again
                && order
                    .progress
                    .fulfilments
                    .iter()
                    .any(|one| one.total().assigned > 0);
            available_actions(order).contains(&Verb::Source) || has_work
        };
        let order = self.order(pick, fits)?;
        let together = None;
        let what = SourceOrder { again, together };
        Some(Command::SourceOrder(self.on(&order, what)))
    }

    /// A plan that may fit, or not any more, or never did.
    fn source_planned(&mut self, pick: Pick, units: i64, sku: Sku, at: Place) -> Option<Command> {
        let order = self.order(pick, |order| {
            available_actions(order).contains(&Verb::Source)
        })?;
        let location = self.snapshot.network.location_by_code(&at.to_string())?;
        let item = self.snapshot.item(&sku.to_string())?;
        let lines = order.placed.lines.iter().zip(&order.progress.lines);
        let waiting = lines.filter(|(line, state)| {
            line.method == Method::Ship && state.open + state.backordered > 0
        });
        let party = PlannedParty {
            lines: waiting.map(|(line, _)| line.no).collect(),
            at: vec![(location.id, vec![(item.id, units)])],
            is_given: false,
        };
        let together = Together {
            parties: vec![party],
            ..Together::default()
        };
        let what = SourceOrder {
            again: false,
            together: Some(Arc::new(together)),
        };
        Some(Command::SourceOrder(self.on(&order, what)))
    }
}

fn add_change(order: &Order, change: Change, amend: &mut AmendOrder) {
    let parents: Vec<&Line> = order
        .placed
        .lines
        .iter()
        .filter(|line| line.kit.is_none())
        .collect();
    let line_no = |line: u8| nth(&parents, line).map_or(LineNo(60_000), |line| line.no);
    let on_line = |line: u8| LineAmendment {
        line: line_no(line),
        quantity: None,
        unit_price_minor: None,
        price_quantity: None,
        discount_minor: None,
        tax_minor: None,
        requested_date: None,
        ship_to: None,
    };
    match change {
        Change::Add(line) => amend.add_lines.push(new_line(&line)),
        Change::Units(line, units) => {
            let quantity = Some(i64::from(units));
            amend.change_lines.push(LineAmendment {
                quantity,
                ..on_line(line)
            });
        }
        Change::Remove(line) => amend.remove_lines.push(line_no(line)),
        Change::To(country) => amend.ship_to = Some(address(country)),
        Change::LineTo(line, country) => {
            let ship_to = Some(address(country));
            amend.change_lines.push(LineAmendment {
                ship_to,
                ..on_line(line)
            });
        }
        Change::Price(line, price) => {
            let unit_price_minor = Some(i64::from(price));
            amend.change_lines.push(LineAmendment {
                unit_price_minor,
                ..on_line(line)
            });
        }
        Change::Postage(amount) => amend.charges = Some(vec![postage(i64::from(amount))]),
        Change::Day(day) => amend.requested_date = Some(date(day)),
    }
}

/// The thing at a position; positions beyond the last count on from the first.
pub(crate) fn nth<T>(all: &[T], position: u8) -> Option<&T> {
    match all.len() {
        0 => None,
        count => all.get(usize::from(position) % count),
    }
}

/// Units of lines of an order, preferably of those of which some are possible.
pub(crate) fn parts_of(
    order: &Order,
    parts: &[Part],
    possible: impl Fn(LineNo) -> i64,
) -> Vec<LineUnits> {
    let all: Vec<LineNo> = order.placed.lines.iter().map(|line| line.no).collect();
    let some: Vec<LineNo> = all
        .iter()
        .copied()
        .filter(|line| possible(*line) > 0)
        .collect();
    let among = if some.is_empty() { &all } else { &some };
    let unit = |part: &Part| {
        let line = *nth(among, part.line)?;
        Some(LineUnits {
            line,
            quantity: share_of(part.share, possible(line)),
        })
    };
    let mut units: Vec<LineUnits> = parts.iter().filter_map(unit).collect();
    once(&mut units, |units| (units.line, units.quantity));
    units
}

/// Leaves out lines that are named again, unless nothing is asked of them: that is refused anyway.
pub(crate) fn once<T>(all: &mut Vec<T>, name: impl Fn(&T) -> (LineNo, i64)) {
    let mut seen: Vec<LineNo> = Vec::new();
    all.retain(|one| {
        let (line, quantity) = name(one);
        let is_new = !seen.contains(&line);
        seen.push(line);
        is_new || quantity == 0
    });
}

/// Units of a line that have not left; of a kit, the kits that are still whole.
fn cancellable(order: &Order, no: LineNo) -> i64 {
    let line = order.placed.lines.iter().find(|line| line.no == no);
    if let Some(kit) = line.filter(|line| line.is_kit) {
        let parts = order
            .placed
            .lines
            .iter()
            .filter(|line| line.kit == Some(no));
        let whole = parts
            .map(|part| cancellable(order, part.no) / (part.quantity / kit.quantity.max(1)).max(1));
        return whole.min().unwrap_or(0);
    }
    let position = order.placed.lines.iter().position(|line| line.no == no);
    let waits = position.map_or(0, |at| {
        order.progress.lines[at].open + order.progress.lines[at].backordered
    });
    let lines = order
        .progress
        .fulfilments
        .iter()
        .flat_map(|fulfilment| &fulfilment.lines);
    waits
        + lines
            .filter(|entry| entry.line == no)
            .map(|entry| entry.units.unshipped())
            .sum::<i64>()
}

fn hold_kind(word: HoldWord) -> HoldKind {
    match word {
        HoldWord::Payment => HoldKind::Payment,
        HoldWord::Credit => HoldKind::Credit,
        HoldWord::Fraud => HoldKind::Fraud,
        HoldWord::Address => HoldKind::Address,
        HoldWord::Stock => HoldKind::Stock,
        HoldWord::Approval => HoldKind::Approval,
        HoldWord::Manual => HoldKind::Manual,
    }
}

/// Every third order has data of its own, to see that it is kept.
fn metadata(order: &NewOrder) -> serde_json::Map<String, serde_json::Value> {
    let mut metadata = serde_json::Map::new();
    if order.lines.len() == 3 {
        metadata.insert(
            "lines".to_owned(),
            serde_json::json!({ "count": 3, "share": 0.1 }),
        );
    }
    metadata
}

fn new_line(line: &NewLine) -> place::NewLine {
    let method = match line.way {
        Way::Ship => Method::Ship,
        Way::Pickup => Method::Pickup,
        Way::Digital => Method::Digital,
        Way::Service => Method::Service,
    };
    place::NewLine {
        sku: line.sku.to_string(),
        quantity: i64::from(line.units),
        unit_price_minor: 1_000 + i64::from(line.units),
        price_quantity: (line.units == 5).then_some(10),
        discount_minor: i64::from(line.units % 3),
        tax_minor: i64::from(line.units) * 19,
        title: None,
        method,
        location: line.at.map(|at| at.to_string()),
        ship_to: line.to.map(address),
        service: None,
        agreement: None,
        requested_date: line.day.map(date),
        // Lines of odd numbers of units may become something else.
        substitutable: line.units % 2 == 1,
        metadata: serde_json::Map::new(),
    }
}

fn payments(paid: Paid) -> Vec<NewPayment> {
    let state = match paid {
        Paid::Nothing => return Vec::new(),
        Paid::Pending => PaymentState::Pending,
        Paid::Authorized => PaymentState::Authorized,
        Paid::Captured => PaymentState::Captured,
    };
    vec![NewPayment {
        state,
        amount_minor: 1_500,
        method: "card".to_owned(),
        reference: Some("auth-1".to_owned()),
        fingerprint: None,
    }]
}

pub(crate) fn postage(amount_minor: i64) -> Charge {
    let (kind, title) = ("shipping".to_owned(), Some("postage".to_owned()));
    Charge {
        kind,
        amount_minor,
        tax_minor: amount_minor / 10,
        title,
    }
}

pub(crate) fn address(country: Country) -> Address {
    let (city, postal_code, latitude, longitude) = match country {
        Country::De => ("Berlin", "10115", Some(52.52), Some(13.38)),
        Country::Fr => ("Lyon", "69001", Some(45.77), Some(4.83)),
        Country::Us => ("Boston", "02108", None, None),
    };
    Address {
        name: "A. Recipient".to_owned(),
        line1: "1 Main Street".to_owned(),
        line2: None,
        city: city.to_owned(),
        region: None,
        postal_code: postal_code.to_owned(),
        country: country.to_string(),
        latitude,
        longitude,
        located: None,
    }
}

pub(crate) fn date(day: u8) -> Date {
    Date::constant(2026, 2, 1 + i8::try_from(day % 28).unwrap_or_default())
}

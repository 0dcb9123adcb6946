//! `evolve`, the only way an order changes.

mod awaited;
mod parcels;
mod productions;
mod returned;
mod scored;
mod visits;

use std::sync::Arc;

use self::parcels::{merge, pack, split, unpack};
use self::returned::{receive_lot, receive_return, receive_serial};
use self::scored::scored;
use super::choice::{By, ChoiceMade};
use super::entry::{Allotment, Entry, FulfilmentUnits, LineUnits, PaymentChange, Record};
use super::lots::{FulfilmentLot, PickedLot, ReleasedLot};
use super::progress::{
    Cancelled, Fulfilment, FulfilmentLine, Hold, LineProgress, Outcome, Progress, RequestStatus,
    TRIES_MAX, Try, Units, WorkDay,
};
use super::screening::{ScoringOutcome, Verdict};
use super::{Order, Placed};
use crate::id::{ChoiceNo, FulfilmentNo, HoldNo, LineNo, OrderId};
use crate::inventory::Cause;
use crate::payment::{Payment, PaymentState};
use crate::promise::{Promised, line_promises};
use crate::time::Millis;

/// Folds a whole journal. `None` when it is empty or does not begin with a draft or a placing.
#[must_use]
pub fn fold<'a>(id: OrderId, entries: impl IntoIterator<Item = &'a Entry>) -> Option<Order> {
    let mut order = None;
    for entry in entries {
        order = evolve(id, order, entry);
    }
    order
}

/// The order after one more entry. The first entry makes the order.
#[must_use]
pub fn evolve(id: OrderId, order: Option<Order>, entry: &Entry) -> Option<Order> {
    let mut order = match (&entry.record, order) {
        (
            Record::OrderDrafted { number, placed, .. }
            | Record::OrderPlaced { number, placed, .. },
            None,
        ) => Order {
            id,
            number: *number,
            version: 0,
            updated_at: entry.at,
            placed: Arc::clone(placed),
            progress: Progress::default(),
        },
        (_, order) => order?,
    };
    order.version = entry.seq;
    order.updated_at = order.updated_at.max(entry.at);
    let told = promises_at_risk(&order, &entry.record);
    apply(&mut order, entry);
    if let Some(told) = told {
        keep_first_promises(&mut order, &told);
    }
    Some(order)
}

/// What is promised before an entry that may change it; nothing where nothing was promised yet.
fn promises_at_risk(order: &Order, record: &Record) -> Option<Vec<(LineNo, Promised)>> {
    let may_change = matches!(
        record,
        Record::LinesSourced { .. }
            | Record::UnitsReleased { .. }
            | Record::PromiseChanged { .. }
            | Record::VisitMoved { .. }
            | Record::VisitCancelled { .. }
            | Record::ProductionCompleted { .. }
            | Record::ProductionRejected { .. }
    );
    let progress = &order.progress;
    let is_promised = !progress.fulfilments.is_empty()
        || !progress.awaited.is_empty()
        || !progress.productions.is_empty()
        || !progress.visits.is_empty();
    (may_change && is_promised).then(|| {
        let lines = order.placed.lines.iter().zip(line_promises(order));
        lines
            .filter_map(|(line, told)| Some((line.no, told?)))
            .collect()
    })
}

/// The first promise of a line is kept as soon as there is another one.
fn keep_first_promises(order: &mut Order, told: &[(LineNo, Promised)]) {
    let now = line_promises(order);
    let lines = order.placed.lines.iter().zip(&mut order.progress.lines);
    for ((line, progress), now) in lines.zip(now) {
        let before = told.iter().find(|(no, _)| *no == line.no);
        let before = before.map(|(_, promised)| *promised);
        if progress.first_promise.is_none() && before != now {
            progress.first_promise = before;
        }
    }
}

fn apply(order: &mut Order, entry: &Entry) {
    let at = entry.at;
    let progress = &mut order.progress;
    match &entry.record {
        Record::OrderDrafted {
            placed,
            priority,
            tags,
            next_child,
            reservation,
            ..
        } => {
            begin(order, placed, *priority, tags, *next_child);
            order.progress.draft = true;
            order.progress.reservation = *reservation;
        }
        Record::OrderPlaced {
            placed,
            priority,
            tags,
            next_child,
            reservation,
            ..
        } => {
            begin(order, placed, *priority, tags, *next_child);
            order.progress.draft = false;
            order.progress.reservation = *reservation;
        }
        Record::OrderAmended {
            placed, next_child, ..
        }
        | Record::LinesSubstituted {
            placed, next_child, ..
        } => {
            amend(order, placed, *next_child);
            productions::given_up(order, at);
            awaited::given_up(order);
        }
        Record::LinesCancelled {
            lines,
            reason,
            whole_order,
        } => {
            lines
                .iter()
                .for_each(|units| cancel(progress_of(order, units.line), units.quantity));
            productions::given_up(order, at);
            awaited::given_up(order);
            if *whole_order {
                order.progress.draft = false;
                order.progress.cancelled = Some(Cancelled {
                    at,
                    reason: reason.clone(),
                });
            }
        }
        Record::OrderHeld { hold } => {
            claim_child(progress, hold.no.0);
            progress.holds.push(hold.clone());
        }
        Record::HoldReleased { hold } => {
            progress
                .holds
                .iter_mut()
                .filter(|known| known.no == *hold)
                .for_each(|known| known.released_at = Some(at));
        }
        Record::ApprovalDecided { hold, verdict, .. } => decide(progress, *hold, *verdict, at),
        Record::ApprovalEscalated { hold, .. } => {
            let approval = hold_of(progress, *hold).and_then(|hold| hold.approval.as_mut());
            let escalates = approval.and_then(|approval| approval.escalates.as_mut());
            if let Some(escalates) = escalates {
                escalates.is_done = true;
            }
        }
        Record::FraudScored { hold, score, kept } => {
            let outcome = ScoringOutcome::Answered(score.clone());
            scored(progress, *hold, outcome, kept.as_deref());
        }
        Record::ScorerSilent { hold, kept } => {
            scored(progress, *hold, ScoringOutcome::Unanswered, kept.as_deref());
        }
        Record::TakenOnAccount { terms_days } => progress.terms_days = Some(*terms_days),
        Record::NoteAdded { note } => {
            claim_child(progress, note.0);
            progress.notes.push(*note);
        }
        Record::TagsChanged { tags } => progress.tags.clone_from(tags),
        Record::PriorityChanged { priority } => progress.priority = *priority,
        Record::LinesSourced {
            allotments,
            backordered,
            awaited,
            productions,
        } => {
            source(order, allotments, backordered, at);
            productions::given_up(order, at);
            productions::request(order, productions);
            awaited::served(order);
            awaited::replace(order, awaited.iter().map(|units| units.line), awaited);
        }
        Record::PromiseChanged {
            routes,
            lines,
            awaited,
            productions,
            ..
        } => {
            for (no, route) in productions {
                productions::edit(order, *no, |one| one.route = *route);
            }
            for (no, route) in routes {
                edit(order, *no, |f| f.route = Some(*route));
            }
            awaited::replace(order, lines.iter().copied(), awaited);
        }
        Record::ChoiceOffered { choice } => {
            claim_child(progress, choice.no.0);
            progress.choices.push(choice.clone());
        }
        Record::ChoiceLinkIssued {
            choice,
            secret_hash,
        } => {
            let known = progress.choices.iter_mut();
            known
                .filter(|known| known.no == *choice)
                .for_each(|known| known.link = Some(secret_hash.clone()));
        }
        Record::ChoiceMade { choice, chosen, by } => {
            let known = progress.choices.iter_mut();
            let (chosen, by) = (*chosen, *by);
            known
                .filter(|known| known.no == *choice)
                .for_each(|known| known.made = Some(ChoiceMade { chosen, at, by }));
            if by != By::Recovery {
                agree(order, *choice);
            }
        }
        Record::UnitsReleased {
            units,
            excluded,
            cause,
            lots,
            serials,
            ..
        } => {
            if let Some(cause) = *cause {
                try_in_vain(progress, units, cause, at);
            }
            units.iter().for_each(|units| release(order, units));
            lots.iter().for_each(|lot| release_lot(order, lot));
            serials
                .iter()
                .for_each(|one| edit(order, one.fulfilment, |f| f.drop_serial(&one.unit)));
            let progress = &mut order.progress;
            progress
                .excluded
                .extend(excluded.filter(|location| !progress.excluded.contains(location)));
        }
        Record::PaymentRecorded { change } => pay(progress, change, at),
        Record::ReturnRegistered { registered } => {
            claim_child(progress, registered.no.0);
            registered
                .lines
                .iter()
                .for_each(|line| claim_child(progress, line.no));
            progress.returns.push(registered.clone());
        }
        Record::ReturnReceived {
            no,
            lines,
            lots,
            serials,
            ..
        } => {
            receive_return(order, *no, lines);
            lots.iter().for_each(|lot| receive_lot(order, *no, lot));
            serials
                .iter()
                .for_each(|one| receive_serial(order, *no, one));
        }
        Record::VisitBooked { .. }
        | Record::VisitMoved { .. }
        | Record::VisitCompleted { .. }
        | Record::VisitMissed { .. }
        | Record::VisitCancelled { .. } => visits::apply(order, &entry.record, at),
        Record::ProductionAccepted { .. }
        | Record::ProductionStarted { .. }
        | Record::ProductionCompleted { .. }
        | Record::ProductionRejected { .. } => productions::apply(order, &entry.record, at),
        record => apply_to_fulfilment(order, record, at),
    }
}

/// The customer knows of the days that hold when something is chosen.
fn agree(order: &mut Order, no: ChoiceNo) {
    let told = line_promises(order);
    let chosen = order.progress.choices.iter().find(|known| known.no == no);
    let lines = chosen.map_or(&[][..], |choice| choice.lines.as_slice());
    let placed = order
        .placed
        .lines
        .iter()
        .zip(&mut order.progress.lines)
        .zip(told);
    for ((line, progress), now) in placed {
        if lines.iter().any(|units| units.line == line.no) {
            progress.agreed_on = now.and_then(|now| now.due_on());
        }
    }
}

fn apply_to_fulfilment(order: &mut Order, record: &Record, at: Millis) {
    match record {
        Record::FulfilmentsScheduled {
            fulfilments,
            schedule,
        } => fulfilments
            .iter()
            .for_each(|no| edit(order, *no, |f| f.schedule = Some(*schedule))),
        Record::FulfilmentsReleased {
            fulfilments,
            work_days,
            ..
        } => {
            fulfilments
                .iter()
                .for_each(|no| edit(order, *no, |f| f.schedule = None));
            work_days
                .iter()
                .for_each(|(no, day)| edit(order, *no, |f| work_on(f, *day)));
        }
        Record::FulfilmentAccepted {
            fulfilment,
            reference,
            ships_on,
        } => edit(order, *fulfilment, |f| {
            f.request = RequestStatus::Accepted;
            f.their_reference.clone_from(reference);
            f.ships_on = *ships_on;
        }),
        Record::FulfilmentRejected { fulfilment, .. } => {
            edit(order, *fulfilment, |f| f.request = RequestStatus::Rejected)
        }
        Record::PickingStarted { fulfilment } => {
            edit(order, *fulfilment, |f| f.picking_since = Some(at))
        }
        Record::UnitsPicked {
            fulfilment,
            lines,
            lots,
            serials,
        } => edit(order, *fulfilment, |f| {
            lots.iter().for_each(|lot| pick_lot(f, lot));
            f.serials.extend_from_slice(serials);
            f.picking_since = f.picking_since.or(Some(at));
            lines.iter().for_each(|l| {
                edit_units(f, l.line, |u| {
                    shift(&mut u.assigned, &mut u.picked, l.quantity)
                })
            });
        }),
        Record::UnitsPacked {
            fulfilment,
            packages,
        } => {
            packages
                .iter()
                .for_each(|package| claim_child(&mut order.progress, package.no.0));
            edit(order, *fulfilment, |f| pack(f, packages));
        }
        Record::FulfilmentSplit {
            from,
            into,
            units,
            packages,
            lots,
            serials,
        } => {
            split(order, *from, *into, units, packages);
            for one in serials {
                edit(order, *from, |source| source.drop_serial(&one.unit));
                edit(order, *into, |target| target.serials.push(one.unit.clone()));
            }
            for lot in lots {
                release_lot(order, lot);
                edit(order, *into, |target| target.add_lot(&lot.units));
            }
        }
        Record::FulfilmentsMerged { from, into } => merge(order, *from, *into),
        Record::FulfilmentShipped {
            fulfilment,
            shipment,
            tracking,
        } => {
            // An amendment may give the order another address, but this is where the parcels went.
            let ship_to = order.placed.ship_to;
            edit(order, *fulfilment, |f| {
                if !f.goes_to_store() {
                    f.ship_to = f.ship_to.or(ship_to);
                }
                f.lines
                    .iter_mut()
                    .for_each(|line| line.units.shipped += std::mem::take(&mut line.units.packed));
                f.shipment = Some(shipment.clone());
                for (no, number) in tracking {
                    f.packages
                        .iter_mut()
                        .filter(|p| p.no == *no)
                        .for_each(|p| p.tracking_number = Some(number.clone()));
                }
            })
        }
        Record::ReadyForPickup { fulfilment } => {
            edit(order, *fulfilment, |f| f.ready_at = Some(at))
        }
        Record::PickedUp { fulfilment } => edit(order, *fulfilment, |f| {
            f.completed_at = Some(at);
            let came_from_elsewhere = f.goes_to_store();
            for line in &mut f.lines {
                let units = &mut line.units;
                units.delivered += match came_from_elsewhere {
                    true => std::mem::take(&mut units.shipped),
                    false => std::mem::take(&mut units.picked) + std::mem::take(&mut units.packed),
                };
            }
        }),
        Record::OutcomeRecorded {
            fulfilment,
            outcome,
            lines,
            packages,
            outcome_at,
        } => edit(order, *fulfilment, |f| {
            f.completed_at = Some(*outcome_at);
            lines
                .iter()
                .for_each(|l| edit_units(f, l.line, |u| end(u, *outcome, l.quantity)));
            f.packages
                .iter_mut()
                .filter(|p| packages.contains(&p.no))
                .for_each(|p| p.outcome = Some(*outcome));
        }),
        _ => {}
    }
}

fn begin(order: &mut Order, placed: &Arc<Placed>, priority: i32, tags: &[String], next_child: u16) {
    order.placed = Arc::clone(placed);
    order.progress.priority = priority;
    order.progress.tags = tags.to_vec();
    order.progress.next_child = order.progress.next_child.max(next_child);
    let open = |line: &super::Line| LineProgress {
        open: if line.is_kit { 0 } else { line.quantity },
        ..Default::default()
    };
    order.progress.lines = placed.lines.iter().map(open).collect();
}

/// A smaller quantity takes open units first, then backordered ones; a larger one adds open units.
fn amend(order: &mut Order, placed: &Arc<Placed>, next_child: u16) {
    let before = std::mem::replace(&mut order.placed, Arc::clone(placed));
    let old = std::mem::take(&mut order.progress.lines);
    order.progress.next_child = order.progress.next_child.max(next_child);
    order.progress.lines = placed
        .lines
        .iter()
        .map(|line| {
            let position = before.lines.iter().position(|known| known.no == line.no);
            let mut progress =
                position.map_or_else(LineProgress::default, |position| old[position]);
            let ordered = position.map_or(0, |position| before.lines[position].quantity);
            if !line.is_kit {
                resize(&mut progress, line.quantity - ordered);
            }
            progress
        })
        .collect();
}

fn resize(line: &mut LineProgress, change: i64) {
    if change >= 0 {
        line.open += change;
    } else {
        take_waiting(line, -change);
    }
}

fn cancel(line: Option<&mut LineProgress>, quantity: i64) {
    let Some(line) = line else { return };
    take_waiting(line, quantity);
    line.cancelled += quantity;
}

/// Takes units that no fulfilment has: open ones first, then backordered ones.
fn take_waiting(line: &mut LineProgress, quantity: i64) {
    let open = quantity.min(line.open);
    line.open -= open;
    line.backordered -= quantity - open;
    if line.backordered == 0 {
        line.waiting_since = None;
    }
}

fn source(order: &mut Order, allotments: &[Allotment], backordered: &[LineUnits], at: Millis) {
    for allotment in allotments {
        for units in &allotment.lines {
            if let Some(line) = progress_of(order, units.line) {
                take_waiting(line, units.quantity);
            }
        }
        allot(&mut order.progress, allotment, at);
    }
    for units in backordered {
        if let Some(line) = progress_of(order, units.line) {
            shift(&mut line.open, &mut line.backordered, units.quantity);
            line.waiting_since = line.waiting_since.or(Some(at));
        }
    }
}

fn allot(progress: &mut Progress, allotment: &Allotment, at: Millis) {
    claim_child(progress, allotment.fulfilment.0);
    let known = progress
        .fulfilments
        .iter()
        .position(|fulfilment| fulfilment.no == allotment.fulfilment);
    let position = known.unwrap_or_else(|| {
        progress.fulfilments.push(Fulfilment::new(allotment, at));
        progress.fulfilments.len() - 1
    });
    let fulfilment = &mut progress.fulfilments[position];
    for units in &allotment.lines {
        edit_units(fulfilment, units.line, |u| u.assigned += units.quantity);
    }
    for lot in &allotment.lots {
        fulfilment.add_lot(&FulfilmentLot {
            line: lot.line,
            lot: lot.lot.clone(),
            unpicked: lot.quantity,
            picked: 0,
        });
    }
}

impl Fulfilment {
    fn new(allotment: &Allotment, at: Millis) -> Self {
        Self {
            no: allotment.fulfilment,
            location: allotment.location,
            method: allotment.method,
            ship_to: allotment.ship_to,
            request: allotment.request,
            created_at: at,
            work_day: allotment.work_day,
            route: allotment.route,
            schedule: None,
            lines: Vec::with_capacity(allotment.lines.len()),
            lots: Vec::new(),
            serials: Vec::new(),
            packages: Vec::new(),
            picking_since: None,
            ready_at: None,
            shipment: None,
            completed_at: None,
            collect_at: allotment.collect_at,
            bought: allotment.bought,
            their_reference: None,
            ships_on: None,
            split_from: None,
        }
    }
}

fn release(order: &mut Order, released: &FulfilmentUnits) {
    edit(order, released.fulfilment, |fulfilment| {
        edit_units(fulfilment, released.line, |units| {
            units.assigned -= released.assigned;
            units.picked -= released.picked;
            units.packed -= released.packed;
        });
        unpack(fulfilment, released.line, released.packed);
    });
    if let Some(line) = progress_of(order, released.line) {
        line.open += released.total();
    }
}

/// Remembers that locations turned lines down, once for each line.
fn try_in_vain(progress: &mut Progress, units: &[FulfilmentUnits], cause: Cause, at: Millis) {
    for released in units {
        let location = progress.fulfilment(released.fulfilment);
        let Some(location) = location.and_then(|fulfilment| fulfilment.location) else {
            continue;
        };
        let one = Try {
            line: released.line,
            location,
            cause,
            at,
        };
        if progress.tries.len() < TRIES_MAX && !progress.tries.contains(&one) {
            progress.tries.push(one);
        }
    }
}

/// Another day: it leaves then at the earliest, and when it arrives is not planned any more.
fn work_on(fulfilment: &mut Fulfilment, day: WorkDay) {
    fulfilment.work_day = Some(day);
    if let Some(route) = &mut fulfilment.route {
        route.leaves_on = route.leaves_on.map(|leaves_on| leaves_on.max(day.date));
        route.arrives_on = None;
    }
}

fn end(units: &mut Units, outcome: Outcome, quantity: i64) {
    // Where no stock is involved nothing is shipped: units end from assigned.
    let shipped = quantity.min(units.shipped);
    units.shipped -= shipped;
    units.assigned -= quantity - shipped;
    match outcome {
        Outcome::Delivered => units.delivered += quantity,
        Outcome::Refused => units.refused += quantity,
        Outcome::Lost => units.lost += quantity,
        Outcome::ReturnedToSender => units.returned_to_sender += quantity,
    }
}

fn pay(progress: &mut Progress, change: &PaymentChange, at: Millis) {
    claim_child(progress, change.payment.0);
    if !progress
        .payments
        .iter()
        .any(|payment| payment.no == change.payment)
    {
        progress.payments.push(Payment {
            no: change.payment,
            method: change.method.clone().unwrap_or_default(),
            reference: None,
            authorized_minor: 0,
            captured_minor: 0,
            refunded_minor: 0,
            at,
            ended: None,
        });
    }
    let Some(payment) = progress
        .payments
        .iter_mut()
        .find(|payment| payment.no == change.payment)
    else {
        return;
    };
    if change.reference.is_some() {
        payment.reference.clone_from(&change.reference);
    }
    match change.state {
        PaymentState::Pending => {}
        PaymentState::Authorized => payment.authorized_minor += change.amount_minor,
        PaymentState::Captured => payment.captured_minor += change.amount_minor,
        PaymentState::Refunded => payment.refunded_minor += change.amount_minor,
        PaymentState::Voided | PaymentState::Failed | PaymentState::Expired => {
            payment.ended = Some(change.state)
        }
    }
}

fn release_lot(order: &mut Order, released: &ReleasedLot) {
    edit(order, released.fulfilment, |fulfilment| {
        fulfilment.add_lot(&released.units.leaving());
    });
}

/// Units of the lot that was allotted become picked ones, or go back for those of another lot.
fn pick_lot(fulfilment: &mut Fulfilment, picked: &PickedLot) {
    let allotted = picked.instead_of.as_ref().unwrap_or(&picked.lot);
    let of = |lot: &crate::inventory::Lot, unpicked, picked_units| FulfilmentLot {
        line: picked.line,
        lot: lot.clone(),
        unpicked,
        picked: picked_units,
    };
    fulfilment.add_lot(&of(&picked.lot, 0, picked.quantity));
    fulfilment.add_lot(&of(allotted, -picked.quantity, 0));
}

fn shift(from: &mut i64, to: &mut i64, quantity: i64) {
    *from -= quantity;
    *to += quantity;
}

fn hold_of(progress: &mut Progress, no: HoldNo) -> Option<&mut Hold> {
    progress.holds.iter_mut().find(|hold| hold.no == no)
}

/// A granted approval is released; one that was refused or ran out stays, as the order is cancelled.
fn decide(progress: &mut Progress, no: HoldNo, verdict: Verdict, at: Millis) {
    let Some(hold) = hold_of(progress, no) else {
        return;
    };
    if verdict == Verdict::Granted {
        hold.released_at = Some(at);
    }
    if let Some(approval) = &mut hold.approval {
        approval.verdict = Some(verdict);
    }
}

fn claim_child(progress: &mut Progress, number: u16) {
    progress.next_child = progress.next_child.max(number.saturating_add(1));
}

fn progress_of(order: &mut Order, line: LineNo) -> Option<&mut LineProgress> {
    let position = order
        .placed
        .lines
        .binary_search_by_key(&line, |known| known.no)
        .ok()?;
    order.progress.lines.get_mut(position)
}

fn edit(order: &mut Order, no: FulfilmentNo, change: impl FnOnce(&mut Fulfilment)) {
    if let Some(fulfilment) = order
        .progress
        .fulfilments
        .iter_mut()
        .find(|fulfilment| fulfilment.no == no)
    {
        change(fulfilment);
    }
}

fn edit_units(fulfilment: &mut Fulfilment, line: LineNo, change: impl FnOnce(&mut Units)) {
    let position = fulfilment
        .lines
        .iter()
        .position(|known| known.line == line)
        .unwrap_or_else(|| {
            fulfilment.lines.push(FulfilmentLine {
                line,
                units: Units::default(),
            });
            fulfilment.lines.len() - 1
        });
    change(&mut fulfilment.lines[position].units);
}

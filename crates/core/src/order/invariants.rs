//! I1 and I5, and what else must hold, checked on one order.

use std::fmt;

use super::choice::Chosen;
use super::progress::FulfilmentLine;
use super::screening::Check;
use super::{Line, LineProgress, Order, RequestStatus};

/// A broken invariant; always a defect.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Violation {
    /// The invariant, such as `I1`.
    pub invariant: &'static str,
    /// What is wrong with what.
    pub detail: String,
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.invariant, self.detail)
    }
}

/// Everything that is wrong with the order; empty when I1 and I5 hold.
#[must_use]
pub fn violations(order: &Order) -> Vec<Violation> {
    let mut found = Vec::new();
    if order.placed.lines.len() != order.progress.lines.len() {
        found.push(violation(
            "I1",
            format!("{}: lines and their progress differ in number", order.id),
        ));
        return found;
    }
    for (line, progress) in order.placed.lines.iter().zip(&order.progress.lines) {
        check_line(order, line, progress, &mut found);
    }
    check_lots(order, &mut found);
    check_serials(order, &mut found);
    check_payments(order, &mut found);
    check_schedules(order, &mut found);
    check_choices(order, &mut found);
    check_scorings(order, &mut found);
    found
}

/// One choice is open at most, and every choice is about lines of the order and among what it offers.
fn check_choices(order: &Order, found: &mut Vec<Violation>) {
    let mut open = 0;
    for choice in &order.progress.choices {
        open += usize::from(choice.made.is_none());
        let is_offered = |chosen: Chosen| choice.options.contains(&chosen);
        let lines_are_known = choice.lines.iter().all(|units| {
            let is_known = order.placed.line(units.line).is_some();
            is_known && units.quantity > 0
        });
        let wrong = match choice.made {
            _ if !lines_are_known => "is about units that the order has not",
            _ if !is_offered(choice.default) => "has a default that is not offered",
            _ if choice.deadline < choice.at => "ends before it begins",
            Some(made) if !is_offered(made.chosen) => "came to something that was not offered",
            Some(_) | None => continue,
        };
        let detail = format!("order {}: choice {} {wrong}", order.id, choice.no.0);
        found.push(violation("I6", detail));
    }
    if open > 1 || open == 1 && order.progress.draft {
        let detail = format!("order {}: {open} choices are open", order.id);
        found.push(violation("I6", detail));
    }
}

/// Only holds of the scorer wait for it; what it said is their score.
fn check_scorings(order: &Order, found: &mut Vec<Violation>) {
    for hold in &order.progress.holds {
        let of_check = hold.found.as_ref();
        let is_scorers = of_check.is_some_and(|found| found.check == Check::Scorer);
        let said = hold.scoring.as_ref().and_then(|scoring| scoring.answer());
        let said = said.map(|answer| answer.score);
        let told = of_check.and_then(|found| found.score);
        if is_scorers != hold.scoring.is_some() || is_scorers && said != told {
            let no = hold.no.0;
            let detail = format!(
                "order {}: hold {no} is told {told:?}, and the scorer said {said:?}",
                order.id
            );
            found.push(violation("I6", detail));
        }
    }
}

fn violation(invariant: &'static str, detail: String) -> Violation {
    Violation { invariant, detail }
}

fn check_line(order: &Order, line: &Line, progress: &LineProgress, found: &mut Vec<Violation>) {
    let entries = || {
        order
            .progress
            .fulfilments
            .iter()
            .flat_map(|f| &f.lines)
            .filter(|entry| entry.line == line.no)
    };
    let fulfilled: i64 = entries().map(|entry| entry.units.total()).sum();
    let accounted = progress.open + progress.backordered + progress.cancelled + fulfilled;
    let ordered = if line.is_kit { 0 } else { line.quantity };
    if accounted != ordered {
        let detail = format!(
            "order {} line {}: ordered {ordered}, accounted for {accounted}",
            order.id, line.no.0
        );
        found.push(violation("I1", detail));
    }
    let counts = [
        progress.open,
        progress.backordered,
        progress.cancelled,
        progress.returned,
    ];
    let negative = |entry: &FulfilmentLine| entry.units.states().iter().any(|count| *count < 0);
    if counts.iter().any(|count| *count < 0) || entries().any(negative) {
        found.push(violation(
            "I1",
            format!("order {} line {}: a negative quantity", order.id, line.no.0),
        ));
    }
    let delivered: i64 = entries().map(|entry| entry.units.delivered).sum();
    if progress.returned > delivered {
        let detail = format!(
            "order {} line {}: returned {} of {delivered}",
            order.id, line.no.0, progress.returned
        );
        found.push(violation("I1", detail));
    }
}

/// Where units of a line are of lots, all of them are, and no more of a lot came back than had left.
fn check_lots(order: &Order, found: &mut Vec<Violation>) {
    for fulfilment in &order.progress.fulfilments {
        for lot in &fulfilment.lots {
            let of_line = || fulfilment.lots_of(lot.line);
            let units = fulfilment.units(lot.line).copied().unwrap_or_default();
            let unpicked: i64 = of_line().map(|lot| lot.unpicked).sum();
            let picked: i64 = of_line().map(|lot| lot.picked).sum();
            let is_told = unpicked == units.assigned && picked == units.total() - units.assigned;
            if !is_told || lot.unpicked < 0 || lot.picked < 0 {
                let detail = format!(
                    "order {} fulfilment {} line {}: lots of {unpicked} units to pick and {picked} others, of {units:?}",
                    order.id, fulfilment.no.0, lot.line.0
                );
                found.push(violation("I1", detail));
            }
        }
    }
}

/// No unit is in two fulfilments, no more of them are named than were picked, and what came back had left.
fn check_serials(order: &Order, found: &mut Vec<Violation>) {
    let mut seen: Vec<(Option<crate::id::ItemId>, &crate::inventory::SerialNumber)> = Vec::new();
    for fulfilment in &order.progress.fulfilments {
        for unit in &fulfilment.serials {
            let units = fulfilment.units(unit.line).copied().unwrap_or_default();
            let named = fulfilment.serials_of(unit.line).count();
            let picked = units.total() - units.assigned;
            let item = order.placed.line(unit.line).and_then(|line| line.item);
            // One that came back may be picked for the same order again.
            let is_out = units.left() == 0;
            let twice = is_out && seen.contains(&(item, &unit.serial));
            if is_out {
                seen.push((item, &unit.serial));
            }
            if twice || i64::try_from(named).is_ok_and(|named| named > picked) {
                let detail = format!(
                    "order {} fulfilment {} line {}: {named} units by serial number, {} among them, of {picked} that are picked",
                    order.id, fulfilment.no.0, unit.line.0, unit.serial
                );
                found.push(violation("I1", detail));
            }
        }
    }
}

/// What is to be begun later has not begun, and what waits for the whole order waits for something.
fn check_schedules(order: &Order, found: &mut Vec<Violation>) {
    let fulfilments = order.progress.fulfilments.iter();
    for fulfilment in fulfilments.filter(|one| one.schedule.is_some()) {
        let sum = fulfilment.total();
        let asked = fulfilment.request == RequestStatus::Accepted;
        if sum.total() > sum.assigned || fulfilment.picking_since.is_some() || asked {
            let detail = format!(
                "order {} fulfilment {}: begun although it is scheduled for later",
                order.id, fulfilment.no.0
            );
            found.push(violation("schedule", detail));
        }
        let waits = fulfilment
            .schedule
            .is_some_and(|one| one.complete && one.remorse_until.is_none());
        if waits && sum.assigned > 0 && !super::schedule::is_short(order) {
            let detail = format!(
                "order {} fulfilment {}: waits for the whole order, which is allocated",
                order.id, fulfilment.no.0
            );
            found.push(violation("schedule", detail));
        }
    }
}

fn check_payments(order: &Order, found: &mut Vec<Violation>) {
    for payment in &order.progress.payments {
        let (authorized, captured, refunded) = (
            payment.authorized_minor,
            payment.captured_minor,
            payment.refunded_minor,
        );
        if captured > authorized || refunded > captured || refunded < 0 {
            let detail = format!(
                "order {} payment {}: authorized {authorized}, captured {captured}, refunded {refunded}",
                order.id, payment.no.0
            );
            found.push(violation("I5", detail));
        }
    }
    let money = super::totals(order);
    if money.balance_minor != money.total_minor - (money.captured_minor - money.refunded_minor) {
        found.push(violation(
            "I5",
            format!("order {}: the balance is not total − paid", order.id),
        ));
    }
}

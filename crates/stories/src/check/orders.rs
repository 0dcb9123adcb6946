//! I1, I5, I6 and I7 of everything that is stored.

use std::collections::BTreeMap;

use serde::Serialize;
use serde::de::DeserializeOwned;
use throughline_core::order::{Order, Record, Violation, fold, totals, violations};

use super::violation;
use crate::Snapshot;
use crate::snapshot::Told;

pub(super) fn check(snapshot: &Snapshot, found: &mut Vec<Violation>) {
    for told in snapshot.orders.values() {
        found.extend(violations(&told.order));
        check_units(&told.order, found);
        check_money(&told.order, found);
        check_journal(told, found);
        check_texts(told, found);
        check_cases(told, found);
    }
    check_names(snapshot, found);
}

/// I1, counted once more: every unit ordered is in exactly one state.
fn check_units(order: &Order, found: &mut Vec<Violation>) {
    for (line, state) in order.placed.lines.iter().zip(&order.progress.lines) {
        if line.is_kit {
            continue;
        }
        let mut units = state.open + state.backordered + state.cancelled;
        for fulfilment in &order.progress.fulfilments {
            let lines = fulfilment
                .lines
                .iter()
                .filter(|entry| entry.line == line.no);
            units += lines.flat_map(|entry| entry.units.states()).sum::<i64>();
        }
        if units != line.quantity {
            let detail = format!(
                "order {} line {}: {} ordered, {units} there",
                order.number, line.no.0, line.quantity
            );
            found.push(violation("I1", detail));
        }
        if state.backordered > 0 && state.waiting_since.is_none() {
            let detail = format!(
                "order {} line {} waits since never",
                order.number, line.no.0
            );
            found.push(violation("I1", detail));
        }
    }
    check_packages(order, found);
}

/// No location was ever given a part of a case.
fn check_cases(told: &Told, found: &mut Vec<Violation>) {
    let case_of = |no| {
        let mut lines = told.order.placed.lines.iter();
        let line = lines.find(|line| line.no == no);
        line.and_then(|line| line.case_quantity).unwrap_or(1)
    };
    for entry in told.journal.iter() {
        let Record::LinesSourced { allotments, .. } = &entry.record else {
            continue;
        };
        let mut units = allotments.iter().flat_map(|one| &one.lines);
        if let Some(broken) = units.find(|units| units.quantity % case_of(units.line) != 0) {
            let detail = format!("order {} breaks a case: {broken:?}", told.order.number);
            found.push(violation("cases", detail));
        }
    }
}

/// What is in packages is what is packed or has left.
fn check_packages(order: &Order, found: &mut Vec<Violation>) {
    for fulfilment in &order.progress.fulfilments {
        for entry in &fulfilment.lines {
            let packages = fulfilment
                .packages
                .iter()
                .flat_map(|package| &package.lines);
            let packed: i64 = packages
                .filter(|units| units.line == entry.line)
                .map(|units| units.quantity)
                .sum();
            let gone = entry.units.packed + entry.units.left();
            // What a customer collects need not be packed.
            let is_right = packed == gone
                || fulfilment.packages.is_empty()
                || fulfilment.shipment.is_none() && packed <= gone;
            if !is_right {
                let detail = format!(
                    "order {} fulfilment {} line {}: {packed} in packages, {gone} packed or gone",
                    order.number, fulfilment.no.0, entry.line.0
                );
                found.push(violation("I1", detail));
            }
        }
    }
}

/// I5, counted once more: nothing costs less than nothing, and what is cancelled costs nothing.
fn check_money(order: &Order, found: &mut Vec<Violation>) {
    let money = totals(order);
    let full: i64 = order
        .placed
        .lines
        .iter()
        .map(|line| line.amount(line.quantity))
        .sum();
    let charges: i64 = order
        .placed
        .charges
        .iter()
        .map(|charge| charge.amount_minor + charge.tax_minor)
        .sum();
    if money.total_minor < 0 || money.total_minor > full + charges {
        let detail = format!(
            "order {}: a total of {} of at most {}",
            order.number,
            money.total_minor,
            full + charges
        );
        found.push(violation("I5", detail));
    }
    let live = order.placed.lines.iter().zip(&order.progress.lines);
    let live: i64 = live
        .filter(|(line, _)| !line.is_kit)
        .map(|(line, state)| line.quantity - state.cancelled)
        .sum();
    if live == 0 && order.progress.cancelled.is_some() && money.total_minor != 0 {
        let detail = format!(
            "order {}: cancelled, and costs {}",
            order.number, money.total_minor
        );
        found.push(violation("I5", detail));
    }
    let (mut captured, mut refunded) = (0, 0);
    for payment in &order.progress.payments {
        captured += payment.captured_minor;
        refunded += payment.refunded_minor;
        if payment.captured_minor > payment.authorized_minor
            || payment.refunded_minor > payment.captured_minor
        {
            found.push(violation(
                "I5",
                format!("order {}: {payment:?}", order.number),
            ));
        }
    }
    if money.paid_minor != captured - refunded
        || money.balance_minor != money.total_minor - (captured - refunded)
    {
        found.push(violation(
            "I5",
            format!("order {}: {money:?}", order.number),
        ));
    }
}

/// I6: the journal folds to the order, and has no gaps.
fn check_journal(told: &Told, found: &mut Vec<Violation>) {
    let order = &told.order;
    let folded = fold(order.id, told.journal.iter());
    if folded.as_ref() != Some(order.as_ref()) {
        let detail = format!(
            "order {}: the journal tells of {folded:#?}, stored is {order:#?}",
            order.number
        );
        found.push(violation("I6", detail));
    }
    let numbers = told.journal.iter().map(|entry| entry.seq);
    if !numbers.eq(1..=order.version) {
        found.push(violation(
            "I6",
            format!("order {}: the journal has gaps", order.number),
        ));
    }
    if !told.journal.is_sorted_by_key(|entry| entry.at) && !order.placed.history {
        found.push(violation(
            "I6",
            format!("order {}: the journal goes back in time", order.number),
        ));
    }
}

/// What is written is what is read.
fn check_texts(told: &Told, found: &mut Vec<Violation>) {
    let order = &told.order;
    let mut again = |name: &str, same: bool| {
        if !same {
            let detail = format!(
                "order {}: {name} is not read as it was written",
                order.number
            );
            found.push(violation("I6", detail));
        }
    };
    again("placed", is_read_again(order.placed.as_ref()));
    again("progress", is_read_again(&order.progress));
    for entry in told.journal.iter() {
        again(entry.record.kind(), is_read_again::<Record>(&entry.record));
    }
}

fn is_read_again<T: Serialize + DeserializeOwned + PartialEq>(value: &T) -> bool {
    let text = serde_json::to_string(value).ok();
    text.and_then(|text| serde_json::from_str::<T>(&text).ok())
        .as_ref()
        == Some(value)
}

/// I7: one order has a number, and one has a reference of a channel.
fn check_names(snapshot: &Snapshot, found: &mut Vec<Violation>) {
    let mut names: BTreeMap<String, Vec<u64>> = BTreeMap::new();
    for order in snapshot.orders() {
        names
            .entry(format!("number {}", order.number))
            .or_default()
            .push(order.number);
        // A draft claims its reference when it is placed; one that is given up never does.
        let told = &snapshot.orders[&order.id];
        let was_placed = told
            .journal
            .iter()
            .any(|entry| matches!(entry.record, Record::OrderPlaced { .. }));
        if let Some(reference) = order.placed.external_ref.as_ref().filter(|_| was_placed) {
            let name = format!("channel {} reference {reference}", order.placed.channel.0);
            names.entry(name).or_default().push(order.number);
        }
    }
    for (name, orders) in names.iter().filter(|(_, orders)| orders.len() > 1) {
        found.push(violation(
            "I7",
            format!("{name} has several orders: {orders:?}"),
        ));
    }
}

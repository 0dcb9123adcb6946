//! Effects of payments and returns.

use throughline_core::Command;
use throughline_core::order::Order;
use throughline_core::payment::{PaymentState, RecordPayment};
use throughline_core::returns::Disposition;

use super::{Change, Missing, unless, what};

pub(super) fn missing(command: &Command, change: &Change<'_>) -> Missing {
    match command {
        Command::RecordPayment(c) => paid(what(c), change),
        Command::RegisterReturn(c) => {
            let asked: i64 = what(c).lines.iter().map(|line| line.quantity).sum();
            let announced = announced(change.after) - announced(change.before);
            unless(announced == asked, || {
                format!("{announced} units are announced to come back, not {asked}")
            })
        }
        Command::ReceiveReturn(c) => {
            let lines = &what(c).lines;
            let asked: i64 = lines.iter().map(|line| line.quantity).sum();
            let back = lines
                .iter()
                .filter(|line| line.disposition != Disposition::Missing);
            let back: i64 = back.map(|line| line.quantity).sum();
            let arrived = arrived(change.after) - arrived(change.before);
            let returned = returned(change.after) - returned(change.before);
            unless((arrived, returned) == (asked, back), || {
                format!("{arrived} units arrived and {returned} are back, not {asked} and {back}")
            })
        }
        _ => None,
    }
}

fn paid(command: &RecordPayment, change: &Change<'_>) -> Missing {
    let amount = command.amount_minor.unwrap_or_default();
    let grown = |count: fn(&Order) -> i64| count(change.after) - count(change.before);
    let is_there = match command.state {
        PaymentState::Pending => {
            change.after.progress.payments.len() > change.before.progress.payments.len()
        }
        PaymentState::Authorized => grown(authorized) == amount,
        PaymentState::Captured => grown(captured) == amount,
        PaymentState::Refunded => grown(refunded) == amount,
        PaymentState::Voided | PaymentState::Failed | PaymentState::Expired => {
            let payments = &change.after.progress.payments;
            let payment = payments
                .iter()
                .find(|known| Some(known.no) == command.payment);
            payment.is_some_and(|payment| payment.ended == Some(command.state))
        }
    };
    unless(is_there, || {
        format!("{:?} of {amount} was not recorded", command.state)
    })
}

fn authorized(order: &Order) -> i64 {
    order
        .progress
        .payments
        .iter()
        .map(|payment| payment.authorized_minor)
        .sum()
}

fn captured(order: &Order) -> i64 {
    order
        .progress
        .payments
        .iter()
        .map(|payment| payment.captured_minor)
        .sum()
}

fn refunded(order: &Order) -> i64 {
    order
        .progress
        .payments
        .iter()
        .map(|payment| payment.refunded_minor)
        .sum()
}

fn announced(order: &Order) -> i64 {
    order
        .progress
        .returns
        .iter()
        .flat_map(|one| &one.lines)
        .map(|line| line.quantity)
        .sum()
}

fn arrived(order: &Order) -> i64 {
    let lines = order.progress.returns.iter().flat_map(|one| &one.lines);
    lines
        .flat_map(|line| &line.received)
        .map(|(_, units)| units)
        .sum()
}

fn returned(order: &Order) -> i64 {
    order.progress.lines.iter().map(|line| line.returned).sum()
}

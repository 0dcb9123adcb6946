//! What was accepted has happened: for each verb, the plain effect that its caller may rely on.

mod money;
mod order;
mod stock;
mod work;

use throughline_core::Command;
use throughline_core::command::OnOrder;
use throughline_core::order::{Line, Order, Violation};

use super::violation;
use crate::Snapshot;

/// Effects that a command, which was accepted, should have had and has not.
#[must_use]
pub fn effects(command: &Command, before: &Snapshot, after: &Snapshot) -> Vec<Violation> {
    let missing =
        stock::missing(command, before, after).or_else(|| on_order(command, before, after));
    missing
        .map(|detail| violation("effect", detail))
        .into_iter()
        .collect()
}

/// What is missing, in words.
type Missing = Option<String>;

/// Says what is missing unless the effect is there.
fn unless(there: bool, missing: impl FnOnce() -> String) -> Missing {
    (!there).then(missing)
}

/// An order before and after a verb.
struct Change<'a> {
    before: &'a Order,
    after: &'a Order,
}

fn on_order(command: &Command, before: &Snapshot, after: &Snapshot) -> Missing {
    let (id, _) = crate::expect::target(command)?;
    let change = Change {
        before: before.order(id)?,
        after: after.order(id)?,
    };
    order::missing(command, &change)
        .or_else(|| money::missing(command, &change))
        .or_else(|| work::missing(command, &change))
        .map(|detail| format!("order {}: {detail}", change.after.number))
}

/// Units of a line as it was asked for just now: with those that became something else at once.
fn asked_of(before: Option<&Order>, after: &Order, line: &Line) -> i64 {
    let is_new = |no| before.is_none_or(|order| order.placed.line(no).is_none());
    let instead = after.placed.lines.iter();
    let instead = instead.filter(|other| other.instead_of == Some(line.no) && is_new(other.no));
    line.quantity + instead.map(|other| other.quantity).sum::<i64>()
}

/// What a verb on an order asks for.
fn what<T>(on: &OnOrder<T>) -> &T {
    &on.what
}

//! Amending: a versioned change set of what was ordered, in one commit.

mod lines;
mod release;
mod resolve;
#[cfg(test)]
mod tests;

use jiff::civil::Date;

use super::cases::Cases;
use super::entry::{LineUnits, Record, ReleaseReason};
use super::place::{LINES_MAX, NewLine, Parts, check_charges, check_total, new_lines};
use super::screening::{Arrival, hold_found, screen_again};
use super::source::{Scope, is_sourced_by_itself, source};
use super::{Charge, Line, Method, Order, Placed, Verb, checks};
use crate::decide::{Attempt, Stop};
use crate::decision::{Answer, Resource};
use crate::id::{LineNo, OrderId};
use crate::network::Shortage;
use crate::party::{Address, check_calls};
use crate::refusal::Refusal;
use crate::text;

use release::Released;
pub use resolve::resolve_items;

/// A change set. One commit changes what was ordered, sources again what has to be, and settles the balance.
#[derive(Debug, Clone, Default)]
pub struct AmendOrder {
    /// Lines to add.
    pub add_lines: Vec<NewLine>,
    /// Lines to change.
    pub change_lines: Vec<LineAmendment>,
    /// Lines to remove.
    pub remove_lines: Vec<LineNo>,
    /// A new ship-to address.
    pub ship_to: Option<Address>,
    /// A new bill-to address.
    pub bill_to: Option<Address>,
    /// A new requested date for all lines that have not left.
    pub requested_date: Option<Date>,
    /// The charges of the whole order from now on.
    pub charges: Option<Vec<Charge>>,
    /// A new purchase order number.
    pub po_number: Option<String>,
    /// Why, in the caller's words.
    pub reason: Option<String>,
}

/// A change of one line; what is `None` stays.
#[derive(Debug, Clone)]
pub struct LineAmendment {
    /// The line.
    pub line: LineNo,
    /// New quantity.
    pub quantity: Option<i64>,
    /// New price of `price_quantity` units.
    pub unit_price_minor: Option<i64>,
    /// New number of units the price is for.
    pub price_quantity: Option<i64>,
    /// New discount on the whole line.
    pub discount_minor: Option<i64>,
    /// New tax on the whole line.
    pub tax_minor: Option<i64>,
    /// New requested date.
    pub requested_date: Option<Date>,
    /// New address of this line.
    pub ship_to: Option<Address>,
}

/// Changes what was ordered. Units that the change frees go back to stock; what it adds is sourced;
/// the balance follows from the new totals. Only units already picked refuse.
///
/// # Errors
/// Refuses drafts, orders with nothing unshipped, invalid or unknown values, lines named twice, a change after which
/// nothing would be left or different, what the checks before release refuse, and anything that would need units that are picked, packed or gone.
pub fn amend_order(
    attempt: &mut Attempt<'_>,
    id: OrderId,
    command: &AmendOrder,
) -> Result<Answer, Stop> {
    let before = attempt.order(id)?.clone();
    check_amendable(&before)?;
    text::optional("/reason", command.reason.as_deref(), text::REASON_MAX)?;
    lines::refuse_twice(command)?;
    let mut parts = Parts::strict(before.progress.next_child);
    let mut placed = changed(attempt, &before, command, &mut parts)?;
    call_off(attempt, &before, command, &mut placed)?;
    check_result(&before, &placed)?;
    let Released { units, again } = release::released(&before, &placed)?;
    if !units.is_empty() {
        let (reason, excluded) = (ReleaseReason::Amended, None);
        let record = Record::UnitsReleased {
            units,
            reason,
            excluded,
            cause: None,
            lots: Vec::new(),
            serials: Vec::new(),
        };
        attempt.record(id, record)?;
    }
    for (no, contact) in parts.contacts {
        attempt.put_contact(no.of(id), contact);
    }
    let record = Record::OrderAmended {
        placed: placed.into(),
        next_child: parts.next_child,
        reason: checks::given(command.reason.as_ref()),
    };
    attempt.record(id, record)?;
    look_again(attempt, &before, command)?;
    source_amended(attempt, id, &again)?;
    Ok(Answer::ok(Resource::Order(id)))
}

/// What is called off agreements stays within what is agreed, at its price.
fn call_off(
    attempt: &mut Attempt<'_>,
    before: &Order,
    command: &AmendOrder,
    placed: &mut Placed,
) -> Result<(), Stop> {
    if placed.lines.iter().all(|line| line.agreement.is_none()) {
        return Ok(());
    }
    let own = placed.lines.iter().filter(|line| line.kit.is_none());
    let is_new = |line: &&Line| before.placed.line(line.no).is_none();
    let added: Vec<LineNo> = own.filter(is_new).map(|line| line.no).collect();
    let field = |line: &Line, name: &str| {
        let added = added.iter().position(|no| *no == line.no);
        let mut changes = command.change_lines.iter();
        let changed = changes.position(|change| change.line == line.no);
        match (added, changed) {
            (Some(position), _) => format!("/add_lines/{position}/{name}"),
            (None, Some(position)) => format!("/change_lines/{position}/{name}"),
            (None, None) => format!("/change_lines/{name}"),
        }
    };
    check_calls(attempt, Some(before), placed, field)
}

/// Makes the checks before release for what has changed.
fn look_again(attempt: &mut Attempt<'_>, before: &Order, command: &AmendOrder) -> Result<(), Stop> {
    let network = std::sync::Arc::clone(attempt.network());
    let Some(channel) = network.channel(before.placed.channel) else {
        return Ok(());
    };
    let found = screen_again(attempt, before, channel, &Arrival::of_amendment(command))?;
    hold_found(attempt, before.id, channel, found)
}

fn check_amendable(order: &Order) -> Result<(), Refusal> {
    let why = if order.progress.draft {
        "the order is a draft; save the draft again instead"
    } else if !checks::has_unshipped(order) {
        "every unit has left or is cancelled; place a new order instead"
    } else {
        return Ok(());
    };
    Err(Refusal::illegal(Verb::Amend, why))
}

/// What is ordered after the change.
fn changed(
    attempt: &Attempt<'_>,
    before: &Order,
    command: &AmendOrder,
    parts: &mut Parts,
) -> Result<Placed, Stop> {
    let mut placed = before.placed.as_ref().clone();
    amend_header(&mut placed, before, command, parts)?;
    for (position, change) in command.change_lines.iter().enumerate() {
        lines::change(&mut placed, before, change, position, parts)?;
    }
    for (position, line) in command.remove_lines.iter().enumerate() {
        lines::remove(&mut placed, before, *line, position)?;
    }
    let cases = Cases::of(placed.whole_cases);
    let added = new_lines(attempt, &command.add_lines, ("/add_lines", cases), parts)?;
    let homeless = |line: &NewLine| line.method == Method::Ship && line.ship_to.is_none();
    if let Some(position) = command.add_lines.iter().position(homeless)
        && placed.ship_to.is_none()
    {
        let field = format!("/add_lines/{position}/ship_to");
        return Err(Refusal::invalid(field, "is needed: the order has no address").into());
    }
    placed.lines.extend(added);
    Ok(placed)
}

/// Checks what would be ordered as a whole.
fn check_result(before: &Order, placed: &Placed) -> Result<(), Refusal> {
    if placed.lines.len() > LINES_MAX {
        return Err(Refusal::TooMany {
            what: "lines",
            limit: LINES_MAX as u64,
        });
    }
    check_total(placed)?;
    if *placed == *before.placed {
        let why = "nothing would change; name what is to be different";
        return Err(Refusal::illegal(Verb::Amend, why));
    }
    let cancelled: i64 = before
        .progress
        .lines
        .iter()
        .map(|line| line.cancelled)
        .sum();
    let leaves = placed.lines.iter().filter(|line| !line.is_kit);
    if leaves.map(|line| line.quantity).sum::<i64>() == cancelled {
        let why = "nothing would be left of the order; cancel it instead";
        return Err(Refusal::illegal(Verb::Amend, why));
    }
    Ok(())
}

/// Sources what the change added or freed; what nobody has is treated as the channel says. What the order claimed
/// before the change it claims again, even while it is on hold.
fn source_amended(attempt: &mut Attempt<'_>, id: OrderId, again: &[LineUnits]) -> Result<(), Stop> {
    if !is_sourced_by_itself(attempt, id)? {
        return Ok(());
    }
    let channel = attempt.order(id)?.placed.channel;
    let shortage = attempt
        .network()
        .channel(channel)
        .map_or(Shortage::Backorder, |channel| channel.shortage);
    source(attempt, id, Scope::Again(again), shortage)?;
    source(attempt, id, Scope::Open, shortage)
}

fn amend_header(
    placed: &mut Placed,
    order: &Order,
    command: &AmendOrder,
    parts: &mut Parts,
) -> Result<(), Refusal> {
    if let Some(address) = &command.ship_to {
        placed.ship_to = Some(parts.address("/ship_to", address)?);
        placed.destination = address.destination();
    }
    if let Some(address) = &command.bill_to {
        placed.bill_to = Some(parts.address("/bill_to", address)?);
    }
    if let Some(charges) = &command.charges {
        check_charges("/charges", charges)?;
        placed.charges.clone_from(charges);
    }
    if command.po_number.is_some() {
        text::optional(
            "/po_number",
            command.po_number.as_deref(),
            text::REFERENCE_MAX,
        )?;
        placed.po_number.clone_from(&command.po_number);
    }
    checks::requested_date("/requested_date", command.requested_date)?;
    if command.requested_date.is_some() {
        let lines = placed.lines.iter_mut();
        lines
            .filter(|line| lines::is_pending(order, line.no))
            .for_each(|line| line.requested_date = command.requested_date);
    }
    Ok(())
}

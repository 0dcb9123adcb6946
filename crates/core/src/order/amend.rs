//! Amending: a versioned change set of what was ordered, in one commit.

use jiff::civil::Date;

use super::entry::{FulfilmentUnits, Record, ReleaseReason};
use super::place::{
    LINES_MAX, NewLine, Parts, QUANTITY_MAX, check_charges, check_total, new_lines,
};
use super::progress::Units;
use super::source::{Scope, assigned, source};
use super::{Charge, Method, Order, Placed, Verb};
use crate::decide::{Attempt, Stop};
use crate::decision::{Answer, Resource};
use crate::id::{FulfilmentNo, LineNo, OrderId};
use crate::money::AMOUNT_MAX;
use crate::network::Shortage;
use crate::party::Address;
use crate::refusal::Refusal;
use crate::text;

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
/// Refuses drafts, orders with nothing unshipped, invalid or unknown values, and anything that
/// would need units that are picked, packed or gone.
pub fn amend_order(
    attempt: &mut Attempt<'_>,
    id: OrderId,
    command: &AmendOrder,
) -> Result<Answer, Stop> {
    let before = attempt.order(id)?.clone();
    check_amendable(&before)?;
    text::optional("/reason", command.reason.as_deref(), text::REASON_MAX)?;
    let mut parts = Parts::strict(before.progress.next_child);
    let mut placed = before.placed.as_ref().clone();
    amend_header(&mut placed, command, &mut parts)?;
    for (position, change) in command.change_lines.iter().enumerate() {
        amend_line(&mut placed, &before, change, position, &mut parts)?;
    }
    for (position, line) in command.remove_lines.iter().enumerate() {
        remove_line(&mut placed, &before, *line, position)?;
    }
    placed.lines.extend(new_lines(
        attempt,
        &command.add_lines,
        "/add_lines",
        &mut parts,
    )?);
    if placed.lines.len() > LINES_MAX {
        return Err(Refusal::TooMany {
            what: "lines",
            limit: LINES_MAX as u64,
        }
        .into());
    }
    check_total(&placed)?;
    if placed == *before.placed {
        return Err(Refusal::illegal(
            Verb::Amend,
            "nothing would change; name what is to be different",
        )
        .into());
    }
    let released = released(&before, &placed)?;
    if !released.is_empty() {
        attempt.record(
            id,
            Record::UnitsReleased {
                units: released,
                reason: ReleaseReason::Amended,
                excluded: None,
            },
        )?;
    }
    for (no, contact) in parts.contacts {
        attempt.put_contact(no.of(id), contact);
    }
    let record = Record::OrderAmended {
        placed: placed.into(),
        next_child: parts.next_child,
        reason: command.reason.clone(),
    };
    attempt.record(id, record)?;
    let channel = attempt.network().channel(before.placed.channel).cloned();
    if channel
        .as_ref()
        .is_none_or(|channel| channel.source_on_placement)
        || !before.progress.fulfilments.is_empty()
    {
        source(
            attempt,
            id,
            Scope::Open,
            channel.map_or(Shortage::Backorder, |channel| channel.shortage),
        )?;
    }
    Ok(Answer::ok(Resource::Order(id)))
}

fn check_amendable(order: &Order) -> Result<(), Refusal> {
    if order.progress.draft {
        return Err(Refusal::illegal(
            Verb::Amend,
            "the order is a draft; save the draft again instead",
        ));
    }
    let waiting = order
        .progress
        .lines
        .iter()
        .any(|line| line.open + line.backordered > 0);
    if waiting
        || order
            .progress
            .fulfilments
            .iter()
            .any(|fulfilment| fulfilment.total().unshipped() > 0)
    {
        return Ok(());
    }
    Err(Refusal::illegal(
        Verb::Amend,
        "every unit has left or is cancelled; place a new order instead",
    ))
}

fn amend_header(
    placed: &mut Placed,
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
    if command.requested_date.is_some() {
        placed
            .lines
            .iter_mut()
            .for_each(|line| line.requested_date = command.requested_date);
    }
    Ok(())
}

fn amend_line(
    placed: &mut Placed,
    order: &Order,
    change: &LineAmendment,
    position: usize,
    parts: &mut Parts,
) -> Result<(), Refusal> {
    let field = |name: &str| format!("/change_lines/{position}/{name}");
    let id = change.line.of(order.id).to_string();
    let Some(line) = placed.lines.iter_mut().find(|line| line.no == change.line) else {
        return Err(Refusal::unknown(field("id"), "line", id));
    };
    if line.kit.is_some() {
        return Err(Refusal::invalid(
            field("id"),
            "names a component; change the kit line it belongs to",
        ));
    }
    for (name, value, target) in [
        (
            "unit_price_minor",
            change.unit_price_minor,
            &mut line.unit_price_minor,
        ),
        (
            "discount_minor",
            change.discount_minor,
            &mut line.discount_minor,
        ),
        ("tax_minor", change.tax_minor, &mut line.tax_minor),
    ] {
        let Some(value) = value else { continue };
        if !(0..=AMOUNT_MAX).contains(&value) {
            return Err(Refusal::invalid(
                field(name),
                "must not be negative, nor beyond 2^53 - 1",
            ));
        }
        *target = value;
    }
    if let Some(quantity) = change.price_quantity {
        line.price_quantity = in_range(&field("price_quantity"), quantity)?;
    }
    line.requested_date = change.requested_date.or(line.requested_date);
    if let Some(address) = &change.ship_to {
        line.ship_to = Some(parts.address(&field("ship_to"), address)?);
        line.destination = Some(address.destination());
    }
    match change.quantity {
        Some(quantity) => resize(
            placed,
            change.line,
            in_range(&field("quantity"), quantity)?,
            &field("quantity"),
        ),
        None => Ok(()),
    }
}

fn in_range(field: &str, quantity: i64) -> Result<i64, Refusal> {
    if (1..=QUANTITY_MAX).contains(&quantity) {
        Ok(quantity)
    } else {
        Err(Refusal::invalid(
            field,
            "must lie between 1 and 1000000000; to take the line away, remove it",
        ))
    }
}

/// Sets a line's quantity; the components of a kit follow.
fn resize(placed: &mut Placed, no: LineNo, quantity: i64, field: &str) -> Result<(), Refusal> {
    let Some(old) = placed.line(no).map(|line| line.quantity) else {
        return Ok(());
    };
    let has_components = placed.lines.iter().any(|line| line.kit == Some(no));
    if old == 0 && has_components {
        return Err(Refusal::invalid(
            field,
            "is of a kit that was removed; add the kit again as a new line",
        ));
    }
    for line in placed.lines.iter_mut().filter(|line| line.kit == Some(no)) {
        line.quantity = (line.quantity / old.max(1)).saturating_mul(quantity);
        if line.quantity > QUANTITY_MAX {
            return Err(Refusal::invalid(
                field,
                "makes too many units of a component",
            ));
        }
    }
    placed
        .lines
        .iter_mut()
        .filter(|line| line.no == no)
        .for_each(|line| line.quantity = quantity);
    Ok(())
}

/// A removed line keeps what was cancelled of it; the rest is no longer ordered.
fn remove_line(
    placed: &mut Placed,
    order: &Order,
    no: LineNo,
    position: usize,
) -> Result<(), Refusal> {
    let field = format!("/remove_lines/{position}");
    match placed.line(no) {
        None => Err(Refusal::unknown(field, "line", no.of(order.id).to_string())),
        Some(line) if line.kit.is_some() => Err(Refusal::invalid(
            field,
            "names a component; remove the kit line it belongs to",
        )),
        Some(_) => {
            let cancelled = |no: LineNo| {
                order
                    .placed
                    .lines
                    .iter()
                    .position(|line| line.no == no)
                    .map_or(0, |at| order.progress.lines[at].cancelled)
            };
            for line in placed
                .lines
                .iter_mut()
                .filter(|line| line.no == no || line.kit == Some(no))
            {
                line.quantity = cancelled(line.no);
                if line.quantity == 0 {
                    line.discount_minor = 0;
                    line.tax_minor = 0;
                }
            }
            Ok(())
        }
    }
}

/// Assigned units that the change takes back: those beyond the new quantity, and those on their
/// way to an address that changes. Picked units refuse.
fn released(order: &Order, placed: &Placed) -> Result<Vec<FulfilmentUnits>, Refusal> {
    let mut released = Vec::new();
    for (old, state) in order
        .placed
        .lines
        .iter()
        .zip(&order.progress.lines)
        .filter(|(line, _)| !line.is_kit)
    {
        let Some(new) = placed.line(old.no) else {
            continue;
        };
        let moves = old.ship_to != new.ship_to
            || (old.ship_to.is_none() && order.placed.ship_to != placed.ship_to);
        let relocated = moves && old.method == Method::Ship;
        let mut excess = (old.quantity - new.quantity - state.open - state.backordered).max(0);
        let asked = excess;
        for (fulfilment, units) in units_of(order, old.no) {
            if relocated && units.picked + units.packed > 0 {
                let why = format!(
                    "{} units of line {} are picked for the old address",
                    units.picked + units.packed,
                    old.no.of(order.id)
                );
                return Err(Refusal::illegal(Verb::Amend, why));
            }
            let taken = if relocated {
                units.assigned
            } else {
                excess.min(units.assigned)
            };
            excess -= excess.min(taken);
            if taken > 0 {
                released.push(assigned(fulfilment, old.no, taken));
            }
        }
        if excess > 0 {
            let limit = asked - excess + state.open + state.backordered;
            let asked = old.quantity - new.quantity;
            return Err(Refusal::QuantityExceeded {
                what: "take away",
                line: old.no.of(order.id).to_string(),
                asked,
                limit,
            });
        }
    }
    Ok(released)
}

fn units_of(order: &Order, no: LineNo) -> impl Iterator<Item = (FulfilmentNo, Units)> {
    let fulfilments = order.progress.fulfilments.iter().rev();
    fulfilments.filter_map(move |fulfilment| Some((fulfilment.no, *fulfilment.units(no)?)))
}

/// Looks again for SKUs that were unknown when the order was taken; found ones become part of the order.
///
/// # Errors
/// Stops when items are not loaded yet.
pub fn resolve_items(attempt: &mut Attempt<'_>, id: OrderId) -> Result<(), Stop> {
    let order = attempt.order(id)?;
    if order.placed.lines.iter().all(|line| line.item.is_some()) {
        return Ok(());
    }
    let mut placed = order.placed.as_ref().clone();
    let next_child = order.progress.next_child;
    for line in placed.lines.iter_mut().filter(|line| line.item.is_none()) {
        // A kit cannot be exploded after the fact: such a line is removed and added again by an amendment.
        if let Some(item) = attempt
            .item_by_sku(&line.sku)?
            .filter(|item| !item.is_kit())
        {
            line.item = Some(item.id);
        }
    }
    let order = attempt.order(id)?;
    if placed == *order.placed {
        return Ok(());
    }
    let reason = Some("SKUs that were unknown are known now".to_owned());
    attempt.record(
        id,
        Record::OrderAmended {
            placed: placed.into(),
            next_child,
            reason,
        },
    )
}

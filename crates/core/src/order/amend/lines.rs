//! Changing and removing lines; the components of a kit follow it.

use super::{AmendOrder, LineAmendment};
use crate::id::LineNo;
use crate::money::AMOUNT_MAX;
use crate::order::place::{Parts, QUANTITY_MAX};
use crate::order::{Line, Order, Placed, Verb, cases, checks};
use crate::refusal::Refusal;

/// Refuses a line that is changed or removed twice.
pub(super) fn refuse_twice(command: &AmendOrder) -> Result<(), Refusal> {
    let mut seen: Vec<LineNo> = Vec::new();
    let changed = command.change_lines.iter().map(|change| change.line);
    let changed = changed
        .enumerate()
        .map(|(position, line)| (format!("/change_lines/{position}/id"), line));
    let removed = command.remove_lines.iter().copied().enumerate();
    let removed = removed.map(|(position, line)| (format!("/remove_lines/{position}"), line));
    for (field, line) in changed.chain(removed) {
        if seen.contains(&line) {
            let problem = "names a line a second time; say all of it once";
            return Err(Refusal::invalid(field, problem));
        }
        seen.push(line);
    }
    Ok(())
}

/// Whether units of a line have not left; of a kit, units of its components.
pub(super) fn is_pending(order: &Order, no: LineNo) -> bool {
    let lines = order.placed.lines.iter().zip(&order.progress.lines);
    let own = lines.filter(|(line, _)| line.no == no || line.kit == Some(no));
    let fulfilments = || order.progress.fulfilments.iter();
    own.into_iter().any(|(line, state)| {
        let claimed = fulfilments().filter_map(|fulfilment| fulfilment.units(line.no));
        state.open + state.backordered + claimed.map(|units| units.unshipped()).sum::<i64>() > 0
    })
}

/// Changes one line; the components of a kit follow.
pub(super) fn change(
    placed: &mut Placed,
    order: &Order,
    change: &LineAmendment,
    position: usize,
    parts: &mut Parts,
) -> Result<(), Refusal> {
    let field = |name: &str| format!("/change_lines/{position}/{name}");
    let no = change.line;
    let Some(line) = placed.lines.iter_mut().find(|line| line.no == no) else {
        let id = no.of(order.id).to_string();
        return Err(Refusal::unknown(field("id"), "line", id));
    };
    if line.kit.is_some() {
        return Err(Refusal::invalid(
            field("id"),
            "names a component; change the kit line it belongs to",
        ));
    }
    if changes_price(line, change) {
        refuse_if_picked(order, no)?;
    }
    change_amounts(line, change, field)?;
    let address = match &change.ship_to {
        Some(address) => {
            let contact = parts.address(&field("ship_to"), address)?;
            Some((contact, address.destination()))
        }
        None => None,
    };
    let family = placed.lines.iter_mut();
    for line in family.filter(|line| line.no == no || line.kit == Some(no)) {
        line.requested_date = change.requested_date.or(line.requested_date);
        if let Some((contact, destination)) = &address {
            line.ship_to = Some(*contact);
            line.destination = Some(destination.clone());
        }
    }
    if let Some(quantity) = change.quantity {
        resize(placed, no, quantity, &field("quantity"))?;
    }
    checks::requested_date(field("requested_date"), change.requested_date)?;
    placed.line(no).map_or(Ok(()), |line| {
        checks::discount(
            field("discount_minor"),
            line.discount_minor,
            line.goods_minor(),
        )
    })
}

fn changes_price(line: &Line, change: &LineAmendment) -> bool {
    let differs = |new: Option<i64>, old| new.is_some_and(|new| new != old);
    differs(change.unit_price_minor, line.unit_price_minor)
        || differs(change.price_quantity, line.price_quantity)
}

/// Refuses another price for units (of a kit: of its components) that were picked at the old one, wherever they are now.
fn refuse_if_picked(order: &Order, no: LineNo) -> Result<(), Refusal> {
    let lines = order.placed.lines.iter();
    let family = lines.filter(|line| line.no == no || line.kit == Some(no));
    let fulfilments = || order.progress.fulfilments.iter();
    let picked: i64 = family
        .flat_map(|line| fulfilments().filter_map(|fulfilment| fulfilment.units(line.no)))
        .map(|units| units.total() - units.assigned)
        .sum();
    if picked == 0 {
        return Ok(());
    }
    let line = checks::line_id(order, no);
    let why = format!(
        "{picked} units of line {line} are picked at the old price; leave it, take the rest off the line, and add \
         them as a new line"
    );
    Err(Refusal::illegal(Verb::Amend, why))
}

fn change_amounts(
    line: &mut Line,
    change: &LineAmendment,
    field: impl Fn(&str) -> String,
) -> Result<(), Refusal> {
    let amounts = [
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
    ];
    for (name, value, target) in amounts {
        let value = value.unwrap_or(*target);
        if !(0..=AMOUNT_MAX).contains(&value) {
            let problem = "must not be negative, nor beyond 2^53 - 1";
            return Err(Refusal::invalid(field(name), problem));
        }
        *target = value;
    }
    let units = change.price_quantity.unwrap_or(line.price_quantity);
    if !(1..=QUANTITY_MAX).contains(&units) {
        let problem = format!("must lie between 1 and {QUANTITY_MAX}");
        return Err(Refusal::invalid(field("price_quantity"), problem));
    }
    line.price_quantity = units;
    Ok(())
}

/// Sets a line's quantity; the components of a kit follow.
fn resize(placed: &mut Placed, no: LineNo, quantity: i64, field: &str) -> Result<(), Refusal> {
    if !(1..=QUANTITY_MAX).contains(&quantity) {
        let problem =
            format!("must lie between 1 and {QUANTITY_MAX}; to take the line away, remove it");
        return Err(Refusal::invalid(field, problem));
    }
    let Some(line) = placed.line(no) else {
        return Ok(());
    };
    let old = line.quantity;
    if quantity != old {
        cases::check_ordered(field, line, quantity)?;
    }
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
pub(super) fn remove(
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

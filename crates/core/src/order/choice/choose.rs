//! Choosing: what the customer wants done about a promise that slipped.

use serde::{Deserialize, Serialize};

use super::{Choice, Chosen, link};
use crate::decide::{Attempt, Stop};
use crate::decision::{Answer, Resource};
use crate::id::{ChoiceNo, OrderId};
use crate::money::share;
use crate::order::amend::{AmendOrder, LineAmendment, amend_order};
use crate::order::cancel::{CancelOrder, cancel_order, cancellable};
use crate::order::place::NewLine;
use crate::order::{Line, LineUnits, Order, Record, source};
use crate::refusal::Refusal;

/// Chooses for a customer whose promise slipped.
#[derive(Debug, Clone, Copy)]
pub struct ChooseOption {
    /// The choice.
    pub choice: ChoiceNo,
    /// What is chosen.
    pub chosen: Chosen,
    /// Who chooses.
    pub by: By,
}

/// Who chose.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum By {
    /// The customer, at the public link.
    Customer,
    /// Somebody on the customer's behalf.
    Staff,
    /// Nobody did in time.
    Deadline,
    /// Nobody has to any more: it comes in time after all, or nothing is left to be chosen.
    Recovery,
}

/// Does what was chosen. Choosing the same again changes nothing.
///
/// # Errors
/// Refuses an unknown choice, an option that was not offered, anything else once something was chosen, and what is not
/// possible any more.
pub fn choose_option(
    attempt: &mut Attempt<'_>,
    id: OrderId,
    command: &ChooseOption,
) -> Result<Answer, Stop> {
    let order = attempt.order(id)?.clone();
    let answer = Answer::ok(Resource::Order(id));
    let known = order.choice(command.choice);
    let made = known.and_then(|choice| choice.made);
    if made.is_some_and(|made| made.chosen == command.chosen) {
        return Ok(answer);
    }
    let choice = open(&order, command.choice)?;
    let now = attempt.now();
    if command.by == By::Customer && choice.deadline <= now {
        return Err(Refusal::ChoiceEnded {
            id: choice.no.of(id).to_string(),
            why: "its deadline is over".to_owned(),
        }
        .into());
    }
    if !choice.options.contains(&command.chosen) {
        let offered: Vec<&str> = choice.options.iter().map(|one| one.as_str()).collect();
        let problem = format!("was not offered; choose one of {}", offered.join(", "));
        return Err(Refusal::invalid("/option", problem).into());
    }
    attempt.record(
        id,
        Record::ChoiceMade {
            choice: command.choice,
            chosen: command.chosen,
            by: command.by,
        },
    )?;
    match command.chosen {
        Chosen::Wait => {}
        Chosen::Split => source::split_waiting(attempt, id)?,
        Chosen::Substitute => substitute(attempt, &order, choice)?,
        Chosen::Refund => refund(attempt, &order, choice)?,
    }
    Ok(answer)
}

/// A choice that is still to be made.
pub(super) fn open(order: &Order, no: ChoiceNo) -> Result<&Choice, Refusal> {
    let choice = order.choice(no);
    let choice = choice.ok_or_else(|| link::unknown(order.id, no))?;
    match choice.made {
        None => Ok(choice),
        Some(made) => Err(Refusal::ChoiceEnded {
            id: no.of(order.id).to_string(),
            why: format!("{} was chosen already", made.chosen.as_str()),
        }),
    }
}

fn refund(attempt: &mut Attempt<'_>, order: &Order, choice: &Choice) -> Result<(), Stop> {
    let left = choice.lines.iter().map(|units| LineUnits {
        line: units.line,
        quantity: units.quantity.min(cancellable(order, units.line)),
    });
    let lines: Vec<LineUnits> = left.filter(|units| units.quantity > 0).collect();
    let cancel = CancelOrder {
        reason: "the customer did not want to wait".to_owned(),
        lines: Some(lines),
    };
    cancel_order(attempt, order.id, &cancel).map(drop)
}

/// The units of each line become units of its substitute, at the price of before.
fn substitute(attempt: &mut Attempt<'_>, order: &Order, choice: &Choice) -> Result<(), Stop> {
    let mut amend = AmendOrder {
        reason: Some("the customer chose something else instead of waiting".to_owned()),
        ..AmendOrder::default()
    };
    for (no, sku) in &choice.instead {
        let units = choice.lines.iter().find(|units| units.line == *no);
        let (Some(units), Some(line)) = (units, order.placed.line(*no)) else {
            continue;
        };
        let quantity = units.quantity.min(cancellable(order, *no));
        if quantity == 0 {
            continue;
        }
        let location = line.location.and_then(|id| attempt.network().location(id));
        let service = line.service.and_then(|id| attempt.network().service(id));
        let code = location.map(|location| location.code.clone());
        let of = |minor: i64| share(minor, quantity, line.quantity);
        amend.add_lines.push(NewLine {
            sku: sku.clone(),
            quantity,
            unit_price_minor: line.unit_price_minor,
            price_quantity: Some(line.price_quantity),
            discount_minor: of(line.discount_minor),
            tax_minor: of(line.tax_minor),
            method: line.method,
            location: code,
            service: service.map(|service| service.code.clone()),
            requested_date: line.requested_date,
            ..NewLine::default()
        });
        if quantity == line.quantity {
            amend.remove_lines.push(*no);
        } else {
            amend.change_lines.push(fewer(line, quantity));
        }
    }
    amend_order(attempt, order.id, &amend).map(drop)
}

fn fewer(line: &Line, taken: i64) -> LineAmendment {
    let of = |minor: i64| minor - share(minor, taken, line.quantity);
    LineAmendment {
        line: line.no,
        quantity: Some(line.quantity - taken),
        unit_price_minor: None,
        price_quantity: None,
        discount_minor: Some(of(line.discount_minor)),
        tax_minor: Some(of(line.tax_minor)),
        requested_date: None,
        ship_to: None,
    }
}

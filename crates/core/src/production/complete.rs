//! Units are made: they come into the maker's stock, and are given to the line that they were made for.

use super::checks::open;
use crate::decide::{Attempt, Stop};
use crate::decision::{Answer, Resource};
use crate::id::{OrderId, ProductionNo};
use crate::inventory::{NamedLot, UNITS_MAX};
use crate::network::Shortage;
use crate::order::source::{Scope, give_made, source};
use crate::order::{Record, Verb, waits_for_stock};
use crate::refusal::Refusal;

/// A maker has finished a production order.
#[derive(Debug, Clone)]
pub struct CompleteProduction {
    /// Which.
    pub production: ProductionNo,
    /// Good units; all of them if absent. What is short of what was asked is sourced, or made, again.
    pub quantity: Option<i64>,
    /// The lot of the units, where the item has lots.
    pub lot: Option<NamedLot>,
    /// The serial numbers of the units, where the item's are captured at receipt.
    pub serials: Vec<String>,
}

/// Completes a production order. Its units are received at the maker and allotted to their line in the same commit, as far
/// as the line still wants them and may have them now; others are free for whoever waits.
///
/// # Errors
/// Refuses an unknown production order, one that has ended, impossible quantities, and lots and serial numbers that do not
/// go with the item.
pub fn complete_production(
    attempt: &mut Attempt<'_>,
    id: OrderId,
    command: &CompleteProduction,
) -> Result<Answer, Stop> {
    let no = command.production;
    let made = open(attempt.order(id)?, no, Verb::Complete)?.clone();
    let quantity = command.quantity.unwrap_or(made.quantity);
    if !(1..=made.quantity).contains(&quantity) {
        let problem = format!(
            "must lie between 1 and {}, which were asked for; reject it if none is good, and take in what was made \
             beyond as stock",
            made.quantity
        );
        return Err(Refusal::invalid("/quantity", problem).into());
    }
    let on_hand = attempt.level(made.item, made.location)?.on_hand;
    if on_hand + quantity > UNITS_MAX {
        let problem = format!("would make more than {UNITS_MAX} units on hand");
        return Err(Refusal::invalid("/quantity", problem).into());
    }
    let lot = attempt.lot_of(made.item, "/lot", command.lot.as_ref())?;
    let place = (made.location, quantity);
    let reference = no.of(id).to_string();
    attempt.receive_serials(made.item, place, &command.serials, Some(&reference))?;
    attempt.require_fresh(made.item)?;
    attempt.record(
        id,
        Record::ProductionCompleted {
            production: no,
            quantity,
            lot,
        },
    )?;
    give_made(attempt, id, made.line, made.location)?;
    let order = attempt.order(id)?;
    let mut lines = order.placed.lines.iter();
    let position = lines.position(|line| line.no == made.line);
    if position.is_some_and(|position| waits_for_stock(order, position) > 0) {
        source(
            attempt,
            id,
            Scope::NextWaiting(made.line),
            Shortage::Backorder,
        )?;
    }
    Ok(Answer::ok(Resource::Production(id, no)))
}

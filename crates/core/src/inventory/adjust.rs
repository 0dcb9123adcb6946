//! Corrections of stock by a difference.

use super::NamedLot;
use super::level::{LevelChange, MoveReason, StockMove};
use super::receive::{UNITS_MAX, add, document, in_range, place_of};
use super::serve_waiting::serve;
use super::shortage::{lower, source_again};
use crate::decide::{Attempt, Stop};
use crate::decision::{Answer, Resource};
use crate::refusal::Refusal;

/// Corrects stock by a difference.
#[derive(Debug, Clone)]
pub struct AdjustStock {
    /// The SKU.
    pub sku: String,
    /// Code of the location.
    pub location: String,
    /// Units to add, or to take when negative; not 0.
    pub quantity: i64,
    /// The document.
    pub reference: String,
    /// Why: `damaged`, `found`, `stolen` or words of the caller's own.
    pub reason: Option<String>,
    /// The lot, where the item has lots.
    pub lot: Option<NamedLot>,
}

/// Corrects stock by a difference. Units that are claimed and no longer there are taken from the
/// claims that lose least, in the same commit.
///
/// # Errors
/// Refuses unknown SKUs and locations, kits, impossible quantities, and taking more than is on hand.
pub fn adjust_stock(attempt: &mut Attempt<'_>, command: &AdjustStock) -> Result<Answer, Stop> {
    let (item, location) = place_of(attempt, &command.sku, "/location", &command.location)?;
    in_range("/quantity", command.quantity, -UNITS_MAX)?;
    if command.quantity == 0 {
        return Err(Refusal::invalid("/quantity", "must not be 0").into());
    }
    let reference = document("/reference", &command.reference, command.reason.as_deref())?;
    let lot = match command.quantity > 0 {
        true => attempt.lot_of(item, "/lot", command.lot.as_ref())?,
        false => attempt.seen_lot_of(item, "/lot", command.lot.as_ref())?,
    };
    let change = LevelChange {
        on_hand: command.quantity,
        ..LevelChange::default()
    };
    let moved = StockMove {
        item,
        location,
        change,
        reason: MoveReason::Adjusted,
        reference,
        saw_on_hand: None,
        lot,
    };
    if command.quantity > 0 {
        add(attempt, moved)?;
        serve(attempt, item)?;
    } else {
        let losers = lower(attempt, moved)?;
        source_again(attempt, &losers)?;
    }
    Ok(Answer::ok(Resource::StockLevel(item, location)))
}

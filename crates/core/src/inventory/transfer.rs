//! Moving stock between locations, at once.

use super::NamedLot;
use super::level::{LevelChange, MoveReason, StockMove};
use super::receive::{add, document, in_range, place_of};
use super::serve_waiting::serve;
use crate::decide::{Attempt, Stop};
use crate::decision::{Answer, Resource};
use crate::refusal::Refusal;

/// Moves available stock from one location to another.
#[derive(Debug, Clone)]
pub struct TransferStock {
    /// The SKU.
    pub sku: String,
    /// Code of the location it leaves.
    pub from: String,
    /// Code of the location it goes to.
    pub to: String,
    /// Units; at least 1.
    pub quantity: i64,
    /// The document.
    pub reference: String,
    /// The lot that moves, where the item has lots.
    pub lot: Option<NamedLot>,
}

/// Moves available stock from one location to another, at once. Claimed units stay.
///
/// # Errors
/// Refuses unknown SKUs and locations, kits, impossible quantities, and more than is available.
pub fn transfer_stock(attempt: &mut Attempt<'_>, command: &TransferStock) -> Result<Answer, Stop> {
    let (item, from) = place_of(attempt, &command.sku, "/from", &command.from)?;
    let (_, to) = place_of(attempt, &command.sku, "/to", &command.to)?;
    if from == to {
        return Err(Refusal::invalid("/to", "must be another location than from").into());
    }
    in_range("/quantity", command.quantity, 1)?;
    let reference = document("/reference", &command.reference, None)?;
    let lot = attempt.seen_lot_of(item, "/lot", command.lot.as_ref())?;
    let level = attempt.level(item, from)?;
    let free = (level.on_hand - level.allocated - level.reserved).max(0);
    if command.quantity > free {
        attempt.require_fresh(item)?;
        return Err(Refusal::InsufficientStock {
            sku: command.sku.clone(),
            short_by: command.quantity - free,
        }
        .into());
    }
    let moved = |location, quantity, reason| StockMove {
        item,
        location,
        change: LevelChange {
            on_hand: quantity,
            ..LevelChange::default()
        },
        reason,
        reference: reference.clone(),
        saw_on_hand: None,
        lot: lot.clone(),
    };
    attempt.move_stock(moved(from, -command.quantity, MoveReason::TransferredOut))?;
    add(
        attempt,
        moved(to, command.quantity, MoveReason::TransferredIn),
    )?;
    serve(attempt, item)?;
    Ok(Answer::ok(Resource::StockLevel(item, to)))
}

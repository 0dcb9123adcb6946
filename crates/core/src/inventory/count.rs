//! Counts: stock becomes what was counted.

use super::NamedLot;
use super::exclusion::end_exclusion;
use super::level::{LevelChange, MoveReason, StockMove};
use super::receive::{add, document, in_range, place_of};
use super::serve_waiting::serve;
use super::shortage::{lower, source_again};
use crate::decide::{Attempt, Stop};
use crate::decision::{Answer, Resource};

/// Sets stock to what was counted.
#[derive(Debug, Clone)]
pub struct CountStock {
    /// The SKU.
    pub sku: String,
    /// Code of the location.
    pub location: String,
    /// Units counted; 0 or more.
    pub quantity: i64,
    /// The count sheet.
    pub reference: String,
    /// The lot that was counted, where the item has lots.
    pub lot: Option<NamedLot>,
}

/// Sets stock to what was counted, guarded by the on hand that the decision saw. Units that are
/// claimed and no longer there are taken from the claims that lose least, in the same commit.
///
/// # Errors
/// Refuses unknown SKUs and locations, kits, and impossible quantities.
pub fn count_stock(attempt: &mut Attempt<'_>, command: &CountStock) -> Result<Answer, Stop> {
    let (item, location) = place_of(attempt, &command.sku, "/location", &command.location)?;
    in_range("/quantity", command.quantity, 0)?;
    let reference = document("/reference", &command.reference, None)?;
    attempt.require_fresh(item)?;
    let lot = attempt.lot_of(item, "/lot", command.lot.as_ref())?;
    let on_hand = match &lot {
        Some(lot) => attempt.lots(item)?.level(location, lot).on_hand,
        None => attempt.level(item, location)?.on_hand,
    };
    let change = LevelChange {
        on_hand: command.quantity - on_hand,
        ..LevelChange::default()
    };
    let moved = StockMove {
        item,
        location,
        change,
        reason: MoveReason::Counted,
        reference,
        saw_on_hand: Some(on_hand),
        lot,
    };
    // Whoever counted an item has found it.
    let was_excluded = end_exclusion(attempt, item, location)?;
    if command.quantity >= on_hand {
        add(attempt, moved)?;
        serve(attempt, item)?;
    } else {
        let losers = lower(attempt, moved)?;
        source_again(attempt, &losers)?;
        if was_excluded {
            serve(attempt, item)?;
        }
    }
    Ok(Answer::ok(Resource::StockLevel(item, location)))
}

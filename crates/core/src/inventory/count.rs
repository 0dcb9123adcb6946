//! Counts: stock becomes what was counted.

use super::exclusion::end_exclusion;
use super::level::{LevelChange, MoveReason, Reference, StockMove};
use super::receive::{add, document, in_range, place_of};
use super::serve_waiting::serve;
use super::shortage::{lower, source_again};
use super::{Lot, NamedLot};
use crate::decide::{Attempt, Stop};
use crate::decision::{Answer, Resource};
use crate::id::ItemId;
use crate::network::LocationId;

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
    let counted = Counted {
        item,
        location,
        lot,
        change: command.quantity - on_hand,
        saw_on_hand: Some(on_hand),
        reference,
    };
    apply_count(attempt, counted)?;
    Ok(Answer::ok(Resource::StockLevel(item, location)))
}

/// What a count means for the stock.
pub(super) struct Counted {
    pub(super) item: ItemId,
    pub(super) location: LocationId,
    pub(super) lot: Option<Lot>,
    /// Units to be added to on hand, or taken off it.
    pub(super) change: i64,
    /// The on hand that it was compared with, if that must still be there.
    pub(super) saw_on_hand: Option<i64>,
    pub(super) reference: Reference,
}

/// Changes the stock to what was counted, and what follows from that: units that are more serve who waits, and units that
/// are less are taken from who claims them.
///
/// # Errors
/// Stops when facts are missing.
pub(super) fn apply_count(attempt: &mut Attempt<'_>, counted: Counted) -> Result<(), Stop> {
    let (item, location) = (counted.item, counted.location);
    let moved = StockMove {
        item,
        location,
        change: LevelChange {
            on_hand: counted.change,
            ..LevelChange::default()
        },
        reason: MoveReason::Counted,
        reference: counted.reference,
        saw_on_hand: counted.saw_on_hand,
        lot: counted.lot,
    };
    // Whoever counted an item has found it.
    let was_excluded = end_exclusion(attempt, item, location)?;
    if counted.change >= 0 {
        add(attempt, moved)?;
        serve(attempt, item)
    } else {
        let losers = lower(attempt, moved)?;
        source_again(attempt, &losers)?;
        match was_excluded {
            true => serve(attempt, item),
            false => Ok(()),
        }
    }
}

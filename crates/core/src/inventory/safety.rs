//! Safety stock: units that are never promised.

use super::level::{LevelChange, MoveReason, Reference, StockMove};
use super::receive::{in_range, place_of};
use super::serve_waiting::serve;
use crate::decide::{Attempt, Stop};
use crate::decision::{Answer, Resource};

/// Sets the units of a level that are never promised.
#[derive(Debug, Clone)]
pub struct SetSafetyStock {
    /// The SKU.
    pub sku: String,
    /// Code of the location.
    pub location: String,
    /// Units; 0 or more.
    pub quantity: i64,
}

/// Sets the units of a level that are never promised. Units that are claimed already stay claimed.
///
/// # Errors
/// Refuses unknown SKUs and locations, kits, and impossible quantities.
pub fn set_safety_stock(
    attempt: &mut Attempt<'_>,
    command: &SetSafetyStock,
) -> Result<Answer, Stop> {
    let (item, location) = place_of(attempt, &command.sku, "/location", &command.location)?;
    in_range("/quantity", command.quantity, 0)?;
    attempt.require_fresh(item)?;
    let change = LevelChange {
        safety: command.quantity - attempt.level(item, location)?.safety,
        ..LevelChange::default()
    };
    let reference = Reference::Document {
        reference: "safety".to_owned(),
        note: None,
    };
    attempt.move_stock(StockMove {
        item,
        location,
        change,
        reason: MoveReason::SafetySet,
        reference,
        saw_on_hand: None,
        lot: None,
    })?;
    if change.safety < 0 {
        serve(attempt, item)?;
    }
    Ok(Answer::ok(Resource::StockLevel(item, location)))
}

//! Asking for a count.

use super::{CountState, CountTask, Tolerance};
use crate::decide::{Attempt, Stop};
use crate::decision::{Answer, Resource};
use crate::id::CountTaskId;
use crate::inventory::NamedLot;
use crate::inventory::receive::place_of;
use crate::text;

/// Asks for an item to be counted at a location.
#[derive(Debug, Clone)]
pub struct CreateCountTask {
    /// Identity; its low bits become those of the item.
    pub id: CountTaskId,
    /// The SKU.
    pub sku: String,
    /// Code of the location.
    pub location: String,
    /// The lot, where the item has lots.
    pub lot: Option<NamedLot>,
    /// What the counter should know.
    pub note: Option<String>,
    /// What needs nobody's agreement.
    pub tolerance: Tolerance,
}

/// Makes a task to count. Nothing is kept from moving meanwhile: each count is compared with what is on hand at its time.
///
/// # Errors
/// Refuses unknown SKUs, locations and lots, kits, and impossible tolerances.
pub fn create_count_task(
    attempt: &mut Attempt<'_>,
    command: &CreateCountTask,
) -> Result<Answer, Stop> {
    let (item, location) = place_of(attempt, &command.sku, "/location", &command.location)?;
    text::optional("/note", command.note.as_deref(), text::REASON_MAX)?;
    command.tolerance.check()?;
    let lot = attempt.seen_lot_of(item, "/lot", command.lot.as_ref())?;
    let id = command.id.beside(item);
    let now = attempt.now();
    attempt.put_count_task(CountTask {
        id,
        version: 0,
        item,
        sku: command.sku.clone(),
        location,
        lot,
        note: command.note.clone().filter(|note| !note.is_empty()),
        tolerance: command.tolerance,
        state: CountState::Open,
        rounds: Vec::new(),
        created_at: now,
        created_by: attempt.actor(),
        updated_at: now,
    });
    Ok(Answer::created(Resource::CountTask(id)))
}

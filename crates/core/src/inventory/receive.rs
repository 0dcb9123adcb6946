//! Goods come in; the orders that wait for them are served in the same commit.

use super::NamedLot;
use super::level::{LevelChange, MoveReason, Reference, StockMove};
use super::serve_waiting::serve;
use crate::decide::{Attempt, Stop};
use crate::decision::{Answer, Resource};
use crate::id::ItemId;
use crate::network::LocationId;
use crate::refusal::Refusal;
use crate::text;

/// Most units of one movement, and of one stock level.
pub const UNITS_MAX: i64 = 1_000_000_000_000;

/// Takes stock in.
#[derive(Debug, Clone)]
pub struct ReceiveStock {
    /// The SKU.
    pub sku: String,
    /// Code of the location.
    pub location: String,
    /// Units; at least 1.
    pub quantity: i64,
    /// The document, such as a delivery note.
    pub reference: String,
    /// The lot that the units are of, where the item has lots.
    pub lot: Option<NamedLot>,
}

/// Takes stock in and serves the orders that wait for it, bounded, in the same commit.
///
/// # Errors
/// Refuses unknown SKUs and locations, kits, and impossible quantities.
pub fn receive_stock(attempt: &mut Attempt<'_>, command: &ReceiveStock) -> Result<Answer, Stop> {
    let (item, location) = place_of(attempt, &command.sku, "/location", &command.location)?;
    in_range("/quantity", command.quantity, 1)?;
    let change = LevelChange {
        on_hand: command.quantity,
        ..LevelChange::default()
    };
    let reference = document("/reference", &command.reference, None)?;
    let lot = attempt.lot_of(item, "/lot", command.lot.as_ref())?;
    add(
        attempt,
        StockMove {
            item,
            location,
            change,
            reason: MoveReason::Received,
            reference,
            saw_on_hand: None,
            lot,
        },
    )?;
    serve(attempt, item)?;
    Ok(Answer::ok(Resource::StockLevel(item, location)))
}

/// Resolves the SKU and the location of a movement.
pub(super) fn place_of(
    attempt: &Attempt<'_>,
    sku: &str,
    field: &str,
    code: &str,
) -> Result<(ItemId, LocationId), Stop> {
    let item = attempt.known_item("/sku", sku)?;
    if item.is_kit() {
        return Err(Refusal::invalid(
            "/sku",
            format!("names the kit {sku:?}, which holds no stock; name its components"),
        )
        .into());
    }
    let Some(location) = attempt.network().location_by_code(code) else {
        return Err(Refusal::unknown(field, "location", code).into());
    };
    Ok((item.id, location.id))
}

/// Refuses quantities outside `least` to [`UNITS_MAX`].
pub(super) fn in_range(field: &str, quantity: i64, least: i64) -> Result<(), Refusal> {
    if (least..=UNITS_MAX).contains(&quantity) {
        Ok(())
    } else {
        Err(Refusal::invalid(
            field,
            format!("must lie between {least} and {UNITS_MAX}"),
        ))
    }
}

/// The document of a movement; it need not be unique.
pub(super) fn document(
    field: &str,
    reference: &str,
    note: Option<&str>,
) -> Result<Reference, Refusal> {
    text::required(field, reference, text::REFERENCE_MAX)?;
    text::optional("/reason", note, text::REASON_MAX)?;
    Ok(Reference::Document {
        reference: reference.to_owned(),
        note: note.map(str::to_owned),
    })
}

/// Moves units in, unless the level would hold more than [`UNITS_MAX`].
pub(super) fn add(attempt: &mut Attempt<'_>, moved: StockMove) -> Result<(), Stop> {
    let on_hand = attempt.level(moved.item, moved.location)?.on_hand;
    if on_hand + moved.change.on_hand > UNITS_MAX {
        return Err(Refusal::invalid(
            "/quantity",
            format!("would make more than {UNITS_MAX} units on hand"),
        )
        .into());
    }
    attempt.move_stock(moved)
}

//! Sending stock to another location, where it is in transit until it arrives.

use jiff::civil::Date;

use super::create::{check_confidence, check_expected, check_room};
use super::{SupplyRecord, SupplySource};
use crate::decide::{Attempt, Stop};
use crate::decision::{Answer, Resource};
use crate::id::SupplyId;
use crate::inventory::NamedLot;
use crate::inventory::receive::{in_range, place_of};
use crate::refusal::Refusal;
use crate::text;

/// Sends available stock to another location.
#[derive(Debug, Clone)]
pub struct ShipTransfer {
    /// The new supply's id; it is moved into its item's bucket.
    pub id: SupplyId,
    /// The SKU.
    pub sku: String,
    /// Code of the location it leaves.
    pub from: String,
    /// Code of the location it will come to.
    pub to: String,
    /// Units; at least 1.
    pub quantity: i64,
    /// The day it is expected on, in the time zone where it comes to; not in the past.
    pub expected: Date,
    /// How sure it is that it comes by then, from 0 to 100.
    pub confidence_percent: u8,
    /// What people should know of it, such as the van's papers.
    pub note: Option<String>,
    /// The lot that leaves, where the item has lots.
    pub lot: Option<NamedLot>,
}

/// Takes available units off a location and counts them as in transit at another, until they are received there.
///
/// # Errors
/// Refuses unknown SKUs and locations, kits, impossible quantities, a day in the past, and more than is available.
pub fn ship_transfer(attempt: &mut Attempt<'_>, command: &ShipTransfer) -> Result<Answer, Stop> {
    let (item, from) = place_of(attempt, &command.sku, "/from", &command.from)?;
    let (_, to) = place_of(attempt, &command.sku, "/to", &command.to)?;
    if from == to {
        return Err(Refusal::invalid("/to", "must be another location than from").into());
    }
    in_range("/quantity", command.quantity, 1)?;
    check_expected(attempt, to, command.expected)?;
    check_confidence(command.confidence_percent)?;
    text::optional("/note", command.note.as_deref(), text::REASON_MAX)?;
    check_room(attempt, item)?;
    let available = attempt.level(item, from)?.available().max(0);
    if command.quantity > available {
        attempt.require_fresh(item)?;
        return Err(Refusal::InsufficientStock {
            sku: command.sku.clone(),
            short_by: command.quantity - available,
        }
        .into());
    }
    let lot = attempt.seen_lot_of(item, "/lot", command.lot.as_ref())?;
    let id = command.id.beside(item);
    attempt.record_supply(
        id,
        SupplyRecord::Created {
            item,
            sku: command.sku.clone(),
            location: to,
            source: SupplySource::Transfer { from },
            quantity: command.quantity,
            expected: command.expected,
            confidence_percent: command.confidence_percent,
            note: command.note.clone(),
            lot,
        },
    )?;
    Ok(Answer::created(Resource::Supply(id)))
}

#[cfg(test)]
mod tests {
    use crate::fixture::story;

    #[test]
    fn a_transfer_takes_what_is_available_and_nothing_else() {
        story(
            r#"
                location L1
                location L2
                stock A@L1=9
                safety A@L1=2 > A@L1 9/0 safety 2
                order A=3                        > order open; F1@L1 open A:3 assigned; A@L1 9/3 safety 2
                send A@L1=5 to=L2 on=2026-01-08  > insufficient_stock: SKU "A" is short by 1; lower the quantity, receive stock, or, for an order, allow backorders on its channel
                send A@L1=4 to=L2 on=2026-01-08  > S2 open A@L2 0 of 4 by 2026-01-08 100%; A@L1 5/3 safety 2; A@L2 0/0 in transit 4
                ledger                           > A@L1 transferred_out on hand -4 (S2); A@L2 transfer_started in transit +4 (S2)
                answer                           > created, network 8
                send A@L1=1 to=L1 on=2026-01-08  > invalid_field: /to must be another location than from
                send A@L1=1 to=L9 on=2026-01-08  > unknown_reference: /to names the unknown location "L9"; create it first or correct the name
                send A@L9=1 to=L1 on=2026-01-08  > unknown_reference: /from names the unknown location "L9"; create it first or correct the name
                send A@L1=0 to=L2 on=2026-01-08  > invalid_field: /quantity must lie between 1 and 1000000000000
                send A@L1=1 to=L2 on=2026-01-04  > invalid_field: /expected is in the past; at the location it is 2026-01-05, name that day or a later one
            "#,
        );
    }

    #[test]
    fn units_in_transit_are_not_promised() {
        story(
            "
                location L1
                location L2
                stock A@L1=3
                send A@L1=3 to=L2 on=2026-01-08 > S1 open A@L2 0 of 3 by 2026-01-08 100%; A@L1 0/0; A@L2 0/0 in transit 3
                order A=2                       > order open; A 2 backordered
                arrive S1=3                     > F1@L2 open A:2 assigned; S1 received A@L2 3 of 3 by 2026-01-08 100%; A@L2 3/2
            ",
        );
    }
}

//! Ring-fences: units of a level that only one channel may have.
//!
//! They are reserved, so that nobody else is given them, whatever plans for others say. When an order of the channel is
//! given units there, it takes fenced ones first: these are allocated then, and the fence is lower by as many.

use super::level::{LevelChange, MoveReason, Reference, StockMove};
use super::receive::{in_range, place_of};
use super::serve_waiting::serve;
use crate::decide::{Attempt, Stop};
use crate::decision::{Answer, Resource};
use crate::id::ItemId;
use crate::network::{ChannelId, LocationId};
use crate::refusal::Refusal;

/// Most ring-fences of one item at a time.
pub const FENCES_MAX: usize = 1_000;

/// Units of an item at a location that only one channel may have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RingFence {
    /// Where.
    pub location: LocationId,
    /// The channel.
    pub channel: ChannelId,
    /// Units that are left.
    pub quantity: i64,
}

/// A ring-fence as it is after a decision.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RevisedFence {
    /// The item.
    pub item: ItemId,
    /// Units before.
    pub was: i64,
    /// The fence after.
    pub after: RingFence,
}

/// Sets the units of a level that only one channel may have.
#[derive(Debug, Clone)]
pub struct SetRingFence {
    /// The SKU.
    pub sku: String,
    /// Code of the location.
    pub location: String,
    /// Code of the channel.
    pub channel: String,
    /// Units; 0 ends the fence.
    pub quantity: i64,
}

/// Sets the units of a level that only one channel may have: more are taken from what is available, fewer go back to
/// it, and serve who waits.
///
/// # Errors
/// Refuses unknown SKUs, locations and channels, kits, impossible quantities, and more than is available.
pub fn set_ring_fence(attempt: &mut Attempt<'_>, command: &SetRingFence) -> Result<Answer, Stop> {
    let (item, location) = place_of(attempt, &command.sku, "/location", &command.location)?;
    let Some(channel) = attempt.network().channel_by_code(&command.channel) else {
        return Err(Refusal::unknown("/channel", "channel", command.channel.as_str()).into());
    };
    let channel = channel.id;
    in_range("/quantity", command.quantity, 0)?;
    let fences = attempt.require_fresh(item)?.fences.len();
    if fences >= FENCES_MAX && command.quantity > 0 {
        return Err(Refusal::TooMany {
            what: "ring-fences of one item",
            limit: FENCES_MAX as u64,
        }
        .into());
    }
    let more = command.quantity - attempt.fenced(item, location, channel)?;
    move_fenced(attempt, item, location, more)?;
    attempt.set_fenced(item, location, channel, command.quantity)?;
    if more < 0 {
        serve(attempt, item)?;
    }
    Ok(Answer::ok(Resource::StockLevel(item, location)))
}

fn move_fenced(
    attempt: &mut Attempt<'_>,
    item: ItemId,
    location: LocationId,
    units: i64,
) -> Result<(), Stop> {
    let reference = Reference::Document {
        reference: "ring-fence".to_owned(),
        note: None,
    };
    attempt.move_stock(StockMove {
        item,
        location,
        change: LevelChange {
            reserved: units,
            ..LevelChange::default()
        },
        reason: MoveReason::RingFenced,
        reference,
        saw_on_hand: None,
        lot: None,
    })
}

/// Takes units from fences that are no longer there; answers how many are still missing.
pub(super) fn take_fenced(
    attempt: &mut Attempt<'_>,
    item: ItemId,
    location: LocationId,
    mut units: i64,
) -> Result<i64, Stop> {
    let fences = attempt.fences(item)?;
    for fence in fences
        .into_iter()
        .filter(|fence| fence.location == location)
    {
        let taken = units.min(fence.quantity);
        if taken > 0 {
            move_fenced(attempt, item, location, -taken)?;
            let left = fence.quantity - taken;
            attempt.set_fenced(item, location, fence.channel, left)?;
            units -= taken;
        }
    }
    Ok(units)
}

#[cfg(test)]
mod tests {
    use crate::fixture::story;

    #[test]
    fn only_the_channel_gets_its_fenced_units_and_uses_them_up_first() {
        story(
            r#"
                location L1
                put-channel web shortage=refuse
                put-channel app shortage=refuse
                stock A@L1=5
                fence A@L1=3 for=web      > A@L1 5/0 reserved 3
                ledger                    > A@L1 ring_fenced reserved +3 (ring-fence)
                availability A            > 2026-01-05 2: L1 2
                availability A channel=web > 2026-01-05 5: L1 5
                availability A channel=app > 2026-01-05 2: L1 2
                order A=3 channel=app     > insufficient_stock: SKU "A" is short by 1; lower the quantity, receive stock, or, for an order, allow backorders on its channel
                reserve A=3               > insufficient_stock: SKU "A" is short by 1; lower the quantity, receive stock, or, for an order, allow backorders on its channel
                transfer A@L1=3 to=L1     > invalid_field: /to must be another location than from
                order A=2 channel=web     > order open; F1@L1 open A:2 assigned; A@L1 5/2 reserved 1
                order A=3 channel=web     > order open; F1@L1 open A:3 assigned; A@L1 5/5
                order A=1 channel=web     > insufficient_stock: SKU "A" is short by 1; lower the quantity, receive stock, or, for an order, allow backorders on its channel
            "#,
        );
    }

    #[test]
    fn a_fence_is_raised_from_what_is_available_and_lowered_for_who_waits() {
        story(
            r#"
                location L1
                stock A@L1=4
                fence A@L1=4 for=refuse   > A@L1 4/0 reserved 4
                order A=2                 > order open; A 2 backordered
                fence A@L1=5 for=refuse   > insufficient_stock: SKU "A" is short by 1; lower the quantity, receive stock, or, for an order, allow backorders on its channel
                fence A@L1=1 for=refuse   > F1@L1 open A:2 assigned; A@L1 4/2 reserved 1
                fence A@L1=0 for=refuse   > A@L1 4/2
                fence A@L1=1 for=nobody   > unknown_reference: /channel names the unknown channel "nobody"; create it first or correct the name
                fence A@L1=-1 for=refuse  > invalid_field: /quantity must lie between 0 and 1000000000000
            "#,
        );
    }

    #[test]
    fn a_count_below_what_is_claimed_takes_fenced_units_first() {
        story(
            "
                location L1
                stock A@L1=6
                fence A@L1=3 for=refuse > A@L1 6/0 reserved 3
                order A=3               > order open; F1@L1 open A:3 assigned; A@L1 6/3 reserved 3
                count A@L1=4            > A@L1 4/3 reserved 1
                count A@L1=2            > A 1 backordered; F1@L1 open A:2 assigned; A@L1 2/2
            ",
        );
    }

    #[test]
    fn an_order_that_lets_go_gives_its_units_to_everybody() {
        story(
            "
                location L1
                stock A@L1=2
                fence A@L1=2 for=refuse  > A@L1 2/0 reserved 2
                order A=2 channel=refuse > order open; F1@L1 open A:2 assigned; A@L1 2/2
                cancel                   > order cancelled; A 2 cancelled; F1@L1 cancelled; A@L1 2/0
                order A=1                > order open; F1@L1 open A:1 assigned; A@L1 2/1
            ",
        );
    }
}

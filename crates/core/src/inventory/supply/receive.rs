//! Expected goods come in; the orders that wait for them are served in the same commit.

use super::{Supply, SupplyRecord};
use crate::decide::{Attempt, Stop};
use crate::inventory::receive::in_range;
use crate::inventory::{Lot, NamedLot, UNITS_MAX, serve};
use crate::refusal::Refusal;
use crate::text;

/// Takes in what was expected.
#[derive(Debug, Clone, Default)]
pub struct ReceiveSupply {
    /// Units that arrived.
    pub quantity: i64,
    /// Units of a transfer that left and did not arrive.
    pub lost: i64,
    /// Whether more may arrive than was expected.
    pub accept_over: bool,
    /// The delivery note.
    pub reference: Option<String>,
    /// Why units are missing, or more came; needed where units are lost.
    pub reason: Option<String>,
    /// The lot that the units are of, where the item has lots; a transfer knows its own.
    pub lot: Option<NamedLot>,
}

/// Takes in what was expected and serves the orders that wait for it, bounded, in the same commit. Units of a
/// transfer come out of transit; what is lost of them is written down with its reason.
///
/// # Errors
/// Refuses supply that has ended, impossible quantities, and more than is expected, unless that is accepted.
pub fn receive_supply(
    attempt: &mut Attempt<'_>,
    supply: &Supply,
    command: &ReceiveSupply,
) -> Result<(), Stop> {
    supply.refuse_if_ended()?;
    check(supply, command)?;
    let on_hand = attempt.level(supply.item, supply.location)?.on_hand;
    if on_hand + command.quantity > UNITS_MAX {
        return Err(Refusal::invalid(
            "/quantity",
            format!("would make more than {UNITS_MAX} units on hand"),
        )
        .into());
    }
    let lot = lot(attempt, supply, command)?;
    attempt.record_supply(
        supply.id,
        SupplyRecord::Received {
            quantity: command.quantity,
            lost: command.lost,
            reference: command.reference.clone(),
            reason: command.reason.clone(),
            lot,
        },
    )?;
    serve(attempt, supply.item)
}

/// The lot of what arrived: that of the transfer, or the one that is named.
fn lot(
    attempt: &mut Attempt<'_>,
    supply: &Supply,
    command: &ReceiveSupply,
) -> Result<Option<Lot>, Stop> {
    match (&supply.lot, &command.lot) {
        (None, named) => attempt.lot_of(supply.item, "/lot", named.as_ref()),
        (Some(known), Some(named)) if named.code != known.code.as_str() => Err(Refusal::invalid(
            "/lot/code",
            format!(
                "must be that of the transfer, {:?}, or left out",
                known.code.as_str()
            ),
        )
        .into()),
        (known, _) => Ok(known.clone()),
    }
}

fn check(supply: &Supply, command: &ReceiveSupply) -> Result<(), Refusal> {
    in_range("/quantity", command.quantity, 0)?;
    in_range("/lost", command.lost, 0)?;
    text::optional(
        "/reference",
        command.reference.as_deref(),
        text::REFERENCE_MAX,
    )?;
    text::optional("/reason", command.reason.as_deref(), text::REASON_MAX)?;
    if command.quantity + command.lost == 0 {
        return Err(Refusal::invalid("/quantity", "must be at least 1"));
    }
    if command.lost > 0 {
        check_lost(supply, command)?;
    }
    let (asked, outstanding) = (command.quantity + command.lost, supply.outstanding());
    if asked > outstanding && !command.accept_over {
        return Err(Refusal::SupplyExceeded {
            id: supply.id.to_string(),
            asked,
            outstanding,
        });
    }
    Ok(())
}

fn check_lost(supply: &Supply, command: &ReceiveSupply) -> Result<(), Refusal> {
    if supply.left_from().is_none() {
        return Err(Refusal::invalid(
            "/lost",
            "is for transfers, whose units have left; cancel what a supplier does not send",
        ));
    }
    text::required(
        "/reason",
        command.reason.as_deref().unwrap_or_default(),
        text::REASON_MAX,
    )?;
    let outstanding = supply.outstanding();
    if command.quantity + command.lost > outstanding {
        return Err(Refusal::invalid(
            "/lost",
            format!(
                "must leave no more than the {outstanding} units in transit, arrived ones included"
            ),
        ));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use crate::fixture::story;

    #[test]
    fn supply_comes_in_parts_and_serves_who_waits() {
        story(
            "
                location L1
                expect A@L1=5 on=2026-01-20 from=ACME:PO-1 > S1 open A@L1 0 of 5 by 2026-01-20 100%
                order A=4                                  > order open; A 4 backordered
                arrive S1=3 reference=DN-7                 > A 1 backordered; F1@L1 open A:3 assigned; S1 open A@L1 3 of 5 by 2026-01-20 100%; A@L1 3/3
                ledger                                     > A@L1 received on hand +3 (S1, DN-7); A@L1 allocated allocated +3 (O1)
                journal                                    > supply_received, lines_sourced
                arrive S1=3                                > supply_exceeded: supply S1 has 2 units to come, and 3 are named; lower the quantity, or say that more arrived than was expected (accept_over)
                arrive S1=3 over because=gift              > F1@L1 open A:4 assigned; S1 received A@L1 6 of 5 by 2026-01-20 100%; A@L1 6/4
                queue A                                    > nobody
                arrive S1=1 over                           > supply_ended: supply S1 was received; announce other supply, or take goods in without any
            ",
        );
    }

    #[test]
    fn what_arrives_of_a_transfer_was_in_transit_and_what_does_not_is_lost() {
        story(
            "
                location L1
                location L2
                stock A@L1=9
                send A@L1=6 to=L2 on=2026-01-08       > S1 open A@L2 0 of 6 by 2026-01-08 100%; A@L1 3/0; A@L2 0/0 in transit 6
                arrive S1=2                           > S1 open A@L2 2 of 6 by 2026-01-08 100%; A@L2 2/0 in transit 4
                ledger                                > A@L2 transferred_in on hand +2 in transit -2 (S1)
                arrive S1=1 lost=1                    > invalid_field: /reason must not be empty
                arrive S1=1 lost=4 because=fire       > invalid_field: /lost must leave no more than the 4 units in transit, arrived ones included
                arrive S1=1 lost=1 because=fire       > S1 open A@L2 3 of 6 by 2026-01-08 100% lost 1; A@L2 3/0 in transit 2
                ledger                                > A@L2 transferred_in on hand +1 in transit -1 (S1, fire); A@L2 lost_in_transit in transit -1 (S1, fire)
                arrive S1=3 over                      > S1 received A@L2 6 of 6 by 2026-01-08 100% lost 1; A@L2 6/0
                ledger                                > A@L2 transferred_in on hand +3 in transit -2 (S1)
            ",
        );
    }

    #[test]
    fn a_transfer_may_be_lost_as_a_whole() {
        story(
            "
                location L1
                location L2
                stock A@L1=2
                send A@L1=2 to=L2 on=2026-01-08 > S1 open A@L2 0 of 2 by 2026-01-08 100%; A@L1 0/0; A@L2 0/0 in transit 2
                arrive S1=0 lost=2 because=theft > S1 received A@L2 0 of 2 by 2026-01-08 100% lost 2; A@L2 0/0
            ",
        );
    }

    #[test]
    fn impossible_arrivals_are_refused() {
        story(
            "
                location L1
                expect A@L1=5 on=2026-01-20    > S1 open A@L1 0 of 5 by 2026-01-20 100%
                arrive S1=0                    > invalid_field: /quantity must be at least 1
                arrive S1=-1                   > invalid_field: /quantity must lie between 0 and 1000000000000
                arrive S1=max                  > invalid_field: /quantity must lie between 0 and 1000000000000
                arrive S1=1 lost=1 because=x   > invalid_field: /lost is for transfers, whose units have left; cancel what a supplier does not send
                arrive S1=1 lost=-1            > invalid_field: /lost must lie between 0 and 1000000000000
                arrive S1=1 reference=LONG     > invalid_field: /reference is 10001 bytes long; at most 255 are allowed
                arrive S1=1 because=LONG       > invalid_field: /reason is 10001 bytes long; at most 500 are allowed
                stock A@L1=1000000000000       > A@L1 1000000000000/0
                arrive S1=1                    > invalid_field: /quantity would make more than 1000000000000 units on hand
            ",
        );
    }
}

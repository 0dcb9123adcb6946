//! Units with serial numbers: which ones were picked, and which ones go where a fulfilment is parted.

use super::pick::PickLine;
use crate::catalog::SerialTracking;
use crate::decide::{Attempt, Stop, expect_all_serials, refuse_named_serials};
use crate::id::{FulfilmentNo, ItemId, OrderId};
use crate::inventory::{SerialNumber, SerialState, parse_serials};
use crate::order::{Fulfilment, FulfilmentUnits, LineSerial, Order, ReleasedSerial};
use crate::refusal::Refusal;

/// Finds the units that were picked. Where an item has serial numbers, every picked unit is named.
///
/// # Errors
/// Refuses numbers where there are none, too few or too many of them, and units that nobody took in, or that somebody has.
pub(super) fn of_serials(
    attempt: &mut Attempt<'_>,
    order: OrderId,
    no: FulfilmentNo,
    lines: &[PickLine],
) -> Result<Vec<LineSerial>, Stop> {
    let order = attempt.order(order)?;
    let location = order.progress.fulfilment(no).and_then(|one| one.location);
    let items: Vec<Option<ItemId>> = lines
        .iter()
        .map(|line| {
            order
                .placed
                .line(line.line)?
                .item
                .filter(|_| location.is_some())
        })
        .collect();
    let mut found: Vec<LineSerial> = Vec::new();
    let mut taken: Vec<(ItemId, SerialNumber)> = Vec::new();
    for (position, (line, item)) in lines.iter().zip(items).enumerate() {
        let field = format!("/lines/{position}/serials");
        let Some(item) = item else { continue };
        let known = attempt.item(item)?;
        let Some(tracking) = known.tracking.serials else {
            refuse_named_serials(&field, &line.serials, &known.sku)?;
            continue;
        };
        let serials = parse_serials(&field, &line.serials)?;
        expect_all_serials(&field, serials.len(), line.quantity)?;
        attempt.look_up_serials(item, &serials)?;
        for (place, serial) in serials.into_iter().enumerate() {
            let field = format!("{field}/{place}");
            let state = attempt.serial(item, &serial)?.map(|entry| entry.state);
            let is_taken = taken.iter().any(|(a, b)| (a, b) == (&item, &serial));
            refuse_unfit(&known.sku, &field, &serial, (state, is_taken), tracking)?;
            taken.push((item, serial.clone()));
            found.push(LineSerial {
                line: line.line,
                serial,
            });
        }
    }
    Ok(found)
}

fn refuse_unfit(
    sku: &str,
    field: &str,
    serial: &SerialNumber,
    (state, is_taken): (Option<SerialState>, bool),
    tracking: SerialTracking,
) -> Result<(), Refusal> {
    let why = match state {
        _ if is_taken => "is named for another line",
        None if tracking == SerialTracking::AtReceipt => {
            let name = serial.as_str();
            return Err(Refusal::unknown(field, "serial number", name));
        }
        None | Some(SerialState::InStock { .. }) => return Ok(()),
        Some(SerialState::Picked { .. }) => "is picked already",
        Some(SerialState::Shipped { .. }) => "has left with an order, and has not come back",
        Some(SerialState::Gone { .. }) => "is scrapped, or was not found; take it in again first",
    };
    Err(Refusal::SerialUnavailable {
        field: field.to_owned(),
        sku: sku.to_owned(),
        serial: serial.to_string(),
        why: why.to_owned(),
    })
}

/// Which part of a fulfilment somebody names units of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    /// The part that becomes a fulfilment of its own.
    New,
    /// The part that stays in the fulfilment.
    Kept,
}

/// Which units become a fulfilment of their own with `units`: those that are named, or the others. They have to be
/// named where only some of those that are picked go.
///
/// # Errors
/// Refuses units that are not in the fulfilment, and too few or too many of a line.
pub(super) fn parted(
    order: &Order,
    fulfilment: &Fulfilment,
    units: &[FulfilmentUnits],
    named: &[String],
    part: Part,
) -> Result<Vec<ReleasedSerial>, Refusal> {
    let mut left = parse_serials("/serials", named)?;
    let mut gone = Vec::new();
    for moved in units {
        let here: Vec<&SerialNumber> = fulfilment.serials_of(moved.line).collect();
        let going = usize::try_from(moved.picked + moved.packed).unwrap_or(0);
        let going = going.min(here.len());
        let of_line: Vec<SerialNumber> = left
            .extract_if(.., |serial| here.contains(&&*serial))
            .collect();
        let kept = here.len() - going;
        let wanted = match part {
            Part::New => going,
            Part::Kept => kept,
        };
        let is_told = of_line.is_empty() && (going == 0 || kept == 0);
        if !is_told && of_line.len() != wanted {
            let sku = order.placed.line(moved.line).map_or("", |line| &line.sku);
            let what = match part {
                Part::New => "that are split off",
                Part::Kept => "that leave",
            };
            let problem = format!("must name {wanted} of the units of SKU {sku:?}: those {what}");
            return Err(Refusal::invalid("/serials", problem));
        }
        let goes = |serial: &SerialNumber| match part {
            _ if of_line.is_empty() => going > 0,
            Part::New => of_line.contains(serial),
            Part::Kept => !of_line.contains(serial),
        };
        let serials = here.into_iter().filter(|serial| goes(serial));
        gone.extend(serials.map(|serial| ReleasedSerial {
            fulfilment: fulfilment.no,
            unit: LineSerial {
                line: moved.line,
                serial: serial.clone(),
            },
        }));
    }
    // Lines that go as a whole, or stay as a whole, may be named too.
    let is_here =
        |serial: &SerialNumber| fulfilment.serials.iter().any(|one| one.serial == *serial);
    match left
        .iter()
        .find(|serial| part == Part::New || !is_here(serial))
    {
        Some(serial) => Err(Refusal::unknown(
            "/serials",
            "unit of this fulfilment",
            serial.as_str(),
        )),
        None => Ok(gone),
    }
}

#[cfg(test)]
mod tests {
    use crate::fixture::story;

    #[test]
    fn a_unit_is_known_from_its_receipt_to_its_return() {
        story(
            r#"
                location L1
                location L2
                item A serials=receipt
                stock A@L1=2                   > invalid_field: /serials must name a serial number for each unit: 2, not 0
                stock A@L1=2 serials=S1        > invalid_field: /serials must name a serial number for each unit: 2, not 1
                stock A@L1=2 serials=S1,S1     > invalid_field: /serials/1 names "S1" a second time
                stock A@L1=3 serials=S1,S2,S3 reference=DN-1
                serial A/S1                    > 1 received in_stock@L1
                stock A@L2=1 serials=S1        > serial_unavailable: unit "S1" of SKU "A" is here, or with a customer, already; scan another unit, or look at what happened to this one
                stock B@L1=1 serials=S1        > invalid_field: /serials must be absent: no serial numbers of SKU "B" are captured here
                order A=2                      > order open; F1@L1 open A:2 assigned; A@L1 3/2
                pick F1                        > invalid_field: /lines/0/serials must name a serial number for each unit: 2, not 0
                pick F1 A=2[#S1]               > invalid_field: /lines/0/serials must name a serial number for each unit: 2, not 1
                pick F1 A=2[#S1,#S9]           > unknown_reference: /lines/0/serials/1 names the unknown serial number "S9"; take the unit in first, or scan it again
                pick F1 A=2[#S3,#S1]           > order in_progress; F1@L1 picked A:2 picked #S3,S1
                serial A/S3                    > 2 picked picked@L1 O1
                order A=1                      > order open; F1@L1 open A:1 assigned; A@L1 3/3
                pick F1 A=1[#S1]               > serial_unavailable: unit "S1" of SKU "A" is picked already; scan another unit, or look at what happened to this one
                pick F1 A=1[#S2]               > order in_progress; F1@L1 picked A:1 picked #S2
                on O1
                pack F1 A=1 | A=1              > F1@L1 packed A:2 packed #S3,S1; F1 P1 A=1; F1 P2 A=1
                ship F1 P1                     > invalid_field: /serials must name 1 of the units of SKU "A": those that leave
                ship F1 P1 serials=S2          > invalid_field: /serials must name 1 of the units of SKU "A": those that leave
                ship F1 P1 serials=S1          > F1@L1 shipped A:1 shipped #S1; F1 left with post; F2@L1 packed A:1 packed #S3; F2 P2 A=1; A@L1 2/2
                serial A/S1                    > 3 shipped shipped@L1 O1
                serial A/S3                    > 2 picked picked@L1 O1
                ship F2                        > order shipped; F2@L1 shipped A:1 shipped #S3; F2 left with post; A@L1 1/1
                deliver F1                     > F1@L1 delivered A:1 delivered #S1; F1 P1 A=1 delivered
                deliver F2                     > order delivered; F2@L1 delivered A:1 delivered #S3; F2 P2 A=1 delivered
                return A=2                     > R1 requested RL1:A=2
                receive R1 @L2 A=1:restock     > invalid_field: /lines/0/serials must name serial numbers of units that have left, at least 1
                receive R1 @L2 A=1:restock:#S2 > unknown_reference: /lines/0/serials names the unknown unit of this shipment "S2"; look at the fulfilments' serials for what has left
                receive R1 @L2 A=1:restock:#S1 > A 1 returned; R1 requested RL1:A=2 1 restock; A@L2 1/0
                receive R1 @L2 A=1:scrap:#S1   > unknown_reference: /lines/0/serials names the unknown unit of this shipment "S1"; look at the fulfilments' serials for what has left
                receive R1 @L2 A=1:scrap:#S3   > A 2 returned; R1 received RL1:A=2 1 restock 1 scrap
                serial A/S1                    > 4 returned in_stock@L2
                serial A/S3                    > 4 scrapped gone@L2
                stock A@L2=1 serials=S3        > A@L2 2/0
                serial A/S3                    > 5 received in_stock@L2
            "#,
        );
    }

    #[test]
    fn a_unit_is_first_seen_at_the_pick() {
        story(
            r#"
                location L1
                location L2
                item A serials=pick
                item B
                stock A@L1=3 serials=S1             > invalid_field: /serials must be absent: no serial numbers of SKU "A" are captured here
                stock A@L1=3
                stock B@L1=3
                order A=1 A=2 B=1                   > order open; F1@L1 open A:1 assigned A#2:2 assigned B:1 assigned; A@L1 3/3; B@L1 3/1
                pick F1 A=1[#S1] A#2=2[#S1,#S2]     > serial_unavailable: unit "S1" of SKU "A" is named for another line; scan another unit, or look at what happened to this one
                pick F1 B=1[#S1]                    > invalid_field: /lines/0/serials must be absent: no serial numbers of SKU "B" are captured here
                pick F1 A=1[#S1] A#2=1[#S2] B=1     > order in_progress; F1@L1 picking A:1 picked #S1 A#2:1 assigned+1 picked #S2 B:1 picked
                serial A/S1                         > 1 picked picked@L1 O1
                cancel A=1                          > A 1 cancelled; F1@L1 picking A#2:1 assigned+1 picked #S2 B:1 picked; A@L1 3/2
                serial A/S1                         > 2 put_back in_stock@L1
                pick F1 A#2=1[#S1]                  > F1@L1 picked A#2:2 picked #S2,S1 B:1 picked
                reject F1 A#2=2 code=damaged dented > A#2 2 backordered; F1@L1 picked B:1 picked; A@L1 1/0 damaged 2 excluded until 2026-01-08 (damaged)
                serial A/S1                         > 4 found_damaged in_stock@L1
                serial A/S2                         > 2 found_damaged in_stock@L1
                stock A@L2=2                        > F2@L2 open A#2:2 assigned; A@L2 2/2
                pick F2 A#2=2[#S3,#S2]              > F2@L2 picked A#2:2 picked #S3,S2
                serial A/S2                         > 3 picked picked@L2 O1
                journal                             > units_picked
            "#,
        );
    }

    #[test]
    fn units_go_with_fulfilments_that_are_split_and_merged() {
        story(
            r#"
                location L1
                item A serials=pick
                stock A@L1=9
                order A=4                > order open; F1@L1 open A:4 assigned; A@L1 9/4
                pick F1 A=3[#S1,#S2,#S3] > order in_progress; F1@L1 picking A:1 assigned+3 picked #S1,S2,S3
                split F1 A=2             > invalid_field: /serials must name 1 of the units of SKU "A": those that are split off
                split F1 A=2 serials=S4  > invalid_field: /serials must name 1 of the units of SKU "A": those that are split off
                split F1 A=2 serials=S2  > F1@L1 picked A:2 picked #S1,S3; F2@L1 picking A:1 assigned+1 picked #S2
                pick F1 A=0~1            > illegal_transition: cannot pick now: all of its units are picked; pack, ship or hand them over
                pick F2 A=1[#S2]         > serial_unavailable: unit "S2" of SKU "A" is picked already; scan another unit, or look at what happened to this one
                pick F2 A=1[#S4]         > F2@L1 picked A:2 picked #S2,S4
                merge F1 with=F2         > F1@L1 picked A:4 picked #S1,S3,S2,S4; F2@L1 cancelled
                pack F1                  > F1@L1 packed A:4 packed #S1,S3,S2,S4; F1 P1 A=4
                ship F1                  > order shipped; F1@L1 shipped A:4 shipped #S1,S3,S2,S4; F1 left with post; A@L1 5/0
                serial A/S2              > 2 shipped shipped@L1 O1
            "#,
        );
    }

    #[test]
    fn units_are_moved_and_lost_by_name_as_far_as_they_are_known() {
        story(
            r#"
                location L1
                location L2
                item A serials=receipt
                item B lots serials=pick                    > invalid_field: /tracking/serials must be absent for an item with lots; track it by one of the two
                expect A@L1=3 on=2026-01-20                 > S1 open A@L1 0 of 3 by 2026-01-20 100%
                arrive S1=3                                 > invalid_field: /serials must name a serial number for each unit: 3, not 0
                arrive S1=3 serials=S1,S2,S3 reference=DN-7 > S1 received A@L1 3 of 3 by 2026-01-20 100%; A@L1 3/0
                transfer A@L1=1 to=L2 serials=S1,S2         > invalid_field: /serials must not name more units than move: 1
                transfer A@L1=1 to=L2 serials=S1            > A@L1 2/0; A@L2 1/0
                serial A/S1                                 > 2 moved in_stock@L2
                send A@L1=1 to=L2 on=2026-01-20             > S2 open A@L2 0 of 1 by 2026-01-20 100%; A@L1 1/0; A@L2 1/0 in transit 1
                arrive S2=1 serials=S9                      > serial_unavailable: unit "S9" of SKU "A" is not in stock; scan another unit, or look at what happened to this one
                arrive S2=1 serials=S2                      > S2 received A@L2 1 of 1 by 2026-01-20 100%; A@L2 2/0
                serial A/S2                                 > 2 moved in_stock@L2
                adjust A@L2=1                               > invalid_field: /serials must name a serial number for each unit: 1, not 0
                adjust A@L2=1 serials=S4                    > A@L2 3/0
                adjust A@L2=-1 serials=S4                   > A@L2 2/0
                serial A/S4                                 > 2 not_found gone@L2
                adjust A@L2=-1 serials=S4                   > serial_unavailable: unit "S4" of SKU "A" is not in stock; scan another unit, or look at what happened to this one
                adjust A@L2=-1                              > A@L2 1/0
                item A serials=pick change                  > invalid_field: /tracking cannot change while there is stock: count it to 0 everywhere, change it, and take the stock in again by its lots or serial numbers
            "#,
        );
    }
}

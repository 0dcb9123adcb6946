//! Fewer units are there than are claimed: who loses them.
//!
//! Ring-fences of channels lose first, and then reservations: those that have run out, then the one that would last longest before the others. Then allocations:
//! unpicked before picked before packed, low priority first, late promise first, young first.

use std::cmp::Reverse;

use super::level::StockMove;
use super::reservation::unreserve;
use super::ring_fence::take_fenced;
use super::{Lot, ReservationState};
use crate::decide::{Attempt, Stop};
use crate::facts::Need;
use crate::id::{ItemId, OrderId};
use crate::network::LocationId;
use crate::order::cases::rounded_up;
use crate::order::source::source_open;
use crate::order::{
    Fulfilment, FulfilmentLine, FulfilmentLot, FulfilmentUnits, Order, Record, ReleaseReason,
    ReleasedLot, Units,
};

/// Takes units off a level. Claims on units that are no longer there are released first, all in
/// this decision. Answers the orders that lost units and have to be sourced again.
pub(super) fn lower(attempt: &mut Attempt<'_>, moved: StockMove) -> Result<Vec<OrderId>, Stop> {
    let (item, location) = (moved.item, moved.location);
    let mut losers = Vec::new();
    let missing = |attempt: &Attempt<'_>| -> Result<i64, Stop> {
        let level = attempt.level(item, location)?;
        Ok(level.allocated + level.reserved
            - (level.on_hand + moved.change.on_hand)
            - level.oversell_limit)
    };
    if let Some(lot) = &moved.lot {
        let level = attempt.lots(item)?.level(location, lot);
        let units = level.allocated - (level.on_hand + moved.change.on_hand);
        if units > 0 {
            attempt.require_fresh(item)?;
            losers = take_allocated(attempt, (item, location), Some(lot), units)?;
        }
    }
    if missing(attempt)? > 0 {
        attempt.require_fresh(item)?;
        let units = missing(attempt)?;
        let units = take_fenced(attempt, item, location, units)?;
        let left = take_reserved(attempt, item, location, units)?;
        let more = take_allocated(attempt, (item, location), None, left)?;
        let more: Vec<OrderId> = more
            .into_iter()
            .filter(|order| !losers.contains(order))
            .collect();
        losers.extend(more);
    }
    attempt.move_stock(moved)?;
    Ok(losers)
}

/// Sources the units that were taken elsewhere, or lets them wait.
pub(super) fn source_again(attempt: &mut Attempt<'_>, orders: &[OrderId]) -> Result<(), Stop> {
    orders
        .iter()
        .try_for_each(|order| source_open(attempt, *order))
}

/// Takes units from reservations; answers how many are still missing.
fn take_reserved(
    attempt: &mut Attempt<'_>,
    item: ItemId,
    location: LocationId,
    mut units: i64,
) -> Result<i64, Stop> {
    let now = attempt.now();
    let mut reservations = attempt.reservations(&attempt.require_fresh(item)?.reserved_by)?;
    reservations.retain(|one| one.state == ReservationState::Active);
    reservations.sort_by_key(|one| (one.expires_at > now, Reverse((one.expires_at, one.id))));
    for mut reservation in reservations {
        let id = reservation.id;
        if units == 0 {
            break;
        }
        for line in reservation
            .lines
            .iter_mut()
            .filter(|line| (line.item, line.location) == (item, location))
        {
            let taken = units.min(line.quantity);
            unreserve(attempt, id, line, taken)?;
            line.quantity -= taken;
            units -= taken;
        }
        // Lines that lost everything stay, so that what they claimed is taken off the books.
        if reservation.lines.iter().all(|line| line.quantity == 0) {
            reservation.state = ReservationState::StockShort;
        }
        attempt.put_reservation(reservation);
    }
    Ok(units)
}

/// One claim on the units, with what protects it.
struct Claim {
    order: OrderId,
    protection: (
        u8,
        Reverse<i32>,
        Option<Reverse<jiff::civil::Date>>,
        Reverse<crate::time::Millis>,
    ),
    units: FulfilmentUnits,
    /// Units of a case that is not broken.
    case: i64,
}

fn take_allocated(
    attempt: &mut Attempt<'_>,
    (item, location): (ItemId, LocationId),
    lot: Option<&Lot>,
    mut units: i64,
) -> Result<Vec<OrderId>, Stop> {
    if units <= 0 {
        return Ok(Vec::new());
    }
    let mut claims = claims(attempt, item, location, lot)?;
    claims.sort_by(|a, b| {
        let place = |claim: &Claim| {
            let units = &claim.units;
            (Reverse(claim.order), units.fulfilment, units.line)
        };
        (a.protection, place(a)).cmp(&(b.protection, place(b)))
    });
    let mut taken: Vec<(OrderId, Vec<FulfilmentUnits>)> = Vec::new();
    for claim in claims {
        let lost = first_units(&claim.units, rounded_up(units.max(0), claim.case));
        units -= lost.total();
        if lost.total() == 0 {
            continue;
        }
        match taken.iter_mut().find(|(order, _)| *order == claim.order) {
            Some((_, list)) => merge(list, lost),
            None => taken.push((claim.order, vec![lost])),
        }
    }
    let losers = taken.iter().map(|(order, _)| *order).collect();
    for (order, units) in taken {
        let lots = lot.map_or_else(Vec::new, |lot| of_lot(lot, &units));
        attempt.record(
            order,
            Record::UnitsReleased {
                units,
                reason: ReleaseReason::StockShort,
                excluded: None,
                cause: None,
                lots,
                serials: Vec::new(),
            },
        )?;
    }
    Ok(losers)
}

/// At most `limit` of the claim's units (which are all in one state).
fn first_units(units: &FulfilmentUnits, limit: i64) -> FulfilmentUnits {
    let limit = limit.max(0);
    FulfilmentUnits {
        assigned: units.assigned.min(limit),
        picked: units.picked.min(limit),
        packed: units.packed.min(limit),
        ..*units
    }
}

fn merge(list: &mut Vec<FulfilmentUnits>, lost: FulfilmentUnits) {
    match list
        .iter_mut()
        .find(|known| (known.fulfilment, known.line) == (lost.fulfilment, lost.line))
    {
        Some(known) => {
            known.assigned += lost.assigned;
            known.picked += lost.picked;
            known.packed += lost.packed;
        }
        None => list.push(lost),
    }
}

fn claims(
    attempt: &mut Attempt<'_>,
    item: ItemId,
    location: LocationId,
    lot: Option<&Lot>,
) -> Result<Vec<Claim>, Stop> {
    let orders = attempt.allocations(item, location)?;
    let mut claims = Vec::new();
    let mut missing: Vec<Need> = Vec::new();
    for id in orders {
        match attempt.order(id) {
            Ok(order) => claims.extend(claims_of(order, item, location, lot)),
            Err(Stop::Missing(needs)) => missing.extend(needs),
            Err(refused @ Stop::Refused(_)) => return Err(refused),
        }
    }
    if missing.is_empty() {
        Ok(claims)
    } else {
        Err(Stop::Missing(missing))
    }
}

/// The units of a line that are of a lot, by state: it is not written down which of those in hand are packed, so those that
/// are not go first.
fn of_line(fulfilment: &Fulfilment, line: &FulfilmentLine, lot: &Lot) -> Units {
    let mut known = fulfilment.lots_of(line.line);
    let known = known.find(|known| known.lot.code == lot.code);
    let (unpicked, in_hand) = known.map_or((0, 0), |known| (known.unpicked, known.picked));
    let picked = in_hand.min(line.units.picked);
    Units {
        assigned: unpicked,
        picked,
        packed: (in_hand - picked).min(line.units.packed),
        ..Units::default()
    }
}

/// The same units, as those of the lot.
fn of_lot(lot: &Lot, units: &[FulfilmentUnits]) -> Vec<ReleasedLot> {
    let lots = units.iter().map(|one| ReleasedLot {
        fulfilment: one.fulfilment,
        units: FulfilmentLot {
            line: one.line,
            lot: lot.clone(),
            unpicked: one.assigned,
            picked: one.picked + one.packed,
        },
    });
    lots.collect()
}

/// The claims of one order: one per fulfilment line and state.
fn claims_of(order: &Order, item: ItemId, location: LocationId, lot: Option<&Lot>) -> Vec<Claim> {
    let mut claims = Vec::new();
    let here = order
        .progress
        .fulfilments
        .iter()
        .filter(|fulfilment| fulfilment.location == Some(location));
    for (fulfilment, line) in
        here.flat_map(|fulfilment| fulfilment.lines.iter().map(move |line| (fulfilment, line)))
    {
        let Some(ordered) = order
            .placed
            .line(line.line)
            .filter(|ordered| ordered.item == Some(item))
        else {
            continue;
        };
        let none = FulfilmentUnits {
            fulfilment: fulfilment.no,
            line: line.line,
            assigned: 0,
            picked: 0,
            packed: 0,
        };
        let units = match lot {
            Some(lot) => of_line(fulfilment, line, lot),
            None => line.units,
        };
        let states = [
            FulfilmentUnits {
                assigned: units.assigned,
                ..none
            },
            FulfilmentUnits {
                picked: units.picked,
                ..none
            },
            FulfilmentUnits {
                packed: units.packed,
                ..none
            },
        ];
        for (state, units) in (0u8..).zip(states).filter(|(_, units)| units.total() > 0) {
            // `None` sorts first: nothing was promised.
            let promise = ordered.requested_date.map(Reverse);
            let protection = (
                state,
                Reverse(order.progress.priority),
                promise,
                Reverse(order.placed.placed_at),
            );
            claims.push(Claim {
                order: order.id,
                protection,
                units,
                case: ordered.case(),
            });
        }
    }
    claims
}

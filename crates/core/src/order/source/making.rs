//! What nobody has of items that are made to order: who can have made it first (capable to promise). A day of a maker
//! takes no more units than it can finish, whoever ordered them.

use jiff::civil::Date;

use super::awaited::{may_come_from, ready_on};
use super::way::{Parcel, way};
use super::{Sourced, Want};
use crate::booking::{Booked, Slot, WHOLE_DAY, most};
use crate::catalog::{Item, Maker};
use crate::decide::{Attempt, Stop};
use crate::id::{ItemId, OrderId, ProductionNo};
use crate::network::{HORIZON_DAYS, Location};
use crate::order::{Line, Order, Production, ProductionState};

/// A day on which a maker has room.
struct Room<'a> {
    location: &'a Location,
    /// The day on which it is finished.
    day: Date,
    /// The day on which it leaves then.
    ready: Date,
    units: i64,
}

/// Asks makers for what is missing, as far as their days have room; the rest stays missing. Units that are on hand were
/// served before.
///
/// # Errors
/// Stops when facts are missing.
pub(super) fn make_missing(
    attempt: &Attempt<'_>,
    id: OrderId,
    sourced: &mut Sourced,
) -> Result<(), Stop> {
    let is_made = |want: &Want| {
        let item = want.item.map(|item| attempt.item(item)).transpose()?;
        Ok::<_, Stop>(item.is_some_and(|item| !item.selling.makers.is_empty()))
    };
    let mut any = false;
    for (want, _) in &sourced.missing {
        any |= is_made(want)?;
    }
    if !any {
        return Ok(());
    }
    let order = attempt.look_at(id)?;
    let mut left = Vec::with_capacity(sourced.missing.len());
    for (want, units) in std::mem::take(&mut sourced.missing) {
        let line = order.placed.line(want.line).filter(|_| units > 0);
        let (Some(item), Some(line)) = (want.item, line) else {
            left.push((want, units));
            continue;
        };
        let rest = make(attempt, order, line, (item, units), sourced)?;
        if rest < units {
            sourced.made.push((want.clone(), units - rest));
        }
        if rest > 0 {
            left.push((want, rest));
        }
    }
    sourced.missing = left;
    Ok(())
}

/// Plans production of units of one line, and returns how many nobody can make.
fn make(
    attempt: &Attempt<'_>,
    order: &Order,
    line: &Line,
    (id, mut units): (ItemId, i64),
    sourced: &mut Sourced,
) -> Result<i64, Stop> {
    let item = attempt.item(id)?;
    if item.selling.makers.is_empty() {
        return Ok(units);
    }
    let mut booked = attempt.booked(id)?;
    let planned = sourced.productions.iter().filter(|one| one.item == id);
    planned.for_each(|one| booked.add(&slot_of(one), one.quantity));
    for room in rooms(attempt, order, line, item, &booked) {
        if units == 0 {
            break;
        }
        let quantity = units.min(room.units);
        units -= quantity;
        let parcel = Parcel {
            location: room.location,
            method: line.method,
            destination: order.placed.destination_of(line),
            ready: room.ready,
            units: &[(id, quantity)],
            only: line.service,
            due: line.requested_date,
            together: parcels_with(order, sourced),
        };
        let route = way(attempt, parcel)?;
        let no = ProductionNo(sourced.take_child().0);
        sourced.productions.push(Production {
            no,
            line: line.no,
            item: id,
            location: room.location.id,
            day: room.day,
            quantity,
            state: ProductionState::Requested,
            since: attempt.now(),
            reference: None,
            due: None,
            route,
        });
    }
    Ok(units)
}

/// Parcels of the order if one more is made: those of this decision, or those that are to come already.
fn parcels_with(order: &Order, sourced: &Sourced) -> u64 {
    let decided = sourced.allotments.len() + sourced.productions.len() + 1;
    let decided = u64::try_from(decided).unwrap_or(u64::MAX);
    order.progress.parcels_to_come().max(decided)
}

fn slot_of(production: &Production) -> Slot {
    Slot {
        item: production.item,
        location: production.location,
        date: production.day,
        number: WHOLE_DAY,
    }
}

/// The days on which makers who may serve the line have room, those first from which it leaves first.
fn rooms<'a>(
    attempt: &Attempt<'a>,
    order: &Order,
    line: &Line,
    item: &Item,
    booked: &Booked,
) -> Vec<Room<'a>> {
    let network = attempt.network();
    let mut rooms = Vec::new();
    for maker in &item.selling.makers {
        let location = may_come_from(attempt, order, line, maker.location);
        let Some(location) = location.filter(|one| one.is_open(attempt.now())) else {
            continue;
        };
        for day in days(attempt, location, maker) {
            let slot = Slot {
                item: item.id,
                location: location.id,
                date: day,
                number: WHOLE_DAY,
            };
            let units = most(item, &slot) - booked.units(&slot);
            let ready = ready_on(attempt, location, day);
            if let Some(ready) = ready.filter(|_| units > 0) {
                rooms.push(Room {
                    location,
                    day,
                    ready,
                    units,
                });
            }
        }
    }
    let rank = |room: &Room<'_>| {
        let location = network.location(room.location.id);
        let priority = location.map_or(0, |location| location.priority);
        (room.ready, priority, room.location.id, room.day)
    };
    rooms.sort_by_key(rank);
    rooms
}

/// The days on which a maker can have finished what he is asked for now: his working days after the lead time.
fn days<'a>(
    attempt: &Attempt<'a>,
    location: &'a Location,
    maker: &Maker,
) -> impl Iterator<Item = Date> + use<'a> {
    let network = attempt.network();
    let begins = location.days_from(network, attempt.now()).next();
    let lead_days = maker.lead_days;
    let first = begins.and_then(|day| location.plus_working_days(network, day, lead_days));
    let all = first.into_iter().flat_map(move |first| {
        let days = first.series(jiff::Span::new().days(1));
        days.take(HORIZON_DAYS)
    });
    all.filter(move |day| location.works_on(network, *day))
}

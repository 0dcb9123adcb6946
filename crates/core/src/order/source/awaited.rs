//! Which incoming supply stands for units that wait: the first that nobody ahead of them waits for.

use std::sync::Arc;

use jiff::civil::Date;

use super::Want;
use super::way::{Parcel, way};
use crate::decide::{Attempt, Stop};
use crate::id::{ItemId, LineNo, OrderId, SupplyId};
use crate::inventory::{Supply, Waiting};
use crate::network::{Location, LocationId};
use crate::order::entry::Awaited;
use crate::order::{Line, Method, Order, waits_for_stock};

/// Supply that is less sure than even is not promised from.
const CONFIDENCE_MIN_PERCENT: u8 = 50;

/// The supply that is named for units that wait or are about to, in the order of the lines; some may have none.
///
/// # Errors
/// Stops when facts are missing.
pub(super) fn awaited(
    attempt: &mut Attempt<'_>,
    id: OrderId,
    missing: &[(Want, i64)],
) -> Result<Vec<Awaited>, Stop> {
    load(attempt, missing)?;
    let order = attempt.look_at(id)?;
    let mut taken: Vec<(SupplyId, i64)> = Vec::new();
    let mut named = Vec::new();
    for (want, units) in missing {
        let (Some(item), Some(line)) = (want.item, order.placed.line(want.line)) else {
            continue;
        };
        name(attempt, order, line, (item, *units), &mut taken, &mut named)?;
    }
    Ok(named)
}

/// Asks for what is needed of all items at once.
fn load(attempt: &Attempt<'_>, missing: &[(Want, i64)]) -> Result<(), Stop> {
    let items = missing.iter().filter_map(|(want, _)| want.item);
    let mut needs = Vec::new();
    for item in items {
        for result in [
            attempt.incoming(item).map(drop),
            attempt.waited(item).map(drop),
            attempt.stock(item).map(drop),
        ] {
            match result {
                Ok(()) => {}
                Err(Stop::Missing(more)) => needs.extend(more),
                Err(refused @ Stop::Refused(_)) => return Err(refused),
            }
        }
    }
    if needs.is_empty() {
        Ok(())
    } else {
        Err(Stop::Missing(needs))
    }
}

/// Names supply for units of one line.
fn name(
    attempt: &Attempt<'_>,
    order: &Order,
    line: &Line,
    (item, mut units): (ItemId, i64),
    taken: &mut Vec<(SupplyId, i64)>,
    named: &mut Vec<Awaited>,
) -> Result<(), Stop> {
    let supply = attempt.incoming(item)?;
    if supply.is_empty() {
        return Ok(());
    }
    let mut left = left_by_others(attempt, order, line, item, &supply)?;
    for (known, units) in taken.iter() {
        let mine = left.iter_mut().filter(|(supply, _)| supply.id == *known);
        mine.for_each(|(_, left)| *left -= units);
    }
    for (supply, left) in left {
        if units == 0 || left <= 0 {
            continue;
        }
        let Some(location) = may_come_from(attempt, order, line, supply.location) else {
            continue;
        };
        let Some(ready) = ready_on(attempt, location, supply.expected) else {
            continue;
        };
        let quantity = units.min(left);
        units -= quantity;
        taken.push((supply.id, quantity));
        let destination = order.placed.destination_of(line);
        let parcel = Parcel {
            location,
            method: line.method,
            destination,
            ready,
            units: &[(item, quantity)],
            only: line.service,
            due: line.requested_date,
            together: order.progress.parcels_to_come(),
        };
        named.push(Awaited {
            line: line.no,
            quantity,
            supply: supply.id,
            location: location.id,
            expected_on: supply.expected,
            route: way(attempt, parcel)?,
        });
    }
    Ok(())
}

/// What those who are ahead leave of each supply that is not late. Whoever is bound to a location takes what comes there;
/// the others take what comes first.
fn left_by_others<'s>(
    attempt: &Attempt<'_>,
    order: &Order,
    line: &Line,
    item: ItemId,
    supply: &'s [Arc<Supply>],
) -> Result<Vec<(&'s Supply, i64)>, Stop> {
    let network = attempt.network();
    let is_counted = |supply: &&Arc<Supply>| {
        let location = network.location(supply.location);
        let today = location.map(|location| location.local_time(attempt.now()).date());
        supply.confidence_percent >= CONFIDENCE_MIN_PERCENT
            && today.is_some_and(|today| supply.expected >= today)
    };
    let counted = supply.iter().filter(is_counted);
    let mut left: Vec<(&Supply, i64)> = counted
        .map(|supply| (supply.as_ref(), supply.outstanding()))
        .collect();
    let ahead = ahead(attempt, order, line, item)?;
    let mut take = |mut units: i64, at: Option<LocationId>| {
        let here = |supply: &Supply| at.is_none_or(|at| at == supply.location);
        for (_, left) in left.iter_mut().filter(|(supply, _)| here(supply)) {
            let used = units.min(*left);
            *left -= used;
            units -= used;
        }
    };
    for (location, units) in &ahead.bound {
        take(*units, Some(*location));
    }
    take(ahead.anywhere, None);
    Ok(left)
}

/// The units that others wait for who are served before this order, as far as the queue was read; those beyond it are
/// behind, if the order is not.
fn ahead(
    attempt: &Attempt<'_>,
    order: &Order,
    line: &Line,
    item: ItemId,
) -> Result<crate::inventory::Waited, Stop> {
    let mut ahead = attempt.waited(item)?;
    let progress = order.placed.lines.iter().zip(&order.progress.lines);
    let own = crate::order::source::waiting_rows(order);
    for (_, row) in own.iter().filter(|(of, _)| *of == item) {
        ahead.add(row.location, -row.quantity);
    }
    let since = progress
        .filter(|(known, _)| known.no == line.no)
        .find_map(|(_, progress)| progress.waiting_since);
    let own = Waiting {
        priority: order.progress.priority,
        since: since.unwrap_or(attempt.now()),
        order: order.id,
        line: line.no,
        quantity: 0,
        location: None,
    };
    let rows = attempt.waiting(item)?;
    for row in rows
        .iter()
        .filter(|row| row.order != order.id && **row > own)
    {
        ahead.add(row.location, -row.quantity);
    }
    Ok(ahead)
}

/// A location, if it may serve the line from what comes to it.
pub(super) fn may_come_from<'a>(
    attempt: &Attempt<'a>,
    order: &Order,
    line: &Line,
    location: LocationId,
) -> Option<&'a Location> {
    let network = attempt.network();
    let location = network.location(location)?;
    let channel = network.channel(order.placed.channel);
    let is_sold = channel.is_none_or(|channel| channel.sells.includes(location.id));
    let is_bound_elsewhere = line.location.is_some_and(|bound| bound != location.id);
    let goes = line.method != Method::Ship || location.ships_to(order.placed.destination_of(line));
    let is_excluded = order.progress.excluded.contains(&location.id);
    (is_sold && !is_bound_elsewhere && goes && !is_excluded).then_some(location.as_ref())
}

/// The day on which a location sends what has come on a day.
pub(crate) fn ready_on(attempt: &Attempt<'_>, location: &Location, came_on: Date) -> Option<Date> {
    let network = attempt.network();
    let worked_on = location.first_day_from(network, came_on)?;
    location.leaves_on(network, worked_on)
}

/// The supply that stands now for everything that waits and may be served, with the lines that this speaks of.
///
/// # Errors
/// Stops when facts are missing.
pub(crate) fn named_for_waiting(
    attempt: &mut Attempt<'_>,
    order: &Order,
) -> Result<(Vec<LineNo>, Vec<Awaited>), Stop> {
    let is_held = super::held_lines(order);
    let lines = order.placed.lines.iter().zip(&order.progress.lines);
    let waiting = lines.enumerate().map(|(position, (line, _))| {
        let units = waits_for_stock(order, position);
        (line, units)
    });
    let waiting = waiting.filter(|(line, units)| *units > 0 && !is_held(line));
    let missing: Vec<(Want, i64)> = waiting
        .map(|(line, units)| {
            let want = Want {
                line: line.no,
                item: line.item,
                quantity: units,
                case: line.case(),
                kit: line.kit,
            };
            (want, units)
        })
        .collect();
    let named = awaited(attempt, order.id, &missing)?;
    Ok((missing.iter().map(|(want, _)| want.line).collect(), named))
}

//! Parts of an order that wait for the rest of it, as its policy says, to be shipped together.

use smallvec::SmallVec;

use super::is_waiting;
use crate::decide::{Attempt, Stop};
use crate::id::{ContactNo, FulfilmentNo, ItemId, OrderId};
use crate::order::source::policy_of;
use crate::order::{Line, LineProgress, Method, Order};
use crate::time::Millis;

const HOUR_MS: i64 = 60 * 60 * 1000;

/// Units of an order that nobody has yet.
struct Rest {
    item: ItemId,
    ship_to: Option<ContactNo>,
    units: i64,
}

/// Until when, and which fulfilments.
type Until = (Millis, SmallVec<[FulfilmentNo; 4]>);

/// Until when which of the new fulfilments wait for the rest of the order: where the policy says so, and all of the rest is
/// covered by supply that is expected in time. None where nothing is waited for.
///
/// # Errors
/// Stops when facts are missing.
pub(super) fn until(
    attempt: &mut Attempt<'_>,
    id: OrderId,
    new: &[FulfilmentNo],
) -> Result<Option<Until>, Stop> {
    let policies = &attempt.network().policies;
    let mut hours = policies
        .iter()
        .filter_map(|one| one.constraints.consolidate_hours);
    if hours.next().is_none() || !waits(attempt.look_at(id)?) {
        return Ok(None);
    }
    let policy = policy_of(attempt, id)?;
    let Some(hours) = policy.and_then(|policy| policy.constraints.consolidate_hours) else {
        return Ok(None);
    };
    let order = attempt.look_at(id)?;
    let until = since(order).unwrap_or_else(|| attempt.now().plus_ms(i64::from(hours) * HOUR_MS));
    let rest: SmallVec<[Rest; 4]> = rest(order).collect();
    let fulfilments = order.progress.fulfilments.iter();
    let parts: SmallVec<[FulfilmentNo; 4]> = fulfilments
        .filter(|f| new.contains(&f.no) && f.method == Method::Ship && is_waiting(f))
        .filter(|f| rest.iter().any(|rest| rest.ship_to == f.ship_to))
        .map(|f| f.no)
        .collect();
    if parts.is_empty() || until <= attempt.now() || !is_expected(attempt, &rest, until)? {
        return Ok(None);
    }
    Ok(Some((until, parts)))
}

/// Whether units of the order that are to be shipped are not with anybody yet.
pub(super) fn waits(order: &Order) -> bool {
    rest(order).next().is_some()
}

fn rest(order: &Order) -> impl Iterator<Item = Rest> + '_ {
    let lines = order.placed.lines.iter().zip(&order.progress.lines);
    lines.filter_map(|(line, state): (&Line, &LineProgress)| {
        let units = state.open + state.backordered;
        let is_shipped = line.method == Method::Ship && units > 0;
        let item = line.item.filter(|_| is_shipped)?;
        Some(Rest {
            item,
            ship_to: line.ship_to,
            units,
        })
    })
}

/// Until when other parts of the order wait already: nobody waits for longer because more has come.
fn since(order: &Order) -> Option<Millis> {
    let fulfilments = order.progress.fulfilments.iter();
    let schedules = fulfilments.filter_map(|f| f.schedule);
    schedules.filter_map(|one| one.together_until).min()
}

/// Whether supply that nobody else waits for covers all of the rest in time.
fn is_expected(attempt: &Attempt<'_>, rest: &[Rest], until: Millis) -> Result<bool, Stop> {
    let mut items: SmallVec<[(ItemId, i64); 4]> = SmallVec::new();
    for one in rest {
        match items.iter_mut().find(|(item, _)| *item == one.item) {
            Some((_, units)) => *units += one.units,
            None => items.push((one.item, one.units)),
        }
    }
    let now = attempt.now();
    for (item, units) in items {
        let incoming = attempt.incoming(item)?;
        let in_time = incoming.iter().filter(|supply| {
            let location = attempt.network().location(supply.location);
            let zone = location.map_or("UTC", |location| location.time_zone.as_str());
            // What is late already has no day.
            (now.local_date(zone)..=until.local_date(zone)).contains(&supply.expected)
        });
        let expected: i64 = in_time.map(|supply| supply.outstanding()).sum();
        // What the order itself waits for is among it.
        let waited = attempt.waited(item)?.total();
        if expected < waited.max(units) {
            return Ok(false);
        }
    }
    Ok(true)
}

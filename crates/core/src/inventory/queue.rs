//! The queue of those who wait for stock: what is set aside for them when others come, and who of them can use it.

use super::Waiting;
use crate::decide::{Attempt, Stop};
use crate::id::ItemId;
use crate::network::LocationId;

/// Orders of a queue that are looked at together.
pub(super) const LOOKED_AT_TOGETHER: usize = 64;
/// Orders of a queue that are looked at for one decision at most.
pub(super) const LOOKED_AT_MAX: usize = 512;

/// Sets the units aside that those ahead in the queue can use, and leaves the others: nobody is refused units for the
/// sake of somebody who may not have them either. Tells whether there were any: somebody waits for units that are free,
/// and should be served after the commit.
///
/// # Errors
/// Stops when facts are missing.
pub fn set_aside(
    attempt: &Attempt<'_>,
    item: ItemId,
    free: &mut [(LocationId, i64)],
    is_ahead: impl Fn(&Waiting) -> bool,
) -> Result<bool, Stop> {
    let sum = |free: &[(LocationId, i64)]| free.iter().map(|(_, units)| units).sum::<i64>();
    let before = sum(free);
    if before == 0 {
        return Ok(false);
    }
    let waiting = attempt.waiting(item)?;
    let ahead: Vec<&Waiting> = waiting.iter().filter(|row| is_ahead(row)).collect();
    let mut looked_at = 0;
    for some in ahead.chunks(LOOKED_AT_TOGETHER) {
        let some: Vec<&Waiting> = some
            .iter()
            .copied()
            .filter(|row| free.iter().any(|place| may_use(attempt, row, *place)))
            .collect();
        looked_at += some.len();
        if looked_at > LOOKED_AT_MAX {
            free.iter_mut().for_each(|(_, units)| *units = 0);
        }
        load_all(attempt, &some)?;
        for row in some {
            set_aside_for(attempt, item, row, free)?;
        }
    }
    let more = attempt.stock(item)?.more_waiting && waiting.last().is_some_and(is_ahead);
    if more && free.iter().any(|(_, units)| *units > 0) {
        attempt.require_queue(item)?;
        free.iter_mut().for_each(|(_, units)| *units = 0);
    }
    Ok(sum(free) < before)
}

fn set_aside_for(
    attempt: &Attempt<'_>,
    item: ItemId,
    row: &Waiting,
    free: &mut [(LocationId, i64)],
) -> Result<(), Stop> {
    let mut units = row.quantity;
    for place in free.iter_mut().rev() {
        if units > 0 && can_use(attempt, row, *place)? {
            let taken = units.min(share(attempt, item, row, *place)?);
            place.1 -= taken;
            units -= taken;
        }
    }
    Ok(())
}

/// How many of the free units the row's channel may have.
fn share(
    attempt: &Attempt<'_>,
    item: ItemId,
    row: &Waiting,
    (location, units): (LocationId, i64),
) -> Result<i64, Stop> {
    let channel = attempt.look_at(row.order)?.placed.channel;
    let Some(channel) = attempt.network().channel(channel) else {
        return Ok(units);
    };
    let levels = attempt.sellable_levels(item, Some(channel.id))?;
    let level = levels.iter().find(|level| level.location == location);
    let available = level.map_or(0, |level| level.available().max(0));
    let kept_back = available - channel.sells.share(location, available);
    Ok(if channel.sells.includes(location) {
        (units - kept_back).max(0)
    } else {
        0
    })
}

/// Whether units at a location are any good to a row, as far as the row itself tells.
pub(super) fn may_use(
    attempt: &Attempt<'_>,
    row: &Waiting,
    (location, units): (LocationId, i64),
) -> bool {
    let known = attempt.network().location(location);
    let is_open = known.is_some_and(|known| known.is_open(attempt.now()));
    units > 0 && is_open && row.location.is_none_or(|bound| bound == location)
}

/// The same, with what its order says.
///
/// # Errors
/// Stops when the order is not loaded yet.
pub(super) fn can_use(
    attempt: &Attempt<'_>,
    row: &Waiting,
    place: (LocationId, i64),
) -> Result<bool, Stop> {
    if !may_use(attempt, row, place) {
        return Ok(false);
    }
    let excluded = &attempt.look_at(row.order)?.progress.excluded;
    Ok(!excluded.contains(&place.0))
}

/// Asks for all orders of some rows at once, not one after the other.
pub(super) fn load_all(attempt: &Attempt<'_>, rows: &[&Waiting]) -> Result<(), Stop> {
    let mut missing = Vec::new();
    for row in rows {
        match attempt.look_at(row.order) {
            Err(Stop::Missing(needs)) => missing.extend(needs),
            Err(refused @ Stop::Refused(_)) => return Err(refused),
            Ok(_) => {}
        }
    }
    if missing.is_empty() {
        Ok(())
    } else {
        Err(Stop::Missing(missing))
    }
}

//! The queue of those who wait for stock: what is set aside for them when others come.

use super::Waiting;
use crate::decide::{Attempt, Stop};
use crate::id::ItemId;
use crate::network::{LocationId, LocationStatus};

/// Sets the units aside that those ahead in the queue can use, and leaves the others: nobody is refused units for the
/// sake of somebody who may not have them either.
///
/// # Errors
/// Stops when facts are missing.
pub fn set_aside(
    attempt: &Attempt<'_>,
    item: ItemId,
    free: &mut [(LocationId, i64)],
    is_ahead: impl Fn(&Waiting) -> bool,
) -> Result<(), Stop> {
    if free.iter().all(|(_, units)| *units == 0) {
        return Ok(());
    }
    let waiting = attempt.waiting(item)?;
    let ahead: Vec<&Waiting> = waiting.iter().filter(|row| is_ahead(row)).collect();
    load_all(attempt, &ahead)?;
    for row in &ahead {
        let mut units = row.quantity;
        for (location, free) in free.iter_mut().rev() {
            if units > 0 && *free > 0 && can_use(attempt, row, *location)? {
                let taken = units.min(*free);
                *free -= taken;
                units -= taken;
            }
        }
    }
    if attempt.stock(item)?.more_waiting && waiting.last().is_some_and(is_ahead) {
        free.iter_mut().for_each(|(_, units)| *units = 0);
    }
    Ok(())
}

fn can_use(attempt: &Attempt<'_>, row: &Waiting, location: LocationId) -> Result<bool, Stop> {
    let known = attempt.network().location(location);
    let is_open = known.is_some_and(|known| known.status == LocationStatus::Open);
    let is_bound_elsewhere = row.location.is_some_and(|bound| bound != location);
    let excluded = &attempt.look_at(row.order)?.progress.excluded;
    Ok(is_open && !is_bound_elsewhere && !excluded.contains(&location))
}

/// Asks for all orders of the queue at once, not one after the other.
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

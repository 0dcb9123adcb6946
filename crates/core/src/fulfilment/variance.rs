//! What a location that turned units down says of the goods: the stock is corrected, and they are not offered from there
//! for some days.

use smallvec::SmallVec;

use crate::decide::{Attempt, Stop};
use crate::id::{ItemId, OrderId};
use crate::inventory::{Cause, exclude};
use crate::network::{Exceptions, LocationId};
use crate::order::{FulfilmentUnits, ReleaseReason};

/// What becomes of the units on the books.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Variance {
    /// They stay on hand.
    None,
    /// They are not there: on hand falls.
    Missing,
    /// They are there and cannot be sold.
    Damaged,
    /// They are there and have to be looked at.
    Quarantine,
}

impl Variance {
    /// What a cause means for the books, where nobody says otherwise.
    #[must_use]
    pub fn of(cause: Cause, exceptions: Exceptions) -> Self {
        match cause {
            _ if !exceptions.corrects_stock => Self::None,
            Cause::NotFound => Self::Missing,
            Cause::Damaged => Self::Damaged,
            Cause::WrongPrice | Cause::Closed | Cause::TooBusy | Cause::Other => Self::None,
        }
    }

    /// Why units are released whose stock changes so.
    #[must_use]
    pub fn release(self) -> ReleaseReason {
        match self {
            Self::None => ReleaseReason::Rejected,
            Self::Missing => ReleaseReason::ShortPick,
            Self::Damaged => ReleaseReason::Damaged,
            Self::Quarantine => ReleaseReason::Quarantined,
        }
    }
}

/// The rules of a location for what it turns down.
#[must_use]
pub(super) fn exceptions(attempt: &Attempt<'_>, location: LocationId) -> Exceptions {
    let known = attempt.network().location(location);
    known.map_or_else(Exceptions::default, |known| known.exceptions)
}

/// Parts units that go off the books from those that never were on hand, because their item is oversold: these only
/// lose their allocation.
///
/// # Errors
/// Stops when facts are missing.
pub(super) fn part_oversold(
    attempt: &mut Attempt<'_>,
    order: OrderId,
    location: LocationId,
    released: &[FulfilmentUnits],
) -> Result<(Vec<FulfilmentUnits>, Vec<FulfilmentUnits>), Stop> {
    let (mut there, mut oversold) = (Vec::new(), Vec::new());
    let mut gone: SmallVec<[(ItemId, i64); 4]> = SmallVec::new();
    for units in released {
        let line = attempt.order(order)?.placed.line(units.line);
        let Some(item) = line.and_then(|line| line.item) else {
            there.push(*units);
            continue;
        };
        let taken: i64 = gone
            .iter()
            .filter(|(known, _)| *known == item)
            .map(|(_, taken)| taken)
            .sum();
        let left = (attempt.level(item, location)?.on_hand - taken).max(0);
        let kept = first(units, left);
        gone.push((item, kept.total()));
        there.push(kept);
        oversold.push(FulfilmentUnits {
            assigned: units.assigned - kept.assigned,
            picked: units.picked - kept.picked,
            packed: units.packed - kept.packed,
            ..*units
        });
    }
    there.retain(|units| units.total() > 0);
    oversold.retain(|units| units.total() > 0);
    Ok((there, oversold))
}

/// At most so many of the units: packed ones first, which somebody has held in their hands.
fn first(units: &FulfilmentUnits, limit: i64) -> FulfilmentUnits {
    let packed = units.packed.min(limit);
    let picked = units.picked.min(limit - packed);
    let assigned = units.assigned.min(limit - packed - picked);
    FulfilmentUnits {
        assigned,
        picked,
        packed,
        ..*units
    }
}

/// Does not offer the items of these units from the location for some days.
///
/// # Errors
/// Stops when facts are missing.
pub(super) fn exclude_items(
    attempt: &mut Attempt<'_>,
    order: OrderId,
    location: LocationId,
    released: &[FulfilmentUnits],
    (days, cause): (u16, Cause),
) -> Result<(), Stop> {
    if days == 0 {
        return Ok(());
    }
    for units in released {
        let line = attempt.order(order)?.placed.line(units.line);
        if let Some(item) = line.and_then(|line| line.item) {
            exclude(attempt, item, location, days, cause)?;
        }
    }
    Ok(())
}

//! On which day a location works what it is given: the first one that it is not full on.

use jiff::civil::Date;

use super::Party;
use crate::decide::{Attempt, Stop};
use crate::network::{Capacity, Load, Location, LocationId};
use crate::order::WorkDay;
use crate::order::entry::Allotment;

/// Which days come into question.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Days {
    /// The first one on which the location works at all.
    First,
    /// All within the horizon.
    All,
}

impl Party {
    /// What it would be for a location that serves all of it.
    pub(super) fn load(&self) -> Load {
        Load {
            orders: 1,
            lines: i64::try_from(self.wants.len()).unwrap_or(i64::MAX),
            units: self.wants.iter().map(|want| want.quantity).sum(),
        }
    }
}

/// The day on which a location works a load that is given to it now, with what this decision gave it already; none where
/// it is full. A load that is more than a whole day gets a day of its own.
///
/// # Errors
/// Stops when what the location has to do on a day was not looked up yet.
pub(crate) fn work_day(
    attempt: &Attempt<'_>,
    location: &Location,
    load: Load,
    days: Days,
    given: &[Allotment],
) -> Result<Option<WorkDay>, Stop> {
    let mut dates = location.days_from(attempt.now());
    let Some(capacity) = &location.capacity else {
        let day = |date| WorkDay {
            date,
            counted: false,
        };
        return Ok(dates.next().map(day));
    };
    let most = match days {
        Days::First => 1,
        Days::All => usize::MAX,
    };
    let works = dates.filter(|date| capacity.limit_on(*date) > 0);
    for date in works.take(most) {
        let known = attempt.load_on(location.id, date)?;
        let known = known.plus(given_on(given, location.id, date));
        if has_room(capacity, date, known, load) {
            return Ok(Some(WorkDay {
                date,
                counted: true,
            }));
        }
    }
    Ok(None)
}

fn has_room(capacity: &Capacity, date: Date, known: Load, load: Load) -> bool {
    let (known, load) = (known.of(capacity.unit), load.of(capacity.unit));
    known == 0 || known + load <= capacity.limit_on(date)
}

/// What allotments that are not written down yet give to a location on a day.
fn given_on(given: &[Allotment], location: LocationId, date: Date) -> Load {
    let here = given.iter().filter(|allotment| {
        let day = allotment.work_day.filter(|day| day.counted);
        allotment.location == Some(location) && day.is_some_and(|day| day.date == date)
    });
    here.fold(Load::default(), |sum, allotment| sum.plus(allotment.load()))
}

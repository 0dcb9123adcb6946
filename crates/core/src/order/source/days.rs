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
        if let Some(all) = self.piece.as_ref().and_then(|piece| piece.load) {
            return all;
        }
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
    let mut dates = location.days_from(attempt.network(), attempt.now());
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

#[cfg(test)]
mod tests {
    use crate::fixture::story;

    #[test]
    fn a_full_location_is_passed_over_and_the_next_day_is_the_last_resort() {
        story(
            "
                location L1 capacity=1
                location L2 capacity=2units priority=2
                stock A@L1=9
                stock A@L2=9
                order A=2 > order open; F1@L1 open A:2 assigned on 2026-01-05; A@L1 9/2
                order A=2 > order open; F1@L2 open A:2 assigned on 2026-01-05; A@L2 9/2
                why > A: chosen L2 full L1
                order A=1 > order open; F1@L1 open A:1 assigned on 2026-01-06; A@L1 9/3
                why > A: chosen L1 less_preferred L2
                order A=3 > order open; F1@L1 open A:3 assigned on 2026-01-07; A@L1 9/6
                order A=5:ship@L2 > order open; F1@L2 open A:5 assigned on 2026-01-06; A@L2 9/7
            ",
        );
    }

    #[test]
    fn what_goes_back_leaves_room_for_others_and_a_split_takes_none() {
        story(
            "
                location L1 capacity=1
                stock A@L1=9
                order A=2 > order open; F1@L1 open A:2 assigned on 2026-01-05; A@L1 9/2
                order A=1 > order open; F1@L1 open A:1 assigned on 2026-01-06; A@L1 9/3
                on O1
                pick F1 A=2 > order in_progress; F1@L1 picked A:2 picked on 2026-01-05
                pack F1 A=1 > F1@L1 picked A:1 picked+1 packed on 2026-01-05; F1 P1 A=1
                ship F1 > F1@L1 shipped A:1 shipped on 2026-01-05; F1 left with post; F2@L1 picked A:1 picked on 2026-01-05; A@L1 8/2
                order A=1 > order open; F1@L1 open A:1 assigned on 2026-01-07; A@L1 8/3
                on O2
                cancel > order cancelled; A 1 cancelled; F1@L1 cancelled on 2026-01-06; A@L1 8/2
                order A=1 > order open; F1@L1 open A:1 assigned on 2026-01-06; A@L1 8/3
            ",
        );
    }

    #[test]
    fn a_peak_day_has_a_limit_of_its_own_and_calendars_close_days() {
        story(
            "
                calendar C mon-fri
                location L1 capacity=1@2026-01-05=2@2026-01-06=0 calendar=C cut-off=990
                stock A@L1=9
                order A=1 > order open; F1@L1 open A:1 assigned on 2026-01-05; A@L1 9/1
                order A=1 > order open; F1@L1 open A:1 assigned on 2026-01-05; A@L1 9/2
                order A=1 > order open; F1@L1 open A:1 assigned on 2026-01-07; A@L1 9/3
                wait 4320m
                order A=1 > order open; F1@L1 open A:1 assigned on 2026-01-08; A@L1 9/4
                wait 600m
                order A=1 > order open; F1@L1 open A:1 assigned on 2026-01-09; A@L1 9/5
            ",
        );
    }

    #[test]
    fn what_is_more_than_a_day_keeps_the_day_that_it_has_alone() {
        story(
            "
                location L1 capacity=6units
                stock A@L1=20
                order A=5 > order open; F1@L1 open A:5 assigned on 2026-01-05; A@L1 20/5
                amend A=8 > F2@L1 open A:3 assigned on 2026-01-06; A@L1 20/8
                source again > F1@L1 cancelled on 2026-01-05; F2@L1 cancelled on 2026-01-06; F3@L1 open A:8 assigned on 2026-01-05
                order A=1 > order open; F1@L1 open A:1 assigned on 2026-01-06; A@L1 20/9
            ",
        );
    }

    #[test]
    fn reserved_units_stay_where_they_are_however_full_it_is_there() {
        story(
            "
                location L1 capacity=1
                stock A@L1=9
                order A=1 > order open; F1@L1 open A:1 assigned on 2026-01-05; A@L1 9/1
                reserve A=2 > V1 active A@L1=2; A@L1 9/1 reserved 2
                order A=2 with=V1 > order open; F1@L1 open A:2 assigned on 2026-01-06; V1 used by O2 A@L1=2; A@L1 9/3
            ",
        );
    }
}

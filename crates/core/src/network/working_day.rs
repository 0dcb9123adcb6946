//! Which day a location works what it is given, and which day it leaves.

use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;

use super::{Calendar, Location, Network};
use crate::time::Millis;

/// How many days ahead work is planned at most; what finds no day until then gets none.
pub const HORIZON_DAYS: usize = 60;

impl Location {
    /// The local time at a moment. A zone that is not known any more counts as UTC.
    #[must_use]
    pub fn local_time(&self, at: Millis) -> DateTime {
        let zone = TimeZone::get(&self.time_zone).unwrap_or(TimeZone::UTC);
        at.timestamp().to_zoned(zone).datetime()
    }

    /// The days on which it can work what it is given at this moment, the first one first: today until the cut-off, then
    /// each following day, as far as its calendar has them open.
    pub fn days_from<'a>(
        &'a self,
        network: &'a Network,
        now: Millis,
    ) -> impl Iterator<Item = Date> + use<'a> {
        let local = self.local_time(now);
        let minute = i32::from(local.hour()) * 60 + i32::from(local.minute());
        let is_late = self
            .cut_off_minute
            .is_some_and(|cut_off| minute >= i32::from(cut_off));
        let calendar = self.calendar(network);
        let days = local.date().series(jiff::Span::new().days(1));
        days.take(HORIZON_DAYS)
            .skip(usize::from(is_late))
            .filter(move |day| calendar.is_none_or(|calendar| calendar.is_open(*day)))
    }

    /// The first day from a day on that it works, as far as work is planned ahead.
    #[must_use]
    pub fn first_day_from(&self, network: &Network, day: Date) -> Option<Date> {
        let calendar = self.calendar(network);
        let mut days = day.series(jiff::Span::new().days(1)).take(HORIZON_DAYS);
        days.find(|day| calendar.is_none_or(|calendar| calendar.is_open(*day)))
    }

    /// The day on which it leaves what it works on a day; none where its calendar has no day within a year.
    #[must_use]
    pub fn leaves_on(&self, network: &Network, work_day: Date) -> Option<Date> {
        self.plus_working_days(network, work_day, self.handling_days)
    }

    /// The day that comes so many of its working days after a day; none where its calendar has no day within a year.
    #[must_use]
    pub fn plus_working_days(&self, network: &Network, day: Date, days: u16) -> Option<Date> {
        match self.calendar(network) {
            Some(calendar) => calendar.plus_working_days(day, days),
            None => {
                let days = jiff::Span::new().days(i64::from(days));
                day.checked_add(days).ok()
            }
        }
    }

    /// Whether it works on a day.
    #[must_use]
    pub fn works_on(&self, network: &Network, day: Date) -> bool {
        let calendar = self.calendar(network);
        calendar.is_none_or(|calendar| calendar.is_open(day))
    }

    fn calendar<'a>(&self, network: &'a Network) -> Option<&'a Calendar> {
        network.calendar(self.calendar?).map(std::sync::Arc::as_ref)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use jiff::civil::date;

    use super::super::CalendarId;
    use super::super::calendar::calendar;
    use super::*;

    fn at(text: &str) -> Millis {
        Millis(text.parse::<jiff::Timestamp>().unwrap().as_millisecond())
    }

    #[test]
    fn what_comes_at_the_cut_off_is_worked_the_next_day() {
        let location = Location {
            time_zone: "America/New_York".to_owned(),
            cut_off_minute: Some(16 * 60 + 30),
            ..Location::default()
        };
        let network = Network::default();
        let first = |text| location.days_from(&network, at(text)).next().unwrap();
        // New York is five hours behind UTC in November
        assert_eq!(first("2026-11-27T21:29:59Z"), date(2026, 11, 27));
        assert_eq!(first("2026-11-27T21:30:00Z"), date(2026, 11, 28));
        assert_eq!(first("2026-11-28T04:59:00Z"), date(2026, 11, 28));
    }

    #[test]
    fn a_location_works_and_ships_on_the_days_of_its_calendar() {
        let location = Location {
            calendar: Some(CalendarId(0)),
            time_zone: "Europe/Berlin".to_owned(),
            cut_off_minute: Some(15 * 60),
            handling_days: 1,
            ..Location::default()
        };
        let network = Network {
            calendars: vec![Arc::new(calendar("mon-fri 08:00-17:00; DE"))],
            ..Network::default()
        };
        let first = |text| location.days_from(&network, at(text)).next().unwrap();
        // a Thursday before Good Friday; the cut-off has passed, so that the first day is the Tuesday after Easter
        assert_eq!(first("2026-04-02T12:00:00Z"), date(2026, 4, 2));
        assert_eq!(first("2026-04-02T13:00:00Z"), date(2026, 4, 7));
        let leaves = location.leaves_on(&network, date(2026, 4, 2));
        assert_eq!(leaves, Some(date(2026, 4, 7)));
    }
}

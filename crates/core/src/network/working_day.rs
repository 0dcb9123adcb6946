//! Which day a location works what it is given now.

use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;

use super::Location;
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
    /// each following day.
    pub fn days_from(&self, now: Millis) -> impl Iterator<Item = Date> + use<> {
        let local = self.local_time(now);
        let minute = i32::from(local.hour()) * 60 + i32::from(local.minute());
        let is_late = self
            .cut_off_minute
            .is_some_and(|cut_off| minute >= i32::from(cut_off));
        let today = local.date();
        let days = today.series(jiff::Span::new().days(1));
        days.skip(usize::from(is_late)).take(HORIZON_DAYS)
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn what_comes_at_the_cut_off_is_worked_the_next_day() {
        let location = Location {
            time_zone: "America/New_York".to_owned(),
            cut_off_minute: Some(16 * 60 + 30),
            ..Location::default()
        };
        // 2026-11-27 16:29:59 and 16:30:00 in New York (UTC-5)
        let at = |text: &str| Millis(text.parse::<jiff::Timestamp>().unwrap().as_millisecond());
        let first = |text| location.days_from(at(text)).next().unwrap();
        assert_eq!(first("2026-11-27T21:29:59Z"), date(2026, 11, 27));
        assert_eq!(first("2026-11-27T21:30:00Z"), date(2026, 11, 28));
        assert_eq!(first("2026-11-28T04:59:00Z"), date(2026, 11, 28));
    }
}

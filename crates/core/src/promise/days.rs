//! Days and months that promises are counted in.

use jiff::civil::{Date, Weekday};
use jiff::tz::TimeZone;
use jiff::{Span, Timestamp};

use crate::time::Millis;

/// Days that are looked at when working days are counted: whoever waits longer waits too long to be told apart.
const LOOKED_AT_MAX: usize = 60;

/// A month, as the number of months since January of the year 0.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Month(pub i32);

impl Month {
    /// The month of a day.
    #[must_use]
    pub fn of(day: Date) -> Self {
        Self(i32::from(day.year()) * 12 + i32::from(day.month()) - 1)
    }

    /// The month of an instant, in UTC; the first of all for what is no instant.
    #[must_use]
    pub fn at(time: Millis) -> Self {
        utc_day(time).map_or(Self(0), Self::of)
    }

    /// So many months before.
    #[must_use]
    pub fn before(self, months: i32) -> Self {
        Self(self.0.saturating_sub(months))
    }
}

impl std::fmt::Display for Month {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            f,
            "{:04}-{:02}",
            self.0.div_euclid(12),
            self.0.rem_euclid(12) + 1
        )
    }
}

/// The month that a text such as `2026-01` names.
impl std::str::FromStr for Month {
    type Err = NoMonth;
    fn from_str(text: &str) -> Result<Self, NoMonth> {
        let is_shaped = text.len() == "2026-01".len();
        let day: Option<Date> = format!("{text}-01").parse().ok();
        day.filter(|_| is_shaped).map(Self::of).ok_or(NoMonth)
    }
}

/// A text that names no month.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("is no month such as 2026-01")]
pub struct NoMonth;

/// The day of an instant where the sun stands at this longitude, in tenths of a degree east: the local calendar day to
/// an hour or two, without a table of time zones.
pub(super) fn local_day(time: Millis, lon_decidegrees: i16) -> Option<Date> {
    // 360 degrees are a day: a tenth of a degree is 24 seconds.
    utc_day(time.plus_ms(i64::from(lon_decidegrees) * 24_000))
}

fn utc_day(time: Millis) -> Option<Date> {
    let time = Timestamp::from_millisecond(time.0).ok()?;
    Some(time.to_zoned(TimeZone::UTC).date())
}

/// Working days from the day of shipping to the day of delivery: days after the first up to the last that work. 0 where
/// the last day is not after the first; at most 60 days are looked at.
#[must_use]
pub fn working_days(from: Date, to: Date, works: impl Fn(Date) -> bool) -> u8 {
    let following = from.series(Span::new().days(1)).skip(1);
    let days = following.take(LOOKED_AT_MAX).take_while(|day| *day <= to);
    u8::try_from(days.filter(|day| works(*day)).count()).unwrap_or(u8::MAX)
}

/// Whether parcels are carried on a day: Mondays to Fridays.
pub(super) fn is_weekday(day: Date) -> bool {
    !matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Date {
        text.parse().unwrap()
    }

    #[test]
    fn weekends_are_no_working_days() {
        for (from, to, days) in [
            ("2026-11-23", "2026-11-23", 0),
            ("2026-11-23", "2026-11-24", 1),
            ("2026-11-23", "2026-11-27", 4),
            ("2026-11-27", "2026-11-30", 1),
            ("2026-11-27", "2026-11-28", 0),
            ("2026-11-24", "2026-11-23", 0),
            ("2026-01-01", "2026-12-31", 42),
        ] {
            assert_eq!(
                working_days(day(from), day(to), is_weekday),
                days,
                "{from} {to}"
            );
        }
    }

    #[test]
    fn months_are_read_as_they_are_written() {
        for text in ["2026-01", "1999-12", "0001-06"] {
            let month: Month = text.parse().unwrap();
            assert_eq!(month.to_string(), text);
        }
        let january: Month = "2026-01".parse().unwrap();
        assert_eq!(january.before(2).to_string(), "2025-11");
        for bad in ["", "2026", "2026-13", "2026-1", "2026-01-01", "next"] {
            assert_eq!(bad.parse::<Month>(), Err(NoMonth), "{bad}");
        }
        assert_eq!(Month::at(Millis(1_769_857_200_500)).to_string(), "2026-01");
    }

    #[test]
    fn the_day_is_that_of_the_place() {
        let evening = Millis(1_769_902_200_000); // 2026-01-31T23:30:00Z
        assert_eq!(local_day(evening, 0), Some(day("2026-01-31")));
        assert_eq!(local_day(evening, 134), Some(day("2026-02-01")));
        assert_eq!(local_day(evening, -740), Some(day("2026-01-31")));
        assert_eq!(local_day(Millis(i64::MAX), 0), None);
    }
}

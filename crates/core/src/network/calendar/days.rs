//! A calendar, and what it says of a day: exceptions come before public holidays, and these before the weekly hours.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::holidays;
use super::hours::{Span, WeeklyHours};

/// How far a working day is looked for, in days; where none is that near, there is none.
pub const DAYS_AHEAD: u16 = 366;

/// The number of a calendar: small, given once, never reused. The API speaks of codes.
#[derive(
    Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(transparent)]
pub struct CalendarId(pub u16);

/// On which days, and in which hours, somebody works. Its dates and times are those of whoever follows it: a location's
/// or an address's own.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Calendar {
    /// Identity.
    pub id: CalendarId,
    /// The merchant's own code; unique.
    pub code: String,
    /// What people call it.
    pub name: String,
    /// The hours of an ordinary week.
    pub hours: WeeklyHours,
    /// Whose public holidays are closed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub holidays: Option<HolidayRegion>,
    /// Dates that are other than their weekday, each once, by date.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub exceptions: Vec<Exception>,
}

/// Whose public holidays are closed.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HolidayRegion {
    /// ISO 3166-1 alpha-2 code of the country.
    pub country: String,
    /// The part after the hyphen of an ISO 3166-2 code; absent: what is a holiday in the whole country.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subdivision: Option<String>,
}

/// A date that is other than its weekday.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Exception {
    /// The date.
    pub date: Date,
    /// Its hours; none: closed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub hours: Vec<Span>,
    /// Why, in the merchant's words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

/// Why a day is closed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Closed<'a> {
    /// It is on this day of every week.
    Weekly,
    /// A public holiday of this name.
    Holiday(&'a str),
    /// An exception, with its note.
    Exception(Option<&'a str>),
}

impl Calendar {
    /// The hours of a day, or why there are none.
    ///
    /// # Errors
    /// Why the day is closed.
    pub fn day(&self, date: Date) -> Result<&[Span], Closed<'_>> {
        if let Some(exception) = self.exception(date) {
            let closed = Closed::Exception(exception.note.as_deref());
            return open(&exception.hours).ok_or(closed);
        }
        let holiday = self.holidays.as_ref().and_then(|region| {
            holidays::holiday(&region.country, region.subdivision.as_deref(), date)
        });
        if let Some(name) = holiday {
            return Err(Closed::Holiday(name));
        }
        open(self.hours.on(date.weekday())).ok_or(Closed::Weekly)
    }

    /// The opening hours of a day; none: it is closed.
    #[must_use]
    pub fn spans(&self, date: Date) -> &[Span] {
        self.day(date).unwrap_or_default()
    }

    /// Whether it is open at any time of the day: a working day.
    #[must_use]
    pub fn is_open(&self, date: Date) -> bool {
        self.day(date).is_ok()
    }

    /// For how many minutes it is open on a day.
    #[must_use]
    pub fn open_minutes(&self, date: Date) -> u32 {
        let spans = self.spans(date).iter();
        spans.map(|span| u32::from(span.minutes())).sum()
    }

    /// The first working day from a date on, which may be the date itself; none if there is none within [`DAYS_AHEAD`] days.
    #[must_use]
    pub fn next_working_day(&self, from: Date) -> Option<Date> {
        days_from(from).find(|day| self.is_open(*day))
    }

    /// The date that is `days` working days after a date, which itself is not counted; with 0 the same as
    /// [`Calendar::next_working_day`]. None if two working days on the way lie more than [`DAYS_AHEAD`] days apart.
    #[must_use]
    pub fn plus_working_days(&self, date: Date, days: u16) -> Option<Date> {
        if days == 0 {
            return self.next_working_day(date);
        }
        (0..days).try_fold(date, |day, _| self.next_working_day(day.tomorrow().ok()?))
    }

    /// Whether a day's public holidays are known; a calendar without holidays knows every day. On other days it
    /// follows its weekly hours and exceptions alone.
    #[must_use]
    pub fn knows(&self, date: Date) -> bool {
        self.holidays.is_none() || holidays::covers(date)
    }

    /// The days from a date on that are closed though their weekday is open, within [`DAYS_AHEAD`] days.
    pub fn next_closed_days(&self, from: Date) -> impl Iterator<Item = (Date, Closed<'_>)> {
        days_from(from).filter_map(|date| {
            let closed = self.day(date).err()?;
            let is_usually_open = !self.hours.on(date.weekday()).is_empty();
            is_usually_open.then_some((date, closed))
        })
    }

    fn exception(&self, date: Date) -> Option<&Exception> {
        let found = self.exceptions.binary_search_by_key(&date, |one| one.date);
        found.ok().map(|at| &self.exceptions[at])
    }
}

fn open(spans: &[Span]) -> Option<&[Span]> {
    (!spans.is_empty()).then_some(spans)
}

/// A date and those after it: [`DAYS_AHEAD`] days, fewer at the end of time.
fn days_from(date: Date) -> impl Iterator<Item = Date> {
    std::iter::successors(Some(date), |day| day.tomorrow().ok()).take(usize::from(DAYS_AHEAD))
}

/// A calendar for tests, as text: `mon-fri 08:00-17:00, sat 10:00-14:00; DE-BY; 2026-12-24, 2026-12-31 08:00-12:00`.
#[cfg(test)]
pub(crate) fn calendar(text: &str) -> Calendar {
    let mut parts = text.split(';').map(str::trim);
    let mut calendar = Calendar {
        code: "C".to_owned(),
        name: "C".to_owned(),
        ..Calendar::default()
    };
    for words in parts.next().unwrap().split(", ") {
        let (days, span) = words.split_once(' ').unwrap();
        let (first, last) = days.split_once('-').unwrap_or((days, days));
        let day = |name: &str| {
            let at = super::WEEKDAYS.iter().position(|day| day.starts_with(name));
            at.unwrap()
        };
        (day(first)..=day(last)).for_each(|day| calendar.hours.0[day].push(read_span(span)));
    }
    let region = parts.next().filter(|region| !region.is_empty());
    calendar.holidays = region.map(|region| {
        let (country, subdivision) = match region.split_once('-') {
            Some((country, subdivision)) => (country, Some(subdivision.to_owned())),
            None => (region, None),
        };
        HolidayRegion {
            country: country.to_owned(),
            subdivision,
        }
    });
    for words in parts.next().into_iter().flat_map(|rest| rest.split(", ")) {
        let mut words = words.split(' ');
        calendar.exceptions.push(Exception {
            date: words.next().unwrap().parse().unwrap(),
            hours: words.map(read_span).collect(),
            note: None,
        });
    }
    calendar
}

#[cfg(test)]
fn read_span(text: &str) -> Span {
    let minute = |time: &str| {
        let (hours, minutes) = time.split_once(':').unwrap();
        hours.parse::<u16>().unwrap() * 60 + minutes.parse::<u16>().unwrap()
    };
    let (from, to) = text.split_once('-').unwrap();
    Span {
        from_minute: minute(from),
        to_minute: minute(to),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn date(text: &str) -> Date {
        text.parse().unwrap()
    }

    #[test]
    fn exceptions_come_before_holidays_and_these_before_the_week() {
        let mut shop = calendar(
            "mon-fri 08:00-12:00, mon-fri 13:00-17:30, sat 10:00-24:00; DE-BY; 2026-01-06 09:00-10:00, 2026-01-08, 2026-01-11 12:00-13:00",
        );
        shop.exceptions[1].note = Some("stocktaking".to_owned());
        for (day, minutes, closed) in [
            ("2026-01-05", 510, None),
            ("2026-01-06", 60, None), // Epiphany, and open all the same
            (
                "2026-01-08",
                0,
                Some(Closed::Exception(Some("stocktaking"))),
            ),
            ("2026-01-10", 840, None),
            ("2026-01-11", 60, None), // a Sunday that is open
            ("2026-01-18", 0, Some(Closed::Weekly)),
            ("2026-05-01", 0, Some(Closed::Holiday("Labor Day"))),
        ] {
            assert_eq!(shop.open_minutes(date(day)), minutes, "{day}");
            assert_eq!(shop.day(date(day)).err(), closed, "{day}");
            assert_eq!(shop.is_open(date(day)), minutes > 0, "{day}");
        }
        let spans: Vec<u16> = shop
            .spans(date("2026-01-05"))
            .iter()
            .map(|span| span.from_minute)
            .collect();
        assert_eq!(spans, [480, 780]);
    }

    #[test]
    fn working_days_are_counted_over_weekends_and_holidays() {
        let office = calendar("mon-fri 08:00-17:00; DE");
        for (from, days, expected) in [
            ("2026-04-02", 0, "2026-04-02"), // a Thursday
            ("2026-04-03", 0, "2026-04-07"), // Good Friday, the weekend, Easter Monday
            ("2026-04-02", 1, "2026-04-07"),
            ("2026-04-04", 1, "2026-04-07"),
            ("2026-04-02", 2, "2026-04-08"),
            ("2026-04-02", 5, "2026-04-13"),
            ("2026-12-23", 2, "2026-12-28"),
            ("2026-12-31", 1, "2027-01-04"),
        ] {
            assert_eq!(
                office.plus_working_days(date(from), days),
                Some(date(expected)),
                "{from} + {days}"
            );
        }
        assert_eq!(
            office.next_working_day(date("2026-04-03")),
            Some(date("2026-04-07"))
        );
    }

    #[test]
    fn counting_day_by_day_gives_the_same_as_counting_at_once() {
        let shop = calendar(
            "tue 09:00-17:00, thu-sat 09:00-17:00; GB-SCT; 2026-07-21, 2026-07-23, 2026-07-26 10:00-12:00",
        );
        let mut day = date("2026-01-01");
        for step in 1..400 {
            let next = shop.plus_working_days(day, 1).unwrap();
            assert!(next > day && shop.is_open(next));
            let between = days_from(day).skip(1).take_while(|one| *one < next);
            assert_eq!(between.filter(|one| shop.is_open(*one)).count(), 0);
            day = next;
            assert_eq!(
                shop.plus_working_days(date("2026-01-01"), step),
                Some(day),
                "{step}"
            );
        }
    }

    #[test]
    fn no_working_day_within_a_year_is_none_and_so_is_the_end_of_time() {
        let once = calendar("mon-sun 08:00-08:00; ; 2026-01-01 08:00-09:00");
        let mut once = Calendar {
            hours: WeeklyHours::default(),
            ..once
        };
        assert_eq!(
            once.next_working_day(date("2025-01-01")),
            Some(date("2026-01-01"))
        );
        assert_eq!(once.next_working_day(date("2024-12-31")), None);
        assert_eq!(once.next_working_day(date("2026-01-02")), None);
        assert_eq!(once.plus_working_days(date("2025-12-31"), 2), None);
        once.exceptions.clear();
        assert_eq!(once.next_working_day(Date::MAX), None);
        let always = calendar("mon-sun 00:00-24:00");
        assert_eq!(always.open_minutes(Date::MAX), 1_440);
        assert_eq!(always.plus_working_days(Date::MAX, 1), None);
        assert_eq!(
            always.plus_working_days(date("2026-01-01"), u16::MAX),
            Some(date("2205-06-07"))
        );
    }

    #[test]
    fn what_is_closed_soon_is_told_with_its_reason() {
        let shop = calendar("mon-fri 08:00-17:00; FR; 2026-07-15");
        let days: Vec<(String, Closed<'_>)> = shop
            .next_closed_days(date("2026-07-13"))
            .map(|(day, closed)| (day.to_string(), closed))
            .take(3)
            .collect();
        let expected = [
            ("2026-07-14", Closed::Holiday("National Day")),
            ("2026-07-15", Closed::Exception(None)),
            ("2026-11-11", Closed::Holiday("Armistice Day")),
        ];
        assert_eq!(days, expected.map(|(day, closed)| (day.to_owned(), closed)));
    }

    #[test]
    fn beyond_the_covered_years_holidays_are_not_guessed() {
        let office = calendar("mon-fri 08:00-17:00; US");
        assert!(!office.is_open(date("2028-07-04")) && office.knows(date("2028-07-04")));
        assert!(office.is_open(date("2029-07-04")) && !office.knows(date("2029-07-04")));
        assert!(calendar("mon 08:00-17:00").knows(date("2029-07-04")));
    }
}

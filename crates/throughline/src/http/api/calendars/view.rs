//! A calendar as the API shows it.

use jiff::civil::Date;
use serde::Serialize;
use throughline_core::network::Calendar;
use throughline_core::network::calendar::{Closed, holidays};
use utoipa::ToSchema;

use super::body::{ExceptionShape, HolidaysShape};
use super::hours::{HoursShape, SpanShape};

/// How many closed dates are told in advance.
const NEXT_CLOSED: usize = 10;

/// On which days, and in which hours, somebody works.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Calendar)]
pub struct CalendarView<'a> {
    /// The merchant's own code.
    code: &'a str,
    /// What people call it.
    name: &'a str,
    /// The hours of an ordinary week.
    hours: HoursShape,
    /// Whose public holidays are closed.
    holidays: Option<HolidaysShape>,
    /// The last day of which public holidays are known; later ones are taken for ordinary days. Absent where none are
    /// followed.
    #[schema(value_type = Option<String>, format = Date)]
    holidays_known_until: Option<Date>,
    /// Dates that are other than their weekday, by date.
    exceptions: Vec<ExceptionShape>,
    /// The next dates, at most ten within a year, that are closed though their weekday is open.
    next_closed: Vec<ClosedView<'a>>,
}

/// A date that is closed though its weekday is open.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ClosedDate)]
pub struct ClosedView<'a> {
    /// The date.
    #[schema(value_type = String, format = Date)]
    date: Date,
    /// Why.
    reason: ClosedReason,
    /// The holiday's name, or the exception's note.
    note: Option<&'a str>,
}

/// Why a date is closed.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ClosedReason, rename_all = "snake_case")]
#[serde(rename_all = "snake_case")]
pub enum ClosedReason {
    /// It is on this day of every week.
    Weekly,
    /// A public holiday.
    Holiday,
    /// One of the calendar's exceptions.
    Exception,
}

impl<'a> CalendarView<'a> {
    /// Shows a calendar, with what is closed from a day on.
    #[must_use]
    pub fn new(calendar: &'a Calendar, today: Date) -> Self {
        let last_day = Date::new(holidays::last_covered_year(), 12, 31).ok();
        Self {
            code: &calendar.code,
            name: &calendar.name,
            hours: HoursShape::new(&calendar.hours),
            holidays: calendar.holidays.as_ref().map(|region| HolidaysShape {
                country: region.country.clone(),
                subdivision: region.subdivision.clone(),
            }),
            holidays_known_until: calendar.holidays.as_ref().and(last_day),
            exceptions: exceptions(calendar),
            next_closed: calendar
                .next_closed_days(today)
                .take(NEXT_CLOSED)
                .map(|(date, closed)| ClosedView::new(date, closed))
                .collect(),
        }
    }
}

fn exceptions(calendar: &Calendar) -> Vec<ExceptionShape> {
    let exceptions = calendar.exceptions.iter();
    exceptions
        .map(|one| ExceptionShape {
            date: one.date,
            hours: one.hours.iter().copied().map(SpanShape::new).collect(),
            note: one.note.clone(),
        })
        .collect()
}

impl<'a> ClosedView<'a> {
    fn new(date: Date, closed: Closed<'a>) -> Self {
        let (reason, note) = match closed {
            Closed::Weekly => (ClosedReason::Weekly, None),
            Closed::Holiday(name) => (ClosedReason::Holiday, Some(name)),
            Closed::Exception(note) => (ClosedReason::Exception, note),
        };
        Self { date, reason, note }
    }
}

//! Calendars: on which days, and in which hours, somebody works.

mod days;
pub mod holidays;
mod hours;
mod put;

#[cfg(test)]
pub(crate) use days::calendar;
pub use days::{Calendar, CalendarId, Closed, DAYS_AHEAD, Exception, HolidayRegion};
pub use hours::{MINUTES_OF_DAY, Span, WEEKDAYS, WeeklyHours};
pub use put::{CALENDARS_MAX, EXCEPTIONS_MAX, PutCalendar, SPANS_MAX, put_calendar};

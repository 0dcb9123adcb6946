//! Opening hours: spans of a day, and what they are on each day of the week.

use jiff::civil::Weekday;
use serde::{Deserialize, Serialize};

/// Minutes of a day; a span may end with them, at 24:00.
pub const MINUTES_OF_DAY: u16 = 24 * 60;
/// The days of the week as bodies name them, Monday first.
pub const WEEKDAYS: [&str; 7] = [
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
    "sunday",
];

/// A time of a day during which it is open. What goes on past midnight is two spans.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Span {
    /// When it opens, in minutes after midnight.
    pub from_minute: u16,
    /// When it closes, in minutes after midnight; up to [`MINUTES_OF_DAY`].
    pub to_minute: u16,
}

impl Span {
    /// How long it is open, in minutes.
    #[must_use]
    pub fn minutes(self) -> u16 {
        self.to_minute.saturating_sub(self.from_minute)
    }
}

/// The opening hours of each day of the week; a day without spans is closed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct WeeklyHours(
    /// By day, Monday first, as [`WEEKDAYS`] names them.
    pub [Vec<Span>; 7],
);

impl WeeklyHours {
    /// The spans of a day of the week.
    #[must_use]
    pub fn on(&self, weekday: Weekday) -> &[Span] {
        // the offset is one of 0 to 6
        let day = usize::try_from(weekday.to_monday_zero_offset()).unwrap_or_default();
        &self.0[day]
    }

    /// Whether no day has hours.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.iter().all(Vec::is_empty)
    }
}

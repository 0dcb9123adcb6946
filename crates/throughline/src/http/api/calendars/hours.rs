//! Hours as the API writes and shows them: times of day such as 08:30, and 24:00 for the end of a day.

use serde::{Deserialize, Serialize};
use throughline_core::Refusal;
use throughline_core::network::calendar::{MINUTES_OF_DAY, Span, WEEKDAYS, WeeklyHours};
use utoipa::ToSchema;

/// A time of a day during which it is open. What goes on past midnight is two spans, one on each day.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = OpeningSpan)]
#[serde(deny_unknown_fields)]
pub struct SpanShape {
    /// When it opens, in local time.
    #[schema(pattern = "^([01][0-9]|2[0-3]):[0-5][0-9]$", example = "08:00")]
    pub from: String,
    /// When it closes, in local time; 24:00 is the end of the day.
    #[schema(pattern = "^(([01][0-9]|2[0-3]):[0-5][0-9]|24:00)$", example = "17:30")]
    pub to: String,
}

/// The opening hours of each day of the week; a day without spans is closed.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = WeeklyHours)]
#[serde(deny_unknown_fields)]
pub struct HoursShape {
    /// Mondays.
    #[serde(default)]
    #[schema(max_items = 12)]
    monday: Vec<SpanShape>,
    /// Tuesdays.
    #[serde(default)]
    #[schema(max_items = 12)]
    tuesday: Vec<SpanShape>,
    /// Wednesdays.
    #[serde(default)]
    #[schema(max_items = 12)]
    wednesday: Vec<SpanShape>,
    /// Thursdays.
    #[serde(default)]
    #[schema(max_items = 12)]
    thursday: Vec<SpanShape>,
    /// Fridays.
    #[serde(default)]
    #[schema(max_items = 12)]
    friday: Vec<SpanShape>,
    /// Saturdays.
    #[serde(default)]
    #[schema(max_items = 12)]
    saturday: Vec<SpanShape>,
    /// Sundays.
    #[serde(default)]
    #[schema(max_items = 12)]
    sunday: Vec<SpanShape>,
}

impl SpanShape {
    /// Shows a span.
    #[must_use]
    pub fn new(span: Span) -> Self {
        let time_of_day = |minute: u16| format!("{:02}:{:02}", minute / 60, minute % 60);
        Self {
            from: time_of_day(span.from_minute),
            to: time_of_day(span.to_minute),
        }
    }
}

impl HoursShape {
    /// Shows the hours of a week.
    #[must_use]
    pub fn new(hours: &WeeklyHours) -> Self {
        let on = |day: usize| hours.0[day].iter().copied().map(SpanShape::new).collect();
        Self {
            monday: on(0),
            tuesday: on(1),
            wednesday: on(2),
            thursday: on(3),
            friday: on(4),
            saturday: on(5),
            sunday: on(6),
        }
    }

    /// The hours of a week.
    ///
    /// # Errors
    /// Refuses what is no time of day, below `pointer`.
    pub fn hours(&self, pointer: &str) -> Result<WeeklyHours, Refusal> {
        let mut hours = WeeklyHours::default();
        let days = [
            &self.monday,
            &self.tuesday,
            &self.wednesday,
            &self.thursday,
            &self.friday,
            &self.saturday,
            &self.sunday,
        ];
        for ((day, name), shapes) in hours.0.iter_mut().zip(WEEKDAYS).zip(days) {
            *day = spans(&format!("{pointer}/{name}"), shapes)?;
        }
        Ok(hours)
    }
}

/// The spans of a day.
///
/// # Errors
/// Refuses what is no time of day, below `pointer`.
pub fn spans(pointer: &str, shapes: &[SpanShape]) -> Result<Vec<Span>, Refusal> {
    let span = |(position, shape): (usize, &SpanShape)| {
        Ok(Span {
            from_minute: minute(&format!("{pointer}/{position}/from"), &shape.from)?,
            to_minute: minute(&format!("{pointer}/{position}/to"), &shape.to)?,
        })
    };
    shapes.iter().enumerate().map(span).collect()
}

/// Reads a time of day such as 08:30, as minutes after midnight.
fn minute(pointer: &str, text: &str) -> Result<u16, Refusal> {
    let number = |digits: &str| {
        let is_number = digits.len() == 2 && digits.bytes().all(|byte| byte.is_ascii_digit());
        is_number.then(|| digits.parse::<u16>().ok()).flatten()
    };
    let read = text.split_once(':').and_then(|(hours, minutes)| {
        let (hours, minutes) = (number(hours)?, number(minutes)?);
        (minutes < 60).then_some(hours * 60 + minutes)
    });
    read.filter(|minute| *minute <= MINUTES_OF_DAY)
        .ok_or_else(|| {
            let problem = "must be a time of day such as 08:30, at the latest 24:00";
            Refusal::invalid(pointer, problem)
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_of_day_are_minutes_after_midnight() {
        for (text, expected) in [
            ("00:00", 0),
            ("08:30", 510),
            ("23:59", 1_439),
            ("24:00", 1_440),
        ] {
            assert_eq!(minute("/from", text), Ok(expected), "{text}");
        }
        for bad in [
            "", "8:30", "08:60", "24:01", "25:00", "+1:00", "08:3", "0830", "08:30:00", "é:00",
        ] {
            let refusal = minute("/hours/monday/0/from", bad).unwrap_err();
            assert_eq!(refusal.field(), Some("/hours/monday/0/from"), "{bad}");
        }
    }

    #[test]
    fn hours_are_shown_as_they_were_written() {
        let text = r#"{"monday":[{"from":"08:00","to":"12:00"},{"from":"13:00","to":"24:00"}],"tuesday":[],"wednesday":[],"thursday":[],"friday":[],"saturday":[{"from":"00:00","to":"00:01"}],"sunday":[]}"#;
        let shape: HoursShape = serde_json::from_str(text).unwrap();
        let hours = shape.hours("/hours").unwrap();
        assert_eq!(hours.0[5][0].minutes(), 1);
        let shown = serde_json::to_string(&HoursShape::new(&hours)).unwrap();
        assert_eq!(shown, text);
        let bad = r#"{"sunday":[{"from":"08:00","to":"noon"}]}"#;
        let bad: HoursShape = serde_json::from_str(bad).unwrap();
        let refusal = bad.hours("/hours").unwrap_err();
        assert_eq!(refusal.field(), Some("/hours/sunday/0/to"));
    }
}

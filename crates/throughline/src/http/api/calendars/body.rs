//! A calendar as the caller writes it.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use throughline_core::Refusal;
use throughline_core::command::PutMode;
use throughline_core::network::calendar::{Exception, HolidayRegion};
use throughline_core::network::{Calendar, CalendarId, PutCalendar};
use utoipa::ToSchema;

use super::hours::{HoursShape, SpanShape, spans};
use crate::http::api::names::name;
use crate::http::body::RequestBody;

/// A calendar to create or change.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = CalendarData)]
#[serde(deny_unknown_fields)]
pub struct CalendarBody {
    /// The merchant's own code. Needed by POST; in PUT it may be left away, or must be the path's.
    #[schema(min_length = 1, max_length = 64)]
    code: Option<String>,
    /// What people call it.
    #[schema(min_length = 1, max_length = 255)]
    name: String,
    /// The hours of an ordinary week; a day that is not named is closed.
    hours: Option<HoursShape>,
    /// Whose public holidays are closed; absent: holidays are days like others.
    holidays: Option<HolidaysShape>,
    /// Dates that are other than their weekday; they come before holidays, too.
    #[schema(max_items = 1000)]
    exceptions: Option<Vec<ExceptionShape>>,
}

/// Whose public holidays are closed.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[schema(as = CalendarHolidays)]
#[serde(deny_unknown_fields)]
pub struct HolidaysShape {
    /// ISO 3166-1 alpha-2 code of the country; the refusal of an unknown one names those that are known.
    #[schema(example = "DE", max_length = 64)]
    pub country: String,
    /// The part after the hyphen of an ISO 3166-2 code; absent: what is a holiday in the whole country.
    #[schema(example = "BY", max_length = 64)]
    pub subdivision: Option<String>,
}

/// A date that is other than its weekday.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[schema(as = CalendarException)]
#[serde(deny_unknown_fields)]
pub struct ExceptionShape {
    /// The date, once.
    #[schema(value_type = String, format = Date)]
    pub date: Date,
    /// Its hours; none: closed.
    #[serde(default)]
    #[schema(max_items = 12)]
    pub hours: Vec<SpanShape>,
    /// Why, in the merchant's words.
    #[schema(max_length = 500)]
    pub note: Option<String>,
}

impl RequestBody for CalendarBody {}

impl CalendarBody {
    /// The command that writes the calendar with the code of the path, or the body's own where there is none.
    ///
    /// # Errors
    /// Refuses a missing code, another code than the path's, and what is no time of day.
    pub fn command(self, path: Option<String>, mode: PutMode) -> Result<PutCalendar, Refusal> {
        let exceptions = self.exceptions.unwrap_or_default();
        let calendar = Calendar {
            id: CalendarId(0),
            code: name("code", path, self.code)?,
            name: self.name,
            hours: self.hours.unwrap_or_default().hours("/hours")?,
            holidays: self.holidays.map(|shape| HolidayRegion {
                country: shape.country,
                subdivision: shape.subdivision,
            }),
            exceptions: exceptions
                .into_iter()
                .enumerate()
                .map(|(position, shape)| exception(position, shape))
                .collect::<Result<_, _>>()?,
        };
        Ok(PutCalendar { calendar, mode })
    }
}

fn exception(position: usize, shape: ExceptionShape) -> Result<Exception, Refusal> {
    Ok(Exception {
        date: shape.date,
        hours: spans(&format!("/exceptions/{position}/hours"), &shape.hours)?,
        note: shape.note,
    })
}

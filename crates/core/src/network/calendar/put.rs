//! Writing a calendar; one that is impossible is refused.

use std::sync::Arc;

use jiff::civil::Date;
use rustc_hash::FxHashSet;

use super::days::{Calendar, CalendarId, DAYS_AHEAD, Exception, HolidayRegion};
use super::holidays;
use super::hours::{MINUTES_OF_DAY, Span, WEEKDAYS};
use crate::command::PutMode;
use crate::decide::{Attempt, Stop};
use crate::decision::{Answer, Resource};
use crate::network::{Member, number_up_to};
use crate::refusal::Refusal;
use crate::text;
use crate::time::Millis;

/// Most calendars.
pub const CALENDARS_MAX: usize = 5_000;
/// Most exceptions of a calendar.
pub const EXCEPTIONS_MAX: usize = 1_000;
/// Most spans of a day.
pub const SPANS_MAX: usize = 12;

/// Creates a calendar, or replaces the one with the same code.
#[derive(Debug, Clone)]
pub struct PutCalendar {
    /// All fields; the id is given by the decision, and the exceptions may come in any order.
    pub calendar: Calendar,
    /// Refuse if the code is taken (create) or unknown (change).
    pub mode: PutMode,
}

/// Creates or replaces a calendar. One that is the same already makes no new version of the network.
///
/// # Errors
/// Refuses invalid fields, calendars that are never open, a taken code on create, an unknown code on change, and more than
/// [`CALENDARS_MAX`] calendars.
pub fn put_calendar(attempt: &mut Attempt<'_>, command: &PutCalendar) -> Result<Answer, Stop> {
    let calendar = checked(&command.calendar, attempt.now())?;
    let calendars = &attempt.network().calendars;
    let known = calendars.iter().position(|one| one.code == calendar.code);
    command
        .mode
        .check("calendar", &calendar.code, known.is_some())?;
    let number = number_up_to(CALENDARS_MAX, "calendars", known, calendars.len())?;
    let id = CalendarId(number);
    let calendar = Calendar { id, ..calendar };
    if known.is_none_or(|position| *calendars[position] != calendar) {
        attempt.put_member(Member::Calendar(Arc::new(calendar)));
    }
    Ok(match known {
        Some(_) => Answer::ok(Resource::Calendar(id)),
        None => Answer::created(Resource::Calendar(id)),
    })
}

/// The calendar with its exceptions by date, if it is possible.
fn checked(calendar: &Calendar, now: Millis) -> Result<Calendar, Refusal> {
    text::name("/code", &calendar.code, text::CODE_MAX)?;
    text::required("/name", &calendar.name, text::NAME_MAX)?;
    for (day, spans) in WEEKDAYS.iter().zip(&calendar.hours.0) {
        check_spans(&format!("/hours/{day}"), spans)?;
    }
    calendar.holidays.as_ref().map_or(Ok(()), check_region)?;
    check_exceptions(&calendar.exceptions)?;
    let mut calendar = calendar.clone();
    calendar.exceptions.sort_unstable_by_key(|one| one.date);
    check_opens(&calendar, now.utc_date())?;
    Ok(calendar)
}

fn check_spans(pointer: &str, spans: &[Span]) -> Result<(), Refusal> {
    if spans.len() > SPANS_MAX {
        let problem = format!("may hold at most {SPANS_MAX} spans");
        return Err(Refusal::invalid(pointer, problem));
    }
    let mut closed_until = 0;
    for (position, span) in spans.iter().enumerate() {
        let problem = if span.to_minute > MINUTES_OF_DAY {
            Some(
                "must end at 24:00 at the latest; what goes on past midnight belongs to the next day",
            )
        } else if span.from_minute >= span.to_minute {
            Some(
                "must begin before it ends; what goes on past midnight is two spans, one on each day",
            )
        } else if span.from_minute < closed_until {
            Some(
                "must begin after the span before it has ended; put the spans in order and join those that overlap",
            )
        } else {
            None
        };
        if let Some(problem) = problem {
            return Err(Refusal::invalid(format!("{pointer}/{position}"), problem));
        }
        closed_until = span.to_minute;
    }
    Ok(())
}

fn check_region(region: &HolidayRegion) -> Result<(), Refusal> {
    let country = region.country.as_str();
    if !holidays::countries().any(|known| known == country) {
        let known: Vec<&str> = holidays::countries().collect();
        let problem = format!(
            "no public holidays of {country:?} are known, only those of {}; leave the holidays away and list the closed dates as exceptions",
            known.join(", ")
        );
        return Err(Refusal::invalid("/holidays/country", problem));
    }
    let Some(subdivision) = region.subdivision.as_deref() else {
        return Ok(());
    };
    let known: Vec<&str> = holidays::subdivisions(country).collect();
    if known.contains(&subdivision) {
        return Ok(());
    }
    let known = match known.as_slice() {
        [] => "none of its subdivisions".to_owned(),
        known => format!("of its subdivisions only {}", known.join(", ")),
    };
    let problem = format!(
        "no public holidays of {country}-{subdivision} are known: of {country} the whole country is, and {known}; leave it away and list other closed dates as exceptions"
    );
    Err(Refusal::invalid("/holidays/subdivision", problem))
}

fn check_exceptions(exceptions: &[Exception]) -> Result<(), Refusal> {
    if exceptions.len() > EXCEPTIONS_MAX {
        let problem = format!("may hold at most {EXCEPTIONS_MAX} dates; leave past ones away");
        return Err(Refusal::invalid("/exceptions", problem));
    }
    let mut dates = FxHashSet::default();
    for (position, exception) in exceptions.iter().enumerate() {
        let pointer = format!("/exceptions/{position}");
        if !dates.insert(exception.date) {
            let problem = format!("{} is listed twice; keep one of them", exception.date);
            return Err(Refusal::invalid(format!("{pointer}/date"), problem));
        }
        check_spans(&format!("{pointer}/hours"), &exception.hours)?;
        let note = exception.note.as_deref();
        text::optional(format!("{pointer}/note"), note, text::REASON_MAX)?;
    }
    Ok(())
}

/// Refuses a calendar that is never open: whoever follows it would never do anything.
fn check_opens(calendar: &Calendar, today: Date) -> Result<(), Refusal> {
    let no_exception_opens = calendar.exceptions.iter().all(|one| one.hours.is_empty());
    if calendar.hours.is_empty() && no_exception_opens {
        let problem = "must open on at least one day of the week, or have a date with hours among the exceptions";
        return Err(Refusal::invalid("/hours", problem));
    }
    if calendar.next_working_day(today).is_some() {
        return Ok(());
    }
    let field = if calendar.hours.is_empty() {
        "/hours"
    } else {
        "/exceptions"
    };
    let problem =
        format!("leaves no working day within {DAYS_AHEAD} days from {today}; open at least one");
    Err(Refusal::invalid(field, problem))
}

#[cfg(test)]
mod tests {
    use super::super::days::calendar;
    use super::*;
    use crate::fixture::Settings;

    fn put(calendar: Calendar) -> crate::Command {
        let mode = PutMode::Ensure;
        crate::Command::PutCalendar(PutCalendar { calendar, mode })
    }

    #[test]
    fn a_calendar_is_made_once_and_changed_by_its_code() {
        let mut settings = Settings::default();
        let office = calendar("mon-fri 08:00-17:00; DE; 2026-12-31, 2026-12-24");
        let created = settings.put(put(office.clone())).unwrap();
        assert_eq!(created, Answer::created(Resource::Calendar(CalendarId(0))));
        let kept = &settings.network().calendars[0];
        let dates: Vec<String> = kept
            .exceptions
            .iter()
            .map(|one| one.date.to_string())
            .collect();
        assert_eq!(dates, ["2026-12-24", "2026-12-31"]);
        let version = settings.network().version;
        settings.put(put(office.clone())).unwrap();
        assert_eq!(settings.network().version, version);
        let renamed = Calendar {
            name: "Office".to_owned(),
            ..office.clone()
        };
        let changed = settings.put(put(renamed)).unwrap();
        assert_eq!(changed, Answer::ok(Resource::Calendar(CalendarId(0))));
        assert_eq!(settings.network().version, version + 1);
        let other = Calendar {
            code: "D".to_owned(),
            ..office.clone()
        };
        settings.put(put(other)).unwrap();
        let found = settings.network().calendar_by_code("D").unwrap();
        assert_eq!(found.id, CalendarId(1));
        let taken = PutCalendar {
            calendar: office,
            mode: PutMode::Create,
        };
        let refused = settings.put(crate::Command::PutCalendar(taken));
        assert_eq!(refused.unwrap_err().code(), "already_exists");
    }

    #[test]
    fn impossible_calendars_are_refused_with_their_field() {
        let all_closed: Vec<Exception> = (0..366)
            .scan("2026-01-05".parse::<Date>().unwrap(), |day, _| {
                let date = *day;
                *day = day.tomorrow().unwrap();
                Some(Exception {
                    date,
                    hours: Vec::new(),
                    note: None,
                })
            })
            .collect();
        let never = Calendar {
            exceptions: all_closed,
            ..calendar("mon-sun 08:00-09:00")
        };
        let without_hours = |text: &str| Calendar {
            hours: Default::default(),
            ..calendar(text)
        };
        let nameless = Calendar {
            name: " ".to_owned(),
            ..calendar("mon 08:00-09:00")
        };
        let thirteen = (0..13).map(|hour| format!("wed {hour}:00-{hour}:30"));
        let thirteen = thirteen.collect::<Vec<_>>().join(", ");
        for (calendar, field, said) in [
            (
                without_hours("mon 08:00-09:00"),
                "/hours",
                "at least one day of the week",
            ),
            (
                without_hours("mon 08:00-09:00; ; 2026-02-01"),
                "/hours",
                "at least one day",
            ),
            (
                without_hours("mon 08:00-09:00; ; 2025-12-01 08:00-09:00"),
                "/hours",
                "from 2026-01-05",
            ),
            (never, "/exceptions", "no working day within 366 days"),
            (
                calendar("mon 09:00-08:00"),
                "/hours/monday/0",
                "begin before it ends",
            ),
            (
                calendar("mon 09:00-09:00"),
                "/hours/monday/0",
                "begin before it ends",
            ),
            (
                calendar("sun 09:00-24:01"),
                "/hours/sunday/0",
                "24:00 at the latest",
            ),
            (
                calendar("tue 08:00-12:00, tue 11:59-13:00"),
                "/hours/tuesday/1",
                "overlap",
            ),
            (
                calendar("tue 12:00-13:00, tue 08:00-09:00"),
                "/hours/tuesday/1",
                "in order",
            ),
            (calendar(&thirteen), "/hours/wednesday", "at most 12"),
            (
                calendar("mon 08:00-09:00; AT"),
                "/holidays/country",
                "AU, BE, BR, CA, CN, DE, ES",
            ),
            (
                calendar("mon 08:00-09:00; DE-HE"),
                "/holidays/subdivision",
                "only BE, BY, NW",
            ),
            (
                calendar("mon 08:00-09:00; FR-75"),
                "/holidays/subdivision",
                "none of its subdivisions",
            ),
            (
                calendar("mon 08:00-09:00; ; 2026-02-01, 2026-03-01, 2026-02-01"),
                "/exceptions/2/date",
                "twice",
            ),
            (
                calendar("mon 08:00-09:00; ; 2026-02-01 10:00-09:00"),
                "/exceptions/0/hours/0",
                "begin before",
            ),
            (nameless, "/name", "must not be empty"),
        ] {
            let refusal = checked(&calendar, Millis(1_767_600_000_000)).unwrap_err();
            assert_eq!(refusal.field(), Some(field), "{refusal}");
            assert!(refusal.to_string().contains(said), "{refusal}");
        }
    }

    #[test]
    fn odd_calendars_that_are_open_some_day_are_possible() {
        let pop_up = Calendar {
            hours: Default::default(),
            ..calendar("mon 08:00-09:00; ; 2026-02-01 08:00-12:00 12:00-24:00")
        };
        assert!(checked(&pop_up, Millis(1_767_600_000_000)).is_ok());
        let night = calendar("mon 00:00-06:00, mon 22:00-24:00, tue 00:00-06:00");
        assert!(checked(&night, Millis(1_767_600_000_000)).is_ok());
    }
}

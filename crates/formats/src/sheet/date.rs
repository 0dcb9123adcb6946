//! Dates as spreadsheets write them, to instants.

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::fmt::strtime;
use jiff::tz::TimeZone;

use super::fault::MappingFault;
use super::mapping::Format;

/// Years outside of this are typing errors, or two-digit years read with the wrong format.
const YEARS: std::ops::RangeInclusive<i16> = 1970..=2199;

/// How the file writes dates.
#[derive(Debug)]
pub(crate) struct Dates {
    formats: Vec<DateFormat>,
    zone: TimeZone,
}

#[derive(Debug)]
enum DateFormat {
    Iso,
    Pattern(String),
}

/// What a cell says: a reading of some wall clock, or an instant.
enum Moment {
    Wall(DateTime),
    Instant(Timestamp),
}

impl Dates {
    pub(crate) fn new(format: &Format) -> Result<Self, MappingFault> {
        let zone = TimeZone::get(&format.time_zone).map_err(|_| MappingFault::Value {
            key: "format.time_zone".to_owned(),
            problem: format!(
                "\"{}\" is no IANA time zone such as Europe/London or UTC",
                format.time_zone
            ),
        })?;
        let formats = format
            .date_formats
            .iter()
            .map(|pattern| DateFormat::new(pattern))
            .collect::<Result<Vec<_>, _>>()?;
        if formats.is_empty() {
            let problem =
                "name at least one format, such as \"%d/%m/%Y %H:%M\" or \"iso\"".to_owned();
            return Err(MappingFault::Value {
                key: "format.date_formats".to_owned(),
                problem,
            });
        }
        Ok(Self { formats, zone })
    }

    /// The instant. ISO 8601, which cannot be mistaken and is what workbooks give, is always understood. Dates without a time are midnight; a time that a clock change skips or repeats is read as the offset
    /// before the change has it.
    pub(crate) fn instant(&self, text: &str) -> Result<Timestamp, String> {
        let moment = self
            .formats
            .iter()
            .find_map(|format| format.read(text))
            .or_else(|| iso(text))
            .ok_or_else(|| self.unreadable(text))?;
        let wall = match moment {
            Moment::Instant(instant) => {
                return in_range(instant.to_zoned(TimeZone::UTC).datetime()).map(|()| instant);
            }
            Moment::Wall(wall) => wall,
        };
        in_range(wall)?;
        self.zone
            .to_ambiguous_timestamp(wall)
            .compatible()
            .map_err(|_| self.unreadable(text))
    }

    fn unreadable(&self, text: &str) -> String {
        if text.is_empty() {
            return "the date is empty".to_owned();
        }
        let formats: Vec<String> = self.formats.iter().map(DateFormat::name).collect();
        format!(
            "\"{text}\" is no date written as {}: correct it, or add its format to date_formats under [format]",
            formats.join(" or ")
        )
    }
}

impl DateFormat {
    fn new(pattern: &str) -> Result<Self, MappingFault> {
        if pattern == "iso" {
            return Ok(Self::Iso);
        }
        let sample = DateTime::constant(2011, 12, 9, 12, 50, 0, 0);
        let usable = pattern.contains('%')
            && strtime::format(
                pattern,
                &sample
                    .to_zoned(TimeZone::UTC)
                    .map_err(|_| bad_pattern(pattern))?,
            )
            .is_ok();
        if usable {
            Ok(Self::Pattern(pattern.to_owned()))
        } else {
            Err(bad_pattern(pattern))
        }
    }

    fn name(&self) -> String {
        match self {
            Self::Iso => "2011-12-09 12:50".to_owned(),
            Self::Pattern(pattern) => pattern.clone(),
        }
    }

    fn read(&self, text: &str) -> Option<Moment> {
        match self {
            Self::Iso => iso(text),
            Self::Pattern(pattern) => {
                let parsed = strtime::parse(pattern, text).ok()?;
                if parsed.offset().is_some() || parsed.timestamp().is_some() {
                    return parsed.to_timestamp().ok().map(Moment::Instant);
                }
                let date = parsed.to_date().ok()?;
                let time = parsed.to_time().unwrap_or_default();
                Some(Moment::Wall(date.to_datetime(time)))
            }
        }
    }
}

/// ISO 8601: with an offset it is an instant, without one a wall clock.
fn iso(text: &str) -> Option<Moment> {
    text.parse()
        .ok()
        .map(Moment::Instant)
        .or_else(|| text.parse().ok().map(Moment::Wall))
}

fn in_range(wall: DateTime) -> Result<(), String> {
    if YEARS.contains(&wall.year()) {
        return Ok(());
    }
    Err(format!(
        "the year {} is out of range; years of two digits are written %y in date_formats",
        wall.year()
    ))
}

fn bad_pattern(pattern: &str) -> MappingFault {
    let problem = format!(
        "\"{pattern}\" is no date format in strftime notation such as \"%d/%m/%Y %H:%M\", nor \"iso\""
    );
    MappingFault::Value {
        key: "format.date_formats".to_owned(),
        problem,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn dates(formats: &[&str], zone: &str) -> Dates {
        let date_formats = formats.iter().map(|format| (*format).to_owned()).collect();
        Dates::new(&Format {
            date_formats,
            time_zone: zone.to_owned(),
            ..Format::default()
        })
        .unwrap()
    }

    #[test]
    fn dates_become_instants_of_their_zone() {
        let cases: [(&[&str], &str, &str, &str); 10] = [
            (
                &["iso"],
                "Europe/London",
                "2010-12-01 08:26:00",
                "2010-12-01T08:26:00Z",
            ),
            (
                &["iso"],
                "Europe/London",
                "2011-07-05 11:36:00",
                "2011-07-05T10:36:00Z",
            ),
            (
                &["iso"],
                "Europe/London",
                "2015-01-26T20:00:21Z",
                "2015-01-26T20:00:21Z",
            ),
            (
                &["iso"],
                "UTC",
                "2015-01-26T20:00:21+02:00",
                "2015-01-26T18:00:21Z",
            ),
            (
                &["iso"],
                "America/New_York",
                "2015-01-26",
                "2015-01-26T05:00:00Z",
            ),
            (
                &["%d/%m/%Y %H:%M", "%d/%m/%Y"],
                "UTC",
                "01/02/2011 08:05",
                "2011-02-01T08:05:00Z",
            ),
            (
                &["%d/%m/%Y %H:%M", "%d/%m/%Y"],
                "UTC",
                "01/02/2011",
                "2011-02-01T00:00:00Z",
            ),
            (
                &["%d/%m/%Y"],
                "UTC",
                "2011-02-01 08:05:00",
                "2011-02-01T08:05:00Z",
            ),
            (
                &["%m/%d/%y %I:%M %p"],
                "UTC",
                "2/1/11 8:05 PM",
                "2011-02-01T20:05:00Z",
            ),
            (
                &["iso"],
                "Europe/London",
                "2011-03-27 01:30:00",
                "2011-03-27T01:30:00Z",
            ),
        ];
        for (formats, zone, text, instant) in cases {
            assert_eq!(
                dates(formats, zone).instant(text).map(|i| i.to_string()),
                Ok(instant.to_owned()),
                "{text}"
            );
        }
    }

    #[test]
    fn what_is_no_date_says_how_dates_are_written() {
        let british = dates(&["%d/%m/%Y"], "UTC");
        let cases = [
            ("", "the date is empty"),
            (
                "2/2011",
                "\"2/2011\" is no date written as %d/%m/%Y: correct it, or add its format to date_formats under [format]",
            ),
            (
                "31/02/2011",
                "\"31/02/2011\" is no date written as %d/%m/%Y: correct it, or add its format to date_formats under [format]",
            ),
            (
                "01/02/0011",
                "the year 11 is out of range; years of two digits are written %y in date_formats",
            ),
        ];
        for (text, problem) in cases {
            assert_eq!(british.instant(text), Err(problem.to_owned()), "{text}");
        }
    }

    #[test]
    fn formats_and_zones_are_checked_beforehand() {
        for (formats, zone) in [
            (vec!["%!"], "UTC"),
            (vec!["yyyy-mm-dd"], "UTC"),
            (vec!["iso"], "Europe/Londn"),
            (vec![], "UTC"),
        ] {
            let date_formats = formats.into_iter().map(str::to_owned).collect();
            assert!(
                Dates::new(&Format {
                    date_formats,
                    time_zone: zone.to_owned(),
                    ..Format::default()
                })
                .is_err()
            );
        }
    }
}

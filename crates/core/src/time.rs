//! Points in time, as values. Core never asks what time it is.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};

/// Milliseconds since 1970-01-01T00:00:00Z.
#[derive(
    Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(transparent)]
pub struct Millis(pub i64);

impl Millis {
    /// The earliest and the latest instant an order may carry: the years 1970 to 9999.
    pub const MAX: Self = Self(253_402_300_799_999);

    /// This instant, `ms` milliseconds later; saturates at the ends of the range.
    #[must_use]
    pub fn plus_ms(self, ms: i64) -> Self {
        Self(self.0.saturating_add(ms))
    }

    /// The instant as a timestamp; the nearest one where it is out of range.
    #[must_use]
    pub fn timestamp(self) -> jiff::Timestamp {
        jiff::Timestamp::from_millisecond(self.0).unwrap_or(if self.0 < 0 {
            jiff::Timestamp::MIN
        } else {
            jiff::Timestamp::MAX
        })
    }

    /// The date in UTC; instants beyond the calendar's end have its last date.
    #[must_use]
    pub fn utc_date(self) -> Date {
        let instant = Timestamp::from_millisecond(self.0).unwrap_or(Timestamp::MAX);
        instant.to_zoned(TimeZone::UTC).date()
    }

    /// Whether the instant lies in the range that can be shown as an RFC 3339 date.
    #[must_use]
    pub fn is_valid(self) -> bool {
        (0..=Self::MAX.0).contains(&self.0)
    }

    /// The day on a calendar in this IANA time zone; in UTC where the zone is not known.
    #[must_use]
    pub fn local_date(self, zone: &str) -> Date {
        let zone = TimeZone::get(zone).unwrap_or(TimeZone::UTC);
        let instant = Timestamp::from_millisecond(self.0).unwrap_or(Timestamp::UNIX_EPOCH);
        instant.to_zoned(zone).date()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn a_day_begins_where_its_zone_says() {
        // 2026-01-05T23:30:00Z
        let late = Millis(1_767_655_800_000);
        for (zone, day) in [
            ("UTC", date(2026, 1, 5)),
            ("Europe/Berlin", date(2026, 1, 6)),
            ("America/New_York", date(2026, 1, 5)),
            ("Nowhere/Else", date(2026, 1, 5)),
        ] {
            assert_eq!(late.local_date(zone), day, "{zone}");
        }
    }
}

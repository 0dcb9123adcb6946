//! Shapes that several resources share: times, addresses, people, charges.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use throughline_core::order::Charge;
use throughline_core::party::{Address, Person};
use throughline_core::time::Millis;
use utoipa::ToSchema;

/// An instant, written as RFC 3339 in UTC.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Instant(pub Millis);

impl Serialize for Instant {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match Timestamp::from_millisecond(self.0.0) {
            Ok(timestamp) => serializer.collect_str(&timestamp),
            Err(_) => serializer.serialize_none(),
        }
    }
}

impl<'de> Deserialize<'de> for Instant {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        let problem = || {
            serde::de::Error::custom(format!(
                "{text:?} is no RFC 3339 time such as 2026-01-31T12:00:00Z"
            ))
        };
        let timestamp: Timestamp = text.parse().map_err(|_| problem())?;
        Ok(Self(Millis(timestamp.as_millisecond())))
    }
}

/// A time to compare with: an RFC 3339 time, or a date, which stands for its first moment in UTC.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Moment(pub Millis);

impl<'de> Deserialize<'de> for Moment {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        let time: Option<Timestamp> = text.parse().ok();
        let midnight = || {
            let is_date = text.len() == "2026-01-31".len();
            let date: Date = text.parse().ok().filter(|_| is_date)?;
            Some(date.to_zoned(TimeZone::UTC).ok()?.timestamp())
        };
        time.or_else(midnight)
            .map(|time| Self(Millis(time.as_millisecond())))
            .ok_or_else(|| {
                serde::de::Error::custom(format!(
                    "{text:?} is no date, and no RFC 3339 time such as 2026-01-31T12:00:00Z"
                ))
            })
    }
}

/// A postal address.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = Address)]
#[serde(deny_unknown_fields)]
pub struct AddressShape {
    /// Recipient.
    #[serde(default)]
    #[schema(max_length = 255)]
    pub name: String,
    /// Street and number.
    #[serde(default)]
    #[schema(max_length = 255)]
    pub line1: String,
    /// Flat, floor, care of.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 255)]
    pub line2: Option<String>,
    /// Town.
    #[serde(default)]
    #[schema(max_length = 255)]
    pub city: String,
    /// State, province, county.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 255)]
    pub region: Option<String>,
    /// Postal code.
    #[serde(default)]
    #[schema(max_length = 32)]
    pub postal_code: String,
    /// ISO 3166-1 alpha-2 country code.
    #[serde(default)]
    #[schema(example = "DE")]
    pub country: String,
    /// Degrees north, if known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(minimum = -90, maximum = 90)]
    pub latitude: Option<f64>,
    /// Degrees east, if known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(minimum = -180, maximum = 180)]
    pub longitude: Option<f64>,
}

impl From<AddressShape> for Address {
    fn from(shape: AddressShape) -> Self {
        Self {
            name: shape.name,
            line1: shape.line1,
            line2: shape.line2,
            city: shape.city,
            region: shape.region,
            postal_code: shape.postal_code,
            country: shape.country,
            latitude: shape.latitude,
            longitude: shape.longitude,
            located: None,
        }
    }
}

/// A person as a customer.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = Person)]
#[serde(deny_unknown_fields)]
pub struct PersonShape {
    /// Email address; also what recognises the customer.
    #[serde(default)]
    #[schema(max_length = 254)]
    pub email: Option<String>,
    /// Full name.
    #[serde(default)]
    #[schema(max_length = 255)]
    pub name: Option<String>,
    /// Telephone number.
    #[serde(default)]
    #[schema(max_length = 64)]
    pub phone: Option<String>,
}

impl From<PersonShape> for Person {
    fn from(shape: PersonShape) -> Self {
        Self {
            email: shape.email,
            name: shape.name,
            phone: shape.phone,
        }
    }
}

/// A charge or, when negative, a discount of the whole order.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = Charge)]
#[serde(deny_unknown_fields)]
pub struct ChargeShape {
    /// What it is for: `shipping`, `discount`, `fee` or a word of the merchant's own.
    #[schema(min_length = 1, max_length = 64, example = "shipping")]
    pub kind: String,
    /// Amount in minor units; negative for a discount.
    pub amount_minor: i64,
    /// Tax in minor units.
    #[serde(default)]
    pub tax_minor: Option<i64>,
    /// What people call it.
    #[serde(default)]
    #[schema(max_length = 255)]
    pub title: Option<String>,
}

impl From<ChargeShape> for Charge {
    fn from(shape: ChargeShape) -> Self {
        Self {
            kind: shape.kind,
            amount_minor: shape.amount_minor,
            tax_minor: shape.tax_minor.unwrap_or(0),
            title: shape.title,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn instants_are_rfc_3339_in_utc() {
        let instant: Instant = serde_json::from_str("\"2026-01-31T12:00:00.5+01:00\"").unwrap();
        assert_eq!(instant, Instant(Millis(1_769_857_200_500)));
        assert_eq!(
            serde_json::to_string(&instant).unwrap(),
            "\"2026-01-31T11:00:00.5Z\""
        );
        for bad in [
            "\"yesterday\"",
            "12",
            "\"2026-01-31\"",
            "\"2026-13-01T00:00:00Z\"",
        ] {
            assert!(serde_json::from_str::<Instant>(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_moment_is_a_time_or_the_beginning_of_a_day() {
        for (text, ms) in [
            ("\"2026-01-31T12:00:00.5+01:00\"", 1_769_857_200_500),
            ("\"2026-01-31\"", 1_769_817_600_000),
        ] {
            assert_eq!(
                serde_json::from_str::<Moment>(text).unwrap(),
                Moment(Millis(ms)),
                "{text}"
            );
        }
        for bad in [
            "\"\"",
            "\"2026-02-30\"",
            "\"2026-01-31T12:00:00\"",
            "\"20260131\"",
            "\"yesterday\"",
        ] {
            assert!(serde_json::from_str::<Moment>(bad).is_err(), "{bad}");
        }
    }
}

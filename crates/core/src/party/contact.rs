//! Contact rows: the only place where personal values live.

use serde::{Deserialize, Serialize};

use crate::geo::{Located, LocatedBy, Point};
use crate::refusal::Refusal;
use crate::text;

/// Longest email address, in bytes (RFC 5321, section 4.5.3.1.3, without the brackets).
const EMAIL_MAX: usize = 254;
/// Longest telephone number, in bytes.
const PHONE_MAX: usize = 64;
/// Longest postal code, in bytes.
const POSTAL_CODE_MAX: usize = 32;
/// Longest region that is kept with the destination, in bytes; longer ones are hardly the name of a region.
const REGION_MAX: usize = 64;

/// Degrees from the equator to a pole.
const LATITUDE_MAX: f64 = 90.0;
/// Degrees from the prime meridian to the antimeridian.
const LONGITUDE_MAX: f64 = 180.0;

/// What one contact row holds. Bodies, journal, jobs and logs name the row and never repeat it.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Contact {
    /// Who it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub person: Option<Person>,
    /// Where it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub address: Option<Address>,
    /// The customer's or the staff's own words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
}

/// A person as a customer.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Person {
    /// Email address; also what recognises the customer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// Full name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Telephone number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
}

/// A postal address.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Address {
    /// Recipient.
    #[serde(default)]
    pub name: String,
    /// Street and number.
    #[serde(default)]
    pub line1: String,
    /// Flat, floor, care of.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub line2: Option<String>,
    /// Town.
    #[serde(default)]
    pub city: String,
    /// State, province, county.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub region: Option<String>,
    /// Postal code.
    #[serde(default)]
    pub postal_code: String,
    /// ISO 3166-1 alpha-2 country code.
    #[serde(default)]
    pub country: String,
    /// Degrees north, if known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub latitude: Option<f64>,
    /// Degrees east, if known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub longitude: Option<f64>,
    /// Where its postal code or its country is; found before a command is queued, and never part of the address itself.
    #[serde(skip)]
    pub located: Option<Located>,
}

/// The part of an address that sourcing needs and that names nobody: the country, its region, the area of the postal code, and
/// coordinates rounded to a tenth of a degree (about 11 km).
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Destination {
    /// ISO 3166-1 alpha-2 country code.
    pub country: String,
    /// State, province or county as given; left out if it is longer than 64 bytes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub region: Option<String>,
    /// The area of the postal code, as [`super::area`] makes it: enough to find a carrier's zone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub area: Option<String>,
    /// Tenths of a degree north and east.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decidegrees: Option<(i16, i16)>,
    /// Where the coordinates came from; they were given in bodies from before this was kept.
    #[serde(default, skip_serializing_if = "LocatedBy::is_given")]
    pub located_by: LocatedBy,
    /// Whether the address lacks something without which no parcel can be sent there.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_incomplete: bool,
}

/// What is wrong with an address: the field and what to do about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProblemWithAddress {
    /// The field within the address.
    pub field: &'static str,
    /// What is wrong.
    pub problem: &'static str,
}

impl Person {
    /// Checks lengths and the form of the email address.
    ///
    /// # Errors
    /// [`Refusal::Invalid`] that names the field below `pointer`.
    pub fn check(&self, pointer: &str) -> Result<(), Refusal> {
        text::optional(format!("{pointer}/email"), self.email.as_deref(), EMAIL_MAX)?;
        text::optional(
            format!("{pointer}/name"),
            self.name.as_deref(),
            text::NAME_MAX,
        )?;
        text::optional(format!("{pointer}/phone"), self.phone.as_deref(), PHONE_MAX)?;
        match &self.email {
            Some(email) if !looks_like_email(email) => Err(Refusal::invalid(
                format!("{pointer}/email"),
                "is not an email address such as name@example.com",
            )),
            _ => Ok(()),
        }
    }

    /// The person as it can be kept, whatever [`Person::check`] says: texts cut to their limits, without control
    /// characters.
    #[must_use]
    pub fn storable(self) -> Self {
        Self {
            email: self.email.map(|text| text::storable(&text, EMAIL_MAX)),
            name: self.name.map(|text| text::storable(&text, text::NAME_MAX)),
            phone: self.phone.map(|text| text::storable(&text, PHONE_MAX)),
        }
    }

    /// Whether nothing is known.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.email.is_none() && self.name.is_none() && self.phone.is_none()
    }

    /// The form in which email addresses are compared: trimmed, lower case. What is no email address recognises nobody.
    #[must_use]
    pub fn email_key(&self) -> Option<String> {
        let email = self.email.as_ref().filter(|email| looks_like_email(email));
        email.map(|email| email.trim().to_lowercase())
    }
}

fn looks_like_email(email: &str) -> bool {
    let email = email.trim();
    match email.rsplit_once('@') {
        Some((local, domain)) => {
            !local.is_empty() && !domain.is_empty() && !email.contains(char::is_whitespace)
        }
        None => false,
    }
}

impl Address {
    /// Checks lengths and ranges; what is missing for a delivery is reported by [`Address::problems`].
    ///
    /// # Errors
    /// [`Refusal::Invalid`] that names the field below `pointer`.
    pub fn check(&self, pointer: &str) -> Result<(), Refusal> {
        for (field, value) in [
            ("name", &self.name),
            ("line1", &self.line1),
            ("city", &self.city),
        ] {
            text::optional(format!("{pointer}/{field}"), Some(value), text::NAME_MAX)?;
        }
        text::optional(
            format!("{pointer}/line2"),
            self.line2.as_deref(),
            text::NAME_MAX,
        )?;
        text::optional(
            format!("{pointer}/region"),
            self.region.as_deref(),
            text::NAME_MAX,
        )?;
        text::optional(
            format!("{pointer}/postal_code"),
            Some(&self.postal_code),
            POSTAL_CODE_MAX,
        )?;
        coordinate(&format!("{pointer}/latitude"), self.latitude, LATITUDE_MAX)?;
        coordinate(
            &format!("{pointer}/longitude"),
            self.longitude,
            LONGITUDE_MAX,
        )
    }

    /// Everything that keeps a parcel from being sent to this address.
    pub fn problems(&self) -> impl Iterator<Item = ProblemWithAddress> {
        let country = self.country.as_str();
        let needs_code = crate::network::has_postal_codes(country);
        let is_empty = |text: &str| text.trim().is_empty();
        let empty = "must not be empty";
        let no_country = "must be an ISO 3166-1 alpha-2 country code such as DE";
        [
            ("name", is_empty(&self.name), empty),
            ("line1", is_empty(&self.line1), empty),
            ("city", is_empty(&self.city), empty),
            ("country", !crate::network::is_country(country), no_country),
            (
                "postal_code",
                needs_code && is_empty(&self.postal_code),
                empty,
            ),
        ]
        .into_iter()
        .filter(|(_, is_wrong, _)| *is_wrong)
        .map(|(field, _, problem)| ProblemWithAddress { field, problem })
    }

    /// The address as it can be kept, whatever [`Address::check`] says: texts cut to their limits, without control
    /// characters; impossible coordinates are left out.
    #[must_use]
    pub fn storable(&self) -> Self {
        let name = |text: &String| text::storable(text, text::NAME_MAX);
        let coordinates = self.latitude.zip(self.longitude).filter(|(north, east)| {
            coordinate("", Some(*north), LATITUDE_MAX).is_ok()
                && coordinate("", Some(*east), LONGITUDE_MAX).is_ok()
        });
        Self {
            name: name(&self.name),
            line1: name(&self.line1),
            line2: self.line2.as_ref().map(name),
            city: name(&self.city),
            region: self.region.as_ref().map(name),
            postal_code: text::storable(&self.postal_code, POSTAL_CODE_MAX),
            country: text::storable(&self.country, text::CODE_MAX),
            latitude: coordinates.map(|(north, _)| north),
            longitude: coordinates.map(|(_, east)| east),
            located: self.located,
        }
    }

    /// The coordinates that came with the address, if they can be.
    #[must_use]
    pub fn given(&self) -> Option<Point> {
        let (latitude, longitude) = self.latitude.zip(self.longitude)?;
        Point::from_degrees(latitude, longitude)
    }

    /// What sourcing needs of this address.
    #[must_use]
    pub fn destination(&self) -> Destination {
        let given = self.latitude.zip(self.longitude).map(decidegrees);
        let located = self.located.filter(|_| given.is_none());
        Destination {
            country: self.country.clone(),
            region: self.region.as_deref().and_then(short_region),
            area: super::area(&self.country, &self.postal_code),
            decidegrees: given.or(located.map(|located| located.point.decidegrees())),
            located_by: located.map(|located| located.by).unwrap_or_default(),
            is_incomplete: self.problems().next().is_some(),
        }
    }
}

fn short_region(region: &str) -> Option<String> {
    let region = region.trim();
    (!region.is_empty() && region.len() <= REGION_MAX).then(|| region.to_owned())
}

fn coordinate(field: &str, value: Option<f64>, limit: f64) -> Result<(), Refusal> {
    match value {
        Some(value) if !(-limit..=limit).contains(&value) => Err(Refusal::invalid(
            field,
            format!("must lie between -{limit} and {limit} degrees"),
        )),
        _ => Ok(()),
    }
}

/// Degrees as tenths of a degree, rounded.
#[must_use]
#[expect(
    clippy::cast_possible_truncation,
    reason = "the range of coordinates was checked and fits by far"
)]
fn decidegrees((latitude, longitude): (f64, f64)) -> (i16, i16) {
    (
        (latitude * 10.0).round() as i16,
        (longitude * 10.0).round() as i16,
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn destination(body: &str) -> Destination {
        serde_json::from_str(body).unwrap()
    }

    #[test]
    fn coordinates_in_bodies_from_before_their_origin_was_kept_were_given() {
        let old = destination(r#"{"country":"DE","decidegrees":[525,134]}"#);
        assert_eq!(old.located_by, LocatedBy::Given);
        let body = r#"{"country":"DE","decidegrees":[525,134],"located_by":"postal_code"}"#;
        let new = destination(body);
        assert_eq!(new.located_by, LocatedBy::PostalCode);
        assert_eq!(serde_json::to_string(&new).unwrap(), body);
    }

    #[test]
    fn what_was_given_wins_over_what_was_found() {
        let found = Located {
            point: Point::from_degrees(51.16, 10.45).unwrap(),
            by: LocatedBy::Country,
        };
        let mut address = Address {
            country: "DE".to_owned(),
            located: Some(found),
            ..Address::default()
        };
        let told = |address: &Address| {
            let there = address.storable().destination();
            (there.decidegrees, there.located_by)
        };
        assert_eq!(told(&address), (Some((512, 105)), LocatedBy::Country));
        (address.latitude, address.longitude) = (Some(52.52), Some(13.4));
        assert_eq!(told(&address), (Some((525, 134)), LocatedBy::Given));
        // What can be nowhere is as if it had not been given.
        address.latitude = Some(95.0);
        assert_eq!(told(&address), (Some((512, 105)), LocatedBy::Country));
        address.located = None;
        assert_eq!(told(&address), (None, LocatedBy::Given));
    }
}

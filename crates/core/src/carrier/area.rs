//! Areas: a country, and within it ranges of postal codes.

use serde::{Deserialize, Serialize};

use crate::network::{Location, great_circle_km};
use crate::party::{Destination, area, has_outward_codes};

/// Postal codes that begin with anything from `first` to `last`, both of the same length, in capitals and without spaces.
/// Where codes have an outward part, a range never cuts a number or a run of letters in two: M1 is not M12, and L is not LS.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PostalRange {
    /// The lowest beginning.
    pub first: String,
    /// The highest beginning.
    pub last: String,
}

/// Part of a country, or all of it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Area {
    /// ISO 3166-1 alpha-2 code.
    pub country: String,
    /// Which parts; none: the whole country.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub postal: Vec<PostalRange>,
}

/// Where a parcel begins its way.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Origin {
    /// ISO 3166-1 alpha-2 code.
    pub country: String,
    /// The area of its postal code, as [`area`] makes it.
    pub area: Option<String>,
    /// Degrees north and east.
    pub coordinates: Option<(f64, f64)>,
    /// Codes of the groups that the location is in.
    pub groups: Vec<String>,
}

impl PostalRange {
    /// Whether a country's area begins with one of the range.
    #[must_use]
    pub fn holds(&self, country: &str, area: &str) -> bool {
        let Some((head, rest)) = area.split_at_checked(self.first.len()) else {
            return false;
        };
        let is_within = self.first.as_str() <= head && head <= self.last.as_str();
        is_within && !(has_outward_codes(country) && cuts_a_run(head, rest))
    }
}

/// Whether what stands before and after the cut are both digits, or both letters.
fn cuts_a_run(head: &str, rest: &str) -> bool {
    let before = head.bytes().next_back();
    let after = rest.bytes().next();
    before
        .zip(after)
        .is_some_and(|(before, after)| before.is_ascii_digit() == after.is_ascii_digit())
}

impl Area {
    /// Whether a place lies in it. A place without a postal code lies in no part of a country, only in the whole.
    #[must_use]
    pub fn holds(&self, country: &str, area: Option<&str>) -> bool {
        self.country == country
            && (self.postal.is_empty()
                || area.is_some_and(|area| {
                    let mut ranges = self.postal.iter();
                    ranges.any(|range| range.holds(country, area))
                }))
    }
}

impl Origin {
    /// A location as the beginning of a way; its groups are told by [`Origin::in_groups`].
    #[must_use]
    pub fn of(location: &Location) -> Self {
        let address = &location.address;
        Self {
            country: address.country.clone(),
            area: area(&address.country, &address.postal_code),
            coordinates: location.place().map(|place| place.point.degrees()),
            groups: Vec::new(),
        }
    }

    /// The same in these groups of locations.
    #[must_use]
    pub fn in_groups(mut self, codes: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.groups = codes.into_iter().map(Into::into).collect();
        self
    }

    /// The distance to a destination; none unless the coordinates of both are known.
    #[must_use]
    pub fn km_to(&self, destination: &Destination) -> Option<i64> {
        let (north, east) = destination.decidegrees?;
        let there = (f64::from(north) / 10.0, f64::from(east) / 10.0);
        Some(great_circle_km(self.coordinates?, there))
    }
}

/// An area for tests, as text: `US`, or `US 006-009 100-149`.
#[cfg(test)]
pub(crate) fn read_area(text: &str) -> Area {
    let mut words = text.split(' ');
    let country = words.next().unwrap().to_owned();
    let range = |word: &str| {
        let (first, last) = word.split_once('-').unwrap_or((word, word));
        PostalRange {
            first: first.to_owned(),
            last: last.to_owned(),
        }
    };
    Area {
        country,
        postal: words.map(range).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_compare_the_beginnings_of_areas() {
        for (wide, country, place, expected) in [
            ("US", "US", Some("941"), true),
            ("US", "US", None, true),
            ("US", "CA", Some("M5V"), false),
            ("US 006-009", "US", Some("008"), true),
            ("US 006-009", "US", Some("010"), false),
            ("US 006-009 940-949", "US", Some("941"), true),
            ("US 0", "US", Some("008"), true),
            ("US 006-009", "US", None, false),
            ("US 006-009", "US", Some("00"), false),
            ("CA M", "CA", Some("M5V"), true),
            ("CA H0-K9", "CA", Some("J3X"), true),
            ("GB LS", "GB", Some("LS1"), true),
            ("GB L", "GB", Some("LS1"), false),
            ("GB L", "GB", Some("L1"), true),
            ("GB M1", "GB", Some("M1"), true),
            ("GB M1", "GB", Some("M12"), false),
            ("GB M10-M19", "GB", Some("M12"), true),
            ("GB SW1", "GB", Some("SW1A"), true),
        ] {
            assert_eq!(
                read_area(wide).holds(country, place),
                expected,
                "{wide}: {place:?}"
            );
        }
    }

    #[test]
    fn a_range_never_falls_into_the_middle_of_a_character() {
        assert!(!read_area("DE 80").holds("DE", Some("8é")));
    }

    #[test]
    fn the_distance_needs_the_coordinates_of_both() {
        let berlin = Origin {
            coordinates: Some((52.52, 13.405)),
            ..Origin::default()
        };
        let munich = Destination {
            decidegrees: Some((481, 116)),
            ..Destination::default()
        };
        assert_eq!(berlin.km_to(&munich), Some(507));
        assert_eq!(berlin.km_to(&Destination::default()), None);
        assert_eq!(Origin::default().km_to(&munich), None);
    }
}

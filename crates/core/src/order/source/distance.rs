//! How far a location is from a destination.

use crate::geo::LocatedBy;
use crate::network::{Location, great_circle_km};
use crate::party::Destination;

/// Kilometres taken where coordinates are not known: in the same country, and elsewhere.
const SAME_COUNTRY_KM: i64 = 1_000;
const ELSEWHERE_KM: i64 = 20_000;

/// Kilometres between a destination and a location; a stated guess where one of them is not known, or where of both only
/// the same country is.
#[must_use]
pub fn distance_km(destination: &Destination, location: &Location) -> i64 {
    let is_same_country = destination.country == location.address.country;
    let is_vague = |by: LocatedBy| is_same_country && by == LocatedBy::Country;
    match (location.place(), destination.decidegrees) {
        (Some(place), Some(_)) if is_vague(place.by) && is_vague(destination.located_by) => {
            SAME_COUNTRY_KM
        }
        (Some(place), Some((north, east))) => {
            let there = (f64::from(north) / 10.0, f64::from(east) / 10.0);
            great_circle_km(place.point.degrees(), there)
        }
        (None, _) | (_, None) if is_same_country => SAME_COUNTRY_KM,
        (None, _) | (_, None) => ELSEWHERE_KM,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geo::{Located, country_centre};

    /// A location in a country, at coordinates if they are given, else in the middle of the country.
    fn location(country: &str, given: Option<(f64, f64)>) -> Location {
        let mut location: Location = serde_json::from_value(serde_json::json!({
            "id": 1, "code": "L", "name": "L", "kind": "store", "priority": 1, "time_zone": "UTC",
            "address": {"country": country, "latitude": given.map(|it| it.0), "longitude": given.map(|it| it.1)}
        }))
        .unwrap();
        location.located = country_centre(country).map(|point| Located {
            point,
            by: LocatedBy::Country,
        });
        location
    }

    fn destination(country: &str, decidegrees: Option<(i16, i16)>, by: LocatedBy) -> Destination {
        Destination {
            country: country.to_owned(),
            decidegrees,
            located_by: by,
            ..Destination::default()
        }
    }

    #[test]
    fn distances_are_measured_where_both_ends_are_known_and_guessed_elsewhere() {
        let munich = destination("DE", Some((481, 116)), LocatedBy::PostalCode);
        let germany = destination("DE", Some((512, 105)), LocatedBy::Country);
        let berlin = location("DE", Some((52.52, 13.4)));
        let unknown = Location {
            located: None,
            ..location("DE", None)
        };
        for (to, from, km) in [
            (&munich, &berlin, 507),
            // to and from the middle of the country
            (&germany, &berlin, 247),
            (&munich, &location("DE", None), 350),
            (&germany, &location("FR", None), 820),
            // of both ends only that they are in one country
            (&germany, &location("DE", None), SAME_COUNTRY_KM),
            (&munich, &unknown, SAME_COUNTRY_KM),
            (
                &destination("DE", None, LocatedBy::Given),
                &berlin,
                SAME_COUNTRY_KM,
            ),
            (
                &destination("FR", None, LocatedBy::Given),
                &berlin,
                ELSEWHERE_KM,
            ),
        ] {
            assert_eq!(distance_km(to, from), km, "{to:?}");
        }
    }
}

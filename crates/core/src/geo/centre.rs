//! The middles of countries.

use std::sync::LazyLock;

use super::Point;

/// Country, latitude and longitude in ten-thousandths of a degree, by country. `data/SOURCE.md` says where they are from.
const CENTRES: &str = include_str!("../../data/country_centres.csv");

static BY_COUNTRY: LazyLock<Vec<(&str, Point)>> =
    LazyLock::new(|| CENTRES.lines().skip(1).filter_map(row).collect());

fn row(line: &'static str) -> Option<(&'static str, Point)> {
    let mut cells = line.split(',');
    let country = cells.next()?;
    let point = Point::new(cells.next()?.parse().ok()?, cells.next()?.parse().ok()?)?;
    Some((country, point))
}

/// The middle of a country, by its ISO 3166-1 alpha-2 code in capitals; none of what is no country.
#[must_use]
pub fn country_centre(country: &str) -> Option<Point> {
    let found = BY_COUNTRY.binary_search_by_key(&country, |(code, _)| code);
    found.ok().map(|position| BY_COUNTRY[position].1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_country_has_a_middle_and_nothing_else_has() {
        assert_eq!(BY_COUNTRY.len(), 249);
        assert!(BY_COUNTRY.is_sorted_by_key(|(code, _)| *code));
        for (country, _) in BY_COUNTRY.iter() {
            assert!(crate::network::is_country(country), "{country}");
        }
        assert_eq!(country_centre("XX"), None);
        assert_eq!(country_centre("de"), None);
    }

    #[test]
    fn middles_are_where_the_countries_are() {
        for (country, latitude, longitude) in [
            ("DE", 51.0..52.0, 10.0..11.0),
            ("GB", 52.0..56.0, -4.0..-1.0),
            ("US", 35.0..45.0, -103.0..-93.0),
            ("NZ", -42.0..-39.0, 172.0..177.0),
            ("ZW", -20.0..-18.0, 28.0..31.0),
        ] {
            let (lat, lon) = country_centre(country).unwrap().degrees();
            assert!(latitude.contains(&lat), "{country} {lat}");
            assert!(longitude.contains(&lon), "{country} {lon}");
        }
    }
}

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
            ("DE", 51..52, 10..11),
            ("GB", 52..56, -4..-1),
            ("US", 35..45, -103..-93),
            ("NZ", -42..-39, 172..177),
            ("ZW", -20..-18, 28..31),
        ] {
            let (lat, lon) = country_centre(country).unwrap().degrees();
            assert!(latitude.contains(&(lat.floor() as i32)), "{country} {lat}");
            assert!(longitude.contains(&(lon.floor() as i32)), "{country} {lon}");
        }
    }
}

//! Points on the globe, as whole numbers.

use serde::{Deserialize, Serialize};

/// Points of one degree.
const PER_DEGREE: f64 = 10_000.0;
/// Points of a tenth of a degree.
const PER_DECIDEGREE: i32 = 1_000;
/// The points between the equator and a pole.
const LATITUDE_MAX: i32 = 900_000;
/// The points between the prime meridian and the antimeridian.
const LONGITUDE_MAX: i32 = 1_800_000;

/// A point on the globe, in ten-thousandths of a degree (at most 11 m) north and east.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Point {
    /// Ten-thousandths of a degree north.
    pub lat_e4: i32,
    /// Ten-thousandths of a degree east.
    pub lon_e4: i32,
}

impl Point {
    /// The point, if it is on the globe.
    #[must_use]
    pub fn new(lat_e4: i32, lon_e4: i32) -> Option<Self> {
        let is_on_globe = (-LATITUDE_MAX..=LATITUDE_MAX).contains(&lat_e4)
            && (-LONGITUDE_MAX..=LONGITUDE_MAX).contains(&lon_e4);
        is_on_globe.then_some(Self { lat_e4, lon_e4 })
    }

    /// The nearest point to these degrees, if they are on the globe.
    #[must_use]
    #[expect(
        clippy::cast_possible_truncation,
        reason = "a cast saturates, and what is far too large is on no globe"
    )]
    pub fn from_degrees(latitude: f64, longitude: f64) -> Option<Self> {
        let rounded = |degrees: f64| (degrees * PER_DEGREE).round();
        let (lat, lon) = (rounded(latitude), rounded(longitude));
        if !lat.is_finite() || !lon.is_finite() {
            return None;
        }
        Self::new(lat as i32, lon as i32)
    }

    /// Degrees north and east.
    #[must_use]
    pub fn degrees(self) -> (f64, f64) {
        (
            f64::from(self.lat_e4) / PER_DEGREE,
            f64::from(self.lon_e4) / PER_DEGREE,
        )
    }

    /// Tenths of a degree north and east, rounded half away from zero.
    #[must_use]
    pub fn decidegrees(self) -> (i16, i16) {
        (tenths(self.lat_e4), tenths(self.lon_e4))
    }

    /// The middle of points that are near each other; none of no points. The antimeridian may lie between them.
    #[must_use]
    pub fn middle(points: &[Self]) -> Option<Self> {
        let first = points.first()?;
        let count = i64::try_from(points.len()).ok()?;
        let north: i64 = points.iter().map(|point| i64::from(point.lat_e4)).sum();
        let east: i64 = points
            .iter()
            .map(|point| i64::from(around(point.lon_e4 - first.lon_e4)))
            .sum();
        let lon_e4 = i32::try_from(i64::from(first.lon_e4) + east / count).ok()?;
        Self::new(i32::try_from(north / count).ok()?, around(lon_e4))
    }
}

/// A difference of longitudes the shorter way around the globe.
fn around(lon_e4: i32) -> i32 {
    match lon_e4 {
        lon if lon > LONGITUDE_MAX => lon - 2 * LONGITUDE_MAX,
        lon if lon < -LONGITUDE_MAX => lon + 2 * LONGITUDE_MAX,
        lon => lon,
    }
}

fn tenths(e4: i32) -> i16 {
    let half = PER_DECIDEGREE / 2 * e4.signum();
    i16::try_from((e4 + half) / PER_DECIDEGREE).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn point(latitude: f64, longitude: f64) -> Point {
        Point::from_degrees(latitude, longitude).unwrap()
    }

    #[test]
    fn degrees_round_to_points_and_to_tenths() {
        let new_york = point(40.748_44, -73.996_7);
        assert_eq!((new_york.lat_e4, new_york.lon_e4), (407_484, -739_967));
        assert_eq!(new_york.decidegrees(), (407, -740));
        assert_eq!(point(0.05, -0.05).decidegrees(), (1, -1));
        assert_eq!(point(-90.0, 180.0).decidegrees(), (-900, 1_800));
    }

    #[test]
    fn what_is_not_on_the_globe_is_no_point() {
        for (latitude, longitude) in [
            (90.001, 0.0),
            (0.0, -180.001),
            (f64::NAN, 0.0),
            (0.0, f64::INFINITY),
            (1e300, 0.0),
        ] {
            assert_eq!(Point::from_degrees(latitude, longitude), None);
        }
    }

    #[test]
    fn the_middle_of_points_on_both_sides_of_the_antimeridian_is_between_them() {
        let middle = |points: &[Point]| Point::middle(points);
        assert_eq!(middle(&[]), None);
        assert_eq!(
            middle(&[point(1.0, 2.0), point(3.0, 4.0)]),
            Some(point(2.0, 3.0))
        );
        assert_eq!(
            middle(&[point(-17.0, 179.0), point(-17.0, -179.0)]),
            Some(point(-17.0, 180.0))
        );
        assert_eq!(
            middle(&[point(-17.0, -179.5), point(-17.0, 178.5)]),
            Some(point(-17.0, 179.5))
        );
    }
}

//! Distances over the surface of the Earth.

/// Mean radius of the Earth in kilometres.
const RADIUS_KM: f64 = 6_371.0;

/// Great-circle distance in whole kilometres between two points in degrees north and east (haversine, mean Earth radius).
#[must_use]
#[expect(
    clippy::cast_possible_truncation,
    reason = "at most half the circumference of the Earth"
)]
pub fn great_circle_km(from: (f64, f64), to: (f64, f64)) -> i64 {
    let (lat1, lon1) = (from.0.to_radians(), from.1.to_radians());
    let (lat2, lon2) = (to.0.to_radians(), to.1.to_radians());
    let (dlat, dlon) = (((lat2 - lat1) / 2.0).sin(), ((lon2 - lon1) / 2.0).sin());
    let a = dlat * dlat + lat1.cos() * lat2.cos() * dlon * dlon;
    (2.0 * RADIUS_KM * a.sqrt().min(1.0).asin()) as i64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distances_are_those_of_an_atlas() {
        let (berlin, munich, sydney) = ((52.52, 13.405), (48.137, 11.575), (-33.87, 151.21));
        assert_eq!(great_circle_km(berlin, munich), 504);
        assert_eq!(great_circle_km(munich, berlin), 504);
        assert_eq!(great_circle_km(berlin, sydney), 16_094);
        assert_eq!(great_circle_km(berlin, berlin), 0);
        assert_eq!(great_circle_km((90.0, 0.0), (-90.0, 0.0)), 20_015);
    }
}

//! Zoning: which zone a way lies in, by a table of areas or by distance.

use serde::{Deserialize, Serialize};
use smallvec::SmallVec;

use super::area::{Area, Origin, PostalRange};
use super::service::{Service, Zone};
use super::unserved::Unserved;
use crate::party::Destination;

/// How zones are found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Zoning {
    /// By a table; the first rule that holds gives the zone.
    Areas(Vec<ZoneRule>),
    /// By the great-circle distance; the first band that is not exceeded gives the zone. Bands rise.
    Distance(Vec<Band>),
}

/// A rule of a table of areas.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ZoneRule {
    /// Where the way begins.
    #[serde(default, skip_serializing_if = "ZoneOrigin::is_anywhere")]
    pub from: ZoneOrigin,
    /// Where it ends.
    pub to: Area,
    /// The code of the zone.
    pub zone: String,
}

/// Where the ways of a rule begin; everything that is given must hold.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ZoneOrigin {
    /// ISO 3166-1 alpha-2 code; absent: any country.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub country: Option<String>,
    /// Parts of the country; none: all of it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub postal: Vec<PostalRange>,
    /// Code of a group of locations; absent: any location.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub group: Option<String>,
}

/// A band of distances.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Band {
    /// The longest way of the band, in kilometres.
    pub up_to_km: i64,
    /// The code of its zone.
    pub zone: String,
}

impl ZoneOrigin {
    /// Whether it is every origin.
    #[must_use]
    pub fn is_anywhere(&self) -> bool {
        *self == Self::default()
    }

    /// Whether a way that begins there is one of the rule.
    #[must_use]
    pub fn holds(&self, origin: &Origin) -> bool {
        let country = self.country.as_deref();
        let is_in_group = |group: &String| origin.groups.iter().any(|known| known == group);
        country.is_none_or(|country| country == origin.country)
            && (self.postal.is_empty() || self.holds_area(origin))
            && self.group.as_ref().is_none_or(is_in_group)
    }

    fn holds_area(&self, origin: &Origin) -> bool {
        origin.area.as_deref().is_some_and(|area| {
            let mut ranges = self.postal.iter();
            ranges.any(|range| range.holds(&origin.country, area))
        })
    }
}

/// The ways of a service to one destination: the part of finding a zone that is the same for every origin.
#[derive(Debug, Clone)]
pub struct Lanes<'s, 'd> {
    service: &'s Service,
    destination: &'d Destination,
    rules: SmallVec<[(&'s ZoneOrigin, &'s Zone); 4]>,
}

impl Service {
    /// The ways to a destination, to ask for many origins.
    ///
    /// # Errors
    /// Why nothing goes there, whatever the origin: inactive, the country, or no rule.
    pub fn lanes_to<'s, 'd>(
        &'s self,
        destination: &'d Destination,
    ) -> Result<Lanes<'s, 'd>, Unserved> {
        self.goes_to(&destination.country)?;
        let mut lanes = Lanes {
            service: self,
            destination,
            rules: SmallVec::new(),
        };
        let Zoning::Areas(rules) = &self.zoning else {
            return Ok(lanes);
        };
        let place = (&destination.country, destination.area.as_deref());
        let rules = rules.iter().filter(|rule| rule.to.holds(place.0, place.1));
        lanes.rules = rules
            .filter_map(|rule| Some((&rule.from, self.zone_by_code(&rule.zone)?)))
            .collect();
        if lanes.rules.is_empty() {
            return Err(Unserved::NoZone);
        }
        Ok(lanes)
    }

    /// The zone of a way.
    ///
    /// # Errors
    /// Why the service does not go there: inactive, the country, no rule, too far, or a distance that is not known.
    pub fn zone(&self, origin: &Origin, destination: &Destination) -> Result<&Zone, Unserved> {
        self.lanes_to(destination)?.zone(origin)
    }
}

impl<'s> Lanes<'s, '_> {
    /// The zone of the way from an origin.
    ///
    /// # Errors
    /// No rule, too far, or a distance that is not known.
    pub fn zone(&self, origin: &Origin) -> Result<&'s Zone, Unserved> {
        match &self.service.zoning {
            Zoning::Areas(_) => {
                let rule = self.rules.iter().find(|(from, _)| from.holds(origin));
                rule.map(|(_, zone)| *zone).ok_or(Unserved::NoZone)
            }
            Zoning::Distance(bands) => {
                let km = origin.km_to(self.destination);
                let km = km.ok_or(Unserved::DistanceUnknown)?;
                let band = bands.iter().find(|band| km <= band.up_to_km);
                let max_km = bands.last().map_or(0, |band| band.up_to_km);
                let band = band.ok_or(Unserved::TooFar { km, max_km })?;
                self.service
                    .zone_by_code(&band.zone)
                    .ok_or(Unserved::NoZone)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{service, to};
    use super::*;

    fn origin(country: &str, postal: &str, groups: &[&str]) -> Origin {
        Origin {
            country: country.to_owned(),
            area: crate::party::area(country, postal),
            coordinates: None,
            groups: groups.iter().map(|code| (*code).to_owned()).collect(),
        }
    }

    #[test]
    fn the_first_rule_that_holds_gives_the_zone() {
        let service = service(
            "
            from US 100-149 to US 006-009: 8
            from US 100-149 to US 100-199: 2
            from US to US: 5
            in EAST to CA K-M: 9
            to CA: 10
            ",
        );
        for (from, groups, destination, expected) in [
            ("10115", &[][..], "US 00601", Ok("8")),
            ("14999", &[], "US 19999", Ok("2")),
            ("15000", &[], "US 19999", Ok("5")),
            ("10115", &[], "US 94105", Ok("5")),
            ("", &[], "US 19999", Ok("5")),
            ("10115", &["EAST"], "CA M5V 3L9", Ok("9")),
            ("10115", &["WEST", "EAST"], "CA M5V 3L9", Ok("9")),
            ("10115", &["WEST"], "CA M5V 3L9", Ok("10")),
            ("10115", &["EAST"], "CA V5K 0A1", Ok("10")),
            ("10115", &["EAST"], "CA", Ok("10")),
            ("10115", &[], "MX 01000", Err(Unserved::NoZone)),
        ] {
            let found = service.zone(&origin("US", from, groups), &to(destination));
            let found = found.map(|zone| zone.code.as_str().to_owned());
            assert_eq!(
                found,
                expected.map(str::to_owned),
                "{from} {groups:?} {destination}"
            );
        }
        let abroad = service.zone(&origin("DE", "10115", &[]), &to("US 94105"));
        assert_eq!(abroad.err(), Some(Unserved::NoZone));
    }

    #[test]
    fn bands_go_by_distance_and_end_somewhere() {
        let service = service("up to 100 km: near\nup to 600 km: far");
        let berlin = Origin {
            country: "DE".to_owned(),
            coordinates: Some((52.52, 13.405)),
            ..Origin::default()
        };
        let at = |place: (i16, i16)| Destination {
            decidegrees: Some(place),
            ..to("DE")
        };
        let zone = |place| {
            service
                .zone(&berlin, &at(place))
                .map(|zone| zone.code.clone())
        };
        assert_eq!(zone((524, 131)), Ok("near".to_owned()));
        assert_eq!(zone((481, 116)), Ok("far".to_owned()));
        let too_far = Unserved::TooFar {
            km: 1_127,
            max_km: 600,
        };
        assert_eq!(zone((446, 38)), Err(too_far));
        let unknown = service.zone(&berlin, &to("DE 80331"));
        assert_eq!(unknown.err(), Some(Unserved::DistanceUnknown));
    }

    #[test]
    fn an_inactive_service_goes_nowhere_and_a_country_can_be_left_out() {
        let mut service = service("to DE: 1\nto AT: 2");
        let from = origin("DE", "10115", &[]);
        service.countries.except = vec!["AT".to_owned()];
        let not_there = Unserved::CountryNotServed {
            country: "AT".to_owned(),
        };
        assert_eq!(
            service.zone(&from, &to("AT 1010")).err(),
            Some(not_there.clone())
        );
        assert!(service.zone(&from, &to("DE 80331")).is_ok());
        service.countries.except.clear();
        service.countries.only = vec!["DE".to_owned()];
        assert_eq!(service.zone(&from, &to("AT 1010")).err(), Some(not_there));
        service.status = super::super::ServiceStatus::Inactive;
        assert_eq!(
            service.zone(&from, &to("DE 80331")).err(),
            Some(Unserved::Inactive)
        );
    }
}

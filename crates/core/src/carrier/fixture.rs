//! Services for tests, as text.

use super::area::read_area;
use super::zoning::{Band, ZoneOrigin, ZoneRule, Zoning};
use super::{Bracket, Service, Tariff, Zone};
use crate::party::{Destination, area};

/// A service from its zoning, a rule a line: `from US 100-149 to US 006-009: 8`, `in EAST to CA: 9`, `to DE: 1` or
/// `up to 100 km: near`. Every zone costs 5.00 up to 1 kg, 7.00 up to 5 kg, and 1.00 for each kilogram more, up to 30 kg;
/// the first zone takes one day, the second two.
pub(crate) fn service(rules: &str) -> Service {
    let (mut areas, mut bands) = (Vec::new(), Vec::new());
    let lines = rules.lines().map(str::trim);
    for line in lines.filter(|line| !line.is_empty()) {
        let (way, zone) = line.split_once(": ").unwrap();
        let zone = zone.to_owned();
        match way.strip_prefix("up to ") {
            Some(km) => bands.push(Band {
                up_to_km: km.trim_end_matches(" km").parse().unwrap(),
                zone,
            }),
            None => areas.push(rule(way, zone)),
        }
    }
    let named = areas.iter().map(|rule| &rule.zone);
    let mut codes: Vec<String> = Vec::new();
    for code in named.chain(bands.iter().map(|band| &band.zone)) {
        if !codes.contains(code) {
            codes.push(code.clone());
        }
    }
    let zoning = if bands.is_empty() {
        Zoning::Areas(areas)
    } else {
        Zoning::Distance(bands)
    };
    let numbered = codes.into_iter().zip(1..);
    let zones = numbered.map(|(code, days)| zone(code, days)).collect();
    of(zoning, zones)
}

/// A service with nothing but zones.
pub(crate) fn of(zoning: Zoning, zones: Vec<Zone>) -> Service {
    Service {
        id: Default::default(),
        code: "S".to_owned(),
        name: "S".to_owned(),
        carrier: "Carrier".to_owned(),
        status: Default::default(),
        currency: "EUR".parse().unwrap(),
        delivers_to: Default::default(),
        zoning,
        zones,
        surcharge_bp: 0,
        dimensional_divisor: None,
        limits: Default::default(),
        countries: Default::default(),
        cut_off_minute: None,
        pickup_calendar: None,
        delivery_calendar: None,
    }
}

/// A destination such as `US 94105`.
pub(crate) fn to(text: &str) -> Destination {
    let (country, postal_code) = text.split_once(' ').unwrap_or((text, ""));
    Destination {
        country: country.to_owned(),
        area: area(country, postal_code),
        ..Destination::default()
    }
}

fn rule(way: &str, zone: String) -> ZoneRule {
    let (from, to) = way.split_once("to ").unwrap();
    let mut origin = ZoneOrigin::default();
    if let Some(place) = from.trim().strip_prefix("from ") {
        let place = read_area(place);
        origin.country = Some(place.country);
        origin.postal = place.postal;
    }
    if let Some(group) = from.trim().strip_prefix("in ") {
        origin.group = Some(group.to_owned());
    }
    ZoneRule {
        from: origin,
        to: read_area(to),
        zone,
    }
}

fn zone(code: String, transit_days: u16) -> Zone {
    let bracket = |up_to_g, price_minor| Bracket {
        up_to_g,
        price_minor,
    };
    let tariff = Tariff {
        brackets: vec![bracket(1_000, 500), bracket(5_000, 700)],
        per_kg_minor: Some(100),
        minimum_minor: 0,
        parcel_max_g: 30_000,
    };
    Zone {
        code,
        tariff,
        transit_days,
    }
}

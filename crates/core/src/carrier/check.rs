//! What a service must be like to be possible: fields that are wrong are refused by name.

mod areas;
mod tariffs;

use rustc_hash::FxHashSet;

pub use areas::RANGES_MAX;
pub(super) use areas::check_area;
use areas::{check_country, check_origin};
pub use tariffs::BRACKETS_MAX;
use tariffs::check_tariff;

use super::service::{Countries, Service, Zone};
use super::zoning::{Band, ZoneRule, Zoning};
use crate::refusal::Refusal;
use crate::text;

/// Most zones of a service.
pub const ZONES_MAX: usize = 200;
/// Most rules of a table of areas.
pub const RULES_MAX: usize = 2_000;
/// Most ranges of postal codes in a whole table of areas.
pub const TABLE_RANGES_MAX: usize = 20_000;
/// Most bands of distances.
pub const BANDS_MAX: usize = 200;
/// Most countries of a list; more than there are.
pub const COUNTRIES_MAX: usize = 250;
/// The longest time of travel, in days.
pub const TRANSIT_DAYS_MAX: u16 = 90;
/// The largest surcharge, in basis points: ten times the price.
pub const SURCHARGE_BP_MAX: u32 = 100_000;
/// The longest length that can be said, in millimetres.
const LENGTH_MM_MAX: i64 = 1_000_000_000;
/// The longest way that can be said, in kilometres; no two places on Earth are as far apart.
const KM_MAX: i64 = 100_000;
/// The largest divisor, in cubic centimetres per kilogram.
const DIVISOR_MAX: i64 = 1_000_000;

/// Checks all of a service that does not depend on other settings.
pub(super) fn check_service(service: &Service) -> Result<(), Refusal> {
    text::name("/code", &service.code, text::CODE_MAX)?;
    text::required("/name", &service.name, text::NAME_MAX)?;
    text::name("/carrier", &service.carrier, text::NAME_MAX)?;
    check_zones(&service.zones)?;
    match &service.zoning {
        Zoning::Areas(rules) => check_rules(rules, &service.zones)?,
        Zoning::Distance(bands) => check_bands(bands, &service.zones)?,
    }
    if service
        .cut_off_minute
        .is_some_and(|minute| minute >= 24 * 60)
    {
        let problem = "must be a time of day such as 15:00";
        return Err(Refusal::invalid("/cut_off", problem));
    }
    if service.surcharge_bp > SURCHARGE_BP_MAX {
        let problem = format!("must be at most {SURCHARGE_BP_MAX} basis points, which is 1000 %");
        return Err(Refusal::invalid("/surcharge_bp", problem));
    }
    let limits = service.limits;
    let divisor = service.dimensional_divisor;
    within("/dimensional_divisor", divisor, DIVISOR_MAX)?;
    within("/limits/longest_mm", limits.longest_mm, LENGTH_MM_MAX)?;
    let girth = limits.length_and_girth_mm;
    within("/limits/length_and_girth_mm", girth, LENGTH_MM_MAX)?;
    check_countries(&service.countries)
}

fn check_zones(zones: &[Zone]) -> Result<(), Refusal> {
    count("/zones", zones.len(), ZONES_MAX)?;
    let mut codes = FxHashSet::default();
    for (position, zone) in zones.iter().enumerate() {
        let pointer = format!("/zones/{position}");
        text::name(format!("{pointer}/code"), &zone.code, text::CODE_MAX)?;
        if !codes.insert(zone.code.as_str()) {
            let problem = format!(
                "{:?} is the code of two zones; give each its own",
                zone.code
            );
            return Err(Refusal::invalid(format!("{pointer}/code"), problem));
        }
        check_tariff(&format!("{pointer}/tariff"), &zone.tariff)?;
        if zone.transit_days > TRANSIT_DAYS_MAX {
            let problem = format!("must be at most {TRANSIT_DAYS_MAX}");
            return Err(Refusal::invalid(format!("{pointer}/transit_days"), problem));
        }
    }
    Ok(())
}

fn check_rules(rules: &[ZoneRule], zones: &[Zone]) -> Result<(), Refusal> {
    count("/zoning/areas", rules.len(), RULES_MAX)?;
    let ranges = |rule: &ZoneRule| rule.from.postal.len() + rule.to.postal.len();
    let total: usize = rules.iter().map(ranges).sum();
    if total > TABLE_RANGES_MAX {
        let problem = format!(
            "may hold at most {TABLE_RANGES_MAX} ranges of postal codes, and holds {total}; join neighbouring ones"
        );
        return Err(Refusal::invalid("/zoning/areas", problem));
    }
    let mut seen = FxHashSet::default();
    for (position, rule) in rules.iter().enumerate() {
        let pointer = format!("/zoning/areas/{position}");
        known_zone(&format!("{pointer}/zone"), &rule.zone, zones)?;
        check_origin(&format!("{pointer}/from"), &rule.from)?;
        check_area(&format!("{pointer}/to"), &rule.to)?;
        // A way that an earlier rule has answered would never get here.
        if !seen.insert((&rule.from, &rule.to)) {
            let problem = "says again what an earlier rule has said; keep one of them";
            return Err(Refusal::invalid(pointer, problem));
        }
    }
    Ok(())
}

fn check_bands(bands: &[Band], zones: &[Zone]) -> Result<(), Refusal> {
    count("/zoning/distance", bands.len(), BANDS_MAX)?;
    let mut last_km = 0;
    for (position, band) in bands.iter().enumerate() {
        let pointer = format!("/zoning/distance/{position}");
        known_zone(&format!("{pointer}/zone"), &band.zone, zones)?;
        if band.up_to_km <= last_km || band.up_to_km > KM_MAX {
            let problem = format!(
                "must be more than {last_km} and at most {KM_MAX}; list bands by rising distance"
            );
            return Err(Refusal::invalid(format!("{pointer}/up_to_km"), problem));
        }
        last_km = band.up_to_km;
    }
    Ok(())
}

fn check_countries(countries: &Countries) -> Result<(), Refusal> {
    let mut seen = FxHashSet::default();
    for (list, codes) in [("only", &countries.only), ("except", &countries.except)] {
        let pointer = format!("/countries/{list}");
        if codes.len() > COUNTRIES_MAX {
            let problem = format!("may hold at most {COUNTRIES_MAX}");
            return Err(Refusal::invalid(pointer, problem));
        }
        for (position, code) in codes.iter().enumerate() {
            check_country(&format!("{pointer}/{position}"), code)?;
            if !seen.insert(code) {
                let problem = format!("{code} is listed twice; keep one of them");
                return Err(Refusal::invalid(format!("{pointer}/{position}"), problem));
            }
        }
    }
    Ok(())
}

/// A zone that a rule leads to must be one of the service's, or it has neither prices nor a time of travel.
fn known_zone(pointer: &str, code: &str, zones: &[Zone]) -> Result<(), Refusal> {
    if zones.iter().any(|zone| zone.code == code) {
        return Ok(());
    }
    let problem =
        format!("no zone has the code {code:?}; give it a tariff and transit days in /zones");
    Err(Refusal::invalid(pointer, problem))
}

fn count(pointer: &str, count: usize, max: usize) -> Result<(), Refusal> {
    if (1..=max).contains(&count) {
        return Ok(());
    }
    let problem = format!("must hold 1 to {max}, and holds {count}");
    Err(Refusal::invalid(pointer, problem))
}

fn within(pointer: &str, value: Option<i64>, max: i64) -> Result<(), Refusal> {
    match value {
        Some(value) if !(1..=max).contains(&value) => {
            Err(Refusal::invalid(pointer, format!("must be 1 to {max}")))
        }
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::super::fixture::service;
    use super::super::{Bracket, Limits};
    use super::*;
    use crate::money::AMOUNT_MAX;

    #[test]
    fn possible_services_pass() {
        for rules in [
            "to DE: 1",
            "from US 100-149 to US 006-009 940-949: 8\nfrom US to US: 5\nin EAST to CA K-M: 9",
            "to GB SW1A: 1\nto GB LS1: 2\nfrom GB LS to GB: 3",
            "up to 100 km: near\nup to 20000 km: far",
        ] {
            assert_eq!(check_service(&service(rules)), Ok(()), "{rules}");
        }
    }

    #[test]
    fn impossible_zonings_are_refused_with_their_field() {
        let twice = "to DE 80-81: 1\nto AT: 1\nto DE 80-81: 2";
        for (rules, field, said) in [
            ("", "/zones", "must hold 1 to 200"),
            ("to XX: 1", "/zoning/areas/0/to/country", "ISO 3166-1"),
            (
                "from UK to GB: 1",
                "/zoning/areas/0/from/country",
                "ISO 3166-1",
            ),
            (
                "to DE 8000: 1",
                "/zoning/areas/0/to/postal/0/first",
                "1 to 3 capital",
            ),
            (
                "to GB SW1AA: 1",
                "/zoning/areas/0/to/postal/0/first",
                "1 to 4 capital",
            ),
            (
                "to CA M5V m5v: 1",
                "/zoning/areas/0/to/postal/1/first",
                "capital letters",
            ),
            (
                "from US 10-9 to US: 1",
                "/zoning/areas/0/from/postal/0/last",
                "as long as",
            ),
            (
                "to US 009-006: 1",
                "/zoning/areas/0/to/postal/0/last",
                "not before it",
            ),
            ("to US 006 006: 1", "/zoning/areas/0/to/postal/1", "twice"),
            (twice, "/zoning/areas/2", "earlier rule"),
            (
                "up to 0 km: 1",
                "/zoning/distance/0/up_to_km",
                "more than 0",
            ),
            (
                "up to 9 km: 1\nup to 9 km: 2",
                "/zoning/distance/1/up_to_km",
                "more than 9",
            ),
        ] {
            let refusal = check_service(&service(rules)).unwrap_err();
            assert_eq!(refusal.field(), Some(field), "{rules}: {refusal}");
            assert!(refusal.to_string().contains(said), "{refusal}");
        }
    }

    fn rules(service: &mut Service) -> &mut Vec<ZoneRule> {
        match &mut service.zoning {
            Zoning::Areas(rules) => rules,
            Zoning::Distance(_) => panic!("a table of areas"),
        }
    }

    #[test]
    fn a_table_of_areas_has_limits() {
        let line = |range: usize| format!("to US {range:03}: 1\n");
        let mut long = service(&(0..1_000).map(line).collect::<String>());
        assert_eq!(check_service(&long), Ok(()));
        let ranges = rules(&mut long)
            .iter()
            .flat_map(|rule| rule.to.postal.clone());
        let mut wide = rules(&mut service("to US: 1"))[0].clone();
        wide.to.postal = ranges.collect();
        let twice = rules(&mut long).clone();
        rules(&mut long).extend([twice.clone(), twice].concat());
        let mut heavy = service("to US: 1");
        *rules(&mut heavy) = vec![wide; 21];
        for (service, said) in [(long, "holds 3000"), (heavy, "holds 21000")] {
            let refusal = check_service(&service).unwrap_err();
            assert_eq!(refusal.field(), Some("/zoning/areas"));
            assert!(refusal.to_string().contains(said), "{refusal}");
        }
    }

    #[test]
    fn impossible_fields_are_refused_by_name() {
        let refused = |change: &dyn Fn(&mut Service)| {
            let mut service = service("to DE: 1\nto AT: 2");
            change(&mut service);
            let refusal = check_service(&service).unwrap_err();
            refusal.field().unwrap_or_default().to_owned()
        };
        type Change = &'static dyn Fn(&mut Service);
        let changes: [(&str, Change); 20] = [
            ("/code", &|one| one.code.clear()),
            ("/name", &|one| one.name = "x".repeat(256)),
            ("/carrier", &|one| one.carrier = "a\nb".to_owned()),
            ("/surcharge_bp", &|one| one.surcharge_bp = 100_001),
            ("/dimensional_divisor", &|one| {
                one.dimensional_divisor = Some(0)
            }),
            ("/limits/longest_mm", &|one| {
                one.limits.longest_mm = Some(-1)
            }),
            ("/limits/length_and_girth_mm", &|one| {
                one.limits = Limits {
                    longest_mm: Some(1),
                    length_and_girth_mm: Some(0),
                }
            }),
            ("/countries/only/1", &|one| {
                one.countries.only = vec!["DE".into(), "DEU".into()]
            }),
            ("/countries/except/0", &|one| {
                one.countries.only = vec!["DE".into()];
                one.countries.except = vec!["DE".into()];
            }),
            ("/zones/1/code", &|one| one.zones[1].code = "1".to_owned()),
            ("/zoning/areas/1/zone", &|one| {
                one.zones[1].code = "3".to_owned()
            }),
            ("/zones/0/transit_days", &|one| {
                one.zones[0].transit_days = 91
            }),
            ("/zones/0/tariff/parcel_max_g", &|one| {
                one.zones[0].tariff.parcel_max_g = 0
            }),
            ("/zones/0/tariff/parcel_max_g", &|one| {
                one.zones[0].tariff.per_kg_minor = None
            }),
            ("/zones/0/tariff/minimum_minor", &|one| {
                one.zones[0].tariff.minimum_minor = -1
            }),
            ("/zones/0/tariff/per_kg_minor", &|one| {
                one.zones[0].tariff.per_kg_minor = Some(-1)
            }),
            ("/zones/0/tariff/brackets/0/price_minor", &|one| {
                one.zones[0].tariff.brackets[0].price_minor = AMOUNT_MAX + 1;
            }),
            ("/zones/1/tariff/brackets/1/price_minor", &|one| {
                one.zones[1].tariff.brackets[1].price_minor = 499;
            }),
            ("/zones/1/tariff/brackets/1/up_to_g", &|one| {
                one.zones[1].tariff.brackets[1].up_to_g = 1_000;
            }),
            ("/zones/0/tariff/brackets", &|one| {
                let bracket = |up_to_g| Bracket {
                    up_to_g,
                    price_minor: 1,
                };
                one.zones[0].tariff.brackets = (1..=201).map(bracket).collect();
            }),
        ];
        for (field, change) in changes {
            assert_eq!(refused(change), field);
        }
    }
}

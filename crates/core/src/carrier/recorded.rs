//! Rates that a real carrier gave (`data/carriers`): services made of its zones and weight steps must give the same ones.

use std::collections::BTreeMap;

use super::check::check_service;
use super::fixture::{of, to};
use super::zoning::{ZoneOrigin, ZoneRule, Zoning};
use super::{Area, Bracket, Origin, PostalRange, Service, Tariff, Units, Zone};
use crate::money::Currency;
use crate::party::area;

const RECORDED: &str = include_str!(concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/../../data/carriers/recorded_rates.tsv"
));
/// The steps of the carrier's price lists in grams: 4, 8, 12 and 15.999 ounces, then pounds.
const STEPS_G: [i64; 6] = [113, 226, 340, 453, 907, 1_360];

/// One recorded rate.
struct Recorded {
    from: &'static str,
    to: &'static str,
    zone: &'static str,
    weight_g: i64,
    service: &'static str,
    price_minor: i64,
    days: u16,
}

fn recorded() -> Vec<Recorded> {
    let rows = RECORDED.lines().skip(1).map(|line| {
        let cells: Vec<&'static str> = line.split('\t').collect();
        let tenths_of_ounces: i64 = cells[3].replace('.', "").parse().unwrap();
        Recorded {
            from: cells[0],
            to: cells[1],
            zone: cells[2],
            // an ounce is 28.349523125 g; begun grams count whole
            weight_g: (tenths_of_ounces * 28_349_523_125 + 9_999_999_999) / 10_000_000_000,
            service: cells[4],
            price_minor: cells[5].replace('.', "").parse().unwrap(),
            days: cells[6].parse().unwrap(),
        }
    });
    rows.collect()
}

fn step(weight_g: i64) -> i64 {
    *STEPS_G.iter().find(|step| weight_g <= **step).unwrap()
}

/// A zone has one time of travel: the carrier's zones are told apart by the days that they take from each origin.
fn zone_code(row: &Recorded) -> String {
    format!("{} in {} days", row.zone, row.days)
}

/// The service with what is recorded of it: zones by ZIP3, and prices by weight step.
fn made_of(rows: &[&Recorded]) -> Service {
    let (mut zones, mut rules) = (BTreeMap::new(), Vec::new());
    for row in rows {
        let zone = zones.entry(zone_code(row)).or_insert_with(|| Zone {
            code: zone_code(row),
            tariff: Tariff {
                brackets: Vec::new(),
                per_kg_minor: None,
                minimum_minor: 0,
                parcel_max_g: 0,
            },
            transit_days: row.days,
        });
        let rule = ZoneRule {
            from: ZoneOrigin {
                country: Some("US".to_owned()),
                postal: zip3(row.from),
                group: None,
            },
            to: Area {
                country: "US".to_owned(),
                postal: zip3(row.to),
            },
            zone: zone_code(row),
        };
        if !rules.contains(&rule) {
            rules.push(rule);
        }
        add_step(&mut zone.tariff, row);
    }
    Service {
        currency: "USD".parse::<Currency>().unwrap(),
        ..of(Zoning::Areas(rules), zones.into_values().collect())
    }
}

/// The first price that is recorded for a step is its price; the others are what is to be reproduced.
fn add_step(tariff: &mut Tariff, row: &Recorded) {
    let up_to_g = step(row.weight_g);
    if tariff.brackets.iter().all(|one| one.up_to_g != up_to_g) {
        tariff.brackets.push(Bracket {
            up_to_g,
            price_minor: row.price_minor,
        });
    }
    tariff.brackets.sort_by_key(|one| one.up_to_g);
    tariff.parcel_max_g = tariff.parcel_max_g.max(up_to_g);
}

fn zip3(zip: &str) -> Vec<PostalRange> {
    let zip3 = area("US", zip).unwrap();
    vec![PostalRange {
        first: zip3.clone(),
        last: zip3,
    }]
}

#[test]
fn a_service_made_of_recorded_rates_gives_every_one_of_them() {
    let rows = recorded();
    let mut names: Vec<&str> = rows.iter().map(|row| row.service).collect();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names, ["Express", "GroundAdvantage", "Priority"]);
    for name in names {
        let of_service: Vec<&Recorded> = rows.iter().filter(|row| row.service == name).collect();
        let service = made_of(&of_service);
        assert_eq!(check_service(&service), Ok(()), "{name}");
        for row in of_service {
            let origin = Origin {
                country: "US".to_owned(),
                area: area("US", row.from),
                ..Origin::default()
            };
            let zone = service
                .zone(&origin, &to(&format!("US {}", row.to)))
                .unwrap();
            let units = Units {
                weight_g: Some(row.weight_g),
                dimensions: None,
                quantity: 1,
            };
            let (quote, _) = service.quote(zone, &[units]).unwrap();
            assert_eq!(
                quote.price_minor, row.price_minor,
                "{name} {} g",
                row.weight_g
            );
            assert_eq!(zone.transit_days, row.days, "{name} from {}", row.from);
        }
    }
    assert_eq!(rows.len(), 15);
}

#[test]
fn a_nearer_zone_of_a_recorded_service_is_never_dearer() {
    let rows = recorded();
    for near in rows.iter().filter(|row| row.zone == "1") {
        let far = rows.iter().filter(|row| {
            row.zone == "4" && row.service == near.service && row.weight_g == near.weight_g
        });
        let dearer: Vec<bool> = far.map(|row| row.price_minor > near.price_minor).collect();
        assert!(
            !dearer.is_empty() && dearer.iter().all(|dearer| *dearer),
            "{}",
            near.service
        );
    }
}

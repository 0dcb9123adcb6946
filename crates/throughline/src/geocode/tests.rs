use std::path::Path;

use tempfile::TempDir;
use throughline_core::command::PutMode;
use throughline_core::geo::Point;
use throughline_core::network::{Kind, Location, LocationId, PutLocation};
use throughline_core::time::Millis;
use throughline_store::{Options, PostalArea};

use super::*;

/// A database that holds the ZIP codes of the repository's extract.
fn store() -> (TempDir, Store) {
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite:{}", folder.path().join("test.db").display());
    let options = Options {
        now: Millis(1),
        random: 42,
        partitions: None,
    };
    let store = Store::open(&url, options).unwrap();
    (folder, store)
}

fn load(store: &Store) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../data/geo/us_zip_extract.csv");
    let bytes = std::fs::read(path).unwrap();
    let mut table = throughline_formats::geo::GeoTable::open(&bytes).unwrap();
    let mut areas = Vec::new();
    while let Some(row) = table.next_row().unwrap() {
        areas.extend(row.ok().map(|row| PostalArea {
            code: normalised(&row.country, &row.postal_code),
            point: Point::from_degrees(row.latitude, row.longitude).unwrap(),
            country: row.country,
        }));
    }
    let loaded = store.postal_loader().unwrap().load(&areas, Millis(1));
    assert!(loaded.unwrap().new > 90);
}

fn put(country: &str, postal_code: &str, degrees: Option<(f64, f64)>) -> Command {
    let location = Location {
        id: LocationId(0),
        code: "L".to_owned(),
        name: "L".to_owned(),
        kind: Kind::Store,
        status: Default::default(),
        priority: 1,
        address: Address {
            country: country.to_owned(),
            postal_code: postal_code.to_owned(),
            latitude: degrees.map(|(north, _)| north),
            longitude: degrees.map(|(_, east)| east),
            ..Address::default()
        },
        located: None,
        time_zone: "UTC".to_owned(),
        cut_off_minute: None,
        ..Location::default()
    };
    let mode = PutMode::Ensure;
    Command::PutLocation(PutLocation { location, mode })
}

fn located(mut command: Command, geocoder: &Geocoder) -> Option<(f64, f64, LocatedBy)> {
    geocoder.locate_blocking(&mut command);
    let Command::PutLocation(put) = command else {
        panic!("another command");
    };
    let located = put.location.address.located?;
    let (latitude, longitude) = located.point.degrees();
    Some((latitude, longitude, located.by))
}

#[test]
fn given_coordinates_win_then_the_code_then_its_area_then_the_country() {
    let (_folder, store) = store();
    load(&store);
    let geocoder = Geocoder::start(&store).unwrap();
    let given = put("US", "10001", Some((1.0, 2.0)));
    assert_eq!(located(given, &geocoder), None);
    let code = (40.7484, -73.9967, LocatedBy::PostalCode);
    // The second time it is remembered.
    for _ in 0..2 {
        assert_eq!(
            located(put("US", "10001-1234", None), &geocoder),
            Some(code)
        );
    }
    let area = located(put("US", "60699", None), &geocoder).unwrap();
    assert!(
        (area.0 - 41.88).abs() < 0.1 && (area.1 + 87.65).abs() < 0.1,
        "{area:?}"
    );
    assert_eq!(area.2, LocatedBy::Area);
    // Its row says 0, 0, so that it tells nothing; its neighbours do.
    let forces = located(put("US", "34001", None), &geocoder).unwrap();
    assert_eq!(forces.2, LocatedBy::Area);
    let country = (37.0902, -95.7129, LocatedBy::Country);
    for code in ["73301", "", "–"] {
        assert_eq!(
            located(put("US", code, None), &geocoder),
            Some(country),
            "{code}"
        );
    }
    let germany = located(put("DE", "10115", None), &geocoder).unwrap();
    assert_eq!(germany.2, LocatedBy::Country);
    assert_eq!(located(put("Narnia", "1", None), &geocoder), None);
}

#[test]
fn what_another_program_loads_is_seen_once_somebody_looks() {
    let (_folder, store) = store();
    let geocoder = Geocoder::start(&store).unwrap();
    let by = |code| located(put("US", code, None), &geocoder).unwrap().2;
    assert_eq!(by("10001"), LocatedBy::Country);
    load(&store);
    assert_eq!(by("10001"), LocatedBy::Country);
    let countries = store.read(views::geo::countries).unwrap();
    geocoder.memory.lock().refresh(&countries);
    assert_eq!(by("10001"), LocatedBy::PostalCode);
}

#[test]
fn nothing_is_read_for_what_is_given_remembered_or_not_loaded() {
    let (_folder, store) = store();
    let empty = Geocoder::start(&store).unwrap();
    let asks = |geocoder: &Geocoder, mut command| !geocoder.recall(&mut command).is_nothing();
    assert!(!asks(&empty, put("US", "10001", None)));
    load(&store);
    let geocoder = Geocoder::start(&store).unwrap();
    assert!(!asks(&geocoder, put("US", "10001", Some((1.0, 2.0)))));
    assert!(!asks(&geocoder, put("DE", "10115", None)));
    assert!(!asks(&geocoder, put("US", "", None)));
    assert!(asks(&geocoder, put("US", "10001", None)));
    assert!(located(put("US", "10001", None), &geocoder).is_some());
    assert!(!asks(&geocoder, put("US", "10001-0001", None)));
}

//! Loading where postal codes are, from the repository's extracts and from tables that are wrong.

use std::path::Path;

use throughline::wiring::ids;
use throughline_core::Request;
use throughline_core::command::{Actor, Command, PutMode};
use throughline_core::geo::{Area, LocatedBy, areas, normalised};
use throughline_core::network::{Kind, Location, LocationId, LocationStatus, PutLocation};
use throughline_core::party::Address;
use throughline_store::views;

use crate::support::{Desk, on_every_engine, path, repository};

/// Names a folder with the whole tables; the German one may not be passed on.
const WHOLE: &str = "THROUGHLINE_TEST_GEO";

fn located(desk: &Desk, country: &str, code: &str) -> Option<(f64, f64, LocatedBy)> {
    let areas = areas(country, &normalised(country, code));
    let search: (&str, &[Area]) = (country, &areas);
    let store = desk.store();
    let found = store.read(|connection| views::geo::locate(connection, &[search]));
    found.unwrap()[0].map(|located| {
        let (latitude, longitude) = located.point.degrees();
        (latitude, longitude, located.by)
    })
}

#[test]
fn tables_are_loaded_once_and_rejected_rows_are_told_with_their_lines() {
    on_every_engine(|desk| {
        let desk = desk();
        let us = repository("data/geo/us_zip_extract.csv");
        let ca = repository("data/geo/ca_fsa_extract.csv.xz");
        let arguments = ["import", "geo", path(&us), path(&ca)];
        let out = desk.run(&arguments).succeeded();
        for line in [
            "us_zip_extract.csv: 108 rows, 1 rejected\n  107 postal codes: 107 new, 0 changed, 0 there already\n",
            "  rejected 1: the coordinates are 0, 0, which stands for a place that is not known; line 32 (34001)\n",
            "ca_fsa_extract.csv.xz: 104 rows, 4 rejected\n  100 postal codes: 100 new, 0 changed, 0 there already\n",
            "  rejected 4: a coordinate is empty; line ",
        ] {
            assert!(out.contains(line), "{line}\n{out}");
        }
        let out = desk.run(&arguments).succeeded();
        for line in [
            "  107 postal codes: 0 new, 0 changed, 107 there already\n",
            "  100 postal codes: 0 new, 0 changed, 100 there already\n",
        ] {
            assert!(out.contains(line), "{line}\n{out}");
        }
        assert_eq!(
            located(&desk, "US", "10001"),
            Some((40.7484, -73.9967, LocatedBy::PostalCode))
        );
        let ottawa = located(&desk, "CA", "K1A 0B1").unwrap();
        assert_eq!(ottawa.2, LocatedBy::Area);
        assert!((ottawa.0 - 45.4).abs() < 0.2, "{ottawa:?}");
    });
}

#[test]
fn a_corrected_table_changes_what_differs() {
    let desk = Desk::new();
    let first =
        "country,postal_code,latitude,longitude\nGB,LS1,53.7966,-1.5477\nGB,LS2,53.8,-1.5\n";
    let file = desk.write("codes.csv", first);
    desk.run(&["import", "geo", path(&file)]).succeeded();
    desk.write("codes.csv", first.replace("53.8,", "53.81,"));
    let out = desk.run(&["import", "geo", path(&file)]).succeeded();
    assert!(out.contains("0 new, 1 changed, 1 there already"), "{out}");
}

#[test]
fn what_is_no_table_is_refused_before_anything_happens() {
    let desk = Desk::new();
    let good = desk.write("good.csv", "plz,a,b\n10115,52.5,13.4\n");
    let packed = std::fs::read(repository("data/geo/ca_fsa_extract.csv.xz")).unwrap();
    let half = &packed[..packed.len() / 2];
    for (name, contents, says) in [
        (
            "other.csv",
            &b"a,b,c\n1,2,3\n"[..],
            "are none that are known",
        ),
        ("empty.csv", b"", "are none that are known"),
        (
            "latin.csv",
            b"plz,a,b\n1,2,3\n\xE9,1,2\n",
            "line 3: this is no text in UTF-8",
        ),
        ("half.csv.xz", half, "cannot be unpacked"),
    ] {
        let file = desk.write(name, contents);
        let ran = desk.run(&["import", "geo", path(&good), path(&file)]);
        assert_eq!(ran.code, 7, "{name}: {}", ran.error);
        assert!(
            ran.error.contains(name) && ran.error.contains(says),
            "{}",
            ran.error
        );
    }
    let missing = desk.run(&["import", "geo", "nowhere.csv"]);
    assert!(
        missing.error.contains("cannot open nowhere.csv"),
        "{}",
        missing.error
    );
    assert_eq!(located(&desk, "DE", "10115"), None);
}

fn put_location(code: &str, country: &str) -> Request {
    let location = Location {
        id: LocationId(0),
        code: code.to_owned(),
        name: code.to_owned(),
        kind: Kind::Warehouse,
        status: LocationStatus::Open,
        priority: 1,
        address: Address {
            country: country.to_owned(),
            ..Address::default()
        },
        located: None,
        time_zone: "UTC".to_owned(),
        cut_off_minute: None,
        ..Location::default()
    };
    let mode = PutMode::Create;
    Request {
        id: ids::request(),
        actor: Actor::Operator,
        key: None,
        command: Command::PutLocation(PutLocation { location, mode }),
    }
}

#[test]
fn the_doctor_tells_which_locations_are_known_by_their_country_alone() {
    let desk = Desk::new();
    let out = desk.run(&["doctor"]).succeeded();
    assert!(!out.contains("locations with"), "{out}");
    let store = desk.store();
    let executor = throughline::execute::Executor::start(&store).unwrap();
    for (code, country) in [("LEEDS", "GB"), ("NOWHERE", "")] {
        executor
            .execute_blocking(put_location(code, country))
            .unwrap();
    }
    executor.shutdown_blocking();
    drop(store);
    let out = desk.run(&["doctor"]).succeeded();
    for line in [
        "locations with no coordinates and no country: give an address: 1 (NOWHERE)",
        "locations with only the country's: give coordinates, or load postal codes (throughline import geo) and put them again: 1 (LEEDS)",
    ] {
        assert!(out.contains(line), "{line}\n{out}");
    }
}

#[test]
fn the_whole_tables_can_be_loaded_where_they_are_at_hand() {
    let Ok(folder) = std::env::var(WHOLE) else {
        eprintln!("NOT RUN on whole tables: {WHOLE} names no folder that holds them");
        return;
    };
    let files = ["us_zip", "ca_fsa", "de_plz"];
    let files = files.map(|name| Path::new(&folder).join(format!("{name}_centroids.csv.xz")));
    let desk = Desk::new();
    let mut arguments = vec!["import", "geo"];
    arguments.extend(files.iter().map(|file| path(file)));
    let out = desk.run(&arguments).succeeded();
    for line in [
        "42,555 rows, 306 rejected",
        "1,620 rows, 9 rejected",
        "8,168 rows, 0 rejected",
    ] {
        assert!(out.contains(line), "{line}\n{out}");
    }
    let berlin = located(&desk, "DE", "10115").unwrap();
    assert!(
        (berlin.0 - 52.53).abs() < 0.05 && (berlin.1 - 13.38).abs() < 0.05,
        "{berlin:?}"
    );
}

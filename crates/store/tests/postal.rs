//! Where postal codes are: loaded once, found by the code or by what it begins with, on both engines.

use throughline_core::geo::{Area, Located, LocatedBy, Point, areas, normalised};
use throughline_core::time::Millis;
use throughline_store::{PostalArea, PostalLoaded, Store, views};

use crate::support::on_every_engine;

fn area(country: &str, code: &str, lat_e4: i32, lon_e4: i32) -> PostalArea {
    PostalArea {
        country: country.to_owned(),
        code: code.to_owned(),
        point: Point { lat_e4, lon_e4 },
    }
}

fn some_areas() -> Vec<PostalArea> {
    vec![
        area("CA", "K1A", 454_207, -757_023),
        area("GB", "LS1", 537_966, -15_477),
        area("US", "10001", 407_484, -739_967),
        area("US", "10002", 407_152, -739_877),
        area("US", "99501", 612_116, -1_498_761),
    ]
}

fn find(store: &Store, country: &str, text: &str) -> Option<(i32, i32, LocatedBy)> {
    let areas = areas(country, &normalised(country, text));
    let search: (&str, &[Area]) = (country, &areas);
    let found = store.read(|connection| views::geo::locate(connection, &[search]));
    let located: Option<Located> = found.unwrap()[0];
    located.map(|located| (located.point.lat_e4, located.point.lon_e4, located.by))
}

#[test]
fn loading_again_changes_nothing_and_what_moved_is_told() {
    on_every_engine(|_, database| {
        let store = database.open();
        let mut loader = store.postal_loader().unwrap();
        let mut load = |areas: &[PostalArea], at: i64| {
            let PostalLoaded { new, moved, same } = loader.load(areas, Millis(at)).unwrap();
            (new, moved, same)
        };
        let mut areas = some_areas();
        assert_eq!(load(&areas, 1), (5, 0, 0));
        assert_eq!(load(&areas, 2), (0, 0, 5));
        areas[2].point.lat_e4 += 1;
        areas.push(area("US", "10003", 0, 1));
        assert_eq!(load(&areas, 3), (1, 1, 4));
        areas[0].point.lon_e4 += 1;
        assert_eq!(load(&areas, 4), (0, 1, 5));
        assert_eq!(load(&[], 5), (0, 0, 0));
        let countries = store.read(views::geo::countries).unwrap();
        let told: Vec<_> = countries
            .iter()
            .map(|one| {
                (
                    one.country.as_str(),
                    one.areas,
                    one.version,
                    one.loaded_at.0,
                )
            })
            .collect();
        assert_eq!(told, [("CA", 1, 2, 4), ("GB", 1, 1, 1), ("US", 4, 2, 3)]);
    });
}

#[test]
fn the_most_exact_area_wins_and_other_countries_are_never_asked() {
    on_every_engine(|_, database| {
        let store = database.open();
        assert_eq!(find(&store, "US", "10001"), None);
        let mut loader = store.postal_loader().unwrap();
        loader.load(&some_areas(), Millis(1)).unwrap();
        let exact = Some((407_484, -739_967, LocatedBy::PostalCode));
        assert_eq!(find(&store, "US", "10001"), exact);
        assert_eq!(find(&store, "US", "10001-9998"), exact);
        // the middle of 10001 and 10002
        let middle = Some((407_318, -739_922, LocatedBy::Area));
        assert_eq!(find(&store, "US", "10099"), middle);
        assert_eq!(
            find(&store, "CA", "k1a 0b1"),
            Some((454_207, -757_023, LocatedBy::Area))
        );
        let leeds = (537_966, -15_477, LocatedBy::PostalCode);
        assert_eq!(find(&store, "GB", "LS1 4AP"), Some(leeds));
        assert_eq!(find(&store, "GB", "LS11 4AP"), None);
        assert_eq!(find(&store, "US", "20001"), None);
        assert_eq!(find(&store, "DE", "10001"), None);
        assert_eq!(find(&store, "US", ""), None);
    });
}

#[test]
fn several_searches_are_answered_in_their_order() {
    on_every_engine(|_, database| {
        let store = database.open();
        let mut loader = store.postal_loader().unwrap();
        loader.load(&some_areas(), Millis(1)).unwrap();
        let (one, other) = (areas("US", "99501"), areas("GB", "ZZ1"));
        let third = areas("US", "10002");
        let searches: [(&str, &[Area]); 3] = [("US", &one), ("GB", &other), ("US", &third)];
        let found = store.read(|connection| views::geo::locate(connection, &searches));
        let north: Vec<Option<i32>> = found
            .unwrap()
            .iter()
            .map(|found| found.map(|located| located.point.lat_e4))
            .collect();
        assert_eq!(north, [Some(612_116), None, Some(407_152)]);
    });
}

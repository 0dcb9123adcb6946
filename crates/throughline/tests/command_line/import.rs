//! The real orders of the repository, imported as history.

use std::path::PathBuf;

use throughline_core::order::{ReturnsStatus, statuses, totals};

use crate::support::{Desk, on_every_engine, path, repository, said};

pub(crate) fn file() -> PathBuf {
    repository("data/uci/online_retail_2010-12.csv")
}

pub(crate) fn mapping() -> PathBuf {
    repository("mappings/uci-online-retail.toml")
}

/// The part of the report that is the same each time.
const TABLE: &str = "
                             documents        rows         units                   money
orders: goods                      738      21,208       171,625          GBP 380,994.21
orders: charges                      0          79           246           GBP 16,404.29
charges alone                        4           4             4           GBP 13,721.33
cancellations matched               53         126        -1,033           GBP -3,090.25
cancellations not matched           96         230       -11,622           GBP -5,405.66
cancelled charges                   13          14           -14          GBP -37,168.47
stock corrections                   68          68          -902                       0
refused                              0           0             0                       0
sum                                972      21,729       158,304          GBP 365,455.45
the file                                    21,729       158,304          GBP 365,455.45
difference                                       0             0                       0

";

const DATABASE: &str = "738 orders with 21,208 lines and 171,625 units, GBP 397,398.50; 1,033 units taken back: agrees with the file, order by order";

#[test]
fn the_real_orders_add_up_to_the_penny_and_the_unit_in_the_database_too() {
    on_every_engine(|desk| {
        let desk = desk();
        let ran = desk.import(&file(), &mapping(), &[]);
        assert_eq!(ran.code, 0, "{}", ran.error);
        assert!(
            ran.out
                .starts_with(&format!("{}: UCI Online Retail, history\n", path(&file()))),
            "{}",
            ran.out
        );
        assert!(ran.out.contains(TABLE), "{}", ran.out);
        assert_eq!(ran.said("orders"), "738 made, 0 there already");
        assert_eq!(ran.said("returns"), "65 made, 0 there already");
        assert_eq!(ran.said("SKUs"), "2,521 made, 0 there already");
        assert_eq!(ran.said("the database"), DATABASE);
        assert_eq!(ran.said("refused"), "no row");
        assert!(!desk.path("online_retail_2010-12.rejects.csv").exists());
        look_at_the_orders(&desk);
        assert_eq!(desk.violations(), Vec::<String>::new());
    });
}

/// Sums of the stored orders, added up by the test.
fn look_at_the_orders(desk: &Desk) {
    let orders = desk.orders();
    assert_eq!(orders.len(), 738);
    let total: i64 = orders.iter().map(|order| totals(order).total_minor).sum();
    assert_eq!(total, 39_739_850);
    let lines = || {
        orders
            .iter()
            .flat_map(|order| order.placed.lines.iter().zip(&order.progress.lines))
    };
    assert_eq!(lines().map(|(line, _)| line.quantity).sum::<i64>(), 171_625);
    assert_eq!(
        lines().map(|(_, progress)| progress.returned).sum::<i64>(),
        1_033
    );
    let returned = orders
        .iter()
        .filter(|order| statuses(order).returns != ReturnsStatus::None);
    assert_eq!(returned.count(), 61);
    let first = &orders[0];
    assert_eq!(first.placed.external_ref.as_deref(), Some("536365"));
    assert_eq!(
        first.placed.placed_at.0, 1_291_191_960_000,
        "2010-12-01 08:26 in London"
    );
    assert_eq!(first.placed.destination.country, "GB");
    assert!(first.placed.history && first.placed.customer.is_some());
}

#[test]
fn a_second_run_changes_nothing() {
    on_every_engine(|desk| {
        let desk = desk();
        desk.import(&file(), &mapping(), &[]).succeeded();
        let before = desk.orders();
        let again = desk.import(&file(), &mapping(), &[]).succeeded();
        assert!(again.contains(TABLE), "{again}");
        assert_eq!(said(&again, "orders"), "0 made, 738 there already");
        assert_eq!(said(&again, "returns"), "0 made, 65 there already");
        assert_eq!(said(&again, "SKUs"), "0 made, 2,521 there already");
        assert!(again.contains("nothing has changed"), "{again}");
        assert_eq!(said(&again, "the database"), DATABASE);
        assert!(
            desk.orders() == before,
            "an order is another one after the second run"
        );
    });
}

#[test]
fn two_imports_of_one_file_at_once_make_each_order_once() {
    on_every_engine(|desk| {
        let desk = desk();
        let (file, mapping) = (file(), mapping());
        let arguments = ["import", path(&file), "--map", path(&mapping)];
        // The file of refused rows is named, so that the two do not write the same one.
        let start = |rejects| {
            let mut command = desk.command(&arguments);
            command
                .args(["--rejects", rejects])
                .stdout(std::process::Stdio::piped())
                .stderr(std::process::Stdio::piped());
            command.spawn().unwrap()
        };
        let both = [start("one.csv"), start("two.csv")].map(|child| {
            let ran = crate::support::Ran::of(child.wait_with_output().unwrap());
            assert_eq!(ran.code, 0, "{}", ran.error);
            made(ran.said("orders"))
        });
        assert_eq!(both[0] + both[1], 738);
        assert_eq!(desk.orders().len(), 738);
        assert_eq!(desk.violations(), Vec::<String>::new());
    });
}

/// The number in `738 made, 0 there already`.
fn made(said: &str) -> u64 {
    said.split(' ')
        .next()
        .unwrap()
        .replace(',', "")
        .parse()
        .unwrap()
}

#[test]
fn a_dry_run_adds_up_the_file_and_makes_no_database() {
    let desk = Desk::new();
    let out = desk.import(&file(), &mapping(), &["--dry-run"]).succeeded();
    assert!(out.contains(TABLE.trim_matches('\n')), "{out}");
    assert!(out.ends_with("nothing was imported\n"), "{out}");
    assert!(!desk.path("shop.db").exists());
}

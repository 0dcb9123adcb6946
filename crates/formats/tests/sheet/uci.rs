//! The real file: every row is accounted for, to the penny and the unit.
//!
//! The expected numbers were computed by another program (Python's csv and decimal modules) from the same files.

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::fs::File;
use std::path::{Path, PathBuf};

use throughline_formats::sheet::{Document, Mapping, Reconciliation, Sheet, SheetOrder, Tally};

/// Names the whole file, as plain CSV.
const FULL: &str = "THROUGHLINE_UCI_FULL";

fn repository(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../..")
        .join(path)
}

fn read(path: &Path) -> (Vec<Document>, Reconciliation) {
    let mapping = std::fs::read_to_string(repository("mappings/uci-online-retail.toml")).unwrap();
    let mapping = Mapping::parse(&mapping).unwrap();
    let mut sheet = Sheet::open(File::open(path).unwrap(), &mapping).unwrap();
    let mut documents = Vec::new();
    let reconciliation = sheet
        .read(|document| {
            documents.push(document);
            Ok::<_, Infallible>(())
        })
        .unwrap();
    (documents, reconciliation)
}

/// Documents, rows, units and money of each kind.
fn numbers(reconciliation: &Reconciliation) -> Vec<(i64, i64, i64, String)> {
    let number = |tally: &Tally| {
        (
            tally.documents,
            tally.rows,
            tally.units,
            tally.money.of("GBP").to_string(),
        )
    };
    reconciliation
        .kinds()
        .iter()
        .map(|(_, tally)| number(tally))
        .collect()
}

fn row(documents: i64, rows: i64, units: i64, money: &str) -> (i64, i64, i64, String) {
    (documents, rows, units, money.to_owned())
}

/// Units and thousandths of a pound of a file, by the simplest program there is.
fn sums(path: &Path) -> (i64, i64, i64) {
    let mut reader = csv::Reader::from_path(path).unwrap();
    let (mut rows, mut units, mut thousandths) = (0, 0, 0);
    for record in reader.records() {
        let record = record.unwrap();
        let quantity: i64 = record[3].parse().unwrap();
        let (pounds, decimals) = record[5].split_once('.').unwrap();
        let sign = if pounds.starts_with('-') { -1 } else { 1 };
        let decimals: i64 = format!("{decimals:0<3}").parse().unwrap();
        rows += 1;
        units += quantity;
        thousandths += quantity * (pounds.parse::<i64>().unwrap() * 1000 + sign * decimals);
    }
    (rows, units, thousandths)
}

#[test]
fn the_weeks_in_the_repository_reconcile_to_the_penny_and_the_unit() {
    let path = repository("data/uci/online_retail_2010-12.csv");
    let (_, reconciliation) = read(&path);
    reconciliation.check().unwrap();
    assert_eq!(sums(&path), (21_729, 158_304, 365_455_450));
    let survey = &reconciliation.file;
    assert_eq!(
        (
            survey.rows,
            survey.units,
            survey.money.of("GBP").to_string()
        ),
        (21_729, 158_304, "365,455.45".to_owned())
    );
    assert_eq!(
        numbers(&reconciliation),
        [
            row(738, 21_208, 171_625, "380,994.21"),
            row(0, 79, 246, "16,404.29"),
            row(4, 4, 4, "13,721.33"),
            row(53, 126, -1_033, "-3,090.25"),
            row(96, 230, -11_622, "-5,405.66"),
            row(13, 14, -14, "-37,168.47"),
            row(68, 68, -902, "0.00"),
            row(0, 0, 0, "0.00"),
        ]
    );
}

#[test]
fn the_whole_file_reconciles_to_the_penny_and_the_unit() {
    let Some(path) = std::env::var_os(FULL).map(PathBuf::from) else {
        eprintln!(
            "{FULL} does not name the whole file: only the weeks in the repository are tested"
        );
        return;
    };
    let (documents, reconciliation) = read(&path);
    reconciliation.check().unwrap();
    assert_eq!(sums(&path), (320_705, 3_089_482, 5_761_931_382));
    assert_eq!(
        numbers(&reconciliation),
        [
            row(12_394, 311_922, 3_323_925, "6,061,684.892"),
            row(0, 1_409, 3_148, "165,644.44"),
            row(105, 112, 164, "55,372.61"),
            row(1_712, 4_264, -125_179, "-192,656.40"),
            row(570, 1_190, -20_038, "-25,893.64"),
            row(272, 393, -4_185, "-302,220.52"),
            row(1_406, 1_415, -88_353, "0.00"),
            row(0, 0, 0, "0.00"),
        ]
    );
    assert_eq!(reconciliation.rounding.of("GBP").to_string(), "-0.002");
    let orders: BTreeMap<&str, &SheetOrder> = orders(&documents);
    let scattered = orders["542806"];
    let (first, second) = (scattered.source[3].raw.line, scattered.source[4].raw.line);
    assert_eq!(
        (scattered.lines.len(), first, second),
        (39, 78_091, 78_094),
        "rows of 542806 do not stand together"
    );
    assert_eq!(
        orders["558475"].lines.len() + orders["558475"].charges.len(),
        705,
        "the longest invoice"
    );
    let pads = orders["550193"]
        .lines
        .iter()
        .find(|line| line.sku == "PADS")
        .unwrap();
    assert_eq!(
        (pads.unit_price_minor, pads.price_quantity),
        (1, 10),
        "a tenth of a penny"
    );
}

#[test]
fn an_order_of_the_file_is_read_as_it_stands_there() {
    let (documents, _) = read(&repository("data/uci/online_retail_2010-12.csv"));
    let orders = orders(&documents);
    let order = orders["536365"];
    assert_eq!(order.placed_at.to_string(), "2010-12-01T08:26:00Z");
    assert_eq!(
        (order.channel.as_str(), order.currency.as_str()),
        ("online-retail", "GBP")
    );
    assert_eq!(
        order
            .customer
            .as_ref()
            .and_then(|customer| customer.reference.as_deref()),
        Some("17850")
    );
    assert_eq!(
        order.ship_to.as_ref().and_then(|address| address.country),
        Some("GB")
    );
    let line = &order.lines[0];
    assert_eq!(
        (
            line.sku.as_str(),
            line.title.as_deref(),
            line.quantity,
            line.unit_price_minor,
            line.price_quantity,
            line.line
        ),
        (
            "85123A",
            Some("WHITE HANGING HEART T-LIGHT HOLDER"),
            6,
            255,
            1,
            2
        )
    );
    assert_eq!(order.lines.len(), 7);
}

#[test]
fn cancellations_of_the_file_find_earlier_orders_of_the_same_customer() {
    let (documents, reconciliation) = read(&repository("data/uci/online_retail_2010-12.csv"));
    let orders = orders(&documents);
    let mut matched = 0;
    for document in &documents {
        let Document::Cancellation(cancellation) = document else {
            continue;
        };
        for line in &cancellation.lines {
            for found in &line.matches {
                let order = orders[found.reference.as_str()];
                let ordered = &order.lines[found.line];
                assert_eq!(order.customer, cancellation.customer);
                assert!(order.placed_at <= cancellation.at);
                assert_eq!(
                    (&ordered.sku, ordered.unit_price_minor),
                    (&line.sku, line.unit_price_minor)
                );
                matched += found.quantity;
            }
        }
    }
    assert_eq!(matched, -reconciliation.cancellations_matched.units);
}

fn orders(documents: &[Document]) -> BTreeMap<&str, &SheetOrder> {
    let mut orders = BTreeMap::new();
    for document in documents {
        if let Document::Order(order) = document {
            orders.insert(order.reference.as_str(), order);
        }
    }
    orders
}

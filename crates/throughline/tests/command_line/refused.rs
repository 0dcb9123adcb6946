//! Rows that are refused: written down with line and reason, and no reason to fail.

use std::path::PathBuf;

use crate::support::{Desk, on_every_engine, repository, said};

const HEADER: &str =
    "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country\n";

/// The mapping of the repository with other policies.
fn mapping(desk: &Desk, changes: &[(&str, &str)]) -> PathBuf {
    let mut text = std::fs::read_to_string(repository("mappings/uci-online-retail.toml")).unwrap();
    for (from, to) in changes {
        assert!(text.contains(from), "the mapping has no {from:?}");
        text = text.replace(from, to);
    }
    desk.write("mapping.toml", text)
}

fn sheet(desk: &Desk, rows: &str) -> PathBuf {
    desk.write("orders.csv", format!("{HEADER}{rows}"))
}

#[test]
fn refused_rows_are_written_down_and_can_be_corrected_and_imported() {
    on_every_engine(|desk| {
        let desk = desk();
        let rows = "\
1,A,LAMP,2,2010-12-01 08:26:00,2.50,7.0,United Kingdom
2,A,LAMP,two,2010-12-01 08:27:00,2.50,7.0,United Kingdom
2,SHADE,SHADE,1,2010-12-01 08:27:00,1.00,7.0,United Kingdom
C3,A,LAMP,-1,2010-12-02 08:00:00,2.50,7.0,United Kingdom
";
        let ran = desk.import(&sheet(&desk, rows), &mapping(&desk, &[]), &[]);
        assert_eq!(ran.code, 0, "{}", ran.error);
        assert_eq!(ran.said("orders"), "1 made, 0 there already");
        assert_eq!(ran.said("refused"), "2 rows: see orders.rejects.csv");
        assert_eq!(
            desk.read("orders.rejects.csv"),
            "line,reason,InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country\n\
             3,\"the quantity \"\"two\"\" is no number\",2,A,LAMP,two,2010-12-01 08:27:00,2.50,7.0,United Kingdom\n\
             4,\"line 3 of the same order was refused, and an order is taken whole (see bad_row under [policy])\",2,SHADE,SHADE,1,2010-12-01 08:27:00,1.00,7.0,United Kingdom\n"
        );
        let corrected = desk.read("orders.rejects.csv").replace(",two,", ",2,");
        let corrected = desk.write("corrected.csv", corrected);
        let out = desk
            .import(&corrected, &mapping(&desk, &[]), &[])
            .succeeded();
        assert_eq!(said(&out, "orders"), "1 made, 0 there already");
        assert_eq!(desk.orders().len(), 2);
    });
}

#[test]
fn what_the_mapping_does_not_create_is_refused_with_its_name() {
    let rows = "1,A,LAMP,2,2010-12-01 08:26:00,2.50,7.0,United Kingdom\n\
                2,SHADE,SHADE,1,2010-12-01 08:27:00,1.00,,United Kingdom\n\
                C3,A,LAMP,-2,2010-12-02 08:00:00,2.50,7.0,United Kingdom\n";
    for (policy, refused, reason) in [
        (
            "create_skus",
            2,
            "line 2: the SKU names the unknown SKU \"\"A\"\"; create it first",
        ),
        (
            "create_customers",
            1,
            "the customer is unknown: create the customer first, or set create_customers = true",
        ),
    ] {
        let desk = Desk::new();
        let sheet = sheet(&desk, rows);
        let mapping = mapping(
            &desk,
            &[(&format!("{policy} = true"), &format!("{policy} = false"))],
        );
        let out = desk.import(&sheet, &mapping, &[]).succeeded();
        let written = desk.read("orders.rejects.csv");
        assert!(written.contains(reason), "{policy}: {written}");
        assert_eq!(written.lines().count(), 1 + refused, "{policy}: {written}");
        assert!(
            said(&out, "refused").contains("that Throughline refused"),
            "{policy}: {out}"
        );
        let unmatched = out
            .lines()
            .find(|line| line.starts_with("cancellations not matched"))
            .unwrap();
        assert!(
            unmatched.contains("-2"),
            "the order that the cancellation was for is not there: {out}"
        );
        assert!(
            out.contains("difference                                       0             0"),
            "{out}"
        );
        assert_eq!(desk.orders().len(), 2 - refused, "{policy}");
    }
}

#[test]
fn an_unknown_channel_that_may_not_be_created_stops_the_import() {
    let desk = Desk::new();
    let sheet = sheet(
        &desk,
        "1,A,LAMP,2,2010-12-01 08:26:00,2.50,7.0,United Kingdom\n",
    );
    let mapping = mapping(
        &desk,
        &[("create_channel = true", "create_channel = false")],
    );
    let ran = desk.import(&sheet, &mapping, &[]);
    assert_eq!(ran.code, 7, "{}", ran.out);
    assert!(
        ran.error.contains("there is no channel \"online-retail\"")
            && ran.error.contains("create_channel = true"),
        "{}",
        ran.error
    );
    assert!(desk.orders().is_empty());
}

#[test]
fn an_order_or_cancellation_that_says_something_else_now_is_refused() {
    on_every_engine(|desk| {
        let desk = desk();
        let mapping = mapping(&desk, &[]);
        let rows = "1,A,LAMP,5,2010-12-01 08:26:00,2.50,7.0,United Kingdom\n\
                    C2,A,LAMP,-1,2010-12-02 08:00:00,2.50,7.0,United Kingdom\n";
        desk.import(&sheet(&desk, rows), &mapping, &[]).succeeded();
        let before = desk.orders();
        let other = sheet(&desk, &rows.replace(",-1,", ",-2,"));
        let out = desk.import(&other, &mapping, &[]).succeeded();
        assert_eq!(said(&out, "refused"), "1 row: see orders.rejects.csv");
        assert!(
            desk.read("orders.rejects.csv")
                .contains("this cancellation was imported before with other contents")
        );
        let other = sheet(&desk, &rows.replace(",5,", ",6,"));
        let out = desk.import(&other, &mapping, &[]).succeeded();
        assert_eq!(
            said(&out, "refused"),
            "1 row, 1 order that Throughline refused among them: see orders.rejects.csv"
        );
        assert!(
            desk.read("orders.rejects.csv")
                .contains("this order was imported before with other contents")
        );
        assert!(
            desk.orders() == before,
            "a refused change has changed something"
        );
    });
}

#[test]
fn a_file_of_refused_rows_never_holds_those_of_an_earlier_import() {
    let desk = Desk::new();
    let mapping = mapping(&desk, &[]);
    let bad = sheet(
        &desk,
        "1,A,LAMP,x,2010-12-01 08:26:00,2.50,7.0,United Kingdom\n",
    );
    desk.import(&bad, &mapping, &[]).succeeded();
    assert_eq!(desk.read("orders.rejects.csv").lines().count(), 2);
    let good = sheet(
        &desk,
        "1,A,LAMP,1,2010-12-01 08:26:00,2.50,7.0,United Kingdom\n",
    );
    let out = desk.import(&good, &mapping, &[]).succeeded();
    assert_eq!(said(&out, "refused"), "no row");
    assert_eq!(
        desk.read("orders.rejects.csv").lines().count(),
        1,
        "only the header is left"
    );
    let named = desk.import(&good, &mapping, &["--rejects", "named.csv"]);
    assert_eq!(named.said("refused"), "no row; named.csv has a header only");
}

#[test]
fn reasons_speak_of_the_sheet_and_not_of_the_api() {
    let desk = Desk::new();
    let sheet = desk.write(
        "shop.csv",
        format!(
            "Order number,Order date,Status,Currency,SKU,Item,Quantity,Item price,Item tax,Shipping,Shipping tax,Email,Phone,Ship to,Street,Street 2,City,State,Postcode,Country\n\
             1,2024-05-01,,USD,A,Lamp,1,1.00,0,0,0,nonsense,,Reception,1 Main Street,,Portland,OR,97201,US\n\
             2,2024-05-01,,USD,A,Lamp,1,1.00,0,0,0,a@example.com,,Reception,,,Portland,OR,97201,US\n\
             3,2099-05-01,,USD,A,Lamp,1,1.00,0,0,0,a@example.com,,Reception,1 Main Street,,Portland,OR,97201,US\n\
             4,2024-05-01,,USD,A,Lamp,1,1.00,0,0,0,a@example.com,,Reception,1 Main Street,,Portland,OR,97201,US\n\
             4,2024-05-01,,USD,B,{},1,1.00,0,0,0,a@example.com,,Reception,1 Main Street,,Portland,OR,97201,US\n",
            "x".repeat(300)
        ),
    );
    desk.import(&sheet, &repository("mappings/generic-shop.toml"), &[])
        .succeeded();
    let written = desk.read("shop.rejects.csv");
    for reason in [
        "the customer's email is not an email address",
        "the address' first line must not be empty",
        "the date must not lie in the future",
        "line 6: the description is 300 bytes long",
    ] {
        assert!(written.contains(reason), "{reason}: {written}");
    }
}

#[test]
fn a_file_that_is_named_as_a_workbook_and_is_none_is_called_so() {
    let desk = Desk::new();
    let damaged = desk.write("orders.xlsx", "PL\u{3}\u{4}\0\0\0\0\0\0");
    let ran = desk.import(&damaged, &mapping(&desk, &[]), &[]);
    assert_ne!(ran.code, 0);
    assert!(ran.error.contains("no XLSX workbook"), "{}", ran.error);
}

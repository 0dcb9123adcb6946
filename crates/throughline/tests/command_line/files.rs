//! Files that cannot be imported: a message that names the thing and the remedy, an exit code, and nothing half done.

use crate::import::{file, mapping};
use crate::support::{Desk, path, repository};

const HEADER: &str =
    "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country";
const ROW: &str = "1,A,LAMP,2,2010-12-01 08:26:00,2.50,7.0,United Kingdom";

#[test]
fn a_sheet_that_cannot_be_read_is_refused_before_anything_is_made() {
    let cases: [(&str, Vec<u8>, &[&str]); 7] = [
        ("empty", Vec::new(), &["the file is empty"]),
        (
            "delimiter",
            format!("{HEADER}\n{ROW}\n").replace(',', ";").into_bytes(),
            &["delimiter = \";\""],
        ),
        (
            "encoding",
            [
                format!("{HEADER}\n").as_bytes(),
                b"1,A,CAF\xc9,2,2010-12-01 08:26:00,2.50,7.0,France\n",
            ]
            .concat(),
            &["line 2", "encoding = "],
        ),
        (
            "column",
            format!("{}\n{ROW}\n", HEADER.replace("UnitPrice", "Price")).into_bytes(),
            &["\"UnitPrice\"", "which the file does not have"],
        ),
        (
            "truncated",
            format!("{HEADER}\n{ROW}\n1,B,SHA").into_bytes(),
            &["line 3", "truncated"],
        ),
        (
            "quote",
            format!("{HEADER}\n1,A,\"LAMP,2,2010-12-01 08:26:00,2.50,7.0,United Kingdom\n")
                .into_bytes(),
            &["line 2", "quotation mark"],
        ),
        (
            "binary",
            b"PK\x03\x04 this is no workbook".to_vec(),
            &["workbook"],
        ),
    ];
    for (name, contents, expected) in cases {
        let desk = Desk::new();
        let sheet = desk.write("orders.csv", contents);
        let ran = desk.import(&sheet, &mapping(), &[]);
        assert_eq!(ran.code, 7, "{name}: {}{}", ran.out, ran.error);
        for words in expected.iter().chain(&["orders.csv"]) {
            assert!(ran.error.contains(words), "{name}: {}", ran.error);
        }
        assert!(
            !desk.path("shop.db").exists(),
            "{name}: a database was made"
        );
        assert!(
            !desk.path("orders.rejects.csv").exists(),
            "{name}: a file of refused rows was made"
        );
    }
}

#[test]
fn a_mapping_that_cannot_be_used_is_refused_with_its_line() {
    let text = std::fs::read_to_string(mapping()).unwrap();
    for (from, to, expected) in [
        ("create_skus", "create_sku", "did you mean \"create_skus\"?"),
        ("[columns]", "[columns", "line "),
        ("code = \"GBP\"", "code = \"GBX\"", "currency.code"),
    ] {
        let desk = Desk::new();
        let bad = desk.write("bad.toml", text.replace(from, to));
        let ran = desk.import(&file(), &bad, &[]);
        assert_eq!(ran.code, 7, "{to}: {}", ran.out);
        assert!(
            ran.error.contains(expected) && ran.error.contains("bad.toml"),
            "{to}: {}",
            ran.error
        );
    }
}

#[test]
fn files_that_are_not_there_are_named() {
    let desk = Desk::new();
    let nowhere = desk.path("nowhere.csv");
    let ran = desk.import(&nowhere, &mapping(), &[]);
    assert!(
        ran.code == 7 && ran.error.contains("nowhere.csv"),
        "{}",
        ran.error
    );
    let ran = desk.import(&file(), &desk.path("nowhere.toml"), &[]);
    assert!(
        ran.code == 7 && ran.error.contains("nowhere.toml") && ran.error.contains("--map"),
        "{}",
        ran.error
    );
    let ran = desk.import(&repository("data/uci"), &mapping(), &[]);
    assert!(
        ran.code == 7 && ran.error.contains("data/uci"),
        "{}",
        ran.error
    );
}

#[test]
fn refused_rows_need_a_place_before_anything_is_imported() {
    let desk = Desk::new();
    for (rejects, expected) in [
        ("no/such/folder/rejects.csv", "no/such/folder/rejects.csv"),
        (path(desk.folder.path()), "name another file with --rejects"),
    ] {
        let ran = desk.import(&file(), &mapping(), &["--rejects", rejects]);
        assert_eq!(ran.code, 7, "{}", ran.out);
        assert!(ran.error.contains(expected), "{}", ran.error);
    }
    let own = desk.write("own.csv", format!("{HEADER}\n{ROW}\n"));
    let ran = desk.import(&own, &mapping(), &["--rejects", path(&own)]);
    assert_eq!(ran.code, 2, "{}", ran.out);
    assert!(
        ran.error
            .contains("--rejects names the file that is imported"),
        "{}",
        ran.error
    );
    assert!(!desk.path("shop.db").exists());
}

#[test]
fn a_database_that_is_none_is_named() {
    let desk = Desk::new();
    desk.write("shop.db", "this is no database, and long enough to have a header of one hundred bytes, which SQLite looks at before it says so");
    let ran = desk.import(&file(), &mapping(), &[]);
    assert_eq!(ran.code, 3, "{}", ran.out);
    assert!(ran.error.contains("shop.db"), "{}", ran.error);
}

#[test]
fn a_database_that_another_program_does_not_let_go_of_is_named() {
    let desk = Desk::new();
    let store = desk.store();
    let now = throughline_core::time::Millis(1_767_600_000_000);
    let mut writer = store.writer("somebody else", now).unwrap();
    writer.begin().unwrap();
    let ran = desk.import(&file(), &mapping(), &[]);
    writer.rollback();
    assert_eq!(ran.code, 3, "{}", ran.out);
    assert!(
        ran.error.contains("shop.db") && ran.error.contains("is locked by another program"),
        "{}",
        ran.error
    );
    assert!(desk.orders().is_empty());
    assert!(
        !desk
            .path(".online_retail_2010-12.rejects.csv.partial")
            .exists(),
        "the file of refused rows that was begun is still there"
    );
}

#[test]
fn every_command_that_writes_names_a_database_that_is_locked() {
    let desk = Desk::new();
    let store = desk.store();
    let now = throughline_core::time::Millis(1_767_600_000_000);
    let mut writer = store.writer("somebody else", now).unwrap();
    writer.begin().unwrap();
    for arguments in [
        &["key", "create", "--role", "owner"][..],
        &["serve", "--listen", "127.0.0.1:0"],
    ] {
        let ran = desk.run(arguments);
        assert_eq!(ran.code, 3, "{arguments:?}: {}", ran.error);
        assert!(
            ran.error.contains("shop.db") && ran.error.contains("is locked by another program"),
            "{arguments:?}: {}",
            ran.error
        );
    }
    writer.rollback();
}

#[test]
fn two_imports_do_not_write_one_file_of_refused_rows() {
    let desk = Desk::new();
    let partial = desk.write(".rows.csv.partial", "somebody else's");
    let other = std::fs::File::options().write(true).open(&partial).unwrap();
    other.lock().unwrap();
    let ran = desk.import(&file(), &mapping(), &["--rejects", "rows.csv"]);
    assert_eq!(ran.code, 7, "{}", ran.error);
    assert!(
        ran.error.contains("rows.csv: another import is writing")
            && ran.error.contains("name another file with --rejects"),
        "{}",
        ran.error
    );
    assert!(!desk.path("shop.db").exists());
    drop(other);
    desk.import(&file(), &mapping(), &["--rejects", "rows.csv"])
        .succeeded();
    assert!(desk.path("rows.csv").exists() && !partial.exists());
}

#[test]
fn a_damaged_database_is_named_by_commands_and_examined_by_the_doctor() {
    let desk = Desk::new();
    desk.import(&file(), &mapping(), &[]).succeeded();
    desk.store();
    overwrite_pages(&desk.path("shop.db"));
    let ran = desk.import(&file(), &mapping(), &[]);
    assert_eq!(ran.code, 3, "{}", ran.error);
    assert!(
        ran.error.contains("shop.db is damaged") && ran.error.contains("run `throughline doctor`"),
        "{}",
        ran.error
    );
    let ran = desk.run(&["doctor"]);
    assert_eq!(ran.code, 6, "{}{}", ran.out, ran.error);
    assert!(
        ran.error.contains("damaged")
            && ran.error.contains("restore a backup")
            && !ran.error.contains("run `throughline doctor`"),
        "{}",
        ran.error
    );
}

/// Fills every page after the first few with zeros.
fn overwrite_pages(database: &std::path::Path) {
    let mut bytes = std::fs::read(database).unwrap();
    bytes[64 * 4096..].fill(0);
    std::fs::write(database, bytes).unwrap();
}

//! The same orders from an Excel workbook.

use std::io::{Cursor, Write};

use throughline_formats::sheet::Sheet;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

use crate::story::{read, shop, tell};

const TYPES: &str = r#"<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="xml" ContentType="application/xml"/></Types>"#;
const ROOT: &str = r#"<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>"#;
const WORKBOOK: &str = r#"<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="Orders" sheetId="1" r:id="rId1"/><sheet name="Empty" sheetId="2" r:id="rId2"/></sheets></workbook>"#;
const RELATIONS: &str = r#"<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="rId2" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet2.xml"/><Relationship Id="rId3" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/styles" Target="styles.xml"/></Relationships>"#;
const STYLES: &str = r#"<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><cellXfs count="2"><xf numFmtId="0"/><xf numFmtId="22"/></cellXfs></styleSheet>"#;

/// A workbook whose first sheet has these rows as XML.
fn workbook(rows: &str) -> Vec<u8> {
    let sheet = |rows: &str| {
        format!(
            r#"<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>{rows}</sheetData></worksheet>"#
        )
    };
    let (orders, empty) = (sheet(rows), sheet(""));
    let files = [
        ("[Content_Types].xml", TYPES),
        ("_rels/.rels", ROOT),
        ("xl/workbook.xml", WORKBOOK),
        ("xl/_rels/workbook.xml.rels", RELATIONS),
        ("xl/styles.xml", STYLES),
        ("xl/worksheets/sheet1.xml", &orders),
        ("xl/worksheets/sheet2.xml", &empty),
    ];
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in files {
        archive
            .start_file(
                name,
                SimpleFileOptions::default().compression_method(CompressionMethod::Stored),
            )
            .unwrap();
        archive.write_all(content.as_bytes()).unwrap();
    }
    archive.finish().unwrap().into_inner()
}

/// A row of cells: text, or a number, or a date as the number that Excel keeps (`@`).
fn row(number: usize, cells: &[&str]) -> String {
    let mut text = format!("<row r=\"{number}\">");
    for (column, cell) in cells.iter().enumerate() {
        let at = format!("{}{number}", char::from(b"ABCDEFGH"[column]));
        text += &match (cell.strip_prefix('@'), cell.parse::<f64>()) {
            (Some(serial), _) => format!("<c r=\"{at}\" s=\"1\"><v>{serial}</v></c>"),
            (None, Ok(_)) => format!("<c r=\"{at}\"><v>{cell}</v></c>"),
            (None, Err(_)) if cell.is_empty() => String::new(),
            (None, Err(_)) => format!("<c r=\"{at}\" t=\"inlineStr\"><is><t>{cell}</t></is></c>"),
        };
    }
    text + "</row>"
}

fn orders() -> String {
    [
        row(
            1,
            &[
                "ref", "date", "sku", "qty", "price", "customer", "country", "title",
            ],
        ),
        row(
            2,
            &[
                "536365",
                "@40513.351388888892",
                "85123A",
                "6",
                "2.5499999999999998",
                "17850",
                "United Kingdom",
                "LANTERN",
            ],
        ),
        row(
            3,
            &[
                "536365",
                "@40513.351388888892",
                "71053",
                "1000000",
                "1E-3",
                "17850",
                "United Kingdom",
            ],
        ),
        row(5, &["536366", "2010-12-01", "POST", "1", "18"]),
        row(6, &["536367", "@40513", "A", "many", "1"]),
    ]
    .concat()
}

#[test]
fn a_workbook_gives_the_same_orders_as_text() {
    for more in [
        "",
        "[format]\nsheet = \"Orders\"\ndecimal_separator = \",\"",
    ] {
        let (documents, reconciliation) = read(&workbook(&orders()), &shop(more));
        assert_eq!(
            tell(&documents),
            "\
order 536365 at 2010-12-01T08:26:00Z by 17850 to GB on web in GBP
  6 85123A at 255/1
  1000000 71053 at 1/10
charges 536366
  shipping POST 1800
reject 6: the quantity \"many\" is no number
"
        );
        assert_eq!(reconciliation.file.money.of("GBP").to_string(), "1,033.30");
    }
}

#[test]
fn workbooks_that_cannot_be_read_say_why() {
    let fault = |bytes: &[u8], more: &str| {
        Sheet::open(Cursor::new(bytes), &shop(more))
            .unwrap_err()
            .to_string()
    };
    let whole = workbook(&orders());
    assert_eq!(
        fault(&whole, "[format]\nsheet = \"Order\""),
        "the workbook has no sheet \"Order\": did you mean \"Orders\"?"
    );
    assert!(fault(&whole, "[format]\nsheet = \"Empty\"").starts_with("the file is empty"));
    for length in [whole.len() / 2, whole.len() - 30] {
        let truncated = fault(&whole[..length], "");
        assert!(
            truncated.starts_with("the workbook cannot be read ("),
            "{truncated}"
        );
    }
    let broken = workbook(&format!("{}<row r=\"7\"><c r=\"A7\"><v>1</v>", orders()));
    let broken = fault(&broken, "");
    assert!(
        broken.starts_with("the workbook cannot be read ("),
        "{broken}"
    );
    let swapped = fault(&workbook(&orders().replace(">price<", ">Unit price<")), "");
    assert!(
        swapped.ends_with("did you mean \"Unit price\"?"),
        "{swapped}"
    );
}

//! Files that cannot be used say what is wrong and what to do.

use std::io::Cursor;

use throughline_formats::sheet::{Mapping, Sheet};

use crate::story::{HEADER, shop};

fn fault(bytes: &[u8], mapping: &Mapping) -> String {
    Sheet::open(Cursor::new(bytes), mapping)
        .unwrap_err()
        .to_string()
}

#[test]
fn damaged_files_are_refused_before_anything_is_made_of_them() {
    let row = "1,2011-07-01,A,1,1,17,,Lamp\n";
    let cases = [
        (
            String::new(),
            "the file is empty: export it again, and check that it has a header row and orders",
        ),
        (
            "\n\n \n".to_owned(),
            "the mapping's columns.reference names the column \"ref\", which the file does not have: it has \"\"",
        ),
        (
            "\r\n\r\n".to_owned(),
            "the file is empty: export it again, and check that it has a header row and orders",
        ),
        (
            format!("{HEADER}{row}{row}2,2011-07-01,A,1,1,17,,\"Lam"),
            "line 4: a quotation mark is opened here and not closed where it should be; the file is truncated or the mark should be doubled",
        ),
        (
            format!(
                "{HEADER}{row}2,2011-07-01,\"A,1,1,17,,Lamp\n{row}3,2011-07-01,\"A\",1,1,17,,Lamp\n{row}"
            ),
            "line 3: a quotation mark is opened here and not closed where it should be; the file is truncated or the mark should be doubled",
        ),
        (
            format!(
                "{HEADER}{row}2,2011-07-01,A,1,1,17,,\"Lamp\n{row}3,2011-07-01,A,1,1,17,,Lamp\"\n{row}"
            ),
            "line 3: a quotation mark is opened here and not closed where it should be; the file is truncated or the mark should be doubled",
        ),
        (
            format!("{HEADER}{row}2,2011-07-01,A,"),
            "line 3: the file ends in the middle of a row (4 of 8 columns): it is truncated, export or copy it again",
        ),
        (
            format!(
                "{HEADER}{row}2,2011-07-01,A,1,1,17,,{}\n",
                "x".repeat(1024 * 1024)
            ),
            "line 3: this row is over 1048576 bytes long: a quotation mark is probably not closed",
        ),
        (
            HEADER.replace(',', ";"),
            "the columns are not separated by \",\"; it looks like \";\": set delimiter = \";\" under [format]",
        ),
        (
            HEADER.replace(',', "\t").replace("ref", "number"),
            "the columns are not separated by \",\"; it looks like \"\\t\": set delimiter = \"\\t\" under [format]",
        ),
        (
            HEADER.replace("price", "Unit Price"),
            "the mapping's columns.unit_price names the column \"price\", which the file does not have: did you mean \"Unit Price\"?",
        ),
        (
            HEADER.replace("title", "sku"),
            "the file has two columns named \"sku\" (columns 3 and 8): rename one in the header row",
        ),
        (
            "PK\u{3}\u{4}then nothing".to_owned(),
            "the workbook cannot be read (",
        ),
    ];
    for (text, message) in cases {
        let fault = fault(text.as_bytes(), &shop(""));
        assert!(fault.starts_with(message), "{fault}\n{message}");
    }
}

#[test]
fn files_of_another_kind_are_named() {
    let old = [0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1];
    assert!(fault(&old, &shop("")).starts_with("this is an old or encrypted Excel workbook"));
    let declared = fault(HEADER.as_bytes(), &shop("[format]\nkind = \"xlsx\""));
    assert_eq!(
        declared,
        "the mapping says kind = \"xlsx\", but the file is no workbook: correct or leave out kind under [format]"
    );
    let binary = fault(b"ref,date\x04", &shop(""));
    assert_eq!(
        binary,
        "line 1, byte 8: this is no text file (it holds a control byte): export the sheet as CSV or XLSX"
    );
    let no_header = fault(HEADER.as_bytes(), &shop("[format]\nheader_row = 3"));
    assert_eq!(
        no_header,
        "header_row = 3, but the file ends before that row"
    );
}

#[test]
fn wrong_encodings_name_the_place_and_the_right_one() {
    let latin = [HEADER.as_bytes(), b"1,2011-07-01,A,1,1,17,,Caf\xe9\n"].concat();
    let offset = HEADER.len() + 26;
    assert_eq!(
        fault(&latin, &shop("")),
        format!(
            "line 2, byte {offset}: this is not utf-8 text; it looks like windows-1252: set encoding = \"windows-1252\" under [format]"
        )
    );
    let utf8 = [
        HEADER.as_bytes(),
        "1,2011-07-01,A,1,1,17,,Café\n".as_bytes(),
    ]
    .concat();
    assert_eq!(
        fault(&utf8, &shop("[format]\nencoding = \"windows-1252\"")),
        format!(
            "line 2, byte {offset}: this is not windows-1252 text; it looks like utf-8: set encoding = \"utf-8\" under [format]"
        )
    );
}

#[test]
fn a_mark_of_inches_and_an_address_over_two_lines_are_no_faults() {
    let rows = "1,2011-07-01,A,1,1,17,,6\" PLATE\n2,2011-07-01,A,1,1,17,,\"1 High Street\nLeeds\"\n3,2011-07-01,A,1,1,17,,\"6\"\" PLATE\"";
    let sheet = Sheet::open(Cursor::new(format!("{HEADER}{rows}")), &shop("")).unwrap();
    assert_eq!((sheet.survey().rows, sheet.survey().units), (3, 3));
}

#[test]
fn a_file_without_a_header_names_its_columns_by_letters() {
    let mapping = r#"
[format]
header_row = 0
delimiter = ";"
decimal_separator = ","
date_formats = ["%d.%m.%Y"]
[columns]
reference = "A"
date = "B"
sku = "C"
quantity = "D"
unit_price = "E"
[channel]
code = "web"
[currency]
code = "EUR"
"#;
    let (documents, _) = crate::story::read(
        b"7;24.12.2010;A;2;1,50\n",
        &Mapping::parse(mapping).unwrap(),
    );
    assert_eq!(
        crate::story::tell(&documents),
        "order 7 at 2010-12-24T00:00:00Z by - to - on web in EUR\n  2 A at 150/1\n"
    );
}

#[test]
fn a_last_row_without_a_line_end_is_warned_of() {
    let rows = "1,2011-07-01,A,1,1,17,,Lamp\n2,2011-07-01,A,1,1.5,17,,La";
    let (_, cut) = crate::story::read(format!("{HEADER}{rows}").as_bytes(), &shop(""));
    assert!(
        cut.to_string()
            .contains("the file ends in line 3 without a line end"),
        "{cut}"
    );
    for end in ["\n", "\r\n"] {
        let whole = format!("{HEADER}{rows}{end}");
        let (_, whole) = crate::story::read(whole.as_bytes(), &shop(""));
        assert!(!whole.to_string().contains("line end"), "{whole}");
    }
    let utf16 =
        |text: String| -> Vec<u8> { text.encode_utf16().flat_map(u16::to_le_bytes).collect() };
    let mapping = shop("[format]\nencoding = \"utf-16\"");
    for (end, open) in [("", Some(3)), ("\n", None)] {
        let bytes = utf16(format!("{HEADER}{rows}{end}"));
        let sheet = Sheet::open(Cursor::new(bytes), &mapping).unwrap();
        assert_eq!(sheet.survey().open_end, open);
    }
}

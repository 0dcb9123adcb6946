//! The file of refused rows can be corrected and imported again, and no spreadsheet program runs it.

use throughline_formats::sheet::{Document, Encoding, Mapping, RejectWriter, Sheet};

use crate::story::{HEADER, read, shop, tell};

fn rejects(bytes: &[u8], mapping: &Mapping) -> Vec<u8> {
    let columns = Sheet::open(std::io::Cursor::new(bytes), mapping)
        .unwrap()
        .columns()
        .to_vec();
    let mut writer = RejectWriter::new(Vec::new(), mapping, &columns).unwrap();
    for document in read(bytes, mapping).0 {
        if let Document::Reject(reject) = document {
            writer.write(&reject).unwrap();
        }
    }
    writer.finish().unwrap()
}

#[test]
fn rejects_keep_the_row_and_disarm_formulas() {
    let rows = "\
1,2011-07-01,A,-5,1,17,,\"=HYPERLINK(\"\"http://x\"\")\"
2,2011-07-01,@SUM(A1),x,1,17,,+44 20
3,2011-07-01,A,1,-1.5,17,,-2+3
4,2011-07-01,A,x
";
    let text = String::from_utf8(rejects(format!("{HEADER}{rows}").as_bytes(), &shop(""))).unwrap();
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(
        lines[0],
        "line,reason,ref,date,sku,qty,price,customer,country,title"
    );
    assert!(
        lines[1].starts_with("2,\"the quantity is below zero, which"),
        "{}",
        lines[1]
    );
    assert!(
        lines[1].ends_with(",1,2011-07-01,A,-5,1,17,,\"'=HYPERLINK(\"\"http://x\"\")\""),
        "{}",
        lines[1]
    );
    assert_eq!(
        lines[2],
        "3,\"the quantity \"\"x\"\" is no number\",2,2011-07-01,'@SUM(A1),x,1,17,,+44 20"
    );
    assert!(
        lines[3].ends_with(",3,2011-07-01,A,1,-1.5,17,,'-2+3"),
        "{}",
        lines[3]
    );
    assert!(lines[4].ends_with(",4,2011-07-01,A,x"), "{}", lines[4]);
    assert_eq!(lines.len(), 5);
}

#[test]
fn corrected_rejects_are_whole_orders_in_the_same_delimiter_and_encoding() {
    for (encoding, name) in [
        (Encoding::Utf8, "utf-8"),
        (Encoding::Windows1252, "windows-1252"),
        (Encoding::Utf16, "utf-16"),
    ] {
        let mapping = shop(&format!(
            "[format]\ndelimiter = \";\"\nencoding = \"{name}\""
        ));
        let text = format!("{HEADER}1,2011-07-01,A,1,1,17,,Café £\n1,2011-07-01,B,x,1,17,,Thé\n")
            .replace(',', ";");
        let bytes = match encoding {
            Encoding::Utf16 => text.encode_utf16().flat_map(u16::to_le_bytes).collect(),
            Encoding::Utf8 => text.into_bytes(),
            Encoding::Windows1252 | Encoding::Iso88591 => text
                .chars()
                .map(|c| u8::try_from(u32::from(c)).unwrap())
                .collect::<Vec<u8>>(),
        };
        let written = rejects(&bytes, &mapping);
        let wide = encoding == Encoding::Utf16;
        let (wrong, right): (&[u8], &[u8]) = if wide {
            (b";\0x\0;\0", b";\09\0;\0")
        } else {
            (b";x;", b";9;")
        };
        let at = written
            .windows(wrong.len())
            .position(|window| window == wrong)
            .unwrap();
        let corrected = [&written[..at], right, &written[at + wrong.len()..]].concat();
        let (documents, _) = read(&corrected, &mapping);
        assert_eq!(
            tell(&documents),
            "order 1 at 2011-07-01T00:00:00Z by 17 to - on web in GBP\n  1 A at 100/1\n  9 B at 100/1\n",
            "{name}"
        );
        let Document::Order(order) = &documents[0] else {
            panic!("no order")
        };
        assert_eq!(order.lines[0].title.as_deref(), Some("Café £"), "{name}");
    }
}

#[test]
fn many_rejects_with_wide_characters_are_written_whole() {
    let row = "1,2011-07-01,A,x,1,17,,€€€\n";
    let text = format!("{HEADER}{}", row.repeat(2_000));
    let written = String::from_utf8(rejects(text.as_bytes(), &shop(""))).unwrap();
    assert_eq!(written.matches("€€€\n").count(), 2_000);
}

#[test]
fn an_order_that_could_not_be_placed_becomes_rejects_and_the_sums_still_agree() {
    let rows = "1,2011-07-01,A,5,1.25,17,,\n1,2011-07-01,POST,1,3,17,,\n2,2011-07-01,A,1,1,17,,\nC1,2011-07-02,A,-2,1.25,17,,\n";
    let mapping = shop("[cancellations]\nreference_prefix = \"C\"");
    let (documents, mut reconciliation) = read(format!("{HEADER}{rows}").as_bytes(), &mapping);
    let Document::Order(order) = documents[0].clone() else {
        panic!("no order")
    };
    reconciliation.retract(&documents[0]);
    for reject in order.into_rejects("its SKU is unknown") {
        reconciliation.count(&Document::Reject(reject));
    }
    let Document::Cancellation(mut cancellation) = documents[2].clone() else {
        panic!("no cancellation")
    };
    assert_eq!(cancellation.lines[0].matched(), 2);
    reconciliation.retract(&documents[2]);
    cancellation.forget_order("1");
    reconciliation.count(&Document::Cancellation(cancellation));
    reconciliation.check().unwrap();
    assert_eq!(
        (
            reconciliation.orders.units,
            reconciliation.refused.units,
            reconciliation.refused.rows
        ),
        (1, 6, 2)
    );
    assert_eq!(
        (
            reconciliation.cancellations_matched.units,
            reconciliation.cancellations_unmatched.units
        ),
        (0, -2)
    );
}

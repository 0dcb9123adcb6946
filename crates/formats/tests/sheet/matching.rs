//! Cancellations and the orders whose units they take back, as tables of text.

use crate::story::{HEADER, read, shop, story, tell};

const BY_PREFIX: &str = "[cancellations]\nreference_prefix = \"C\"";
const BY_SIGN: &str = "[cancellations]\nnegative_quantity = true";

/// The part of a story that tells of cancellations.
fn cancellations(rows: &str, more: &str) -> String {
    let story = story(rows, more);
    story
        .find("cancellation")
        .map_or(String::new(), |at| story[at..].to_owned())
}

#[test]
fn cancellations_take_units_by_customer_sku_and_price() {
    let orders = "\
1,2011-07-01,A,10,2.55,17,,
2,2011-07-02,A,4,2.55,17,,
3,2011-07-03,A,10,2.95,17,,
4,2011-07-03,A,10,2.55,18,,
5,2011-07-03,A,10,2.55,,,
6,2011-07-09,A,10,2.55,17,,
";
    let cases = [
        // the most recent earlier order that has enough
        (
            "C1,2011-07-05,A,-4,2.55,17,,",
            "4 A at 255/1: 4 of 2[0] 0 unmatched",
        ),
        (
            "C1,2011-07-05,A,-5,2.55,17,,",
            "5 A at 255/1: 5 of 1[0] 0 unmatched",
        ),
        // none has enough: the most recent first
        (
            "C1,2011-07-05,A,-13,2.55,17,,",
            "13 A at 255/1: 4 of 2[0] 9 of 1[0] 0 unmatched",
        ),
        (
            "C1,2011-07-05,A,-20,2.55,17,,",
            "20 A at 255/1: 4 of 2[0] 10 of 1[0] 6 unmatched",
        ),
        // another price, customer, SKU, nobody, too early
        ("C1,2011-07-05,A,-1,2.50,17,,", "1 A at 250/1: 1 unmatched"),
        ("C1,2011-07-05,A,-1,2.55,99,,", "1 A at 255/1: 1 unmatched"),
        ("C1,2011-07-05,B,-1,2.55,17,,", "1 B at 255/1: 1 unmatched"),
        ("C1,2011-07-05,A,-1,2.55,,,", "1 A at 255/1: 1 unmatched"),
        ("C1,2011-06-30,A,-1,2.55,17,,", "1 A at 255/1: 1 unmatched"),
    ];
    for (row, expected) in cases {
        let told = cancellations(&format!("{orders}{row}\n"), BY_PREFIX);
        assert_eq!(told.lines().nth(1).map(str::trim), Some(expected), "{row}");
    }
}

#[test]
fn no_unit_is_taken_back_twice_and_earlier_cancellations_come_first() {
    let rows = "\
C2,2011-07-06,A,-3,1,17,,
C1,2011-07-05,A,-4,1,17,,
1,2011-07-01,A,2,1,17,,
1,2011-07-01,A,3,1,17,,
";
    assert_eq!(
        cancellations(rows, BY_PREFIX),
        "\
cancellation C1 at 2011-07-05T00:00:00Z
  4 A at 100/1: 2 of 1[0] 2 of 1[1] 0 unmatched
cancellation C2 at 2011-07-06T00:00:00Z
  3 A at 100/1: 1 of 1[1] 2 unmatched
"
    );
}

#[test]
fn cancelled_charges_are_kept_apart() {
    let rows = "1,2011-07-01,A,2,1,17,,\nC1,2011-07-05,POST,-1,18,17,,\nC2,2011-07-05,A,-1,1,17,,\nC2,2011-07-05,DISC,-1,0.5,17,,\n";
    assert_eq!(
        cancellations(rows, BY_PREFIX),
        "\
cancellation C1 at 2011-07-05T00:00:00Z
  shipping POST -1800
cancellation C2 at 2011-07-05T00:00:00Z
  1 A at 100/1: 1 of 1[0] 0 unmatched
  discount DISC -50
"
    );
}

#[test]
fn a_cancellation_needs_negative_quantities() {
    let told = story("C1,2011-07-05,A,1,1,17,,\n", BY_PREFIX);
    assert_eq!(
        told,
        "reject 2: the document is a cancellation by its reference, but the quantity is above zero\n"
    );
}

#[test]
fn negative_rows_take_back_units_of_their_own_order() {
    let rows = "\
1,2011-07-01,A,5,1,17,,
1,2011-07-01,A,-2,1,17,,
2,2011-07-02,A,5,1,17,,
3,2011-07-03,A,-4,1,17,,
3,2011-07-03,POST,-1,5,17,,
";
    assert_eq!(
        cancellations(rows, BY_SIGN),
        "\
cancellation 1 at 2011-07-01T00:00:00Z
  2 A at 100/1: 2 of 1[0] 0 unmatched
cancellation 3 at 2011-07-03T00:00:00Z
  4 A at 100/1: 4 of 2[0] 0 unmatched
  shipping POST -500
"
    );
}

#[test]
fn a_cancellation_that_names_its_order_takes_units_of_no_other() {
    let header = "ref,date,sku,qty,price,customer,country,title,original\n";
    let rows = "\
1,2011-07-01,A,5,2,17,,,
1,2011-07-01,A,5,1,17,,,
2,2011-07-02,A,5,1,17,,,
C1,2011-07-03,A,-7,1,17,,,1
C2,2011-07-03,A,-1,1,17,,,9
";
    let mut mapping = shop(BY_PREFIX);
    mapping.columns.original_reference = Some("original".to_owned());
    let told = tell(&read(format!("{header}{rows}").as_bytes(), &mapping).0);
    assert_eq!(
        &told[told.find("cancellation").unwrap()..],
        "\
cancellation C1 at 2011-07-03T00:00:00Z
  7 A at 100/1: 5 of 1[1] 2 of 1[0] 0 unmatched
cancellation C2 at 2011-07-03T00:00:00Z
  1 A at 100/1: 1 unmatched
"
    );
}

#[test]
fn a_status_marks_lines_that_were_ordered_and_cancelled() {
    let mut mapping = shop("");
    mapping.cancellations.status_values = vec!["cancelled".to_owned(), "refunded".to_owned()];
    mapping.columns.status = Some("title".to_owned());
    let rows = "1,2011-07-01,A,5,1,17,,Cancelled\n1,2011-07-01,B,1,1,17,,shipped\n";
    let (documents, reconciliation) = read(format!("{}{rows}", HEADER).as_bytes(), &mapping);
    assert_eq!(
        tell(&documents),
        "order 1 at 2011-07-01T00:00:00Z by 17 to - on web in GBP\n  5 A at 100/1 cancelled\n  1 B at 100/1\n"
    );
    assert_eq!(
        (
            reconciliation.orders.units,
            reconciliation.cancelled_by_status.units
        ),
        (6, 5)
    );
}

//! Rows to orders, charges, corrections and rejects, as tables of text.

use crate::story::{HEADER, read, shop, story, tell};

#[test]
fn rows_of_one_reference_are_one_order() {
    let rows = "\
1,2011-07-01 09:01:00,A,6,2.55,17,United Kingdom,Lantern
1,2011-07-01 09:00:00,B,1,0.001,17,United Kingdom,Pad
1,2011-07-01 09:00:00,POST,2,3.50,17,United Kingdom,Postage
2,2011-07-02,A,1,2.55,,,
";
    assert_eq!(
        story(rows, "[format]\ntime_zone = \"Europe/London\""),
        "\
order 1 at 2011-07-01T08:00:00Z by 17 to GB on web in GBP
  6 A at 255/1
  1 B at 1/10
  shipping POST 700
order 2 at 2011-07-01T23:00:00Z by - to - on web in GBP
  1 A at 255/1
"
    );
}

#[test]
fn equal_rows_are_real_second_lines() {
    let rows =
        "1,2011-07-01,A,6,2.55,17,,\n1,2011-07-01,A,6,2.55,17,,\n1,2011-07-01,a,6,2.55,17,,\n";
    let order = "order 1 at 2011-07-01T00:00:00Z by 17 to - on web in GBP\n";
    assert_eq!(
        story(rows, ""),
        format!("{order}  6 A at 255/1\n  6 A at 255/1\n  6 a at 255/1\n")
    );
    assert_eq!(
        story(rows, "[format]\nsku_case = \"upper\""),
        format!("{order}  6 A at 255/1\n  6 A at 255/1\n  6 A at 255/1\n")
    );
}

#[test]
fn rows_of_one_reference_may_stand_apart() {
    let rows = "1,2011-07-01,A,1,1,17,,\n2,2011-07-01,B,2,1,18,,\n1,2011-07-01,C,3,1,17,,\n3,2011-07-01,D,4,1,19,,\n2,2011-07-01,E,5,1,18,,\n";
    assert_eq!(
        story(rows, ""),
        "\
order 1 at 2011-07-01T00:00:00Z by 17 to - on web in GBP
  1 A at 100/1
  3 C at 100/1
order 3 at 2011-07-01T00:00:00Z by 19 to - on web in GBP
  4 D at 100/1
order 2 at 2011-07-01T00:00:00Z by 18 to - on web in GBP
  2 B at 100/1
  5 E at 100/1
"
    );
}

#[test]
fn values_of_the_whole_order_may_stand_in_its_first_row_only() {
    let rows = "1,2011-07-01,A,1,1,17,France,\n1,2011-07-01,B,1,1,,,\n";
    let expected = "order 1 at 2011-07-01T00:00:00Z by 17 to FR on web in GBP\n  1 A at 100/1\n  1 B at 100/1\n";
    assert_eq!(story(rows, ""), expected);
}

#[test]
fn rows_that_contradict_each_other_are_refused_together() {
    let rows = "1,2011-07-01,A,1,1,17,France,\n1,2011-07-01,B,1,1,18,France,\n";
    let reason =
        "lines 2 and 3 of this order name different customers: give one of them another reference";
    assert_eq!(
        story(rows, ""),
        format!("reject 2: {reason}\nreject 3: {reason}\n")
    );
    let lenient = story(rows, "[policy]\ncontradictions = \"first_row\"");
    assert_eq!(
        lenient,
        "order 1 at 2011-07-01T00:00:00Z by 17 to FR on web in GBP\n  1 A at 100/1\n  1 B at 100/1\n"
    );
}

#[test]
fn a_bad_row_takes_its_order_along_unless_the_policy_says_otherwise() {
    let rows = "1,2011-07-01,A,1,1,17,,\n1,2011-07-01,B,x,1,17,,\n2,2011-07-01,C,1,1,17,,\n";
    let second = "order 2 at 2011-07-01T00:00:00Z by 17 to - on web in GBP\n  1 C at 100/1\n";
    let with_it = "line 3 of the same order was refused, and an order is taken whole (see bad_row under [policy])";
    assert_eq!(
        story(rows, ""),
        format!("reject 2: {with_it}\nreject 3: the quantity \"x\" is no number\n{second}")
    );
    let first = "order 1 at 2011-07-01T00:00:00Z by 17 to - on web in GBP\n  1 A at 100/1\n";
    let lenient = story(rows, "[policy]\nbad_row = \"refuse_row\"");
    assert_eq!(
        lenient,
        format!("reject 3: the quantity \"x\" is no number\n{first}{second}")
    );
}

#[test]
fn bad_rows_say_what_is_wrong() {
    let cases = [
        (
            ",2011-07-01,A,1,1,17,,",
            "the reference is empty: every row needs the reference of its order",
        ),
        ("1,,A,1,1,17,,", "the date is empty"),
        (
            "1,1 July,A,1,1,17,,",
            "\"1 July\" is no date written as 2011-12-09 12:50: correct it, or add its format to date_formats under [format]",
        ),
        ("1,2011-07-01,,1,1,17,,", "the SKU is empty"),
        ("1,2011-07-01,A,,1,17,,", "the quantity is empty"),
        ("1,2011-07-01,A,0,1,17,,", "the quantity is 0"),
        (
            "1,2011-07-01,A,1.5,1,17,,",
            "the quantity \"1.5\" is no whole number",
        ),
        (
            "1,2011-07-01,A,99999999999,1,17,,",
            "the quantity \"99999999999\" is too large",
        ),
        (
            "1,2011-07-01,A,-1,1,17,,",
            "the quantity is below zero, which the mapping has no meaning for: see [cancellations] and [stock_corrections]",
        ),
        (
            "1,2011-07-01,A,1,free,17,,",
            "the unit price \"free\" is no number",
        ),
        (
            "1,2011-07-01,A,1,-1,17,,",
            "the unit price is below zero: if the SKU is a discount, name it under [charges]",
        ),
        (
            "1,2011-07-01,A,1,1.123456789,17,,",
            "the unit price 1.123456789 has more decimals than can be kept exactly: at most 8 decimals of GBP",
        ),
        (
            "1,2011-07-01,A,1,1,17,Frence,",
            "\"Frence\" is no country that is known (similar to \"france\"): add \"Frence\" = \"XX\" with its ISO code, or \"none\", under [country_names]",
        ),
        (
            "1,2011-07-01,A,1,1",
            "the row has 5 of 8 columns: it was cut off, or a delimiter is missing",
        ),
        (
            "1,2011-07-01,A,1,1,17,,Lantern, red",
            "the row has 9 columns, the header 8: quote cells that hold the delimiter",
        ),
    ];
    for (row, reason) in cases {
        assert_eq!(
            story(&format!("{row}\n"), ""),
            format!("reject 2: {reason}\n"),
            "{row}"
        );
    }
}

#[test]
fn blank_rows_and_empty_cells_behind_the_last_column_do_no_harm() {
    let rows = "\n,,,,,,,\n1,2011-07-01,A,1,1,17,,,,\n  , ,,,,,,\n";
    assert_eq!(
        story(rows, ""),
        "order 1 at 2011-07-01T00:00:00Z by 17 to - on web in GBP\n  1 A at 100/1\n"
    );
    let (_, reconciliation) = read(format!("{HEADER}{rows}").as_bytes(), &shop(""));
    assert_eq!(reconciliation.file.rows, 1);
}

#[test]
fn line_numbers_are_those_of_the_file() {
    let rows = "\r\n1,2011-07-01,A,1,1,17,,\"two\r\nlines\"\r\n\r\n2,2011-07-01,A,x,1,17,,\r\n";
    assert_eq!(
        story(rows, "").lines().last(),
        Some("reject 6: the quantity \"x\" is no number")
    );
}

#[test]
fn charges_without_goods_are_no_order() {
    let rows = "1,2011-07-01,POST,1,5,17,,\n2,2011-07-01,FEE-7,1,-11062.06,,,\n3,2011-07-01,A,1,10,17,,\n3,2011-07-01,DISC,-1,2.5,17,,\n";
    assert_eq!(
        story(rows, ""),
        "\
charges 1
  shipping POST 500
charges 2
  fee FEE-7 -1106206
order 3 at 2011-07-01T00:00:00Z by 17 to - on web in GBP
  1 A at 1000/1
  discount DISC -250
"
    );
}

#[test]
fn corrections_are_documents_whose_every_row_meets_every_condition() {
    let rows = "\
1,2011-07-01,A,-5,0,,,damaged
2,2011-07-01,A,7,0,,,
2,2011-07-01,POST,1,0,,,
3,2011-07-01,A,1,0,17,,gift
4,2011-07-01,A,1,0,,,
4,2011-07-01,B,1,1,,,
";
    assert_eq!(
        story(
            rows,
            "[stock_corrections]\nwhen = [\"no_customer\", \"zero_price\"]"
        ),
        "\
correction 1
  -5 A (damaged)
correction 2
  7 A (-)
  1 POST (-) no goods
order 3 at 2011-07-01T00:00:00Z by 17 to - on web in GBP
  1 A at 0/1
order 4 at 2011-07-01T00:00:00Z by - to - on web in GBP
  1 A at 0/1
  1 B at 100/1
"
    );
}

#[test]
fn columns_of_amounts_count_once_an_order() {
    let more = "
[[charge_columns]]
column = \"Shipping\"
kind = \"shipping\"
[[charge_columns]]
column = \"Coupon\"
kind = \"discount\"
subtract = true
";
    let sheet = "ref,date,sku,qty,price,customer,country,title,Shipping,Coupon
1,2011-07-01,A,2,1,17,,,10.00,
1,2011-07-01,B,1,1,,,,10.00,1.50
2,2011-07-01,A,1,1,17,,,0.00,
3,2011-07-01,A,1,1,17,,,1.00,
3,2011-07-01,A,1,1,17,,,2.00,
";
    let (documents, reconciliation) = read(sheet.as_bytes(), &shop(more));
    let reason = "lines 5 and 6 of this order have different amounts of Shipping";
    assert_eq!(
        tell(&documents),
        format!(
            "\
order 1 at 2011-07-01T00:00:00Z by 17 to - on web in GBP
  2 A at 100/1
  1 B at 100/1
  shipping Shipping 1000
  discount Coupon -150
order 2 at 2011-07-01T00:00:00Z by 17 to - on web in GBP
  1 A at 100/1
reject 5: {reason}
reject 6: {reason}
"
        )
    );
    assert_eq!(reconciliation.file.money.of("GBP").to_string(), "15.50");
    assert_eq!(reconciliation.refused.money.of("GBP").to_string(), "3.00");
}

#[test]
fn discounts_taxes_channels_and_currencies_have_their_columns() {
    let mapping = r#"
[columns]
reference = "ref"
date = "date"
sku = "sku"
quantity = "qty"
unit_price = "price"
channel = "from"
currency = "currency"
line_discount = "off"
line_tax = "tax"
customer_email = "email"
[channel]
[currency]
"#;
    let sheet = "ref,date,sku,qty,price,from,currency,off,tax,email
1,2011-07-01,A,3,100.5,shop,JPY,5,31,buyer@example.com
2,2011-07-01,A,1,1.25,till,EUR,,0.25,
2,2011-07-01,B,1,1.25,,,,,
3,2011-07-01,A,1,1,till,XQX,,,
4,2011-07-01,A,1,1,,EUR,,,
";
    let (documents, reconciliation) = read(
        sheet.as_bytes(),
        &throughline_formats::sheet::Mapping::parse(mapping).unwrap(),
    );
    assert_eq!(
        tell(&documents),
        "\
order 1 at 2011-07-01T00:00:00Z by - to - on shop in JPY
  3 A at 1005/10 - 5 + 31
order 2 at 2011-07-01T00:00:00Z by - to - on till in EUR
  1 A at 125/1 - 0 + 25
  1 B at 125/1
reject 5: the currency \"XQX\" is no ISO 4217 code such as GBP
reject 6: the channel is empty
"
    );
    let money: Vec<String> = reconciliation
        .file
        .money
        .iter()
        .map(|(code, amount)| format!("{code} {amount}"))
        .collect();
    assert_eq!(money, ["EUR 3.75", "JPY 327.50", "XQX 1.00"]);
}

#[test]
fn empty_cells_take_the_defaults() {
    let rows = "1,2011-07-01,A,,,17,,\n";
    let more = "[defaults]\nquantity = 2\nunit_price = \"0.50\"\ncountry = \"IE\"";
    assert_eq!(
        story(rows, more),
        "order 1 at 2011-07-01T00:00:00Z by 17 to IE on web in GBP\n  2 A at 50/1\n"
    );
}

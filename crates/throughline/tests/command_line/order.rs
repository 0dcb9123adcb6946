//! One look at an order: where it is, and why.

use crate::support::{Desk, repository};

const SHOP: &str = "\
Order number,Order date,Status,Currency,SKU,Item,Quantity,Item price,Item tax,Shipping,Shipping tax,Email,Phone,Ship to,Street,Street 2,City,State,Postcode,Country
1,2024-05-01,processing,USD,A,Lamp,2,10.00,1.00,5.00,0.50,a@example.com,,Reception,1 Main Street,,Portland,OR,97201,US
1,2024-05-01,cancelled,USD,B,Shade,3,4.00,0.60,5.00,0.50,a@example.com,,Reception,1 Main Street,,Portland,OR,97201,US
";

#[test]
fn an_order_is_told_in_one_look() {
    let desk = Desk::new();
    let sheet = desk.write("shop.csv", SHOP);
    desk.import(&sheet, &repository("mappings/generic-shop.toml"), &[])
        .succeeded();
    let number = desk.orders()[0].number.to_string();
    let out = desk.run(&["order", &number]).succeeded();
    let expected = "\
Order N  web 1  open · pending · unfulfilled
  id         ID
  placed     2024-05-01 00:00 UTC, version 3, last changed NOW
  customer   Reception, a@example.com
  ship to    Reception, 1 Main Street, 97201 Portland, OR, US

Lines
       2 × A  Lamp                                         USD 21.00
           ····················  2 backordered
       3 × B  Shade                                        USD 12.60
           ××××××××××××××××××××  3 cancelled

Money
  total      USD 26.50 = goods USD 20.00 + charges USD 5.50 + tax USD 1.00
  balance    USD 26.50

Timeline
  1  NOW  operator placed 2 lines with 5 units for USD 39.10
  2  NOW  operator 2 × A, 3 × B wait for stock
                                nobody has: 2 × A
                                nobody has: 3 × B
  3  NOW  operator cancelled 3 × B: cancelled in the imported file
";
    assert_eq!(timeless(&out, &number), expected);
    let id = desk.orders()[0].id.to_string();
    assert_eq!(desk.run(&["order", &id]).succeeded(), out);
}

/// The text without what differs from run to run.
fn timeless(text: &str, number: &str) -> String {
    let placed = "2024-05-01 00:00";
    let mut text = text.replacen(&format!("Order {number}"), "Order N", 1);
    for year in 2025..2200 {
        while let Some(start) = text
            .find(&format!("{year}-"))
            .filter(|start| text[start + 10..].starts_with(' '))
        {
            text.replace_range(start..start + placed.len(), "NOW");
        }
    }
    let id = text
        .lines()
        .find_map(|line| line.strip_prefix("  id         "))
        .unwrap()
        .to_owned();
    text.replace(&id, "ID")
}

#[test]
fn an_order_that_is_not_there_is_named() {
    let desk = Desk::new();
    desk.run(&["migrate"]).succeeded();
    for name in [
        "1001",
        "not-a-number",
        "01912d68-783e-7a03-8467-5661c1243ad4",
    ] {
        let ran = desk.run(&["order", name]);
        assert_eq!(ran.code, 5, "{name}: {}", ran.out);
        assert!(
            ran.error.contains(&format!("there is no order \"{name}\"")),
            "{}",
            ran.error
        );
    }
}

//! The mapping that people copy reads the sample beside it.

use std::path::Path;

use throughline_formats::sheet::{Document, Mapping};

use crate::story::{read, tell};

#[test]
fn the_generic_shop_reads_its_sample() {
    let mappings = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../mappings");
    let mapping =
        Mapping::parse(&std::fs::read_to_string(mappings.join("generic-shop.toml")).unwrap())
            .unwrap();
    let (documents, reconciliation) = read(
        &std::fs::read(mappings.join("samples/generic-shop.csv")).unwrap(),
        &mapping,
    );
    assert_eq!(
        tell(&documents),
        "\
order 645 at 2015-01-26T20:00:21Z by - to US on web in USD
  2 546 at 2199/1 - 0 + 440
  1 613 at 1999/1 - 0 + 100
  shipping Shipping 1000
  shipping_tax Shipping tax 50
order 644 at 2015-01-26T19:33:42Z by - to US on web in USD
  1 546 at 2199/1 - 0 + 220
  1 96 at 900/1 - 0 + 45
  shipping Shipping 1000
  shipping_tax Shipping tax 50
"
    );
    // the totals that the shop itself states: 79.87 and 44.14
    assert_eq!(reconciliation.file.money.of("USD").to_string(), "124.01");
    let Document::Order(order) = &documents[0] else {
        panic!("no order")
    };
    let address = order.ship_to.as_ref().unwrap();
    assert_eq!(
        (
            address.line1.as_deref(),
            address.city.as_deref(),
            address.postal_code.as_deref()
        ),
        (Some("969 Market"), Some("San Francisco"), Some("94103"))
    );
    assert!(
        !format!("{documents:?}").contains("Market"),
        "addresses are not shown in diagnostics"
    );
}

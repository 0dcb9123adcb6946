//! Orders that are imported to be fulfilled.

use throughline_core::order::{OrderStatus, statuses, totals};

use crate::support::{Desk, on_every_engine, repository, said};

const SHOP: &str = "\
Order number,Order date,Status,Currency,SKU,Item,Quantity,Item price,Item tax,Shipping,Shipping tax,Email,Phone,Ship to,Street,Street 2,City,State,Postcode,Country
1,2024-05-01,processing,USD,A,Lamp,2,10.00,1.00,5.00,0.50,a@example.com,,Reception,1 Main Street,,Portland,OR,97201,US
1,2024-05-01,cancelled,USD,B,Shade,3,4.00,0.60,5.00,0.50,a@example.com,,Reception,1 Main Street,,Portland,OR,97201,US
2,2024-05-02,cancelled,USD,A,Lamp,1,10.00,0.50,,,a@example.com,,Reception,1 Main Street,,Portland,OR,97201,US
";

#[test]
fn live_orders_wait_for_stock_and_lines_marked_as_cancelled_are_cancelled() {
    on_every_engine(|desk| {
        let desk = desk();
        let sheet = desk.write("shop.csv", SHOP);
        let mapping = repository("mappings/generic-shop.toml");
        let out = desk.import(&sheet, &mapping, &[]).succeeded();
        assert_eq!(said(&out, "orders"), "2 made, 0 there already");
        assert_eq!(said(&out, "cancellations"), "2 made, 0 there already");
        assert_eq!(
            said(&out, "the database"),
            "2 orders with 3 lines and 6 units, USD 49.60; 4 units taken back: agrees with the file, order by order"
        );
        let orders = desk.orders();
        let first = &orders[0].progress.lines;
        assert_eq!(
            (first[0].backordered, first[0].cancelled, first[1].cancelled),
            (2, 0, 3)
        );
        assert_eq!(statuses(&orders[0]).order, OrderStatus::Open);
        assert_eq!(statuses(&orders[1]).order, OrderStatus::Cancelled);
        assert_eq!(totals(&orders[0]).total_minor, 2_000 + 100 + 500 + 50);
        let again = desk.import(&sheet, &mapping, &[]).succeeded();
        assert_eq!(said(&again, "cancellations"), "0 made, 2 there already");
        assert!(
            desk.orders() == orders,
            "an order is another one after the second run"
        );
        assert_eq!(desk.violations(), Vec::<String>::new());
    });
}

#[test]
fn an_order_that_was_amended_since_still_agrees_with_the_file() {
    let desk = Desk::new();
    let sheet = desk.write("shop.csv", SHOP);
    let mapping = repository("mappings/generic-shop.toml");
    desk.import(&sheet, &mapping, &[]).succeeded();
    amend(&desk);
    let again = desk.import(&sheet, &mapping, &[]).succeeded();
    assert!(
        said(&again, "the database").starts_with("2 orders with 3 lines and 6 units, USD 49.60;"),
        "{again}"
    );
    assert!(again.contains("nothing has changed"), "{again}");
}

/// Puts one unit more of the first line into the first order.
fn amend(desk: &Desk) {
    use throughline_core::command::{Actor, Command, OnOrder};
    use throughline_core::order::amend::{AmendOrder, LineAmendment};
    let order = desk.orders().remove(0);
    let change = LineAmendment {
        line: order.placed.lines[0].no,
        quantity: Some(3),
        unit_price_minor: None,
        price_quantity: None,
        discount_minor: None,
        tax_minor: None,
        requested_date: None,
        ship_to: None,
    };
    let command = Command::AmendOrder(OnOrder {
        order: order.id,
        expected_version: None,
        what: Box::new(AmendOrder {
            change_lines: vec![change],
            ..AmendOrder::default()
        }),
    });
    let executor = throughline::execute::Executor::start(&desk.store()).unwrap();
    let request = throughline_core::Request {
        id: throughline::wiring::ids::request(),
        actor: Actor::Operator,
        key: None,
        command,
    };
    executor.execute_blocking(request).unwrap();
    executor.shutdown_blocking();
}

//! What customers who buy wholesale agree on: whole cases, list prices, blanket agreements, and their share of scarce stock.

use serde_json::{Value, json};

use super::support::{Answer, Client, Server, furnish, order, place};

/// The customer of the orders that are placed here.
#[track_caller]
fn customer(client: &Client) -> String {
    place(client, &[("B", 1)]).text_at("/customer/id")
}

#[track_caller]
fn put_item(client: &Client, sku: &str, what: &Value) -> Answer {
    let mut item = json!({"title": format!("Thing {sku}")});
    let (item_fields, more) = (item.as_object_mut().unwrap(), what.as_object().unwrap());
    item_fields.extend(more.clone());
    client.put(&format!("/v1/items/{sku}"), item)
}

#[test]
fn an_account_that_takes_whole_cases_is_served_in_whole_cases() {
    let server = Server::start();
    let client = server.owner();
    furnish(&client);
    let id = customer(&client);
    let item = put_item(&client, "A", &json!({"case_quantity": 4})).expect(200);
    assert_eq!(item.body["case_quantity"], 4);
    for (case, field) in [(1, "/case_quantity"), (10_001, "/case_quantity")] {
        let refused = put_item(&client, "A", &json!({"case_quantity": case}));
        let refused = refused.expect_problem(422, "invalid_field");
        assert_eq!(refused.body["field"], field);
    }
    let account = format!("/v1/customers/{id}/account");
    let terms = json!({"terms": {"whole_cases": true}});
    let put = client.put(&account, terms).expect(200);
    assert_eq!(
        put.body["terms"],
        json!({"ship_complete": false, "whole_cases": true})
    );
    let refused = client.post("/v1/orders", order(&[("B", 1), ("A", 6)]));
    let refused = refused.expect_problem(422, "broken_case");
    assert_eq!(refused.body["field"], "/lines/1/quantity");
    assert!(
        refused.text_at("/detail").contains("name 4 or 8"),
        "{}",
        refused.text
    );
    // Ten units are at each of two locations: two cases each.
    let placed = place(&client, &[("A", 20)]);
    assert_eq!(placed.body["whole_cases"], true);
    let line = &placed.body["lines"][0];
    assert_eq!(
        (&line["case_quantity"], &line["backordered"]),
        (&json!(4), &json!(4))
    );
    let fulfilments = placed.body["fulfilments"].as_array().unwrap();
    let units: Vec<&Value> = fulfilments
        .iter()
        .map(|one| &one["lines"][0]["assigned"])
        .collect();
    assert_eq!(units, [&json!(8), &json!(8)]);
    let amended = client.json(
        "POST",
        &format!("/v1/orders/{}/amend", placed.text_at("/id")),
        &[],
        json!({"change_lines": [{"id": line["id"], "quantity": 21}]}),
    );
    let refused = amended.expect_problem(422, "broken_case");
    assert_eq!(refused.body["field"], "/change_lines/0/quantity");
}

#[test]
fn list_prices_are_set_with_the_item_or_many_at_once_and_orders_are_held_against_them() {
    let server = Server::start();
    let client = server.owner();
    furnish(&client);
    let listed = json!([{"currency": "EUR", "unit_price_minor": 500, "price_quantity": 1}]);
    let item = put_item(&client, "A", &json!({"list_prices": listed})).expect(200);
    assert_eq!(item.body["list_prices"], listed);
    let kept = put_item(&client, "A", &json!({"weight_g": 5})).expect(200);
    assert_eq!(kept.body["list_prices"], listed);
    let rows = |prices: Value| client.put("/v1/list-prices", json!({"prices": prices}));
    let set = rows(json!([
        {"sku": "A", "currency": "EUR", "channel": "web", "unit_price_minor": 800},
        {"sku": "B", "currency": "EUR", "unit_price_minor": 9_990, "price_quantity": 10},
    ]));
    assert_eq!(set.expect(200).body, json!({"prices": 2}));
    let item = client.get("/v1/items/A").expect(200);
    assert_eq!(item.body["list_prices"][1]["unit_price_minor"], 800);
    for (row, code, field) in [
        (
            json!({"sku": "Z", "currency": "EUR", "unit_price_minor": 1}),
            "unknown_reference",
            "/prices/0/sku",
        ),
        (
            json!({"sku": "A", "currency": "EU", "unit_price_minor": 1}),
            "invalid_field",
            "/prices/0/currency",
        ),
        (
            json!({"sku": "A", "currency": "USD", "channel": "web", "unit_price_minor": 1}),
            "invalid_field",
            "/prices/0/currency",
        ),
        (
            json!({"sku": "A", "currency": "EUR", "channel": "no", "unit_price_minor": 1}),
            "unknown_reference",
            "/prices/0/channel",
        ),
        (
            json!({"sku": "A", "currency": "EUR", "unit_price_minor": -1}),
            "invalid_field",
            "/prices/0/unit_price_minor",
        ),
    ] {
        let refused = rows(json!([row])).expect_problem(422, code);
        assert_eq!(refused.body["field"], field);
    }
    let rules = json!({"channels": ["web"], "price": {"against": "list", "least_percent": 100}});
    let put = client
        .put("/v1/screening-rules/standard", rules)
        .expect(201);
    assert_eq!(put.body["price"]["against"], "list");
    let held = place(&client, &[("A", 1)]);
    assert_eq!(held.text_at("/holds/0/kind"), "price");
    let reason = held.text_at("/holds/0/reason");
    assert!(reason.contains("its list price 800"), "{reason}");
    rows(json!([{"sku": "A", "currency": "EUR", "channel": "web"}])).expect(200);
    assert_eq!(place(&client, &[("A", 1)]).body["holds"], json!([]));
}

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

#[test]
fn orders_are_called_off_an_agreement() {
    let server = Server::start();
    let client = server.owner();
    furnish(&client);
    let id = customer(&client);
    let agreement = json!({
        "customer_id": id, "reference": "F-2026-7", "currency": "EUR", "from": "2000-01-01", "until": "2999-12-31",
        "lines": [{"sku": "A", "agreed": 15, "unit_price_minor": 420, "most": 9}],
    });
    let made = client.post("/v1/agreements", agreement.clone()).expect(201);
    let path = made.header("location").unwrap().to_owned();
    let agreed = made.text_at("/id");
    assert_eq!(path, format!("/v1/agreements/{agreed}"));
    let mut wrong = agreement.clone();
    wrong["lines"][0]["agreed"] = json!(0);
    let refused = client.post("/v1/agreements", wrong);
    let refused = refused.expect_problem(422, "invalid_field");
    assert_eq!(refused.body["field"], "/lines/0/agreed");
    let mut wrong = agreement;
    wrong["customer_id"] = json!(agreed);
    let refused = client.post("/v1/agreements", wrong);
    let refused = refused.expect_problem(422, "unknown_reference");
    assert_eq!(refused.body["field"], "/customer_id");
    let call = |units: i64| {
        let mut body = order(&[("A", units)]);
        body["agreement_id"] = json!(agreed);
        body["lines"][0]
            .as_object_mut()
            .unwrap()
            .remove("unit_price_minor");
        client.post("/v1/orders", body)
    };
    let called = call(9).expect(201);
    assert_eq!(called.body["lines"][0]["unit_price_minor"], 420);
    assert_eq!(called.body["lines"][0]["agreement_id"], json!(agreed));
    let refused = call(7).expect_problem(409, "call_off_refused");
    assert_eq!(refused.body["field"], "/lines/0/quantity");
    assert!(
        refused.text_at("/detail").contains("has 6 of 15 units"),
        "{}",
        refused.text
    );
    let shown = client.get(&path).expect(200);
    let line = &shown.body["lines"][0];
    assert_eq!(
        (&line["called"], &line["delivered"], &line["left"]),
        (&json!(9), &json!(0), &json!(6))
    );
    assert_eq!(shown.body["call_offs"][0]["called"], 9);
    let cancel = format!("/v1/orders/{}/cancel", called.text_at("/id"));
    client
        .post(&cancel, json!({"reason": "too many"}))
        .expect(200);
    assert_eq!(client.get(&path).expect(200).body["lines"][0]["left"], 15);
    let listed = client.get(&format!("/v1/agreements?customer_id={id}"));
    assert_eq!(listed.expect(200).body["data"][0]["id"], json!(agreed));
    let calls = client.get(&format!("{path}/call-offs")).expect(200);
    assert_eq!(calls.body["data"][0]["called"], 0);
    let closed = client.post(&format!("{path}/close"), json!({"reason": "over"}));
    assert_eq!(closed.expect(200).body["closed_because"], "over");
    call(1).expect_problem(409, "call_off_refused");
    let mut priceless = order(&[("A", 1)]);
    priceless["lines"][0]
        .as_object_mut()
        .unwrap()
        .remove("unit_price_minor");
    let refused = client.post("/v1/orders", priceless);
    let refused = refused.expect_problem(422, "invalid_field");
    assert_eq!(refused.body["field"], "/lines/0/unit_price_minor");
    client
        .get("/v1/agreements/00000000-0000-7000-8000-000000000001")
        .expect_problem(404, "not_found");
}

#[test]
fn customers_who_wait_share_what_comes() {
    let server = Server::start();
    let client = server.owner();
    furnish(&client);
    let plain = client.get("/v1/items/A").expect(200);
    assert_eq!(plain.body["fair_share"], false);
    let item = put_item(&client, "A", &json!({"fair_share": true})).expect(200);
    assert_eq!(item.body["fair_share"], true);
    let kit = json!({"fair_share": true, "components": [{"sku": "B", "quantity": 2}]});
    let refused = put_item(&client, "K", &kit).expect_problem(422, "invalid_field");
    assert_eq!(refused.body["field"], "/fair_share");
    // Ten units are at each of two locations.
    place(&client, &[("A", 20)]);
    let asked = |email: &str, quantity: i64| {
        let mut wanted = order(&[("A", quantity)]);
        wanted["customer"] = json!({"email": email, "name": "C. Customer"});
        let placed = client.post("/v1/orders", wanted).expect(201);
        assert_eq!(placed.body["lines"][0]["backordered"], quantity);
        placed
    };
    let orders = [
        asked("ann@example.com", 60),
        asked("bob@example.com", 30),
        asked("cid@example.com", 10),
    ];
    let received = json!({"sku": "A", "location": "LEEDS", "quantity": 10, "reference": "second"});
    client.post("/v1/stock/receive", received).expect(200);
    for (placed, wanted, share) in [
        (&orders[0], 60, 6),
        (&orders[1], 30, 3),
        (&orders[2], 10, 1),
    ] {
        let id = placed.text_at("/id");
        let now = client.get(&format!("/v1/orders/{id}")).expect(200);
        let line = &now.body["lines"][0];
        assert_eq!(line["backordered"], wanted - share);
        assert_eq!(now.body["fulfilments"][0]["lines"][0]["assigned"], share);
        let why = client.get(&format!("/v1/orders/{id}/sourcing")).expect(200);
        let shared = json!({
            "id": line["id"], "wanted": wanted, "free": 10, "waited": 100, "customers": 3, "share": share,
        });
        assert_eq!(why.body["data"][0]["shared"], shared);
        assert_eq!(why.body["data"][1].get("shared"), None);
    }
}

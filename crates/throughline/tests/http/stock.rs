//! Stock movements, the ledger and reservations.

use serde_json::{Value, json};

use super::support::{Server, furnish, levels, order, place};

#[test]
fn every_movement_is_answered_with_its_level_and_kept_in_the_ledger() {
    let server = Server::start();
    let client = server.owner();
    furnish(&client);
    let at = |quantity: i64| json!({"sku": "A", "location": "LEEDS", "quantity": quantity, "reference": "r"});
    assert_eq!(
        client.post("/v1/stock/receive", at(5)).expect(200).body["on_hand"],
        15
    );
    assert_eq!(
        client.post("/v1/stock/adjust", at(-2)).expect(200).body["on_hand"],
        13
    );
    assert_eq!(
        client.post("/v1/stock/count", at(12)).expect(200).body["on_hand"],
        12
    );
    let safety = json!({"sku": "A", "location": "LEEDS", "quantity": 2});
    let level = client.post("/v1/stock/safety", safety).expect(200);
    assert_eq!(
        (&level.body["safety"], &level.body["available"]),
        (&json!(2), &json!(10))
    );
    let transfer = json!({"sku": "A", "from": "LEEDS", "to": "PARIS", "quantity": 3});
    client.post("/v1/stock/transfer", transfer).expect(200);
    assert_eq!(
        levels(&client, "A"),
        [("LEEDS".to_owned(), 9, 0), ("PARIS".to_owned(), 13, 0)]
    );

    let ledger = client.get("/v1/stock/ledger?limit=200").expect(200);
    let rows = ledger.body["data"].as_array().unwrap();
    let sum: i64 = rows
        .iter()
        .filter(|row| row["sku"] == "A" && row["location"] == "LEEDS")
        .map(|row| row["on_hand"].as_i64().unwrap())
        .sum();
    assert_eq!(sum, 9, "the ledger adds up to the level");
    assert!(
        rows.iter()
            .any(|row| row["reason"] == "counted" && row["on_hand"] == -1)
    );
    let of_item = client
        .get("/v1/stock/ledger?limit=200&sku=A&location=LEEDS")
        .expect(200);
    let sum: i64 = of_item.body["data"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| row["on_hand"].as_i64().unwrap())
        .sum();
    assert_eq!(
        sum, 9,
        "the ledger of one SKU holds what was just committed"
    );
    let here = client.get("/v1/stock/ledger?location=PARIS").expect(200);
    assert!(
        here.body["data"]
            .as_array()
            .unwrap()
            .iter()
            .all(|row| row["location"] == "PARIS")
    );
}

#[test]
fn impossible_movements_are_refused() {
    let server = Server::start();
    let client = server.owner();
    furnish(&client);
    for (verb, body, status, code) in [
        (
            "receive",
            json!({"sku": "A", "location": "LEEDS", "quantity": 0}),
            422,
            "invalid_field",
        ),
        (
            "receive",
            json!({"sku": "A", "location": "LEEDS", "quantity": -1}),
            422,
            "invalid_field",
        ),
        (
            "receive",
            json!({"sku": "A", "location": "LEEDS", "quantity": 1.5}),
            422,
            "invalid_field",
        ),
        (
            "receive",
            json!({"sku": "A", "location": "LEEDS", "quantity": i64::MAX}),
            422,
            "invalid_field",
        ),
        (
            "receive",
            json!({"sku": "A", "location": "LEEDS", "quantity": "1"}),
            422,
            "invalid_field",
        ),
        (
            "receive",
            json!({"sku": "NOPE", "location": "LEEDS", "quantity": 1}),
            422,
            "unknown_reference",
        ),
        (
            "receive",
            json!({"sku": "A", "location": "NOPE", "quantity": 1}),
            422,
            "unknown_reference",
        ),
        (
            "count",
            json!({"sku": "A", "location": "LEEDS", "quantity": -1}),
            422,
            "invalid_field",
        ),
        (
            "adjust",
            json!({"sku": "A", "location": "LEEDS", "quantity": -11}),
            409,
            "insufficient_stock",
        ),
        (
            "transfer",
            json!({"sku": "A", "from": "LEEDS", "to": "PARIS", "quantity": 11}),
            409,
            "insufficient_stock",
        ),
        (
            "transfer",
            json!({"sku": "A", "from": "LEEDS", "to": "LEEDS", "quantity": 1}),
            422,
            "invalid_field",
        ),
    ] {
        let answer = client.post(&format!("/v1/stock/{verb}"), body.clone());
        assert_eq!(
            (answer.status, &answer.body["code"]),
            (status, &Value::from(code)),
            "{verb} {body}: {}",
            answer.text
        );
    }
    assert_eq!(
        levels(&client, "A")[0],
        ("LEEDS".to_owned(), 10, 0),
        "nothing was half done"
    );
}

#[test]
fn waiting_orders_are_served_when_stock_arrives() {
    let server = Server::start();
    let client = server.owner();
    furnish(&client);
    let placed = place(&client, &[("A", 25)]);
    assert_eq!(placed.body["lines"][0]["backordered"], 5);
    client
        .post(
            "/v1/stock/receive",
            json!({"sku": "A", "location": "PARIS", "quantity": 5, "reference": "r"}),
        )
        .expect(200);
    let order = client
        .get(&format!("/v1/orders/{}", placed.text_at("/id")))
        .expect(200);
    assert_eq!(
        (
            &order.body["lines"][0]["backordered"],
            &order.body["lines"][0]["allocated"]
        ),
        (&json!(0), &json!(25))
    );
}

#[test]
fn a_reservation_holds_stock_and_becomes_the_orders_allocations() {
    let server = Server::start();
    let client = server.owner();
    furnish(&client);
    let body = json!({"lines": [{"sku": "A", "quantity": 4}], "location": "LEEDS", "ttl_seconds": 60, "reference": "cart"});
    let made = client.post("/v1/reservations", body.clone()).expect(201);
    let id = made.text_at("/id");
    assert_eq!(
        made.header("location"),
        Some(format!("/v1/reservations/{id}").as_str())
    );
    assert_eq!(
        client
            .get("/v1/stock?sku=A&location=LEEDS")
            .expect(200)
            .body["data"][0]["reserved"],
        4
    );
    let mut wanted = order(&[("A", 4)]);
    wanted["reservation_id"] = json!(id);
    let placed = client.post("/v1/orders", wanted.clone()).expect(201);
    assert_eq!(placed.body["reservation_id"], id);
    let used = client.get(&format!("/v1/reservations/{id}")).expect(200);
    assert_eq!(
        (&used.body["status"], &used.body["order_id"]),
        (&json!("used"), &placed.body["id"])
    );
    client
        .post("/v1/orders", wanted)
        .expect_problem(409, "reservation_ended");

    let other = client
        .post("/v1/reservations", body)
        .expect(201)
        .text_at("/id");
    let ended = client
        .send("DELETE", &format!("/v1/reservations/{other}"), &[], b"")
        .expect(200);
    assert_eq!(ended.body["status"], "released");
    client
        .send("DELETE", "/v1/reservations/x", &[], b"")
        .expect_problem(404, "not_found");
    let too_long = json!({"lines": [{"sku": "A", "quantity": 4}], "ttl_seconds": 2_592_001});
    client
        .post("/v1/reservations", too_long)
        .expect_problem(422, "invalid_field");
    let too_much = json!({"lines": [{"sku": "A", "quantity": 400}]});
    client
        .post("/v1/reservations", too_much)
        .expect_problem(409, "insufficient_stock");
}

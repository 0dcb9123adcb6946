//! Fulfilments from accepting to returns.

use serde_json::{Value, json};
use throughline::http::auth::Role;

use super::support::{Answer, Client, Server, furnish, levels, order, place};

fn verb(client: &Client, fulfilment: &str, verb: &str, body: Value) -> Answer {
    client.post(&format!("/v1/fulfilments/{fulfilment}/{verb}"), body)
}

#[test]
fn an_order_is_picked_packed_shipped_delivered_and_returned() {
    let server = Server::start();
    let client = server.owner();
    furnish(&client);
    let placed = place(&client, &[("A", 3)]);
    let (id, fulfilment, line) = (
        placed.text_at("/id"),
        placed.text_at("/fulfilments/0/id"),
        placed.text_at("/lines/0/id"),
    );
    verb(&client, &fulfilment, "accept", json!({})).expect_problem(409, "illegal_transition");
    verb(&client, &fulfilment, "ship", json!({"carrier": "UPS"}))
        .expect_problem(409, "illegal_transition");
    let started = verb(&client, &fulfilment, "pick", json!({"start_only": true})).expect(200);
    assert_eq!(started.body["status"], "picking");
    let picked = client
        .send(
            "POST",
            &format!("/v1/fulfilments/{fulfilment}/pick"),
            &[],
            b"",
        )
        .expect(200);
    assert_eq!(
        (&picked.body["status"], &picked.body["lines"][0]["picked"]),
        (&json!("picked"), &json!(3))
    );
    let packages = json!({"packages": [
        {"lines": [{"id": line, "quantity": 2}], "weight_g": 900},
        {"lines": [{"id": line, "quantity": 1}]}
    ]});
    let packed = verb(&client, &fulfilment, "pack", packages).expect(200);
    let (one, two) = (
        packed.text_at("/packages/0/id"),
        packed.text_at("/packages/1/id"),
    );
    let ship = json!({"carrier": "UPS", "service": "Express", "tracking_number": "1Z",
        "packages": [one, {"id": two, "tracking_number": "1Z2"}]});
    let shipped = verb(&client, &fulfilment, "ship", ship).expect(200);
    assert_eq!(
        (&shipped.body["status"], &shipped.body["carrier"]),
        (&json!("shipped"), &json!("UPS"))
    );
    assert_eq!(shipped.body["packages"][1]["tracking_number"], "1Z2");
    assert_eq!(levels(&client, "A")[0], ("LEEDS".to_owned(), 7, 0));
    verb(
        &client,
        &fulfilment,
        "deliver",
        json!({"outcome": "delivered", "packages": [one]}),
    )
    .expect(200);
    let lost = verb(
        &client,
        &fulfilment,
        "deliver",
        json!({"outcome": "lost", "lines": [{"id": line, "quantity": 1}]}),
    )
    .expect(200);
    assert_eq!(lost.body["status"], "incomplete");
    let order = client.get(&format!("/v1/orders/{id}")).expect(200);
    assert_eq!(
        (
            &order.body["lines"][0]["delivered"],
            &order.body["lines"][0]["lost"]
        ),
        (&json!(2), &json!(1))
    );

    let announced = json!({"lines": [{"id": line, "quantity": 2, "reason": "too small"}]});
    let returned = client
        .post(&format!("/v1/orders/{id}/returns"), announced.clone())
        .expect(201);
    let (back, back_line) = (returned.text_at("/id"), returned.text_at("/lines/0/id"));
    assert_eq!(
        returned.header("location"),
        Some(format!("/v1/returns/{back}").as_str())
    );
    client
        .post(&format!("/v1/orders/{id}/returns"), announced)
        .expect_problem(409, "quantity_exceeded");
    let receive = json!({"location": "LEEDS", "lines": [
        {"id": back_line, "quantity": 1, "disposition": "restock"}, {"id": line, "quantity": 1, "disposition": "scrap"}
    ]});
    let received = client
        .post(&format!("/v1/returns/{back}/receive"), receive)
        .expect(200);
    assert_eq!(
        (
            &received.body["status"],
            &received.body["lines"][0]["received"]
        ),
        (&json!("received"), &json!(2))
    );
    assert_eq!(
        client.get(&format!("/v1/returns/{back}")).expect(200).body,
        received.body
    );
    assert_eq!(levels(&client, "A")[0].1, 8);
}

#[test]
fn whoever_packs_sees_where_the_goods_go_without_reading_the_order() {
    let server = Server::start();
    let client = server.owner();
    furnish(&client);
    let placed = place(&client, &[("A", 2)]);
    let fulfilment = placed.text_at("/fulfilments/0/id");
    let packer = server.client(Role::Warehouse, &["LEEDS"]);
    let read = packer
        .get(&format!("/v1/fulfilments/{fulfilment}"))
        .expect(200);
    assert_eq!(read.body["ship_to"], placed.body["ship_to"]);
    assert!(read.body["ship_to"]["line1"].is_string(), "{}", read.text);
    packer
        .get(&format!("/v1/orders/{}", placed.text_at("/id")))
        .expect_problem(403, "forbidden");
}

#[test]
fn a_fulfilment_is_moved_split_and_merged_by_hand() {
    let server = Server::start();
    let client = server.owner();
    furnish(&client);
    let placed = place(&client, &[("A", 3)]);
    let (first, line) = (
        placed.text_at("/fulfilments/0/id"),
        placed.text_at("/lines/0/id"),
    );
    let units = |quantity: i64| json!([{"id": line, "quantity": quantity}]);
    let here = placed.text_at("/fulfilments/0/location");
    let there = levels(&client, "A")
        .into_iter()
        .map(|(code, ..)| code)
        .find(|code| *code != here)
        .expect("another location");
    verb(&client, &first, "move", json!({"location": "NOWHERE"}))
        .expect_problem(422, "unknown_reference");
    verb(&client, &first, "move", json!({"location": here}))
        .expect_problem(409, "illegal_transition");
    let moved = verb(
        &client,
        &first,
        "move",
        json!({"location": there, "lines": units(1)}),
    )
    .expect(200);
    assert_eq!(
        (
            &moved.body["fulfilments"][1]["location"],
            &moved.body["fulfilments"][1]["lines"][0]["quantity"]
        ),
        (&json!(there), &json!(1))
    );
    let allocated: Vec<i64> = levels(&client, "A").iter().map(|level| level.2).collect();
    assert_eq!(allocated.iter().sum::<i64>(), 3);

    verb(&client, &first, "split", json!({})).expect_problem(422, "invalid_field");
    let parted = verb(&client, &first, "split", json!({"lines": units(1)})).expect(201);
    let second = parted.text_at("/id");
    assert_eq!(
        (
            &parted.body["location"],
            &parted.body["lines"][0]["quantity"]
        ),
        (&json!(here), &json!(1))
    );
    verb(
        &client,
        &first,
        "merge",
        json!({"with": moved.text_at("/fulfilments/1/id")}),
    )
    .expect_problem(409, "illegal_transition");
    let merged = verb(&client, &first, "merge", json!({"with": second})).expect(200);
    assert_eq!(merged.body["lines"][0]["quantity"], 2);
    verb(&client, &first, "pick", json!({})).expect(200);
    let packages = json!({"packages": [{"lines": units(1)}, {"lines": units(1)}]});
    let packed = verb(&client, &first, "pack", packages).expect(200);
    let one = json!({"packages": [packed.text_at("/packages/0/id")]});
    let parted = verb(&client, &first, "split", one).expect(201);
    assert_eq!(parted.body["packages"].as_array().map(Vec::len), Some(1));

    // Where it is done is decided in the office.
    let packer = server.client(Role::Warehouse, &[&here]);
    verb(&packer, &first, "move", json!({"location": there})).expect_problem(403, "forbidden");
}

#[test]
fn a_rejected_fulfilment_goes_to_another_location() {
    let server = Server::start();
    let client = server.owner();
    furnish(&client);
    let placed = place(&client, &[("A", 2)]);
    let fulfilment = placed.text_at("/fulfilments/0/id");
    let rejected = verb(&client, &fulfilment, "reject", json!({"reason": "flooded"})).expect(200);
    assert_eq!(
        (&rejected.body["status"], &rejected.body["request_status"]),
        (&json!("cancelled"), &json!("rejected"))
    );
    let order = client
        .get(&format!("/v1/orders/{}", placed.text_at("/id")))
        .expect(200);
    assert_eq!(order.body["fulfilments"][1]["location"], "PARIS");
    let read = client
        .get(&format!("/v1/fulfilments/{fulfilment}"))
        .expect(200);
    assert_eq!(read.body, rejected.body);
}

#[test]
fn a_short_pick_is_sourced_elsewhere() {
    let server = Server::start();
    let client = server.owner();
    furnish(&client);
    let placed = place(&client, &[("A", 2)]);
    let (fulfilment, line) = (
        placed.text_at("/fulfilments/0/id"),
        placed.text_at("/lines/0/id"),
    );
    let too_many = json!({"lines": [{"id": line, "quantity": 2, "short": 1}]});
    verb(&client, &fulfilment, "pick", too_many).expect_problem(409, "quantity_exceeded");
    let short = json!({"lines": [{"id": line, "quantity": 1, "short": 1}]});
    verb(&client, &fulfilment, "pick", short).expect(200);
    assert_eq!(
        levels(&client, "A"),
        [("LEEDS".to_owned(), 9, 1), ("PARIS".to_owned(), 10, 1)]
    );
}

#[test]
fn a_logistics_provider_is_asked_first() {
    let server = Server::start();
    let client = server.owner();
    furnish(&client);
    let third = json!({"code": "3PL", "name": "Third", "kind": "3pl", "priority": 0});
    client.post("/v1/locations", third).expect(201);
    client
        .post(
            "/v1/stock/receive",
            json!({"sku": "A", "location": "3PL", "quantity": 50, "reference": "r"}),
        )
        .expect(200);
    let placed = place(&client, &[("A", 40)]);
    let fulfilment = placed.text_at("/fulfilments/0/id");
    assert_eq!(placed.body["fulfilments"][0]["request_status"], "submitted");
    verb(&client, &fulfilment, "pick", json!({})).expect_problem(409, "illegal_transition");
    let accepted = verb(&client, &fulfilment, "accept", json!({})).expect(200);
    assert_eq!(accepted.body["request_status"], "accepted");
    verb(&client, &fulfilment, "pick", json!({})).expect(200);
}

#[test]
fn a_pickup_order_is_collected() {
    let server = Server::start();
    let client = server.owner();
    furnish(&client);
    let mut body = order(&[("A", 1)]);
    body["lines"][0]["method"] = json!("pickup");
    body["lines"][0]["location"] = json!("PARIS");
    let placed = client.post("/v1/orders", body).expect(201);
    let fulfilment = placed.text_at("/fulfilments/0/id");
    verb(&client, &fulfilment, "pickup", json!({})).expect_problem(409, "illegal_transition");
    verb(&client, &fulfilment, "pick", json!({})).expect(200);
    let ready = client
        .send(
            "POST",
            &format!("/v1/fulfilments/{fulfilment}/ready"),
            &[],
            b"",
        )
        .expect(200);
    assert_eq!(ready.body["status"], "ready_for_pickup");
    let collected = verb(&client, &fulfilment, "pickup", json!({})).expect(200);
    assert_eq!(collected.body["status"], "picked_up");
    assert_eq!(levels(&client, "A")[1], ("PARIS".to_owned(), 9, 0));
}

#[test]
fn what_is_no_fulfilment_is_not_found() {
    let server = Server::start();
    let client = server.owner();
    for name in [
        "x",
        "1001",
        "01912d68-783e-7a03-8467-000000000401",
        "%00",
        "%F0%9F",
    ] {
        client
            .get(&format!("/v1/fulfilments/{name}"))
            .expect_problem(404, "not_found");
        verb(&client, name, "pick", json!({})).expect_problem(404, "not_found");
        client
            .get(&format!("/v1/returns/{name}"))
            .expect_problem(404, "not_found");
    }
}

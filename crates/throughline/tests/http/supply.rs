//! Incoming supply and transfers over HTTP.

use serde_json::{Value, json};
use throughline::http::auth::Role;

use super::support::{Client, Server, furnish, levels, place};

/// A day far enough away.
const DAY: &str = "2999-01-20";

fn purchase(quantity: i64) -> Value {
    json!({
        "sku": "A", "location": "LEEDS", "quantity": quantity, "expected": DAY, "confidence_percent": 80, "note": "by sea",
        "source": {"kind": "purchase_order", "supplier": "ACME", "reference": "PO-1"}
    })
}

fn transfer(client: &Client, quantity: i64) -> String {
    let body =
        json!({"sku": "A", "from": "LEEDS", "to": "PARIS", "quantity": quantity, "expected": DAY});
    client
        .post("/v1/transfers", body)
        .expect(201)
        .text_at("/id")
}

#[test]
fn supply_is_announced_changed_received_and_told_of() {
    let server = Server::start();
    let client = server.owner();
    furnish(&client);
    let placed = place(&client, &[("A", 23)]).text_at("/id");
    let made = client.post("/v1/supply", purchase(5)).expect(201);
    let path = format!("/v1/supply/{}", made.text_at("/id"));
    assert_eq!(made.header("location"), Some(path.as_str()));
    assert_eq!(made.header("etag"), Some("\"1\""));
    assert_eq!(
        (
            &made.body["status"],
            &made.body["outstanding"],
            &made.body["source"]["supplier"]
        ),
        (&json!("open"), &json!(5), &json!("ACME"))
    );
    let change = json!({"expected": "2999-02-01", "quantity": 6, "reason": "the ship is late"});
    let changed = client.json("PATCH", &path, &[("if-match", "\"1\"")], change.clone());
    assert_eq!(changed.expect(200).body["expected"], "2999-02-01");
    client
        .json("PATCH", &path, &[("if-match", "\"1\"")], change)
        .expect_problem(409, "stale_version");
    let receive = |body: Value| client.post(&format!("{path}/receive"), body);
    receive(json!({"quantity": 7})).expect_problem(409, "supply_exceeded");
    let received = receive(json!({"quantity": 4, "reference": "DN-7"})).expect(200);
    assert_eq!(
        (
            &received.body["status"],
            &received.body["received"],
            &received.body["outstanding"]
        ),
        (&json!("open"), &json!(4), &json!(2))
    );
    let order = client.get(&format!("/v1/orders/{placed}")).expect(200);
    assert_eq!(
        order.body["lines"][0]["backordered"], 0,
        "those who waited are served"
    );
    let cancelled = client.post(&format!("{path}/cancel"), json!({"reason": "enough"}));
    assert_eq!(cancelled.expect(200).body["status"], "received");
    receive(json!({"quantity": 1})).expect_problem(409, "supply_ended");

    let told = client.get(&path).expect(200);
    let history = told.body["history"].as_array().unwrap();
    let kinds: Vec<&str> = history
        .iter()
        .map(|entry| entry["kind"].as_str().unwrap())
        .collect();
    assert_eq!(
        kinds,
        [
            "supply_created",
            "supply_changed",
            "supply_received",
            "supply_cancelled"
        ]
    );
    assert_eq!(
        history[1]["expected"],
        json!({"from": DAY, "to": "2999-02-01"})
    );
    assert_eq!(history[1]["reason"], "the ship is late");
    let ledger = client
        .get("/v1/stock/ledger?sku=A&location=LEEDS")
        .expect(200);
    let rows = ledger.body["data"].as_array().unwrap();
    let row = rows
        .iter()
        .find(|row| row["supply_id"] == told.body["id"])
        .unwrap();
    assert_eq!(
        (&row["on_hand"], &row["reference"]),
        (&json!(4), &json!("DN-7"))
    );
}

#[test]
fn a_transfer_is_in_transit_until_it_arrives_or_turns_round() {
    let server = Server::start();
    let client = server.owner();
    furnish(&client);
    let id = transfer(&client, 6);
    let in_transit = || {
        let stock = client.get("/v1/stock?sku=A&location=PARIS").expect(200);
        stock.body["data"][0]["in_transit"].clone()
    };
    assert_eq!((levels(&client, "A")[0].1, in_transit()), (4, json!(6)));
    let receive = format!("/v1/supply/{id}/receive");
    client
        .post(&receive, json!({"quantity": 3, "lost": 1}))
        .expect_problem(422, "invalid_field");
    let body = json!({"quantity": 3, "lost": 1, "reason": "fell off"});
    let arrived = client.post(&receive, body).expect(200);
    assert_eq!(
        (&arrived.body["lost"], &arrived.body["source"]),
        (&json!(1), &json!({"kind": "transfer", "from": "LEEDS"}))
    );
    assert_eq!(in_transit(), 2);
    client
        .post(
            &format!("/v1/supply/{id}/cancel"),
            json!({"reason": "mistake"}),
        )
        .expect(200);
    assert_eq!(in_transit(), 0);
    assert_eq!(
        levels(&client, "A"),
        [("LEEDS".to_owned(), 6, 0), ("PARIS".to_owned(), 13, 0)]
    );
}

#[test]
fn supply_is_listed_by_day_sku_location_and_status() {
    let server = Server::start();
    let client = server.owner();
    furnish(&client);
    for (sku, location, day) in [
        ("A", "PARIS", "2999-03-01"),
        ("A", "LEEDS", "2999-01-01"),
        ("B", "LEEDS", "2999-02-01"),
    ] {
        let body = json!({"sku": sku, "location": location, "quantity": 1, "expected": day, "source": {"kind": "production"}});
        client.post("/v1/supply", body).expect(201);
    }
    let days = |query: &str| -> Vec<String> {
        let page = client.get(&format!("/v1/supply?{query}")).expect(200);
        let rows = page.body["data"].as_array().unwrap();
        rows.iter()
            .map(|row| row["expected"].as_str().unwrap().to_owned())
            .collect()
    };
    assert_eq!(days(""), ["2999-01-01", "2999-02-01", "2999-03-01"]);
    assert_eq!(days("sku=A"), ["2999-01-01", "2999-03-01"]);
    assert_eq!(
        days("location=LEEDS&expected_from=2999-01-02"),
        ["2999-02-01"]
    );
    assert_eq!(days("expected_to=2999-02-01&limit=1"), ["2999-01-01"]);
    assert_eq!(days("sku=NOPE"), [""; 0]);
    assert_eq!(days("status=received"), [""; 0]);
    client
        .get("/v1/supply?status=soon")
        .expect_problem(400, "invalid_parameter");
    client
        .get("/v1/supply?expected_from=soon")
        .expect_problem(400, "invalid_parameter");
}

#[test]
fn bad_supply_is_refused_with_its_field() {
    let server = Server::start();
    let client = server.owner();
    furnish(&client);
    let with = |field: &str, value: Value| {
        let mut body = purchase(5);
        body[field] = value;
        body
    };
    for (body, code, field) in [
        (
            with("expected", json!("2020-01-01")),
            "invalid_field",
            "/expected",
        ),
        (
            with("expected", json!("soon")),
            "invalid_field",
            "/expected",
        ),
        (with("quantity", json!(0)), "invalid_field", "/quantity"),
        (
            with("confidence_percent", json!(101)),
            "invalid_field",
            "/confidence_percent",
        ),
        (
            with("confidence_percent", json!(300)),
            "invalid_field",
            "/confidence_percent",
        ),
        (
            with("source", json!({"kind": "magic"})),
            "invalid_field",
            "/source/kind",
        ),
        (with("sku", json!("NOPE")), "unknown_reference", "/sku"),
        (
            with("location", json!("NOPE")),
            "unknown_reference",
            "/location",
        ),
    ] {
        let refused = client
            .post("/v1/supply", body.clone())
            .expect_problem(422, code);
        let named = refused.body["field"].as_str().unwrap();
        assert!(field.starts_with(named), "{body}: {named}");
    }
    let unknown = "/v1/supply/01912d68-783e-7a03-8467-000000000401";
    client.get(unknown).expect_problem(404, "not_found");
    client.get("/v1/supply/x").expect_problem(404, "not_found");
    client
        .post(&format!("{unknown}/receive"), json!({"quantity": 1}))
        .expect_problem(404, "not_found");
}

#[test]
fn a_key_that_is_bound_to_a_location_handles_what_is_its_own() {
    let server = Server::start();
    let owner = server.owner();
    furnish(&owner);
    let id = transfer(&owner, 2);
    let (leeds, paris) = (
        server.client(Role::Warehouse, &["LEEDS"]),
        server.client(Role::Store, &["PARIS"]),
    );
    let receive = format!("/v1/supply/{id}/receive");
    leeds.get(&format!("/v1/supply/{id}")).expect(200);
    leeds
        .post(&receive, json!({"quantity": 1}))
        .expect_problem(403, "forbidden");
    paris.post(&receive, json!({"quantity": 1})).expect(200);
    let cancel = (format!("/v1/supply/{id}/cancel"), json!({"reason": "x"}));
    paris
        .post(&cancel.0, cancel.1.clone())
        .expect_problem(403, "forbidden");
    leeds.post(&cancel.0, cancel.1).expect(200);
    leeds
        .post("/v1/supply", purchase(1))
        .expect_problem(403, "forbidden");
    let from_paris =
        json!({"sku": "A", "from": "PARIS", "to": "LEEDS", "quantity": 1, "expected": DAY});
    leeds
        .post("/v1/transfers", from_paris.clone())
        .expect_problem(403, "forbidden");
    paris.post("/v1/transfers", from_paris).expect(201);
}

#[test]
fn the_same_request_under_a_key_makes_supply_once() {
    let server = Server::start();
    let client = server.owner();
    furnish(&client);
    let headers = [("idempotency-key", "k1")];
    let [first, again] = [0, 1].map(|_| client.json("POST", "/v1/supply", &headers, purchase(5)));
    assert_eq!(
        first.expect(201).text_at("/id"),
        again.expect(201).text_at("/id")
    );
    let page = client.get("/v1/supply").expect(200);
    assert_eq!(page.body["data"].as_array().unwrap().len(), 1);
}

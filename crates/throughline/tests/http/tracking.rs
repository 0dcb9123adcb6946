//! Lots and serial numbers, traced both ways, and cycle counts.

use serde_json::{Value, json};
use throughline::http::auth::Role;

use super::support::{Answer, Client, Server, furnish, place};

fn verb(client: &Client, fulfilment: &str, verb: &str, body: Value) -> Answer {
    client.post(&format!("/v1/fulfilments/{fulfilment}/{verb}"), body)
}

/// Packs and ships all of it.
fn send(client: &Client, fulfilment: &str) {
    verb(client, fulfilment, "pack", json!({})).expect(200);
    verb(client, fulfilment, "ship", json!({"carrier": "Royal Mail"})).expect(200);
    verb(client, fulfilment, "deliver", json!({})).expect(200);
}

fn item(client: &Client, sku: &str, tracking: Value) {
    let body = json!({"sku": sku, "title": sku, "unit_cost_minor": 300, "tracking": tracking});
    client.post("/v1/items", body).expect(201);
}

#[test]
fn a_unit_is_traced_both_ways() {
    let server = Server::start();
    let client = server.owner();
    furnish(&client);
    item(&client, "DRILL", json!({"serials": "at_receipt"}));
    let delivery = |serials: Value| json!({"sku": "DRILL", "location": "LEEDS", "quantity": 2, "reference": "DN-7", "serials": serials});
    client
        .post("/v1/stock/receive", delivery(json!(["S1"])))
        .expect_problem(422, "invalid_field");
    client
        .post("/v1/stock/receive", delivery(json!(["S1", "S2"])))
        .expect(200);
    let placed = place(&client, &[("DRILL", 1)]);
    let (order, line) = (placed.text_at("/id"), placed.text_at("/lines/0/id"));
    let fulfilment = placed.text_at("/fulfilments/0/id");
    verb(&client, &fulfilment, "pick", json!({})).expect_problem(422, "invalid_field");
    let scanned =
        |serial: &str| json!({"lines": [{"id": line, "quantity": 1, "serials": [serial]}]});
    verb(&client, &fulfilment, "pick", scanned("S9")).expect_problem(422, "unknown_reference");
    let picked = verb(&client, &fulfilment, "pick", scanned("S2")).expect(200);
    assert_eq!(picked.body["lines"][0]["serials"], json!(["S2"]));
    client
        .post("/v1/stock/receive", delivery(json!(["S2", "S3"])))
        .expect_problem(409, "serial_unavailable");
    send(&client, &fulfilment);
    let unit = client.get("/v1/items/DRILL/serials/S2").expect(200);
    assert_eq!(unit.body["state"], "shipped");
    assert_eq!(unit.body["order"]["id"], json!(order));
    assert_eq!(unit.body["order"]["fulfilment_id"], json!(fulfilment));
    let of_order = client.get(&format!("/v1/orders/{order}")).expect(200);
    assert_eq!(
        of_order.body["fulfilments"][0]["lines"][0]["serials"],
        json!(["S2"])
    );
    let register = json!({"lines": [{"id": line, "quantity": 1, "reason": "too loud"}]});
    let returned = client
        .post(&format!("/v1/orders/{order}/returns"), register)
        .expect(201);
    let receive = format!("/v1/returns/{}/receive", returned.text_at("/id"));
    let came = |serial: &str| {
        json!({"location": "PARIS", "lines": [
            {"id": line, "quantity": 1, "disposition": "restock", "serials": [serial]}]})
    };
    client
        .post(&receive, came("S1"))
        .expect_problem(422, "unknown_reference");
    let received = client.post(&receive, came("S2")).expect(200);
    assert_eq!(received.body["lines"][0]["serials"], json!(["S2"]));
    let life = client.get("/v1/items/DRILL/serials/S2/history").expect(200);
    let events: Vec<&str> = life.body["data"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(|entry| entry["event"].as_str())
        .collect();
    assert_eq!(events, ["returned", "shipped", "picked", "received"]);
    assert_eq!(life.body["data"][3]["reference"], "DN-7");
    let all = client.get("/v1/items/DRILL/serials").expect(200);
    let states: Vec<(&str, &str)> = all.body["data"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(|unit| Some((unit["serial"].as_str()?, unit["location"].as_str()?)))
        .collect();
    assert_eq!(states, [("S1", "LEEDS"), ("S2", "PARIS")]);
    let found = client.get("/v1/serials/S2").expect(200);
    assert_eq!(found.body["data"][0]["sku"], "DRILL");
    client
        .get("/v1/items/DRILL/serials/S9")
        .expect_problem(404, "not_found");
    let here = server.client(Role::Warehouse, &["LEEDS"]);
    let units = here.get("/v1/items/DRILL/serials").expect(200);
    assert_eq!(units.body["data"].as_array().map(Vec::len), Some(1));
}

#[test]
fn a_lot_is_traced_both_ways() {
    let server = Server::start();
    let client = server.owner();
    furnish(&client);
    item(&client, "MILK", json!({"lots": {"expires": true}}));
    let delivery = |quantity: i64, lot: Value| json!({"sku": "MILK", "location": "LEEDS", "quantity": quantity, "reference": "DN-8", "lot": lot});
    client
        .post("/v1/stock/receive", delivery(5, json!({"code": "LATE"})))
        .expect_problem(422, "invalid_field");
    for (code, day) in [("LATE", "2099-06-01"), ("SOON", "2099-01-01")] {
        let lot = json!({"code": code, "expires_on": day});
        client
            .post("/v1/stock/receive", delivery(5, lot))
            .expect(200);
    }
    let placed = place(&client, &[("MILK", 6)]);
    let order = placed.text_at("/id");
    let fulfilment = placed.text_at("/fulfilments/0/id");
    let split = json!({"lines": [{"id": placed.text_at("/lines/0/id"), "quantity": 1}]});
    verb(&client, &fulfilment, "split", split).expect(201);
    verb(&client, &fulfilment, "pick", json!({})).expect(200);
    send(&client, &fulfilment);
    let of_order = client.get(&format!("/v1/orders/{order}")).expect(200);
    let lots = |position: usize| {
        let fulfilment = &of_order.body["fulfilments"][position];
        fulfilment["lines"][0]["lots"][0]["code"].clone()
    };
    assert_eq!((lots(0), lots(1)), (json!("SOON"), json!("LATE")));
    let moves = client.get("/v1/items/MILK/lots/SOON/movements").expect(200);
    let rows = moves.body["data"].as_array().unwrap();
    let told: Vec<(&str, Option<&str>)> = rows
        .iter()
        .filter_map(|row| Some((row["reason"].as_str()?, row["order_id"].as_str())))
        .collect();
    let order = order.as_str();
    assert_eq!(
        told,
        [
            ("shipped", Some(order)),
            ("allocated", Some(order)),
            ("received", None)
        ]
    );
    let got = client
        .get("/v1/recalls/MILK/recipients?lot=SOON")
        .expect(200);
    assert_eq!(got.body["data"][0]["order_id"], json!(order));
    assert_eq!(got.body["data"][0]["left"], 5);
    let none = client
        .get("/v1/recalls/MILK/recipients?lot=LATE")
        .expect(200);
    assert_eq!(none.body["data"], json!([]));
}

#[test]
fn a_count_beyond_the_tolerance_waits_for_a_role_that_may_agree() {
    let server = Server::start();
    let client = server.owner();
    furnish(&client);
    let counter = server.client(Role::Warehouse, &["LEEDS"]);
    let task =
        |location: &str| json!({"sku": "A", "location": location, "tolerance": {"units": 1}});
    counter
        .post("/v1/count-tasks", task("LEEDS"))
        .expect_problem(403, "forbidden");
    let made = client.post("/v1/count-tasks", task("LEEDS")).expect(201);
    let id = made.text_at("/id");
    let path = |verb: &str| format!("/v1/count-tasks/{id}/{verb}");
    assert!(made.body.get("expected").is_none(), "it is counted blind");
    let open = counter.get("/v1/count-tasks?state=open").expect(200);
    assert_eq!(open.body["data"][0]["id"], json!(id));
    let waits = counter
        .post(&path("count"), json!({"quantity": 6}))
        .expect(200);
    assert_eq!(waits.body["state"], "waiting");
    counter
        .post(&path("approve"), json!({}))
        .expect_problem(403, "forbidden");
    counter
        .get(&path("rounds"))
        .expect_problem(403, "forbidden");
    client
        .post(&path("reject"), json!({"reason": "look behind the door"}))
        .expect(200);
    counter
        .post(&path("count"), json!({"quantity": 8, "note": "two gone"}))
        .expect(200);
    client.post(&path("approve"), json!({})).expect(200);
    client
        .post(&path("approve"), json!({}))
        .expect_problem(409, "count_not_possible");
    let rounds = client.get(&path("rounds")).expect(200);
    let told: Vec<(i64, i64, &str)> = rounds.body["data"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(|round| {
            let verdict = round["review"]["verdict"].as_str()?;
            Some((
                round["counted"].as_i64()?,
                round["variance"].as_i64()?,
                verdict,
            ))
        })
        .collect();
    assert_eq!(told, [(6, -4, "rejected"), (8, -2, "approved")]);
    let ledger = client
        .get("/v1/stock/ledger?sku=A&location=LEEDS")
        .expect(200);
    assert_eq!(ledger.body["data"][0]["reason"], "counted");
    assert_eq!(ledger.body["data"][0]["on_hand"], -2);
    assert_eq!(
        ledger.body["data"][0]["reference"],
        json!(format!("count {id}"))
    );
    let other = client.post("/v1/count-tasks", task("PARIS")).expect(201);
    let elsewhere = format!("/v1/count-tasks/{}/count", other.text_at("/id"));
    counter
        .post(&elsewhere, json!({"quantity": 6}))
        .expect_problem(403, "forbidden");
    let cancel = format!("/v1/count-tasks/{}/cancel", other.text_at("/id"));
    let ended = client
        .post(&cancel, json!({"reason": "not needed"}))
        .expect(200);
    assert_eq!(ended.body["state"], "cancelled");
}

#[test]
fn whoever_counted_approves_it_only_where_the_location_says_so() {
    let server = Server::start();
    let client = server.owner();
    furnish(&client);
    let other = server.client(Role::Operations, &[]);
    let counted = |location: &str| {
        let made = client.post("/v1/count-tasks", json!({"sku": "A", "location": location}));
        let id = made.expect(201).text_at("/id");
        let path = format!("/v1/count-tasks/{id}");
        let count = client.post(&format!("{path}/count"), json!({"quantity": 7}));
        assert_eq!(count.expect(200).body["state"], "waiting");
        format!("{path}/approve")
    };
    let approve = counted("LEEDS");
    let refused = client.post(&approve, json!({}));
    let refused = refused.expect_problem(409, "count_not_possible");
    let says = refused.text_at("/detail");
    assert!(says.contains("counted with the same key"), "{says}");
    assert_eq!(
        other.post(&approve, json!({})).expect(200).body["state"],
        "closed"
    );
    let paris = client.get("/v1/locations/PARIS").expect(200);
    assert_eq!(paris.body["own_counts"], false);
    let body = json!({"name": "Paris", "kind": "warehouse", "own_counts": true,
        "address": {"country": "FR", "city": "Paris"}});
    let changed = client.put("/v1/locations/PARIS", body).expect(200);
    assert_eq!(changed.body["own_counts"], true);
    client.post(&counted("PARIS"), json!({})).expect(200);
}

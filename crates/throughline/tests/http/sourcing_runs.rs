//! Waiting orders that are sourced together, and past ones that are decided again.

use serde_json::{Value, json};

use super::support::{Answer, Client, Server, levels};

/// A cheap place and a dear one, an item that both have, and a channel whose orders wait to be sourced.
fn set_up(client: &Client, at_once: bool) {
    let channel =
        json!({"code": "web", "name": "Web", "currency": "EUR", "source_on_placement": at_once});
    client.post("/v1/channels", channel).expect(201);
    for (code, labour) in [("NEAR", 100), ("FAR", 900)] {
        let location = json!({"code": code, "name": code, "kind": "warehouse", "time_zone": "UTC",
            "address": {"country": "DE"}, "labour": {"order_minor": labour}});
        client.post("/v1/locations", location).expect(201);
    }
    for sku in ["A", "B"] {
        let item = json!({"sku": sku, "title": sku});
        client.post("/v1/items", item).expect(201);
    }
    for (sku, location, quantity) in [("A", "NEAR", 1), ("A", "FAR", 9), ("B", "NEAR", 9)] {
        let stock =
            json!({"sku": sku, "location": location, "quantity": quantity, "reference": "first"});
        client.post("/v1/stock/receive", stock).expect(200);
    }
    let policy = json!({"name": "Cheapest", "objective": {"currency": "EUR", "split_minor": 300}});
    client
        .put("/v1/sourcing-policies/CHEAP", policy)
        .expect(201);
}

fn place(client: &Client, skus: &[&str]) -> Value {
    let lines: Vec<Value> = skus
        .iter()
        .map(|sku| json!({"sku": sku, "quantity": 1, "unit_price_minor": 500}))
        .collect();
    let order = json!({"channel": "web", "currency": "EUR", "lines": lines,
        "ship_to": {"name": "C. Customer", "line1": "1 Street", "city": "Bonn", "postal_code": "53111", "country": "DE"}});
    client.post("/v1/orders", order).expect(201).body
}

fn with_key(client: &Client, body: Value) -> Answer {
    client.json(
        "POST",
        "/v1/sourcing/runs",
        &[("idempotency-key", "nightly")],
        body,
    )
}

fn finished(client: &Client, path: &str) -> Value {
    for _ in 0..100_000 {
        let run = client.get(path).expect(200).body;
        if run["state"] == "done" {
            return run;
        }
    }
    panic!("the run never ends");
}

#[test]
fn waiting_orders_are_sourced_together_and_the_run_says_what_that_saved() {
    let server = Server::start();
    let client = server.owner();
    set_up(&client, false);
    // One after the other, the first one takes what the second one could be served whole with.
    let first = place(&client, &["A"]);
    let second = place(&client, &["A", "B"]);
    let begun = client.post("/v1/sourcing/runs", json!({})).expect(202);
    let path = format!("/v1/sourcing/runs/{}", begun.text_at("/id"));
    assert_eq!(begun.header("location"), Some(path.as_str()));
    let done = finished(&client, &path);
    let report = &done["report"];
    for (field, value) in [
        ("found", 2),
        ("done", 2),
        ("as_planned", 2),
        ("served", 3),
        ("proven", 1),
    ] {
        assert_eq!(report[field], value, "{field} of {report}");
    }
    assert_eq!(
        report["planned"],
        json!([{"currency": "EUR",
            "together": {"cost_minor": 1000, "served": 3, "splits": 0},
            "one_by_one": {"cost_minor": 1400, "served": 3, "splits": 1},
            "saved_minor": 400, "bound_minor": 1000, "gap_minor": 0}])
    );
    let orders = client
        .get(&format!("{path}/orders?limit=1"))
        .expect(200)
        .body;
    assert_eq!(orders["data"][0]["order_id"], first["id"]);
    assert_eq!(orders["data"][0]["outcome"], "as_planned");
    let cursor = orders["next_cursor"].as_str().unwrap();
    let orders = client
        .get(&format!("{path}/orders?limit=1&cursor={cursor}"))
        .expect(200)
        .body;
    assert_eq!(orders["data"][0]["order_id"], second["id"]);
    assert_eq!(
        orders["data"][0]["plan"],
        json!({"currency": "EUR", "served": 2, "cost_minor": 100, "one_by_one_served": 2, "one_by_one_minor": 1300})
    );
    // Every order has its own decision in its journal, and its explanation.
    let journal = client
        .get(&format!("/v1/orders/{}/journal", second["number"]))
        .expect(200)
        .body;
    let kinds: Vec<&str> = journal["data"]
        .as_array()
        .unwrap()
        .iter()
        .map(|entry| entry["kind"].as_str().unwrap())
        .collect();
    assert!(kinds.contains(&"lines_sourced"), "{kinds:?}");
    let why = client
        .get(&format!("/v1/orders/{}/sourcing", second["number"]))
        .expect(200)
        .body;
    assert_eq!(why["data"][0]["policy"], "CHEAP/1", "{why}");
    assert_eq!(
        levels(&client, "A"),
        [("NEAR".to_owned(), 1, 1), ("FAR".to_owned(), 9, 1)]
    );
    let listed = client.get("/v1/sourcing/runs").expect(200).body;
    assert_eq!(listed["data"][0]["id"], done["id"]);
}

#[test]
fn a_run_takes_only_what_fits_its_filter_and_the_same_key_begins_it_once() {
    let server = Server::start();
    let client = server.owner();
    set_up(&client, false);
    let other = place(&client, &["B"]);
    place(&client, &["A"]);
    let body = json!({"filter": {"sku": "A"}, "policy": "CHEAP"});
    let begun = with_key(&client, body.clone()).expect(202);
    let again = with_key(&client, body).expect(202);
    assert_eq!(begun.text_at("/id"), again.text_at("/id"));
    assert_eq!(begun.body["policy"], "CHEAP/1");
    let path = format!("/v1/sourcing/runs/{}", begun.text_at("/id"));
    let done = finished(&client, &path);
    assert_eq!(
        (&done["report"]["found"], &done["report"]["as_planned"]),
        (&json!(1), &json!(1))
    );
    let waits = client
        .get(&format!("/v1/orders/{}", other["number"]))
        .expect(200)
        .body;
    assert_eq!(waits["fulfilments"], json!([]));
    with_key(&client, json!({})).expect_problem(409, "idempotency_key_reused");
    client
        .post("/v1/sourcing/runs", json!({"policy": "NONE"}))
        .expect_problem(422, "unknown_reference");
    client
        .post("/v1/sourcing/runs", json!({"filter": {"channel": "none"}}))
        .expect_problem(422, "unknown_reference");
    client
        .get("/v1/sourcing/runs/0199f3a0-0000-7000-8000-000000000001")
        .expect_problem(404, "not_found");
}

fn replay(client: &Client, changes: Value) -> (String, Value) {
    let mut body = json!({"placed_after": "2020-01-01", "placed_before": "2040-01-01"});
    let fields = body.as_object_mut().unwrap();
    fields.extend(changes.as_object().unwrap().clone());
    let begun = client.post("/v1/sourcing/replay", body).expect(202);
    let path = format!("/v1/sourcing/replays/{}", begun.text_at("/id"));
    assert_eq!(begun.header("location"), Some(path.as_str()));
    let done = finished(client, &path);
    assert_eq!(done["progress_percent"], 100);
    (path, done)
}

#[test]
fn past_orders_are_decided_again_and_compared_with_what_was_decided_then() {
    let server = Server::start();
    let client = server.owner();
    set_up(&client, true);
    // The one unit of the cheap place is taken, given back, and taken again; then only the dear one is left.
    let first = place(&client, &["A"]);
    let cancel = format!("/v1/orders/{}/cancel", first["number"]);
    client
        .post(&cancel, json!({"reason": "changed their mind"}))
        .expect(200);
    let second = place(&client, &["A"]);
    let third = place(&client, &["A", "B"]);
    let (_, same) = replay(&client, json!({}));
    for (field, value) in [
        ("found", 3),
        ("done", 3),
        ("other", 0),
        ("never_sourced", 0),
        ("refused", 0),
    ] {
        assert_eq!(same[field], value, "{field} of {same}");
    }
    assert_eq!(same["was"], same["replayed"]);
    assert_eq!(same["was"]["fill_rate_permille"], 1000);
    assert_eq!(same["was"]["splits"], 1);
    assert_eq!(
        same["costs"][0]["was"]["total_minor"],
        100 + 100 + 100 + 900 + 300
    );
    let (path, more) = replay(
        &client,
        json!({"stock": [{"sku": "A", "location": "NEAR", "quantity": 9}]}),
    );
    assert_eq!(more["other"], 1, "{more}");
    assert_eq!(more["costs"][0]["saved_minor"], 1200);
    assert_eq!(
        (&more["was"]["splits"], &more["replayed"]["splits"]),
        (&json!(1), &json!(0))
    );
    let near = &more["locations"][0];
    assert_eq!(near["location"], "NEAR");
    assert_eq!(
        (&near["was"]["units"], &near["replayed"]["units"]),
        (&json!(3), &json!(4))
    );
    let orders = client.get(&format!("{path}/orders")).expect(200).body;
    assert_eq!(orders["data"].as_array().unwrap().len(), 1);
    assert_eq!(orders["data"][0]["order_id"], third["id"]);
    assert_eq!(
        orders["data"][0]["replayed"]["placings"],
        json!([{"location": "NEAR", "units": 2}])
    );
    let (path, without) = replay(
        &client,
        json!({"closed_locations": ["NEAR"], "policy": "CHEAP"}),
    );
    assert_eq!(without["other"], 3, "{without}");
    assert_eq!(without["policy"], "CHEAP/1");
    assert_eq!(
        (&without["was"]["served"], &without["replayed"]["served"]),
        (&json!(4), &json!(3))
    );
    let orders = client
        .get(&format!("{path}/orders?limit=2"))
        .expect(200)
        .body;
    assert_eq!(
        (&orders["data"][1]["order_id"], &orders["has_more"]),
        (&second["id"], &json!(true))
    );
    // Nothing of the orders was changed.
    assert_eq!(
        levels(&client, "A"),
        [("NEAR".to_owned(), 1, 1), ("FAR".to_owned(), 9, 1)]
    );
    let (_, earlier) = replay(&client, json!({"network_version": 2}));
    assert_eq!(earlier["other"], 1, "FAR was not there yet: {earlier}");
    assert_eq!(
        client.get("/v1/sourcing/replays").expect(200).body["data"]
            .as_array()
            .unwrap()
            .len(),
        4
    );
}

#[test]
fn a_replay_that_cannot_be_is_refused_by_field() {
    let server = Server::start();
    let client = server.owner();
    set_up(&client, true);
    for (field, changes) in [
        ("/placed_before", json!({"placed_before": "2019-01-01"})),
        ("/network_version", json!({"network_version": 99})),
        ("/policy", json!({"policy": "NONE"})),
        ("/channel", json!({"channel": "none"})),
        (
            "/closed_locations/0",
            json!({"closed_locations": ["NOWHERE"]}),
        ),
        (
            "/stock/0/sku",
            json!({"stock": [{"sku": "NONE", "location": "NEAR", "quantity": 1}]}),
        ),
        (
            "/stock/0/location",
            json!({"stock": [{"sku": "A", "location": "NOWHERE", "quantity": 1}]}),
        ),
        (
            "/stock/0/quantity",
            json!({"stock": [{"sku": "A", "location": "NEAR", "quantity": -1}]}),
        ),
    ] {
        let mut body = json!({"placed_after": "2020-01-01", "placed_before": "2040-01-01"});
        let fields = body.as_object_mut().unwrap();
        fields.extend(changes.as_object().unwrap().clone());
        let refused = client.post("/v1/sourcing/replay", body);
        assert_eq!(refused.status, 422, "{field}: {}", refused.body);
        assert!(
            refused.body.to_string().contains(field),
            "{field}: {}",
            refused.body
        );
    }
    client
        .get("/v1/sourcing/replays/0199f3a0-0000-7000-8000-000000000001")
        .expect_problem(404, "not_found");
}

#[test]
fn an_order_of_a_hundred_items_is_promised_previewed_placed_and_decided_again() {
    const ITEMS: usize = 100;
    let server = Server::start();
    let client = server.owner();
    set_up(&client, true);
    let skus: Vec<String> = (0..ITEMS).map(|nth| format!("ITEM-{nth:03}")).collect();
    for sku in &skus {
        let item = json!({"sku": sku, "title": sku});
        client.post("/v1/items", item).expect(201);
        let stock = json!({"sku": sku, "location": "FAR", "quantity": 2, "reference": "first"});
        client.post("/v1/stock/receive", stock).expect(200);
    }
    let wanted: Vec<Value> = skus
        .iter()
        .map(|sku| json!({"sku": sku, "quantity": 1}))
        .collect();
    let asked = json!({"channel": "web", "ship_to": {"country": "DE"}, "items": wanted});
    let told = client.post("/v1/promises", asked).expect(200).body;
    let option = &told["options"][0];
    assert_eq!(
        (&option["missing"], &option["splits"]),
        (&json!([]), &json!(0))
    );
    let asked = json!({"channel": "web", "ship_to": {"country": "DE"}, "lines": wanted});
    let told = client.post("/v1/sourcing/preview", asked).expect(200).body;
    assert_eq!(
        told["fulfilments"][0]["lines"].as_array().unwrap().len(),
        ITEMS
    );
    let skus: Vec<&str> = skus.iter().map(String::as_str).collect();
    place(&client, &skus);
    let (_, again) = replay(&client, json!({"policy": "CHEAP"}));
    assert_eq!(
        (&again["done"], &again["refused"], &again["never_sourced"]),
        (&json!(1), &json!(0), &json!(0))
    );
    assert_eq!(again["replayed"]["served"], ITEMS);
}

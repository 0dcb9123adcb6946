//! Orders that customers collect in a store, and orders from the till of one.

use serde_json::{Value, json};
use throughline::http::auth::Role;

use super::support::{Answer, Client, Server, furnish, levels, order};

fn verb(client: &Client, fulfilment: &str, verb: &str, body: Value) -> Answer {
    client.post(&format!("/v1/fulfilments/{fulfilment}/{verb}"), body)
}

/// A store that has one unit of A, and takes parcels.
fn open_store(client: &Client, code: &str) {
    let store = json!({
        "code": code, "name": code, "kind": "store", "priority": 3, "methods": ["ship", "pickup", "ship_to_store"],
        "address": {"name": code, "line1": "1 Street", "city": code, "postal_code": "1", "country": "GB"}
    });
    client.post("/v1/locations", store).expect(201);
    let received = json!({"sku": "A", "location": code, "quantity": 1, "reference": "first"});
    client.post("/v1/stock/receive", received).expect(200);
}

#[test]
fn what_the_store_lacks_is_sent_to_it_first() {
    let server = Server::start();
    let client = server.owner();
    furnish(&client);
    open_store(&client, "YORK");
    let mut body = order(&[("A", 3)]);
    body["lines"][0]["method"] = json!("pickup");
    body["lines"][0]["location"] = json!("YORK");
    let placed = client.post("/v1/orders", body).expect(201);
    let (here, sent) = (
        &placed.body["fulfilments"][0],
        &placed.body["fulfilments"][1],
    );
    assert_eq!(
        (
            &here["location"],
            &here["collect_at"],
            &here["lines"][0]["quantity"]
        ),
        (&json!("YORK"), &Value::Null, &json!(1))
    );
    assert_eq!(
        (
            &sent["location"],
            &sent["collect_at"],
            &sent["lines"][0]["quantity"]
        ),
        (&json!("LEEDS"), &json!("YORK"), &json!(2))
    );
    let sent = placed.text_at("/fulfilments/1/id");
    let (sender, store) = (
        server.client(Role::Warehouse, &["LEEDS"]),
        server.client(Role::Store, &["YORK"]),
    );
    // The store sees what is coming, and has nothing to do with it until it has left.
    store.get(&format!("/v1/fulfilments/{sent}")).expect(200);
    verb(&store, &sent, "pick", json!({})).expect_problem(403, "forbidden");
    verb(&sender, &sent, "pick", json!({})).expect(200);
    verb(&sender, &sent, "pack", json!({})).expect(200);
    verb(&sender, &sent, "ship", json!({"carrier": "Van"})).expect(200);
    assert_eq!(levels(&client, "A")[0], ("LEEDS".to_owned(), 8, 0));
    verb(&store, &sent, "pickup", json!({})).expect_problem(409, "illegal_transition");
    verb(&store, &sent, "deliver", json!({"outcome": "delivered"}))
        .expect_problem(409, "illegal_transition");
    let arrived = verb(&store, &sent, "ready", json!({})).expect(200);
    assert_eq!(arrived.body["status"], "ready_for_pickup");
    let collected = verb(&store, &sent, "pickup", json!({})).expect(200);
    assert_eq!(collected.body["status"], "picked_up");
    let id = placed.text_at("/id");
    let journal = client.get(&format!("/v1/orders/{id}/journal")).expect(200);
    let entries = journal.body["data"].as_array().expect("entries");
    let kinds: Vec<&str> = entries
        .iter()
        .filter_map(|entry| entry["kind"].as_str())
        .collect();
    assert!(
        kinds.ends_with(&["fulfilment_shipped", "ready_for_pickup", "picked_up"])
            || kinds.starts_with(&["picked_up", "ready_for_pickup", "fulfilment_shipped"]),
        "{kinds:?}"
    );
    assert!(
        journal.text.contains("\"collect_at\":\"YORK\""),
        "{}",
        journal.text
    );
}

#[test]
fn what_is_sold_at_a_till_and_shipped_comes_from_elsewhere() {
    let server = Server::start();
    let client = server.owner();
    furnish(&client);
    open_store(&client, "YORK");
    let till = json!({"code": "york-till", "name": "Till", "currency": "EUR", "till": "NOWHERE"});
    client
        .post("/v1/channels", till.clone())
        .expect_problem(422, "unknown_reference");
    let mut till = till;
    till["till"] = json!("YORK");
    client.post("/v1/channels", till).expect(201);
    let mut body = order(&[("A", 1)]);
    body["channel"] = json!("york-till");
    let placed = client.post("/v1/orders", body).expect(201);
    assert_eq!(placed.body["fulfilments"][0]["location"], "LEEDS");
    let id = placed.text_at("/id");
    let why = client.get(&format!("/v1/orders/{id}/sourcing")).expect(200);
    assert!(why.text.contains("at_the_till"), "{}", why.text);
}

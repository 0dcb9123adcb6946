//! Legs of orders: what suppliers are asked for, and what is sent to stores.

use serde_json::{Value, json};
use throughline::http::auth::Role;

use super::support::{Answer, Client, Server, furnish, levels, order};

fn verb(client: &Client, fulfilment: &str, verb: &str, body: Value) -> Answer {
    client.post(&format!("/v1/fulfilments/{fulfilment}/{verb}"), body)
}

/// Suppliers who have 5 units of C, which nobody else has.
fn add_suppliers(client: &Client) {
    client
        .post("/v1/items", json!({"sku": "C", "title": "Thing C"}))
        .expect(201);
    for (code, priority) in [("ACME", 3), ("BEST", 4)] {
        let supplier = json!({
            "code": code, "name": code, "kind": "supplier", "priority": priority,
            "address": {"name": code, "line1": "1 Street", "city": code, "postal_code": "1", "country": "GB"}
        });
        client.post("/v1/locations", supplier).expect(201);
        let offered = json!({"sku": "C", "location": code, "quantity": 5, "reference": "offer"});
        client.post("/v1/stock/receive", offered).expect(200);
    }
}

fn requests(client: &Client, more: &str) -> Value {
    let path = format!("/v1/legs?kind=purchase_request{more}");
    client.get(&path).expect(200).body["data"].clone()
}

#[test]
fn a_supplier_is_asked_says_no_and_another_one_says_yes() {
    let server = Server::start();
    let client = server.owner();
    furnish(&client);
    add_suppliers(&client);
    let placed = client.post("/v1/orders", order(&[("C", 2)])).expect(201);
    let id = placed.text_at("/id");
    let leg = &placed.body["legs"][0];
    assert_eq!(
        (&leg["kind"], &leg["state"], &leg["location"]),
        (
            &json!("purchase_request"),
            &json!("requested"),
            &json!("ACME")
        )
    );
    assert_eq!(leg["lines"][0]["quantity"], 2);
    let (acme, best) = (
        server.client(Role::Partner, &["ACME"]),
        server.client(Role::Partner, &["BEST"]),
    );
    // Each supplier sees his own requests.
    let asked = requests(&acme, "");
    assert_eq!(
        (&asked[0]["order_id"], &asked[1]),
        (&json!(id), &Value::Null)
    );
    assert_eq!(requests(&best, ""), json!([]));
    acme.get("/v1/legs?kind=purchase_request&location=BEST")
        .expect_problem(403, "forbidden");
    let first = placed.text_at("/fulfilments/0/id");
    verb(&best, &first, "accept", json!({})).expect_problem(403, "forbidden");
    verb(
        &acme,
        &first,
        "reject",
        json!({"reason": "sold out", "code": "not_found"}),
    )
    .expect(200);
    assert_eq!(requests(&acme, ""), json!([]));
    assert_eq!(requests(&acme, "&state=rejected")[0]["order_id"], json!(id));
    assert_eq!(levels(&client, "C")[0], ("ACME".to_owned(), 3, 0));

    let second = requests(&best, "")[0]["fulfilment_id"].clone();
    let second = second.as_str().expect("an id");
    verb(&best, second, "accept", json!({"ships_on": "2020-01-01"}))
        .expect_problem(422, "invalid_field");
    let answer = json!({"reference": "SO-4711", "ships_on": "2099-01-05"});
    verb(&best, second, "accept", answer).expect(200);
    let accepted = requests(&client, "&state=accepted&location=BEST");
    assert_eq!(
        (&accepted[0]["reference"], &accepted[0]["due"]),
        (&json!("SO-4711"), &json!("2099-01-05"))
    );
    for (step, body) in [
        ("pick", json!({})),
        ("pack", json!({})),
        ("ship", json!({"carrier": "UPS"})),
    ] {
        verb(&best, second, step, body).expect(200);
    }
    assert_eq!(requests(&best, "&state=underway")[0]["order_id"], json!(id));
    verb(&best, second, "deliver", json!({"outcome": "delivered"})).expect(200);

    // Every leg shows on the order that it is for.
    let read = client.get(&format!("/v1/orders/{id}")).expect(200);
    let states = |at: usize| {
        let leg = &read.body["legs"][at];
        (leg["location"].clone(), leg["state"].clone())
    };
    assert_eq!(states(0), (json!("ACME"), json!("rejected")));
    assert_eq!(states(1), (json!("BEST"), json!("done")));
    let journal = client.get(&format!("/v1/orders/{id}/journal")).expect(200);
    assert!(journal.text.contains("SO-4711"), "{}", journal.text);
}

#[test]
fn pages_of_legs_end() {
    let server = Server::start();
    let client = server.owner();
    furnish(&client);
    add_suppliers(&client);
    let ids: Vec<String> = (0..3)
        .map(|_| {
            let placed = client.post("/v1/orders", order(&[("C", 1)])).expect(201);
            placed.text_at("/id")
        })
        .collect();
    let path = "/v1/legs?kind=purchase_request&limit=2";
    let first = client.get(path).expect(200);
    let next = first.text_at("/next_cursor");
    let second = client.get(&format!("{path}&cursor={next}")).expect(200);
    let read = [&first, &second].map(|page| page.body["data"].as_array().cloned());
    let read: Vec<Value> = read.into_iter().flatten().flatten().collect();
    let orders: Vec<&Value> = read.iter().map(|leg| &leg["order_id"]).collect();
    let expected: Vec<Value> = ids.iter().map(|id| json!(id)).collect();
    assert_eq!(orders, expected.iter().collect::<Vec<_>>());
    assert_eq!(second.body["has_more"], false);
    client
        .get("/v1/legs")
        .expect_problem(400, "invalid_parameter");
}

//! What is made to order: what is promised of it, and what its maker says and does.

use serde_json::{Value, json};
use throughline::http::auth::Role;

use super::support::{Answer, Client, Server, furnish, levels, order};

/// An item that a workshop makes: so many a day, after two working days.
fn add_workshop(client: &Client) {
    let workshop = json!({
        "code": "SHED", "name": "Workshop", "kind": "warehouse", "priority": 9,
        "address": {"name": "Shed", "line1": "1 Street", "city": "Leeds", "postal_code": "1", "country": "GB"}
    });
    client.post("/v1/locations", workshop).expect(201);
    let chair = json!({
        "sku": "CHAIR", "title": "Chair",
        "made_to_order": [{"location": "SHED", "lead_days": 2, "units_per_day": 4}]
    });
    let made = client.post("/v1/items", chair).expect(201);
    assert_eq!(
        made.body["made_to_order"],
        json!([{"location": "SHED", "lead_days": 2, "units_per_day": 4, "days": []}])
    );
}

fn verb(client: &Client, production: &str, verb: &str, body: Value) -> Answer {
    client.post(&format!("/v1/production-orders/{production}/{verb}"), body)
}

fn agenda(client: &Client) -> Value {
    let path = "/v1/production-orders?location=SHED";
    client.get(path).expect(200).body["data"].clone()
}

#[test]
fn a_chair_is_promised_made_and_allotted_to_the_line_that_it_was_made_for() {
    Server::on_each_engine(a_chair_is_made);
}

fn a_chair_is_made(server: &Server) {
    let client = server.owner();
    furnish(&client);
    add_workshop(&client);
    let asked = json!({
        "channel": "web", "items": [{"sku": "CHAIR", "quantity": 6}], "methods": ["ship"],
        "ship_to": {"country": "GB", "postal_code": "LS1"}
    });
    let promised = client.post("/v1/promises", asked.clone()).expect(200);
    let option = &promised.body["options"][0];
    assert_eq!(option["missing"], json!([]));
    let made = option["made"].as_array().expect("a list");
    let units: Vec<i64> = made
        .iter()
        .filter_map(|one| one["quantity"].as_i64())
        .collect();
    assert_eq!(units, [4, 2], "{}", promised.text);
    let last = &made[1]["finished_on"];
    assert_eq!(&option["ships_on"], last);

    let placed = client
        .post("/v1/orders", order(&[("CHAIR", 6)]))
        .expect(201);
    let id = placed.text_at("/id");
    assert_eq!(&placed.body["lines"][0]["promise"]["now"]["ships_on"], last);
    assert_eq!(placed.body["legs"][0]["kind"], "production");
    assert_eq!(placed.body["legs"][0]["state"], "requested");
    // The days are counted: whoever comes next gets what is left of them.
    let next = client.post("/v1/promises", asked).expect(200);
    let units = |at: usize| next.body["options"][0]["made"][at]["quantity"].clone();
    assert_eq!([units(0), units(1)], [json!(2), json!(4)], "{}", next.text);

    let maker = server.client(Role::Warehouse, &["SHED"]);
    let other = server.client(Role::Warehouse, &["PARIS"]);
    let agenda_now = agenda(&maker);
    assert_eq!(agenda_now[0]["quantity"], 4);
    assert_eq!(agenda_now[1]["quantity"], 2);
    assert_eq!(
        agenda_now[0]["available_actions"],
        json!(["accept", "start", "complete", "reject"])
    );
    let first = agenda_now[0]["id"].as_str().expect("an id").to_owned();
    let second = agenda_now[1]["id"].as_str().expect("an id").to_owned();
    verb(&other, &first, "accept", json!({})).expect_problem(403, "forbidden");
    other
        .get("/v1/production-orders?location=SHED")
        .expect_problem(403, "forbidden");
    other
        .get(&format!("/v1/production-orders/{first}"))
        .expect_problem(403, "forbidden");
    client
        .get("/v1/production-orders?location=NOWHERE")
        .expect_problem(400, "invalid_parameter");
    client
        .get("/v1/production-orders")
        .expect_problem(400, "invalid_parameter");
    verb(&maker, &id, "accept", json!({})).expect_problem(404, "not_found");

    verb(&maker, &first, "accept", json!({"due": "2020-01-01"}))
        .expect_problem(422, "invalid_field");
    let accepted = verb(&maker, &first, "accept", json!({"reference": "W-1"})).expect(200);
    assert_eq!(accepted.body["reference"], "W-1");
    verb(&maker, &first, "accept", json!({})).expect_problem(409, "illegal_transition");
    let started = verb(&maker, &first, "start", json!({})).expect(200);
    assert_eq!(started.body["state"], "started");
    verb(&maker, &first, "complete", json!({"quantity": 5})).expect_problem(422, "invalid_field");
    let done = verb(&maker, &first, "complete", json!({"quantity": 3})).expect(200);
    assert_eq!(
        (&done.body["state"], &done.body["made"]),
        (&json!("completed"), &json!(3))
    );
    assert_eq!(levels(&client, "CHAIR"), [("SHED".to_owned(), 3, 3)]);

    // One was spoilt, and is made again; the maker turns the other two down, whom nobody else makes.
    let read = client.get(&format!("/v1/orders/{id}")).expect(200);
    assert_eq!(read.body["lines"][0]["backordered"], 3, "{}", read.text);
    let agenda_now = agenda(&maker);
    assert_eq!(agenda_now.as_array().map(Vec::len), Some(2));
    verb(&maker, &second, "reject", json!({"reason": ""})).expect_problem(422, "invalid_field");
    verb(&maker, &second, "reject", json!({"reason": "no timber"})).expect(200);
    let rejected = client
        .get("/v1/legs?kind=production&state=rejected")
        .expect(200);
    assert_eq!(
        rejected.body["data"][0]["production_order_id"],
        json!(second)
    );
    assert_eq!(rejected.body["data"][0]["fulfilment_id"], Value::Null);
    let journal = client.get(&format!("/v1/orders/{id}/journal")).expect(200);
    for kind in [
        "production_accepted",
        "production_started",
        "production_completed",
        "production_rejected",
    ] {
        assert!(journal.text.contains(kind), "{kind}: {}", journal.text);
    }
    // What has not begun is given up with the order, and its day has room again.
    client
        .post(
            &format!("/v1/orders/{id}/cancel"),
            json!({"reason": "moved"}),
        )
        .expect(200);
    assert_eq!(agenda(&maker), json!([]));
    let sound = server.store.read(throughline_store::check_invariants);
    assert_eq!(sound.expect("the database can be read"), []);
}

#[test]
fn a_maker_that_is_no_location_is_refused() {
    let server = Server::start();
    let client = server.owner();
    furnish(&client);
    let chair = json!({
        "sku": "CHAIR", "title": "Chair", "made_to_order": [{"location": "SHED", "units_per_day": 4}]
    });
    client
        .post("/v1/items", chair)
        .expect_problem(422, "unknown_reference");
}

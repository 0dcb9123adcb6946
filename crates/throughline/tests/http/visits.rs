//! Services that are done where the customer is: free slots, and visits from booking to the end.

use serde_json::{Value, json};
use throughline::http::auth::Role;

use super::support::{Answer, Client, Server, furnish};

/// A service that a crew does in Great Britain: one visit in the morning, two in the afternoon.
fn add_crew(client: &Client) {
    let crew = json!({
        "code": "CREW", "name": "Crew", "kind": "store", "priority": 9, "serves": [{"country": "GB"}],
        "address": {"name": "Crew", "line1": "1 Street", "city": "Leeds", "postal_code": "1", "country": "GB"}
    });
    client.post("/v1/locations", crew).expect(201);
    let slots = json!([
        {"name": "morning", "from": "08:00", "until": "12:00", "visits": 1},
        {"name": "afternoon", "from": "13:00", "until": "17:30", "visits": 2}
    ]);
    let fitting = json!({
        "sku": "FIT", "title": "Fitting", "visits": [{"location": "CREW", "slots": slots}]
    });
    let made = client.post("/v1/items", fitting).expect(201);
    assert_eq!(made.body["visits"][0]["slots"], slots);
}

fn order() -> Value {
    json!({
        "channel": "web", "currency": "EUR",
        "customer": {"email": "customer@example.com", "name": "C. Customer"},
        "ship_to": {"name": "C. Customer", "line1": "1 Street", "city": "Leeds", "postal_code": "LS1", "country": "GB"},
        "lines": [
            {"sku": "A", "quantity": 1, "unit_price_minor": 500},
            {"sku": "FIT", "quantity": 1, "unit_price_minor": 900, "method": "service"}
        ]
    })
}

fn free(client: &Client, more: &str) -> Value {
    let path = format!("/v1/items/FIT/slots?country={more}");
    client.get(&path).expect(200).body["data"].clone()
}

fn verb(client: &Client, visit: &str, verb: &str, body: Value) -> Answer {
    client.post(&format!("/v1/visits/{visit}/{verb}"), body)
}

#[test]
fn a_slot_is_booked_once_moved_missed_and_done() {
    Server::on_each_engine(a_visit_is_made);
}

fn a_visit_is_made(server: &Server) {
    let client = server.owner();
    furnish(&client);
    add_crew(&client);
    assert_eq!(free(&client, "FR"), json!([]));
    let slots = free(&client, "GB&delivered_on=2099-01-05&days=2");
    assert_eq!(
        slots[0],
        json!({"location": "CREW", "date": "2099-01-06", "slot": "morning", "from": "08:00", "until": "12:00", "free": 1})
    );
    assert_eq!(slots.as_array().map(Vec::len), Some(4));

    let placed = client.post("/v1/orders", order()).expect(201);
    let id = placed.text_at("/id");
    let line = placed.text_at("/lines/1/id");
    let goods = placed.text_at("/lines/0/id");
    let book = |order: &str, body: Value| client.post(&format!("/v1/orders/{order}/visits"), body);
    book(&id, json!({"line_id": goods})).expect_problem(422, "invalid_field");
    book(&id, json!({"line_id": id})).expect_problem(422, "unknown_reference");
    book(&id, json!({"line_id": line, "location": "X"})).expect_problem(422, "unknown_reference");
    book(&id, json!({"line_id": line, "date": "2020-01-01"}))
        .expect_problem(409, "illegal_transition");
    let booked = book(&id, json!({"line_id": line, "slot": "morning"})).expect(201);
    let visit = booked.text_at("/id");
    assert_eq!(booked.body["after"], json!([goods]));
    let date = booked.text_at("/date");
    book(&id, json!({"line_id": line})).expect_problem(409, "illegal_transition");

    // The slot is full for others, who get the next one.
    let other = client.post("/v1/orders", order()).expect(201);
    let (other_id, other_line) = (other.text_at("/id"), other.text_at("/lines/1/id"));
    let wanted = json!({"line_id": other_line, "date": date, "slot": "morning"});
    book(&other_id, wanted).expect_problem(409, "illegal_transition");
    let next = book(&other_id, json!({"line_id": other_line, "date": date})).expect(201);
    assert_eq!(next.text_at("/slot"), "afternoon");

    let crew = server.client(Role::Store, &["CREW"]);
    let elsewhere = server.client(Role::Store, &["LEEDS"]);
    let agenda = crew.get("/v1/visits?location=CREW").expect(200);
    assert_eq!(agenda.body["data"].as_array().map(Vec::len), Some(2));
    elsewhere
        .get("/v1/visits?location=CREW")
        .expect_problem(403, "forbidden");
    verb(&elsewhere, &visit, "complete", json!({})).expect_problem(403, "forbidden");
    verb(&crew, &visit, "rebook", json!({"slot": "afternoon"})).expect(200);
    verb(&crew, &visit, "no-show", json!({"reason": ""})).expect_problem(422, "invalid_field");
    verb(
        &crew,
        &visit,
        "no-show",
        json!({"reason": "nobody at home"}),
    )
    .expect(200);
    verb(&crew, &visit, "complete", json!({})).expect_problem(409, "illegal_transition");
    let again = book(&id, json!({"line_id": line, "after": [goods]})).expect(201);
    let again = again.text_at("/id");
    let done = verb(&crew, &again, "complete", json!({})).expect(200);
    assert_eq!(done.text_at("/state"), "completed");
    let read = client.get(&format!("/v1/orders/{id}")).expect(200);
    assert_eq!(read.body["lines"][1]["delivered"], 1, "{}", read.text);
    let states: Vec<&Value> = (0..2).map(|at| &read.body["legs"][at]["state"]).collect();
    assert_eq!(states, [&json!("rejected"), &json!("done")]);
    let journal = client.get(&format!("/v1/orders/{id}/journal")).expect(200);
    for kind in [
        "visit_booked",
        "visit_moved",
        "visit_missed",
        "visit_completed",
    ] {
        assert!(journal.text.contains(kind), "{kind}: {}", journal.text);
    }

    // Goods that are cancelled take their service and its visit along.
    let lines = json!([{"id": other.text_at("/lines/0/id"), "quantity": 1}]);
    let cancel = json!({"reason": "moved", "lines": lines});
    let cancelled = client
        .post(&format!("/v1/orders/{other_id}/cancel"), cancel)
        .expect(200);
    assert_eq!(cancelled.text_at("/status"), "cancelled");
    let agenda = crew.get("/v1/visits?location=CREW").expect(200);
    assert_eq!(agenda.body["data"], json!([]));
    let sound = server.store.read(throughline_store::check_invariants);
    assert_eq!(sound.expect("the database can be read"), []);
}

#[test]
fn impossible_slots_are_refused() {
    let server = Server::start();
    let client = server.owner();
    furnish(&client);
    for (slot, code) in [
        (
            json!({"name": "x", "from": "8", "until": "12:00", "visits": 1}),
            "invalid_field",
        ),
        (
            json!({"name": "x", "from": "12:00", "until": "08:00", "visits": 1}),
            "invalid_field",
        ),
    ] {
        let item = json!({
            "sku": "FIT", "title": "Fitting", "visits": [{"location": "LEEDS", "slots": [slot]}]
        });
        client.post("/v1/items", item).expect_problem(422, code);
    }
    let nowhere = json!({
        "sku": "FIT", "title": "Fitting", "visits": [{"location": "NOWHERE", "slots": []}]
    });
    client
        .post("/v1/items", nowhere)
        .expect_problem(422, "unknown_reference");
    client
        .get("/v1/items/NONE/slots?country=GB")
        .expect_problem(404, "not_found");
}

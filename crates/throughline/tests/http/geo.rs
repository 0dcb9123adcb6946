//! Addresses without coordinates: where they are, and which location is nearest.

use serde_json::{Value, json};
use throughline_core::geo::Point;
use throughline_core::time::Millis;
use throughline_store::PostalArea;

use super::support::{Answer, Client, Server, order};

/// A server that has met these postal codes before it started.
fn server() -> Server {
    Server::start_with(|store| {
        let area = |country: &str, code: &str, latitude, longitude| PostalArea {
            country: country.to_owned(),
            code: code.to_owned(),
            point: Point::from_degrees(latitude, longitude).unwrap(),
        };
        let areas = [
            area("US", "10001", 40.7484, -73.9967),
            area("US", "60601", 41.8858, -87.6181),
            area("US", "94101", 37.7749, -122.4194),
        ];
        let mut loader = store.postal_loader().unwrap();
        loader.load(&areas, Millis(1)).unwrap();
    })
}

fn location(code: &str, postal_code: &str) -> Value {
    let address = json!({"name": code, "line1": "1 Street", "city": code, "postal_code": postal_code, "country": "US"});
    json!({"code": code, "name": code, "kind": "warehouse", "priority": 1, "address": address})
}

/// Locations at New York and San Francisco, with stock.
fn furnish(client: &Client) {
    let channel = json!({"code": "web", "name": "Web", "currency": "EUR"});
    client.post("/v1/channels", channel).expect(201);
    let item = json!({"sku": "A", "title": "Thing A"});
    client.post("/v1/items", item).expect(201);
    for (code, postal_code) in [("NY", "10001"), ("SF", "94101")] {
        client
            .post("/v1/locations", location(code, postal_code))
            .expect(201);
        let received = json!({"sku": "A", "location": code, "quantity": 10, "reference": "first"});
        client.post("/v1/stock/receive", received).expect(200);
    }
}

fn order_to(country: &str, postal_code: &str) -> Value {
    let mut order = order(&[("A", 1)]);
    order["ship_to"]["country"] = country.into();
    order["ship_to"]["postal_code"] = postal_code.into();
    order
}

fn chosen(placed: &Answer) -> String {
    placed.text_at("/fulfilments/0/location")
}

fn measured_from(client: &Client, placed: &Answer) -> Value {
    let id = placed.text_at("/id");
    let decisions = client.get(&format!("/v1/orders/{id}/sourcing")).expect(200);
    decisions.body["data"][0]["groups"][0]["measured_from"].clone()
}

#[test]
fn the_nearest_location_serves_an_order_that_names_only_a_postal_code() {
    let server = server();
    let client = server.owner();
    furnish(&client);
    for (country, postal_code, nearest, by) in [
        ("US", "94101", "SF", "postal_code"),
        ("US", "60699", "NY", "area"),
        ("US", "10001-1234", "NY", "postal_code"),
        ("JP", "100-0001", "SF", "country"),
    ] {
        let placed = client
            .post("/v1/orders", order_to(country, postal_code))
            .expect(201);
        assert_eq!(chosen(&placed), nearest, "{country} {postal_code}");
        assert_eq!(
            measured_from(&client, &placed),
            by,
            "{country} {postal_code}"
        );
        // What was found is no part of the address.
        assert_eq!(placed.body["ship_to"]["latitude"], Value::Null);
    }
    let mut given = order_to("US", "94101");
    given["ship_to"]["latitude"] = json!(40.7);
    given["ship_to"]["longitude"] = json!(-74.0);
    let placed = client.post("/v1/orders", given).expect(201);
    assert_eq!(chosen(&placed), "NY");
    assert_eq!(measured_from(&client, &placed), "given");
}

#[test]
fn drafts_amendments_and_batches_find_the_same_places() {
    let server = server();
    let client = server.owner();
    furnish(&client);
    let draft = client
        .post("/v1/drafts", order_to("US", "94101"))
        .expect(201);
    let place = format!("/v1/drafts/{}/place", draft.text_at("/id"));
    let placed = client.post(&place, json!({})).expect(200);
    assert_eq!(chosen(&placed), "SF");
    assert_eq!(measured_from(&client, &placed), "postal_code");
    let amend = format!("/v1/orders/{}/amend", placed.text_at("/id"));
    let to_new_york = json!({"ship_to": order_to("US", "10001")["ship_to"]});
    let amended = client.post(&amend, to_new_york).expect(200);
    let live = amended.body["fulfilments"].as_array().unwrap();
    let live: Vec<&Value> = live
        .iter()
        .filter(|one| one["status"] != "cancelled")
        .collect();
    assert_eq!((live.len(), &live[0]["location"]), (1, &json!("NY")));
    let row = order_to("US", "94101").to_string();
    let headers = [("content-type", "application/x-ndjson")];
    let batch = client.send("POST", "/v1/orders/batch", &headers, row.as_bytes());
    let answer: Value = serde_json::from_str(batch.text.trim()).unwrap();
    let id = answer["id"].as_str().unwrap();
    let placed = client.get(&format!("/v1/orders/{id}")).expect(200);
    assert_eq!(chosen(&placed), "SF");
}

#[test]
fn a_location_shows_where_it_was_found_and_what_is_shown_may_be_sent_back() {
    let server = server();
    let client = server.owner();
    let put = client
        .put("/v1/locations/SF", location("SF", "94101"))
        .expect(201);
    let place = json!({"latitude": 37.7749, "longitude": -122.4194, "by": "postal_code"});
    assert_eq!(put.body["located"], place);
    let again = client.put("/v1/locations/SF", put.body.clone()).expect(200);
    assert_eq!(again.body, put.body);
    let read = client.get("/v1/locations/SF").expect(200);
    assert_eq!(read.body, put.body);
    let mut elsewhere = put.body;
    elsewhere["address"]["latitude"] = json!(1.5);
    elsewhere["address"]["longitude"] = json!(2.5);
    let moved = client.put("/v1/locations/SF", elsewhere).expect(200);
    let place = json!({"latitude": 1.5, "longitude": 2.5, "by": "given"});
    assert_eq!(moved.body["located"], place);
    let nowhere = json!({"code": "N", "name": "N", "kind": "store"});
    let nowhere = client.post("/v1/locations", nowhere).expect(201);
    assert_eq!(nowhere.body.get("located"), None);
}

#[test]
fn what_is_known_of_a_postal_code_can_be_asked() {
    let server = server();
    let client = server.owner();
    for (query, code, by, loaded) in [
        (
            "country=US&postal_code=10001-1234",
            json!("10001"),
            "postal_code",
            3,
        ),
        ("country=US&postal_code=60699", json!("60699"), "area", 3),
        ("country=US&postal_code=73301", json!("73301"), "country", 3),
        ("country=US", Value::Null, "country", 3),
        (
            "country=DE&postal_code=D-10115",
            json!("10115"),
            "country",
            0,
        ),
    ] {
        let answer = client.get(&format!("/v1/geo?{query}")).expect(200).body;
        let told = (&answer["postal_code"], &answer["located"]["by"]);
        assert_eq!(told, (&code, &json!(by)), "{query}");
        assert_eq!(answer["postal_codes_loaded"], loaded, "{query}");
    }
    for (query, field) in [
        ("country=UK", "country"),
        ("postal_code=1", "country"),
        (
            &format!("country=US&postal_code={}", "1".repeat(33)),
            "postal_code",
        ),
    ] {
        let refused = client.get(&format!("/v1/geo?{query}"));
        assert_eq!(refused.status, 400, "{query}");
        assert_eq!(refused.body["field"], field, "{query}");
    }
}

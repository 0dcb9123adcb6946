//! Items, locations, channels and customers.

use serde_json::json;

use super::support::{Server, furnish};

#[test]
fn items_are_created_changed_and_listed() {
    let server = Server::start();
    let client = server.owner();
    let item = json!({"sku": "Ü/1 b", "title": "Odd", "gtin": "6291041500213", "weight_g": 120,
        "dimensions": {"length_mm": 1, "width_mm": 2, "height_mm": 3}, "unit_cost_minor": 99});
    let created = client.post("/v1/items", item.clone()).expect(201);
    assert_eq!(created.header("location"), Some("/v1/items/%C3%9C%2F1%20b"));
    client
        .post("/v1/items", item)
        .expect_problem(409, "already_exists");
    let read = client.get("/v1/items/%C3%9C%2F1%20b").expect(200);
    assert_eq!(read.body, created.body);
    let changed = client
        .put("/v1/items/%C3%9C%2F1%20b", json!({"title": "Odder"}))
        .expect(200);
    assert_eq!(
        (&changed.body["title"], &changed.body["version"]),
        (&json!("Odder"), &json!(2))
    );
    client
        .put("/v1/items/new", json!({"title": "New"}))
        .expect(201);
    client
        .put("/v1/items/new", json!({"title": "New", "sku": "other"}))
        .expect_problem(422, "invalid_field");
    client
        .post("/v1/items", json!({"title": "No SKU"}))
        .expect_problem(422, "invalid_field");
    client
        .post(
            "/v1/items",
            json!({"sku": "X", "title": "X", "gtin": "6291041500214"}),
        )
        .expect_problem(422, "invalid_field");
    client
        .get("/v1/items/nothing")
        .expect_problem(404, "not_found");
    let listed = client.get("/v1/items?limit=1").expect(200);
    assert_eq!(
        (&listed.body["data"][0]["sku"], &listed.body["has_more"]),
        (&json!("new"), &json!(true))
    );
    let rest = client
        .get(&format!(
            "/v1/items?cursor={}",
            listed.text_at("/next_cursor")
        ))
        .expect(200);
    assert_eq!(
        (&rest.body["data"][0]["sku"], &rest.body["has_more"]),
        (&json!("Ü/1 b"), &json!(false))
    );
}

#[test]
fn a_kit_is_made_of_known_items_and_moves_as_its_components() {
    let server = Server::start();
    let client = server.owner();
    furnish(&client);
    let kit = json!({"sku": "KIT", "title": "Kit", "components": [{"sku": "A", "quantity": 2}, {"sku": "B", "quantity": 1}]});
    let created = client.post("/v1/items", kit).expect(201);
    assert_eq!(created.body["is_kit"], true);
    let unknown =
        json!({"sku": "KIT2", "title": "Kit", "components": [{"sku": "NOPE", "quantity": 2}]});
    let refused = client
        .post("/v1/items", unknown)
        .expect_problem(422, "unknown_reference");
    assert_eq!(refused.body["field"], "/components/0/sku");
    let placed = super::support::place(&client, &[("KIT", 3)]);
    let lines = placed.body["lines"].as_array().unwrap();
    assert_eq!(
        (lines.len(), &lines[0]["is_kit"], &lines[1]["allocated"]),
        (3, &json!(true), &json!(6))
    );
    assert_eq!(lines[1]["kit_line_id"], lines[0]["id"]);
    let id = placed.body["id"].as_str().unwrap();
    let one_kit = json!({"reason": "too many", "lines": [
        {"id": lines[1]["id"], "quantity": 2}, {"id": lines[2]["id"], "quantity": 1}]});
    client
        .post(&format!("/v1/orders/{id}/cancel"), one_kit)
        .expect(200);
    let order = client.get(&format!("/v1/orders/{id}")).expect(200).body;
    let price = lines[0]["unit_price_minor"].as_i64().unwrap();
    assert_eq!(
        (
            &order["lines"][0]["cancelled"],
            &order["lines"][0]["total_minor"]
        ),
        (&json!(1), &json!(2 * price))
    );
}

#[test]
fn locations_and_channels_are_created_changed_and_listed() {
    let server = Server::start();
    let client = server.owner();
    furnish(&client);
    let changed = json!({"name": "Leeds North", "kind": "store", "time_zone": "Europe/London", "cut_off": "16:30",
        "capacity": {"unit": "orders", "per_day": 10, "days": [{"date": "2026-11-27", "limit": 40}]}, "status": "paused"});
    let location = client.put("/v1/locations/LEEDS", changed).expect(200);
    assert_eq!(
        (&location.body["cut_off"], &location.body["status"]),
        (&json!("16:30"), &json!("paused"))
    );
    assert_eq!(
        client.get("/v1/locations/LEEDS").expect(200).body,
        location.body
    );
    client
        .post(
            "/v1/locations",
            json!({"code": "LEEDS", "name": "x", "kind": "store"}),
        )
        .expect_problem(409, "already_exists");
    client
        .post(
            "/v1/locations",
            json!({"code": "X", "name": "x", "kind": "shed"}),
        )
        .expect_problem(422, "invalid_field");
    client
        .get("/v1/locations/NOWHERE")
        .expect_problem(404, "not_found");
    let first = client.get("/v1/locations?limit=1").expect(200);
    let next = client
        .get(&format!(
            "/v1/locations?cursor={}",
            first.text_at("/next_cursor")
        ))
        .expect(200);
    assert_eq!(next.body["data"][0]["code"], "PARIS");

    let channel = client
        .put(
            "/v1/channels/shop",
            json!({"name": "Shop", "currency": "GBP", "shortage": "refuse"}),
        )
        .expect(201);
    assert_eq!(channel.header("location"), Some("/v1/channels/shop"));
    assert_eq!(
        client.get("/v1/channels/shop").expect(200).body,
        channel.body
    );
    client
        .post(
            "/v1/channels",
            json!({"code": "c", "name": "C", "currency": "ZZZ"}),
        )
        .expect_problem(422, "invalid_field");
    let listed = client.get("/v1/channels").expect(200);
    assert_eq!(listed.body["data"].as_array().unwrap().len(), 2);
}

#[test]
fn customers_are_recognised_by_email_or_reference() {
    let server = Server::start();
    let client = server.owner();
    let one = client
        .post(
            "/v1/customers",
            json!({"email": "One@Example.com", "external_ref": "C-1"}),
        )
        .expect(201);
    let id = one.text_at("/id");
    let same = client
        .post(
            "/v1/customers",
            json!({"email": "one@example.com", "name": "One"}),
        )
        .expect(200);
    assert_eq!(same.text_at("/id"), id);
    assert_eq!(
        client.get(&format!("/v1/customers/{id}")).expect(200).body["name"],
        "One"
    );
    for query in ["email=ONE@example.com", "external_ref=C-1"] {
        let found = client.get(&format!("/v1/customers?{query}")).expect(200);
        assert_eq!(found.body["data"][0]["id"], id, "{query}");
    }
    assert_eq!(
        client
            .get("/v1/customers?email=two@example.com")
            .expect(200)
            .body["data"],
        json!([])
    );
    client
        .post("/v1/customers", json!({"name": "Nobody"}))
        .expect_problem(422, "invalid_field");
    client
        .post("/v1/customers", json!({"email": "nonsense"}))
        .expect_problem(422, "invalid_field");
    assert_eq!(
        client.get("/v1/customers").expect(200).body["data"]
            .as_array()
            .unwrap()
            .len(),
        1
    );
}

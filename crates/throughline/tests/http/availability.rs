//! What can be promised over HTTP: by day, location and channel, for kits too, and what items say of backorders.

use serde_json::{Value, json};

use super::support::{Client, Server, furnish, order, place};

const DAY: &str = "2999-01-20";

fn expect(client: &Client, sku: &str, location: &str, quantity: i64, sure: i64) {
    let body = json!({
        "sku": sku, "location": location, "quantity": quantity, "expected": DAY, "confidence_percent": sure,
        "source": {"kind": "production"}
    });
    client.post("/v1/supply", body).expect(201);
}

fn ask(client: &Client, query: &str) -> Value {
    let answer = client.get(&format!("/v1/availability?{query}")).expect(200);
    answer.body
}

/// Units now and at last, in all and by location.
fn units(sku: &Value) -> (i64, i64, Vec<(String, i64)>) {
    let steps = sku["atp"].as_array().unwrap();
    let last = steps.last().unwrap()["units"].as_i64().unwrap();
    let places = sku["locations"].as_array().unwrap().iter().map(|place| {
        let code = place["location"].as_str().unwrap().to_owned();
        (code, place["available"].as_i64().unwrap())
    });
    (sku["available"].as_i64().unwrap(), last, places.collect())
}

#[test]
fn what_can_be_promised_follows_stock_supply_and_orders() {
    let server = Server::start();
    let client = server.owner();
    furnish(&client);
    expect(&client, "A", "PARIS", 5, 60);
    let seen = ask(&client, &format!("sku=A&sku=NOPE&sku=B&date={DAY}"));
    assert_eq!(seen["unknown_skus"], json!(["NOPE"]));
    let at = |code: &str, units: i64| (code.to_owned(), units);
    let places = vec![at("LEEDS", 10), at("PARIS", 10)];
    assert_eq!(units(&seen["data"][0]), (20, 25, places));
    assert_eq!(
        (
            &seen["data"][0]["on_date"]["units"],
            &seen["data"][0]["incoming"]
        ),
        (&json!(25), &json!(5))
    );
    assert_eq!(seen["data"][1]["sku"], "B");
    let sure = ask(&client, "sku=A&min_confidence_percent=61");
    assert_eq!(units(&sure["data"][0]).1, 20);
    place(&client, &[("A", 22)]);
    let after = ask(&client, "sku=A&ship_to=FR");
    let places = vec![at("PARIS", 0), at("LEEDS", 0)];
    assert_eq!(units(&after["data"][0]), (0, 3, places));
    assert_eq!(
        (&after["data"][0]["waited_for"], &after["data"][0]["level"]),
        (&json!(2), &json!("out"))
    );
}

#[test]
fn a_channel_sees_and_sells_only_what_it_may() {
    let server = Server::start();
    let client = server.owner();
    furnish(&client);
    let shop = json!({
        "code": "shop", "name": "Shop", "currency": "EUR", "shortage": "refuse",
        "sells": {"locations": ["PARIS"], "buffer": {"units": 3}}
    });
    let made = client.post("/v1/channels", shop).expect(201);
    assert_eq!(made.body["sells"]["locations"], json!(["PARIS"]));
    assert_eq!(made.body["sells"]["buffer"], json!({"units": 3}));
    let seen = ask(&client, "sku=A&channel=shop");
    assert_eq!(
        units(&seen["data"][0]),
        (7, 7, vec![("PARIS".to_owned(), 7)])
    );
    let mut wanted = order(&[("A", 8)]);
    wanted["channel"] = json!("shop");
    client
        .post("/v1/orders", wanted.clone())
        .expect_problem(409, "insufficient_stock");
    wanted["lines"][0]["quantity"] = json!(7);
    let placed = client.post("/v1/orders", wanted).expect(201);
    assert_eq!(placed.body["fulfilments"][0]["location"], "PARIS");
    let why = client.get(&format!("/v1/orders/{}/sourcing", placed.text_at("/id")));
    assert!(why.expect(200).text.contains("not_sold_from"));
    assert_eq!(units(&ask(&client, "sku=A&channel=shop")["data"][0]).0, 0);
    place(&client, &[("A", 13)]);

    let unknown =
        json!({"code": "x", "name": "X", "currency": "EUR", "sells": {"locations": ["NOPE"]}});
    let refused = client.post("/v1/channels", unknown);
    let refused = refused.expect_problem(422, "unknown_reference");
    assert_eq!(refused.body["field"], "/sells/locations/0");
    let silly =
        json!({"code": "x", "name": "X", "currency": "EUR", "sells": {"buffer": {"percent": 101}}});
    client
        .post("/v1/channels", silly)
        .expect_problem(422, "invalid_field");
}

#[test]
fn ring_fenced_units_are_seen_and_sold_by_their_channel_alone() {
    let server = Server::start();
    let client = server.owner();
    furnish(&client);
    let body = json!({"code": "app", "name": "App", "currency": "EUR", "shortage": "refuse"});
    client.post("/v1/channels", body).expect(201);
    let fence = |quantity: i64| json!({"sku": "A", "location": "LEEDS", "channel": "web", "quantity": quantity});
    let level = client.post("/v1/stock/ring-fence", fence(6)).expect(200);
    assert_eq!(
        (&level.body["reserved"], &level.body["available"]),
        (&json!(6), &json!(4))
    );
    client
        .post("/v1/stock/ring-fence", fence(11))
        .expect_problem(409, "insufficient_stock");
    let own = ask(&client, "sku=A&channel=web");
    assert_eq!(
        own["data"][0]["ring_fences"],
        json!([{"location": "LEEDS", "channel": "web", "quantity": 6}])
    );
    assert_eq!(units(&own["data"][0]).0, 20);
    assert_eq!(units(&ask(&client, "sku=A&channel=app")["data"][0]).0, 14);
    let mut wanted = order(&[("A", 15)]);
    wanted["channel"] = json!("app");
    client
        .post("/v1/orders", wanted)
        .expect_problem(409, "insufficient_stock");
    place(&client, &[("A", 20)]);
    let unknown = json!({"sku": "A", "location": "LEEDS", "channel": "NOPE", "quantity": 1});
    let refused = client.post("/v1/stock/ring-fence", unknown);
    assert_eq!(
        refused.expect_problem(422, "unknown_reference").body["field"],
        "/channel"
    );
}

#[test]
fn a_kit_is_available_as_far_as_its_components_are() {
    let server = Server::start();
    let client = server.owner();
    furnish(&client);
    let kit = json!({
        "sku": "K", "title": "Kit", "thresholds": {"low": 1, "medium": 5, "high": 50},
        "components": [{"sku": "A", "quantity": 3}, {"sku": "B", "quantity": 1}]
    });
    client.post("/v1/items", kit).expect(201);
    expect(&client, "A", "LEEDS", 40, 100);
    let seen = ask(&client, "sku=K");
    let at = |code: &str, units: i64| (code.to_owned(), units);
    assert_eq!(
        units(&seen["data"][0]),
        (6, 20, vec![at("LEEDS", 3), at("PARIS", 3)])
    );
    assert_eq!(
        (&seen["data"][0]["is_kit"], &seen["data"][0]["level"]),
        (&json!(true), &json!("medium"))
    );
}

#[test]
fn an_item_says_whether_and_for_what_it_is_waited() {
    let server = Server::start();
    let client = server.owner();
    furnish(&client);
    let put = |rule: Value| {
        let mut body = json!({"title": "A", "substitutes": ["B"]});
        body["backorder"] = rule;
        client.put("/v1/items/A", body).expect(200)
    };
    assert_eq!(
        put(json!({"limit": 2})).body["backorder"],
        json!({"limit": 2})
    );
    place(&client, &[("A", 22)]);
    let refused = client.post("/v1/orders", order(&[("A", 1)]));
    let refused = refused.expect_problem(409, "backorder_refused");
    assert!(
        refused.body["detail"]
            .as_str()
            .unwrap()
            .ends_with("instead: B")
    );
    put(json!("supply_backed"));
    client
        .post("/v1/orders", order(&[("A", 1)]))
        .expect_problem(409, "backorder_refused");
    expect(&client, "A", "LEEDS", 3, 100);
    place(&client, &[("A", 1)]);
    client
        .post("/v1/orders", order(&[("A", 1)]))
        .expect_problem(409, "backorder_refused");
    let unknown = json!({"title": "A", "substitutes": ["NOPE"]});
    client
        .put("/v1/items/A", unknown)
        .expect_problem(422, "unknown_reference");
    let wrong = json!({"title": "A", "thresholds": {"low": 5, "medium": 2, "high": 9}});
    let wrong = client
        .put("/v1/items/A", wrong)
        .expect_problem(422, "invalid_field");
    assert_eq!(wrong.body["field"], "/thresholds/medium");
}

#[test]
fn what_cannot_be_asked_names_its_parameter() {
    let server = Server::start();
    let client = server.owner();
    furnish(&client);
    for (query, field) in [
        ("", "sku"),
        ("sku=A&channel=NOPE", "channel"),
        ("sku=A&ship_to=Mars", "ship_to"),
        ("sku=A&date=soon", "date"),
        ("sku=A&min_confidence_percent=101", "min_confidence_percent"),
        ("sku=A&chanel=web", "chanel"),
    ] {
        let refused = client.get(&format!("/v1/availability?{query}"));
        let refused = refused.expect_problem(400, "invalid_parameter");
        assert_eq!(refused.body["field"], field, "{query}");
    }
}

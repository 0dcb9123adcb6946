//! Promises on order lines, what stands for them, and what becomes of them.

use serde_json::{Value, json};

use super::support::{Client, Server};

/// A place in Great Britain, two items, one carrier, five lamps.
fn set_up(client: &Client) {
    let channel = json!({"code": "web", "name": "Web", "currency": "GBP"});
    client.post("/v1/channels", channel).expect(201);
    let location = json!({"code": "LEEDS", "name": "Leeds", "kind": "warehouse", "time_zone": "Europe/London",
        "address": {"country": "GB", "city": "Leeds", "latitude": 53.80, "longitude": -1.55}});
    client.post("/v1/locations", location).expect(201);
    for sku in ["LAMP", "BULB"] {
        let item = json!({"sku": sku, "title": sku, "weight_g": 900});
        client.post("/v1/items", item).expect(201);
    }
    let service = json!({"code": "ground", "name": "Ground", "carrier": "Royal", "currency": "GBP",
    "zoning": {"distance": [{"up_to_km": 2000, "zone": "all"}]},
    "zones": [{"code": "all", "tariff": {"brackets": [{"up_to_g": 9000, "price_minor": 500}], "parcel_max_g": 9000}, "transit_days": 1}]});
    client.post("/v1/carrier-services", service).expect(201);
    let stock = json!({"sku": "LAMP", "location": "LEEDS", "quantity": 5, "reference": "first"});
    client.post("/v1/stock/receive", stock).expect(200);
}

fn order(lines: Value) -> Value {
    json!({"channel": "web", "currency": "GBP", "lines": lines, "ship_to": {"name": "C. Customer", "country": "GB", "postal_code": "YO1 7HH", "line1": "1 Road", "city": "York",
        "latitude": 53.96, "longitude": -1.08}})
}

fn expect(client: &Client, sku: &str, quantity: i64, on: &str) -> Value {
    let supply = json!({"sku": sku, "location": "LEEDS", "quantity": quantity, "expected": on,
        "source": {"kind": "production"}});
    client.post("/v1/supply", supply).expect(201).body
}

#[test]
fn a_placed_line_says_what_is_promised_and_what_stands_for_it() {
    let server = Server::start();
    let client = server.owner();
    set_up(&client);
    let supply = expect(&client, "LAMP", 9, "2099-01-20");
    let wanted = json!([
        {"sku": "LAMP", "quantity": 7, "unit_price_minor": 100, "requested_date": "2099-01-05"},
        {"sku": "LAMP", "quantity": 1, "unit_price_minor": 100},
        {"sku": "BULB", "quantity": 1, "unit_price_minor": 100},
    ]);
    let placed = client.post("/v1/orders", order(wanted)).expect(201).body;
    let promise = &placed["lines"][0]["promise"];
    assert_eq!(promise["now"]["ships_on"], "2099-01-20");
    assert_eq!(promise["now"]["likely_on"], "2099-01-21");
    assert_eq!(promise["now"]["keeps_on"], "2099-01-23");
    assert_eq!(promise["now"]["service"], "ground");
    assert_eq!(promise["now"], promise["first"]);
    assert_eq!(promise["in_time"], false);
    let backing = &promise["backed_by"];
    assert_eq!(
        (&backing[0]["kind"], &backing[0]["quantity"]),
        (&json!("allocation"), &json!(5))
    );
    assert_eq!(backing[1]["supply_id"], supply["id"]);
    assert_eq!(
        (&backing[1]["kind"], &backing[1]["quantity"]),
        (&json!("supply"), &json!(2))
    );
    assert_eq!(placed["lines"][1]["promise"]["backed_by"][0]["quantity"], 1);
    assert_eq!(placed["lines"][2]["promise"], Value::Null);
}

#[test]
fn a_delivery_is_scored_against_its_promise() {
    let server = Server::start();
    let client = server.owner();
    set_up(&client);
    let wanted = json!([{"sku": "LAMP", "quantity": 1, "unit_price_minor": 100}]);
    let placed = client.post("/v1/orders", order(wanted)).expect(201).body;
    let id = placed["fulfilments"][0]["id"].as_str().unwrap().to_owned();
    for (verb, body) in [
        ("pick", json!({})),
        ("pack", json!({})),
        ("ship", json!({"carrier": "Royal", "service": "ground"})),
        ("deliver", json!({})),
    ] {
        client
            .post(&format!("/v1/fulfilments/{id}/{verb}"), body)
            .expect(200);
    }
    for against in ["last", "first"] {
        let told = client
            .get(&format!("/v1/reports/promises?against={against}"))
            .expect(200);
        let row = &told.body["data"][0];
        assert_eq!(
            (&row["location"], &row["service"]),
            (&json!("LEEDS"), &json!("royal ground"))
        );
        assert_eq!((&row["promised"], &row["kept"]), (&json!(1), &json!(1)));
    }
}

#[test]
fn what_has_to_wait_is_offered_with_the_day_on_which_all_of_it_is_there() {
    let server = Server::start();
    let client = server.owner();
    set_up(&client);
    let supply = expect(&client, "LAMP", 3, "2099-01-20");
    let ask = |quantity: i64| {
        let body = json!({"channel": "web", "needed_by": "2099-01-31", "methods": ["ship"], "items": [{"sku": "LAMP", "quantity": quantity}],
            "ship_to": {"country": "GB", "postal_code": "YO1 7HH", "latitude": 53.96, "longitude": -1.08}});
        client.post("/v1/promises", body).expect(200).body["options"].clone()
    };
    let there = &ask(5)[0];
    assert_eq!(there["missing"], json!([]));
    assert_eq!(there["complete"]["keeps_on"], there["keeps_on"]);
    let options = ask(7);
    let option = &options[0];
    assert_eq!(option["service"], "ground");
    let missing = &option["missing"][0];
    assert_eq!(
        (&missing["sku"], &missing["quantity"]),
        (&json!("LAMP"), &json!(2))
    );
    assert_eq!(missing["awaits"][0]["supply_id"], supply["id"]);
    assert_eq!(missing["awaits"][0]["location"], "LEEDS");
    assert_eq!(missing["awaits"][0]["expected_on"], "2099-01-20");
    assert_eq!(option["complete"]["ships_on"], "2099-01-20");
    assert_eq!(option["complete"]["likely_on"], "2099-01-21");
    assert_eq!(option["complete"]["keeps_on"], "2099-01-23");
    assert_eq!(option["complete"]["in_time"], true);
    // More than is expected has no day.
    assert_eq!(ask(9)[0]["complete"], Value::Null);
    // What others wait for is not promised again.
    let wanted = json!([{"sku": "LAMP", "quantity": 7, "unit_price_minor": 100}]);
    client.post("/v1/orders", order(wanted)).expect(201);
    assert_eq!(ask(2)[0]["complete"], Value::Null);
    assert_eq!(ask(1)[0]["complete"]["ships_on"], "2099-01-20");
}

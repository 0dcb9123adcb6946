//! Policies, previews and promises, and the days of locations.

use serde_json::{Value, json};

use super::support::{Client, Server};

/// Three places in Great Britain, two items, one carrier by distance, and stock.
fn set_up(client: &Client) {
    let channel = json!({"code": "web", "name": "Web", "currency": "GBP"});
    client.post("/v1/channels", channel).expect(201);
    for (code, latitude, longitude, labour) in [
        ("LEEDS", 53.80, -1.55, 300),
        ("LONDON", 51.51, -0.13, 100),
        ("BATH", 51.38, -2.36, 50),
    ] {
        let location = json!({"code": code, "name": code, "kind": "warehouse", "time_zone": "Europe/London",
            "address": {"country": "GB", "city": code, "latitude": latitude, "longitude": longitude},
            "labour": {"order_minor": labour}});
        client.post("/v1/locations", location).expect(201);
    }
    for sku in ["LAMP", "BULB"] {
        let item = json!({"sku": sku, "title": sku, "weight_g": 900});
        client.post("/v1/items", item).expect(201);
    }
    let service = json!({"code": "ground", "name": "Ground", "carrier": "Royal", "currency": "GBP",
    "zoning": {"distance": [{"up_to_km": 100, "zone": "near"}, {"up_to_km": 2000, "zone": "far"}]},
    "zones": [
        {"code": "near", "tariff": {"brackets": [{"up_to_g": 1000, "price_minor": 300}, {"up_to_g": 9000, "price_minor": 500}], "parcel_max_g": 9000}, "transit_days": 1},
        {"code": "far", "tariff": {"brackets": [{"up_to_g": 1000, "price_minor": 600}, {"up_to_g": 9000, "price_minor": 900}], "parcel_max_g": 9000}, "transit_days": 3}
    ]});
    client.post("/v1/carrier-services", service).expect(201);
    for (sku, location, quantity) in [
        ("LAMP", "LEEDS", 5),
        ("LAMP", "LONDON", 5),
        ("BULB", "BATH", 5),
    ] {
        let stock =
            json!({"sku": sku, "location": location, "quantity": quantity, "reference": "first"});
        client.post("/v1/stock/receive", stock).expect(200);
    }
}

fn policy(client: &Client, body: Value) {
    let answer = client.put("/v1/sourcing-policies/CHEAP", body);
    assert!([200, 201].contains(&answer.status), "{}", answer.body);
}

fn cheapest() -> Value {
    json!({"name": "Cheapest", "objective": {"currency": "GBP", "split_minor": 400}})
}

/// Near Leeds.
fn york() -> Value {
    json!({"country": "GB", "postal_code": "YO1 7HH", "latitude": 53.96, "longitude": -1.08})
}

fn preview(client: &Client, lines: Value) -> Value {
    let body = json!({"channel": "web", "ship_to": york(), "lines": lines});
    client.post("/v1/sourcing/preview", body).expect(200).body
}

#[test]
fn a_preview_weighs_carriers_and_labour_and_says_why_the_others_lost() {
    let server = Server::start();
    let client = server.owner();
    set_up(&client);
    policy(&client, cheapest());
    let told = preview(&client, json!([{"sku": "LAMP", "quantity": 2}]));
    // Leeds: 500 for the parcel, 300 for labour; London: 900 and 100.
    assert_eq!(told["policy"], "CHEAP/1");
    assert_eq!(told["fulfilments"][0]["location"], "LEEDS");
    assert_eq!(told["fulfilments"][0]["route"]["service"], "ground");
    let weighing = &told["groups"][0]["weighing"];
    assert_eq!(
        (&weighing["total_minor"], &weighing["proven"]),
        (&json!(800), &json!(true))
    );
    let cost = &weighing["served"][0]["cost"];
    assert_eq!(
        (&cost["carrier_minor"], &cost["labour_minor"]),
        (&json!(500), &json!(300))
    );
    assert_eq!(
        weighing["runners_up"][0],
        json!({"total_minor": 1000, "locations": ["LONDON"]})
    );
    let reasons = told["groups"][0]["reasons"].as_array().unwrap();
    let of = |reason: &str| reasons.iter().find(|one| one["reason"] == reason);
    assert_eq!(of("no_stock").unwrap()["locations"], json!(["BATH"]));
    assert_eq!(of("costs_more").unwrap()["locations"], json!(["LONDON"]));
    let stock = client.get("/v1/stock?sku=LAMP").expect(200).body;
    assert!(
        stock["data"]
            .as_array()
            .unwrap()
            .iter()
            .all(|level| level["allocated"] == 0)
    );
}

#[test]
fn an_order_is_sourced_by_the_policy_in_force_and_keeps_its_explanation() {
    let server = Server::start();
    let client = server.owner();
    set_up(&client);
    policy(&client, cheapest());
    let order = json!({"channel": "web", "currency": "GBP",
        "ship_to": {"name": "A Buyer", "line1": "1 Stonegate", "city": "York", "postal_code": "YO1 7HH", "country": "GB",
                    "latitude": 53.96, "longitude": -1.08},
        "lines": [{"sku": "LAMP", "quantity": 2, "unit_price_minor": 1000, "service": "ground"},
                  {"sku": "BULB", "quantity": 1, "unit_price_minor": 100}]});
    let placed = client.post("/v1/orders", order).expect(201).body;
    let fulfilments = placed["fulfilments"].as_array().unwrap();
    assert_eq!(fulfilments.len(), 2);
    assert!(
        fulfilments
            .iter()
            .all(|one| one["route"]["service"] == "ground")
    );
    assert_eq!(placed["lines"][0]["service"], "ground");
    let sourcing = client
        .get(&format!("/v1/orders/{}/sourcing", placed["number"]))
        .expect(200)
        .body;
    assert_eq!(sourcing["data"][0]["policy"], "CHEAP/1");
    assert!(
        sourcing["data"][0]["groups"][0]["weighing"]["proven"]
            .as_bool()
            .unwrap()
    );
}

#[test]
fn versions_of_a_policy_are_never_changed() {
    let server = Server::start();
    let client = server.owner();
    set_up(&client);
    policy(&client, cheapest());
    policy(&client, cheapest());
    policy(
        &client,
        json!({"name": "Nearest", "ranked": ["fewest_locations", "nearest"]}),
    );
    let versions = client
        .get("/v1/sourcing-policies/CHEAP/versions")
        .expect(200)
        .body;
    let versions = versions["data"].as_array().unwrap();
    let names: Vec<_> = versions
        .iter()
        .map(|one| (&one["version"], &one["name"]))
        .collect();
    assert_eq!(
        names,
        [
            (&json!(1), &json!("Cheapest")),
            (&json!(2), &json!("Nearest"))
        ]
    );
    let last = client.get("/v1/sourcing-policies/CHEAP").expect(200).body;
    assert_eq!(last, versions[1]);
    let listed = client.get("/v1/sourcing-policies").expect(200).body;
    assert_eq!(listed["data"], json!([last]));
    for (body, field) in [
        (json!({"name": "x"}), "/objective"),
        (
            json!({"name": "x", "ranked": ["nearest"], "when": "totl_minor > 1"}),
            "/when",
        ),
        (
            json!({"name": "x", "ranked": ["nearest"], "valid_from": "2020-01-01T00:00:00Z"}),
            "/valid_from",
        ),
        (
            json!({"name": "x", "ranked": ["nearest"], "constraints": {"location_groups": ["G"]}}),
            "/constraints/location_groups/0",
        ),
    ] {
        let problem = client.put("/v1/sourcing-policies/BAD", body);
        assert_eq!(
            (problem.status, problem.text_at("/field")),
            (422, field.to_owned()),
            "{}",
            problem.body
        );
    }
}

#[test]
fn a_policy_may_be_written_in_toml_and_has_a_schema() {
    let server = Server::start();
    let client = server.owner();
    set_up(&client);
    let text = br#"
        name = "Cheapest"
        channels = ["web"]
        when = "total_minor >= 1000"
        valid_from = 2100-01-01T00:00:00Z
        [constraints]
        max_locations = 2
        [objective]
        currency = "GBP"
        split_minor = 400
    "#;
    let toml = [("content-type", "application/toml")];
    let written = client.send("PUT", "/v1/sourcing-policies/CHEAP", &toml, text);
    let written = written.expect(201).body;
    assert_eq!(written["valid_from"], "2100-01-01T00:00:00Z");
    assert_eq!(
        (&written["when"], &written["objective"]["split_minor"]),
        (&json!("total_minor >= 1000"), &json!(400))
    );
    // The same in JSON is no new version.
    let same = json!({"name": "Cheapest", "channels": ["web"], "when": "total_minor >= 1000", "valid_from": "2100-01-01T00:00:00Z",
        "constraints": {"max_locations": 2}, "objective": {"currency": "GBP", "split_minor": 400}});
    let again = client.put("/v1/sourcing-policies/CHEAP", same);
    assert_eq!(again.expect(200).body["version"], 1);
    let wrong = b"name = \"x\"\n[objective]\ncurrency = \"GBP\"\nsplit = 1\n";
    let problem = client.send("PUT", "/v1/sourcing-policies/CHEAP", &toml, wrong);
    assert_eq!(
        (problem.status, problem.text_at("/field")),
        (422, "/objective/split".to_owned())
    );
    let broken = client.send("PUT", "/v1/sourcing-policies/CHEAP", &toml, b"name = ");
    assert_eq!(broken.status, 400);
    let schema = server.stranger().get("/schemas/sourcing-policy.json");
    let schema = schema.expect(200).body;
    assert!(schema["$defs"]["SourcingObjective"]["properties"]["split_minor"].is_object());
}

#[test]
fn promises_tell_each_service_and_where_it_can_be_collected() {
    let server = Server::start();
    let client = server.owner();
    set_up(&client);
    let asked = json!({"channel": "web", "ship_to": york(), "items": [{"sku": "LAMP", "quantity": 2}], "needed_by": "2020-01-01"});
    let told = client.post("/v1/promises", asked).expect(200).body;
    let options = told["options"].as_array().unwrap();
    let shipped: Vec<_> = options
        .iter()
        .filter(|one| one["method"] == "ship")
        .collect();
    assert_eq!(shipped.len(), 1);
    let ground = shipped[0];
    assert_eq!(
        (&ground["service"], &ground["locations"]),
        (&json!("ground"), &json!(["LEEDS"]))
    );
    assert_eq!(
        (&ground["carrier_minor"], &ground["proven"]),
        (&json!(500), &json!(false))
    );
    assert_eq!(ground["in_time"], false);
    assert!(ground["likely_on"].as_str() > ground["ships_on"].as_str());
    assert!(ground["keeps_on"].as_str() > ground["likely_on"].as_str());
    let pickups: Vec<_> = options
        .iter()
        .filter(|one| one["method"] == "pickup")
        .map(|one| &one["pickup_location"])
        .collect();
    assert_eq!(pickups, [&json!("LEEDS"), &json!("LONDON")]);
    let short = json!({"channel": "web", "ship_to": york(), "items": [{"sku": "LAMP", "quantity": 12}], "methods": ["ship"]});
    let told = client.post("/v1/promises", short).expect(200).body;
    assert_eq!(
        told["options"][0]["missing"],
        json!([{"sku": "LAMP", "quantity": 2, "awaits": []}])
    );
    let unknown =
        json!({"channel": "web", "ship_to": york(), "items": [{"sku": "NONE", "quantity": 1}]});
    client
        .post("/v1/promises", unknown)
        .expect_problem(422, "unknown_reference");
}

#[test]
fn a_location_that_is_full_is_passed_over_and_its_days_are_shown() {
    let server = Server::start();
    let client = server.owner();
    set_up(&client);
    let leeds = json!({"name": "Leeds", "kind": "warehouse", "priority": 1, "time_zone": "Europe/London",
        "address": {"country": "GB", "latitude": 53.80, "longitude": -1.55}, "capacity": {"unit": "orders", "per_day": 1}});
    client.put("/v1/locations/LEEDS", leeds).expect(200);
    let order = json!({"channel": "web", "currency": "GBP",
        "ship_to": {"name": "A Buyer", "line1": "1 Stonegate", "city": "York", "postal_code": "YO1 7HH", "country": "GB"},
        "lines": [{"sku": "LAMP", "quantity": 1, "unit_price_minor": 1000}]});
    let first = client.post("/v1/orders", order.clone()).expect(201).body;
    let second = client.post("/v1/orders", order).expect(201).body;
    let place = |order: &Value| order["fulfilments"][0]["location"].clone();
    assert_eq!(
        (place(&first), place(&second)),
        (json!("LEEDS"), json!("LONDON"))
    );
    let days = client
        .get("/v1/locations/LEEDS/days?days=3")
        .expect(200)
        .body;
    let day = &days["data"][0];
    assert_eq!(day["date"], first["fulfilments"][0]["work_on"]);
    assert_eq!(
        (&day["orders"], &day["limit"], &day["free"]),
        (&json!(1), &json!(1), &json!(0))
    );
    client
        .post(
            &format!("/v1/orders/{}/cancel", first["number"]),
            json!({"reason": "customer"}),
        )
        .expect(200);
    let days = client
        .get("/v1/locations/LEEDS/days?days=3")
        .expect(200)
        .body;
    assert_eq!(days["data"][0]["free"], 1);
}

#[test]
fn groups_of_locations_are_created_changed_and_refused() {
    let server = Server::start();
    let client = server.owner();
    set_up(&client);
    let north = json!({"code": "NORTH", "name": "North", "locations": ["LEEDS"]});
    let made = client
        .post("/v1/location-groups", north.clone())
        .expect(201)
        .body;
    assert_eq!(made, north);
    client
        .post("/v1/location-groups", north)
        .expect_problem(409, "already_exists");
    let wider = json!({"name": "North and Bath", "locations": ["BATH", "LEEDS", "BATH"]});
    let changed = client
        .put("/v1/location-groups/NORTH", wider)
        .expect(200)
        .body;
    assert_eq!(changed["locations"], json!(["LEEDS", "BATH"]));
    assert_eq!(
        client.get("/v1/location-groups").expect(200).body["data"],
        json!([changed])
    );
    let unknown = json!({"name": "x", "locations": ["MARS"]});
    let problem = client.put("/v1/location-groups/X", unknown);
    assert_eq!(
        (problem.status, problem.text_at("/field")),
        (422, "/locations/0".to_owned())
    );
}

/// As many places as make it worth planning an order before it is queued, in which six units of a lamp lie about.
fn set_up_a_chain(client: &Client, lamps: &[(&str, i64)]) {
    let channel = json!({"code": "web", "name": "Web", "currency": "GBP", "shortage": "refuse"});
    client.post("/v1/channels", channel).expect(201);
    for number in 0..250 {
        let location = json!({"code": format!("S{number}"), "name": "Store", "kind": "store",
            "address": {"country": "GB", "latitude": 51.0 + f64::from(number) / 100.0, "longitude": -1.0},
            "labour": {"order_minor": 100 + number}});
        client.post("/v1/locations", location).expect(201);
    }
    for sku in ["LAMP", "BULB"] {
        let item = json!({"sku": sku, "title": sku});
        client.post("/v1/items", item).expect(201);
    }
    for (location, quantity) in lamps {
        receive(client, "LAMP", location, *quantity);
        receive(client, "BULB", location, 100);
    }
    policy(client, cheapest());
}

fn receive(client: &Client, sku: &str, location: &str, quantity: i64) {
    let stock =
        json!({"sku": sku, "location": location, "quantity": quantity, "reference": "first"});
    client.post("/v1/stock/receive", stock).expect(200);
}

fn lamp_and_bulb(lamps: i64) -> Value {
    json!({"channel": "web", "currency": "GBP",
        "ship_to": {"name": "A Buyer", "line1": "1 Stonegate", "city": "York", "postal_code": "YO1 7HH", "country": "GB"},
        "lines": [{"sku": "LAMP", "quantity": lamps, "unit_price_minor": 1000},
                  {"sku": "BULB", "quantity": 1, "unit_price_minor": 100}]})
}

/// What became of plans that were made before their orders were queued: taken, and made again.
fn plans(client: &Client) -> (u64, u64) {
    let metrics = client.get("/metrics").expect(200).text;
    let of = |name: &str| {
        let line = metrics.lines().find_map(|line| line.strip_prefix(name));
        line.unwrap().trim().parse().unwrap()
    };
    (
        of("throughline_execute_plans_taken_total"),
        of("throughline_execute_plans_again_total"),
    )
}

#[test]
fn an_order_with_much_to_weigh_is_planned_before_it_is_queued() {
    let server = Server::start();
    let client = server.owner();
    set_up_a_chain(&client, &[("S9", 1), ("S100", 5)]);
    let places = |lamps: i64| -> Vec<String> {
        let placed = client.post("/v1/orders", lamp_and_bulb(lamps)).expect(201);
        let fulfilments = placed.body["fulfilments"].as_array().unwrap().clone();
        let place = |one: &Value| one["location"].as_str().unwrap().to_owned();
        fulfilments.iter().map(place).collect()
    };
    assert_eq!(places(1), ["S9"]);
    assert_eq!(plans(&client), (1, 0));
    // The planner still believes that S9 has one: the decision does not.
    assert_eq!(places(1), ["S100"]);
    assert_eq!(plans(&client), (1, 1));
    // It has been told, and of what comes in.
    assert_eq!(places(1), ["S100"]);
    receive(&client, "LAMP", "S3", 1);
    receive(&client, "BULB", "S3", 1);
    assert_eq!(places(1), ["S3"]);
    assert_eq!(plans(&client), (3, 1));
    // What nobody has is looked at when it is decided.
    client
        .post("/v1/orders", lamp_and_bulb(9))
        .expect_problem(409, "insufficient_stock");
    assert_eq!(plans(&client), (3, 1));
}

#[test]
fn buyers_who_were_all_given_the_same_plan_do_not_oversell() {
    let server = Server::start();
    let client = server.owner();
    set_up_a_chain(&client, &[("S9", 3), ("S100", 2), ("S200", 1)]);
    let statuses: Vec<u16> = std::thread::scope(|scope| {
        let buyers: Vec<_> = (0..12)
            .map(|_| scope.spawn(|| client.post("/v1/orders", lamp_and_bulb(1)).status))
            .collect();
        buyers
            .into_iter()
            .map(|buyer| buyer.join().unwrap())
            .collect()
    });
    let of = |status: u16| statuses.iter().filter(|one| **one == status).count();
    assert_eq!((of(201), of(409)), (6, 6), "{statuses:?}");
    let (taken, again) = plans(&client);
    assert!(taken >= 3, "{taken} taken, {again} again");
    let stock = client.get("/v1/stock?sku=LAMP").expect(200).body;
    let levels = stock["data"].as_array().unwrap();
    assert!(
        levels
            .iter()
            .all(|level| level["allocated"] == level["on_hand"])
    );
}

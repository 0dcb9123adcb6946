//! Carrier services, their closures, and rates.

use serde_json::{Value, json};
use throughline::http::auth::Role;

use super::support::{Client, Server, furnish};

fn tariff(first: i64) -> Value {
    json!({"brackets": [{"up_to_g": 1000, "price_minor": first}, {"up_to_g": 5000, "price_minor": first + 200}],
        "per_kg_minor": 100, "parcel_max_g": 30_000})
}

/// Ground of one carrier: Great Britain and its islands, by table.
fn ground() -> Value {
    json!({
        "code": "ground", "name": "Ground", "carrier": "Royal", "currency": "GBP",
        "zoning": {"areas": [
            {"to": {"country": "GB", "postal": [{"first": "BT", "last": "BT"}]}, "zone": "islands"},
            {"from": {"country": "GB"}, "to": {"country": "GB"}, "zone": "mainland"}
        ]},
        "zones": [
            {"code": "mainland", "tariff": tariff(300), "transit_days": 1},
            {"code": "islands", "tariff": tariff(900), "transit_days": 3}
        ],
        "surcharge_bp": 1000, "dimensional_divisor": 5000, "limits": {"longest_mm": 1500},
        "delivery_calendar": "deliveries", "cut_off": "15:00"
    })
}

/// Express of another one, by distance.
fn express() -> Value {
    json!({
        "code": "express", "name": "Express", "carrier": "Swift", "currency": "EUR", "delivers_to": "pickup_point",
        "zoning": {"distance": [{"up_to_km": 500, "zone": "near"}]},
        "zones": [{"code": "near", "tariff": {"per_kg_minor": 250, "minimum_minor": 500, "parcel_max_g": 20_000}, "transit_days": 0}],
        "countries": {"except": ["CH"]}
    })
}

fn set_up(client: &Client) {
    furnish(client);
    let day = json!([{"from": "08:00", "to": "20:00"}]);
    let week = json!({"monday": day, "tuesday": day, "wednesday": day, "thursday": day, "friday": day, "saturday": day});
    let deliveries = json!({"code": "deliveries", "name": "Deliveries", "hours": week});
    client.post("/v1/calendars", deliveries).expect(201);
    client.post("/v1/carrier-services", ground()).expect(201);
    client.post("/v1/carrier-services", express()).expect(201);
}

/// A parcel of 1.2 kg from Leeds that is ready on a Friday in 2027.
fn parcel(ship_to: Value) -> Value {
    json!({"from": "LEEDS", "ship_to": ship_to, "weight_g": 1200, "ready_on": "2027-03-05"})
}

fn rates(client: &Client, body: Value) -> Value {
    client.post("/v1/rates", body).expect(200).body
}

#[test]
fn services_are_created_changed_and_listed() {
    let server = Server::start();
    let client = server.owner();
    set_up(&client);
    let shown = client.get("/v1/carrier-services/ground").expect(200).body;
    let given = ground();
    for field in [
        "zoning",
        "code",
        "carrier",
        "currency",
        "surcharge_bp",
        "delivery_calendar",
        "cut_off",
    ] {
        assert_eq!(shown[field], given[field], "{field}");
    }
    assert_eq!(shown["zones"][0]["tariff"]["minimum_minor"], 0);
    assert_eq!(
        (&shown["status"], &shown["delivers_to"]),
        (&json!("active"), &json!("home"))
    );
    let again = client
        .put("/v1/carrier-services/ground", shown.clone())
        .expect(200);
    assert_eq!(again.body, shown);
    client
        .post("/v1/carrier-services", ground())
        .expect_problem(409, "already_exists");
    let other = client.put("/v1/carrier-services/slow", {
        let mut slow = ground();
        slow["code"] = json!("slow");
        slow
    });
    assert_eq!(
        other.expect(201).header("location"),
        Some("/v1/carrier-services/slow")
    );
    let listed = client.get("/v1/carrier-services?limit=2").expect(200);
    assert_eq!(listed.body["data"][1]["code"], "express");
    assert_eq!(listed.body["has_more"], true);
    client
        .get("/v1/carrier-services/nobody")
        .expect_problem(404, "not_found");
}

#[test]
fn impossible_services_name_their_field() {
    let server = Server::start();
    let client = server.owner();
    set_up(&client);
    let with = |pointer: &str, value: Value| {
        let mut body = ground();
        body["code"] = json!("other");
        let (parent, field) = pointer.rsplit_once('/').unwrap();
        match body.pointer_mut(parent).unwrap() {
            Value::Array(list) => list[field.parse::<usize>().unwrap()] = value,
            object => object[field] = value,
        }
        body
    };
    for (body, code, field) in [
        (
            with("/currency", json!("EURO")),
            "invalid_field",
            "/currency",
        ),
        (
            with("/delivery_calendar", json!("never")),
            "unknown_reference",
            "/delivery_calendar",
        ),
        (
            with("/zones/0/transit_days", json!(-1)),
            "invalid_field",
            "/zones/0/transit_days",
        ),
        (
            with("/zones/0/tariff/brackets/1/price_minor", json!(299)),
            "invalid_field",
            "/zones/0/tariff/brackets/1/price_minor",
        ),
        (
            with("/zones/0/tariff/brackets/0/price_minor", json!(2.5)),
            "invalid_field",
            "/zones/0/tariff/brackets/0/price_minor",
        ),
        (
            with("/zoning/areas/1/zone", json!("moon")),
            "invalid_field",
            "/zoning/areas/1/zone",
        ),
        (
            with("/zoning/areas/0/to/postal/0/last", json!("AB")),
            "invalid_field",
            "/zoning/areas/0/to/postal/0/last",
        ),
        (
            with("/zoning", json!({"moons": []})),
            "invalid_field",
            "/zoning",
        ),
        (
            with("/surcharge_bp", json!(200_000)),
            "invalid_field",
            "/surcharge_bp",
        ),
        (
            with("/limits/longest", json!(5)),
            "invalid_field",
            "/limits/longest",
        ),
        (with("/zones", json!([])), "invalid_field", "/zones"),
    ] {
        let refused = client
            .post("/v1/carrier-services", body)
            .expect_problem(422, code);
        assert_eq!(refused.body["field"], field, "{}", refused.text);
    }
    client
        .get("/v1/carrier-services/other")
        .expect_problem(404, "not_found");
}

#[test]
fn every_service_names_its_price_and_days_or_its_reason() {
    let server = Server::start();
    let client = server.owner();
    set_up(&client);
    let home = rates(
        &client,
        parcel(json!({"country": "GB", "postal_code": "M1 1AE"})),
    );
    let offer = &home["rates"][0]["offer"];
    // 500 and a tenth; Friday's parcel comes on Saturday
    assert_eq!(
        (
            &offer["zone"],
            &offer["price_minor"],
            &offer["parcels"],
            &offer["currency"]
        ),
        (&json!("mainland"), &json!(550), &json!(1), &json!("GBP"))
    );
    assert_eq!(
        (&offer["pickup_date"], &offer["delivery_date"]),
        (&json!("2027-03-05"), &json!("2027-03-06"))
    );
    assert_eq!(home["rates"][0]["unserved"], Value::Null);
    let unknown = &home["rates"][1];
    assert_eq!(
        (&unknown["service"], &unknown["offer"]),
        (&json!("express"), &Value::Null)
    );
    assert_eq!(unknown["unserved"]["reason"], "distance_unknown");
    let islands = rates(
        &client,
        parcel(json!({"country": "GB", "postal_code": "BT1 5GS"})),
    );
    let offer = &islands["rates"][0]["offer"];
    // three days of deliveries after Friday: Saturday, Monday, Tuesday
    assert_eq!(
        (
            &offer["zone"],
            &offer["price_minor"],
            &offer["delivery_date"]
        ),
        (&json!("islands"), &json!(1_210), &json!("2027-03-09"))
    );
    let reasons = |body: Value| -> Vec<String> {
        let rates = rates(&client, body);
        let rates = rates["rates"].as_array().unwrap();
        let reason = |rate: &Value| {
            rate["unserved"]["reason"]
                .as_str()
                .unwrap_or("offer")
                .to_owned()
        };
        rates.iter().map(reason).collect()
    };
    assert_eq!(
        reasons(parcel(json!({"country": "FR", "postal_code": "75001"}))),
        ["no_zone", "distance_unknown"]
    );
    assert_eq!(
        reasons(parcel(json!({"country": "CH"}))),
        ["no_zone", "country_not_served"]
    );
    let mut heavy = parcel(json!({"country": "GB"}));
    heavy["weight_g"] = json!(30_001);
    assert_eq!(reasons(heavy)[0], "too_heavy");
    let mut long = parcel(json!({"country": "GB"}));
    long["dimensions"] = json!({"length_mm": 1501, "width_mm": 1, "height_mm": 1});
    assert_eq!(reasons(long)[0], "too_long");
    let inactive = {
        let mut body = ground();
        body["status"] = json!("inactive");
        body
    };
    client
        .put("/v1/carrier-services/ground", inactive)
        .expect(200);
    assert_eq!(reasons(parcel(json!({"country": "GB"})))[0], "inactive");
}

#[test]
fn distances_come_from_coordinates() {
    let server = Server::start();
    let client = server.owner();
    set_up(&client);
    let address = json!({"name": "L", "line1": "1", "city": "Leeds", "postal_code": "LS1", "country": "GB", "latitude": 53.8, "longitude": -1.55});
    let leeds = json!({"name": "Leeds", "kind": "warehouse", "address": address});
    client.put("/v1/locations/LEEDS", leeds).expect(200);
    let express = |ship_to: Value| rates(&client, parcel(ship_to))["rates"][1].clone();
    let london = express(json!({"country": "GB", "latitude": 51.5, "longitude": -0.1}));
    assert_eq!(london["offer"]["price_minor"], 500);
    assert_eq!(london["offer"]["delivery_date"], "2027-03-05");
    let rome = express(json!({"country": "IT", "latitude": 41.9, "longitude": 12.5}));
    assert_eq!(rome["unserved"]["reason"], "too_far");
    let detail = rome["unserved"]["detail"].as_str().unwrap();
    assert!(detail.contains("more than the 500 km"), "{detail}");
}

#[test]
fn items_bring_their_weights_and_kits_those_of_their_components() {
    let server = Server::start();
    let client = server.owner();
    set_up(&client);
    let size = json!({"length_mm": 400, "width_mm": 300, "height_mm": 200});
    for (sku, body) in [
        ("CUP", json!({"title": "Cup", "weight_g": 400})),
        (
            "BOX",
            json!({"title": "Box", "weight_g": 100, "dimensions": size}),
        ),
        (
            "SET",
            json!({"title": "Set", "components": [{"sku": "CUP", "quantity": 2}, {"sku": "A", "quantity": 1}]}),
        ),
    ] {
        client.put(&format!("/v1/items/{sku}"), body).expect(201);
    }
    let items = |items: Value| {
        let ship_to = json!({"country": "GB", "postal_code": "M1 1AE"});
        json!({"from": "LEEDS", "ship_to": ship_to, "items": items})
    };
    let rated = rates(
        &client,
        items(json!([{"sku": "CUP", "quantity": 1}, {"sku": "BOX", "quantity": 1}])),
    );
    // the box counts with its 24 litres: 4.8 kg
    assert_eq!(rated["rates"][0]["offer"]["chargeable_weight_g"], 5_200);
    assert_eq!(rated["without_weight"], json!([]));
    let kits = rates(&client, items(json!([{"sku": "SET", "quantity": 3}])));
    assert_eq!(kits["rates"][0]["offer"]["chargeable_weight_g"], 2_400);
    assert_eq!(kits["without_weight"], json!(["A"]));
}

#[test]
fn impossible_shipments_name_their_field() {
    let server = Server::start();
    let client = server.owner();
    set_up(&client);
    let with = |field: &str, value: Value| {
        let mut body = parcel(json!({"country": "GB"}));
        body[field] = value;
        body
    };
    let items = |value: Value| {
        let mut body = with("items", value);
        body.as_object_mut().unwrap().remove("weight_g");
        body
    };
    for (body, code, field) in [
        (with("from", json!("NOWHERE")), "unknown_reference", "/from"),
        (
            with("ship_to", json!({"country": "UK"})),
            "invalid_field",
            "/ship_to/country",
        ),
        (
            with(
                "ship_to",
                json!({"country": "GB", "latitude": 91, "longitude": 0}),
            ),
            "invalid_field",
            "/ship_to/latitude",
        ),
        (with("weight_g", json!(-1)), "invalid_field", "/weight_g"),
        (
            with("items", json!([{"sku": "A", "quantity": 1}])),
            "invalid_field",
            "/weight_g",
        ),
        (items(Value::Null), "invalid_field", "/items"),
        (items(json!([])), "invalid_field", "/items"),
        (
            items(json!([{"sku": "A", "quantity": 0}])),
            "invalid_field",
            "/items/0/quantity",
        ),
        (
            items(json!([{"sku": "NOPE", "quantity": 1}])),
            "unknown_reference",
            "/items/0/sku",
        ),
        (
            with("ready_on", json!("tomorrow")),
            "invalid_field",
            "/ready_on",
        ),
    ] {
        let refused = client.post("/v1/rates", body).expect_problem(422, code);
        assert_eq!(refused.body["field"], field, "{}", refused.text);
    }
}

#[test]
fn a_closure_moves_the_days_until_it_is_ended() {
    let server = Server::start();
    let client = server.owner();
    set_up(&client);
    let delivery = || {
        let rated = rates(
            &client,
            parcel(json!({"country": "GB", "postal_code": "M1 1AE"})),
        );
        let offer = &rated["rates"][0]["offer"];
        (offer["delivery_date"].clone(), offer["closures"].clone())
    };
    let usual = (json!("2027-03-06"), json!([]));
    assert_eq!(delivery(), usual);
    let strike = json!({"code": "strike", "carrier": "Royal", "kind": "no_pickup", "from": "2027-03-01", "to": "2027-03-07", "reason": "strike"});
    let created = client.post("/v1/carrier-closures", strike).expect(201);
    assert_eq!(
        created.header("location"),
        Some("/v1/carrier-closures/strike")
    );
    assert_eq!(delivery(), (json!("2027-03-09"), json!(["strike"])));
    let snow = json!({"service": "ground", "zones": ["mainland"], "kind": "delay", "delay_days": 2, "from": "2027-03-08", "to": "2027-03-09",
        "area": {"country": "GB", "postal": [{"first": "M1", "last": "M9"}]}, "reason": "snow"});
    client.put("/v1/carrier-closures/snow", snow).expect(201);
    assert_eq!(delivery(), (json!("2027-03-11"), json!(["strike", "snow"])));
    let ended = client
        .post("/v1/carrier-closures/strike/end", json!({}))
        .expect(200);
    assert_eq!(ended.body["status"], "ended");
    assert!(ended.body["ended_at"].is_string());
    assert_eq!(delivery(), usual);
    let listed = client.get("/v1/carrier-closures").expect(200).body;
    let codes: Vec<&Value> = listed["data"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| &one["code"])
        .collect();
    assert_eq!(codes, ["strike", "snow"]);
    assert_eq!(listed["data"][1]["status"], "upcoming");
    assert_eq!(
        client.get("/v1/carrier-closures/strike").expect(200).body,
        ended.body
    );
    client
        .post("/v1/carrier-closures/storm/end", json!({}))
        .expect_problem(404, "not_found");
}

#[test]
fn impossible_closures_name_their_field() {
    let server = Server::start();
    let client = server.owner();
    set_up(&client);
    let with = |fields: Value| {
        let mut body = json!({"code": "c", "kind": "no_service", "from": "2027-03-01", "to": "2027-03-07", "reason": "storm"});
        for (field, value) in fields.as_object().unwrap() {
            body[field] = value.clone();
        }
        body
    };
    for (fields, code, field) in [
        (
            json!({"service": "ground", "carrier": "Royal"}),
            "invalid_field",
            "/carrier",
        ),
        (
            json!({"service": "nobody"}),
            "unknown_reference",
            "/service",
        ),
        (
            json!({"carrier": "nobody"}),
            "unknown_reference",
            "/carrier",
        ),
        (
            json!({"service": "ground", "zones": ["moon"]}),
            "unknown_reference",
            "/zones/0",
        ),
        (json!({"zones": ["mainland"]}), "invalid_field", "/zones"),
        (json!({"kind": "delay"}), "invalid_field", "/delay_days"),
        (
            json!({"kind": "delay", "delay_days": 0}),
            "invalid_field",
            "/delay_days",
        ),
        (json!({"delay_days": 1}), "invalid_field", "/delay_days"),
        (json!({"to": "2027-02-28"}), "invalid_field", "/to"),
        (
            json!({"from": "2020-01-01", "to": "2020-01-02"}),
            "invalid_field",
            "/to",
        ),
        (
            json!({"area": {"country": "GB", "postal": [{"first": "m1", "last": "m1"}]}}),
            "invalid_field",
            "/area/postal/0/first",
        ),
        (json!({"reason": ""}), "invalid_field", "/reason"),
    ] {
        let refused = client
            .post("/v1/carrier-closures", with(fields))
            .expect_problem(422, code);
        assert_eq!(refused.body["field"], field, "{}", refused.text);
    }
    let listed = client.get("/v1/carrier-closures").expect(200).body;
    assert_eq!(listed["data"], json!([]));
}

#[test]
fn rates_are_for_those_who_ship_and_only_from_their_locations() {
    let server = Server::start();
    set_up(&server.owner());
    let body = || parcel(json!({"country": "GB"}));
    let warehouse = server.client(Role::Warehouse, &["LEEDS"]);
    warehouse.post("/v1/rates", body()).expect(200);
    let mut elsewhere = body();
    elsewhere["from"] = json!("PARIS");
    warehouse
        .post("/v1/rates", elsewhere)
        .expect_problem(403, "forbidden");
    warehouse
        .put("/v1/carrier-services/ground", ground())
        .expect_problem(403, "forbidden");
    server
        .client(Role::Analyst, &[])
        .post("/v1/rates", body())
        .expect_problem(403, "forbidden");
}

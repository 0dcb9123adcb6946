//! Closing a carrier service: what it touches goes another way in the background, and a report tells what became of it.

use serde_json::{Value, json};

use super::support::{Client, Server};

fn service(client: &Client, code: &str, price_minor: i64, transit_days: i64) {
    let service = json!({"code": code, "name": code, "carrier": code, "currency": "GBP",
        "zoning": {"distance": [{"up_to_km": 2000, "zone": "all"}]},
        "zones": [{"code": "all", "tariff": {"brackets": [{"up_to_g": 9000, "price_minor": price_minor}], "parcel_max_g": 9000},
            "transit_days": transit_days}]});
    client.post("/v1/carrier-services", service).expect(201);
}

fn set_up(client: &Client) {
    let channel = json!({"code": "web", "name": "Web", "currency": "GBP"});
    client.post("/v1/channels", channel).expect(201);
    let location = json!({"code": "LEEDS", "name": "Leeds", "kind": "warehouse", "time_zone": "Europe/London",
        "address": {"country": "GB", "city": "Leeds", "latitude": 53.80, "longitude": -1.55}});
    client.post("/v1/locations", location).expect(201);
    client
        .post(
            "/v1/items",
            json!({"sku": "LAMP", "title": "Lamp", "weight_g": 900}),
        )
        .expect(201);
    let stock = json!({"sku": "LAMP", "location": "LEEDS", "quantity": 50, "reference": "first"});
    client.post("/v1/stock/receive", stock).expect(200);
    service(client, "slow", 400, 3);
    service(client, "fast", 900, 1);
}

fn order(client: &Client) -> Value {
    let body = json!({"channel": "web", "currency": "GBP", "lines": [{"sku": "LAMP", "quantity": 1, "unit_price_minor": 100}],
        "ship_to": {"name": "C. Customer", "country": "GB", "postal_code": "YO1 7HH", "line1": "1 Road", "city": "York",
            "latitude": 53.96, "longitude": -1.08}});
    client.post("/v1/orders", body).expect(201).body
}

/// The report once it is done with so many fulfilments touched.
fn report(client: &Client, touched: i64, rerouted: i64) -> Value {
    let mut last = Value::Null;
    for _ in 0..400 {
        last = client
            .get("/v1/carrier-closures/strike/report")
            .expect(200)
            .body;
        if last["state"] == "done" && last["touched"] == touched && last["rerouted"] == rerouted {
            return last;
        }
        std::thread::park_timeout(std::time::Duration::from_millis(25));
    }
    panic!("never done: {last}");
}

#[test]
fn what_a_closure_touches_is_sent_another_way_and_the_report_says_what_became_of_it() {
    let server = Server::start();
    let client = server.owner();
    set_up(&client);
    let placed = order(&client);
    order(&client);
    assert_eq!(placed["lines"][0]["promise"]["now"]["service"], "slow");
    let today = throughline::wiring::clock::now().utc_date();
    let last = today.checked_add(jiff::Span::new().days(30)).unwrap();
    let closure = json!({"code": "strike", "service": "slow", "from": today.to_string(), "to": last.to_string(),
        "kind": "no_service", "reason": "a strike"});
    client.post("/v1/carrier-closures", closure).expect(201);
    let report = report(&client, 2, 2);
    assert_eq!(report["looked_at"], 2);
    assert_eq!(
        (&report["later"], &report["unchanged"]),
        (&json!(0), &json!(0))
    );
    assert_eq!(
        report["extra"],
        json!([{"currency": "GBP", "amount_minor": 1000}])
    );
    let first = &report["data"][0];
    assert_eq!(
        (&first["service_before"], &first["service"]),
        (&json!("slow"), &json!("fast"))
    );
    assert_eq!(first["extra_minor"], 500);
    let part = client
        .get("/v1/carrier-closures/strike/report?after=1&limit=1")
        .expect(200)
        .body;
    assert_eq!(
        (&part["data"][0]["position"], &part["has_more"]),
        (&json!(2), &json!(false))
    );

    let id = placed["id"].as_str().unwrap();
    let now = client.get(&format!("/v1/orders/{id}")).expect(200).body;
    assert_eq!(now["lines"][0]["promise"]["now"]["service"], "fast");
    let journal = client.get(&format!("/v1/orders/{id}/journal")).expect(200);
    assert!(
        journal.text.contains("\"reason\":\"closure\""),
        "{}",
        journal.text
    );

    // The strike is over: the cheaper way is open again.
    client
        .post("/v1/carrier-closures/strike/end", json!({}))
        .expect(200);
    for _ in 0..400 {
        let now = client.get(&format!("/v1/orders/{id}")).expect(200).body;
        if now["lines"][0]["promise"]["now"]["service"] == "slow" {
            break;
        }
        std::thread::park_timeout(std::time::Duration::from_millis(25));
    }
    let now = client.get(&format!("/v1/orders/{id}")).expect(200).body;
    assert_eq!(now["lines"][0]["promise"]["now"]["service"], "slow");
    client
        .get("/v1/carrier-closures/none/report")
        .expect_problem(404, "not_found");
}

//! What customers may do about a promise that slipped: asked, answered at a public link, or by default at the deadline.

use serde_json::{Value, json};

use super::support::{Answer, Client, Server};

/// A shop that asks its customers, a lamp that is expected, and something else that is there.
fn set_up(client: &Client) -> String {
    let slips = json!({"tolerance_days": 1, "answer_within_hours": 48, "default": "refund"});
    let channel = json!({"code": "web", "name": "Lamps & Co", "currency": "GBP", "slips": slips});
    let made = client.post("/v1/channels", channel).expect(201).body;
    assert_eq!(made["slips"]["default"], "refund");
    let location = json!({"code": "LEEDS", "name": "Leeds", "kind": "warehouse", "time_zone": "Europe/London",
        "address": {"country": "GB", "city": "Leeds", "latitude": 53.80, "longitude": -1.55}});
    client.post("/v1/locations", location).expect(201);
    for (sku, substitutes) in [("TORCH", json!([])), ("LAMP", json!(["TORCH"]))] {
        let item = json!({"sku": sku, "title": format!("<{sku}>"), "substitutes": substitutes});
        client.post("/v1/items", item).expect(201);
    }
    let stock = json!({"sku": "TORCH", "location": "LEEDS", "quantity": 5, "reference": "first"});
    client.post("/v1/stock/receive", stock).expect(200);
    let supply = json!({"sku": "LAMP", "location": "LEEDS", "quantity": 9, "expected": "2099-01-20",
        "source": {"kind": "production"}});
    let supply = client.post("/v1/supply", supply).expect(201);
    supply.text_at("/id")
}

fn order(client: &Client) -> Value {
    let body = json!({"channel": "web", "currency": "GBP", "lines": [{"sku": "LAMP", "quantity": 2, "unit_price_minor": 100}],
        "ship_to": {"country": "GB", "name": "C. Customer", "postal_code": "YO1 7HH", "line1": "1 Road", "city": "York"},
        "payments": [{"method": "card", "state": "captured", "amount_minor": 200}]});
    client.post("/v1/orders", body).expect(201).body
}

fn postpone(client: &Client, supply: &str, day: &str) {
    let body = json!({"expected": day, "reason": "a storm"});
    client
        .json("PATCH", &format!("/v1/supply/{supply}"), &[], body)
        .expect(200);
}

/// The order once it has so many choices: a job asks the customer.
fn asked(client: &Client, id: &str, choices: usize) -> Value {
    for _ in 0..400 {
        let order = client.get(&format!("/v1/orders/{id}")).expect(200).body;
        if order["choices"]
            .as_array()
            .is_some_and(|all| all.len() == choices)
        {
            return order;
        }
        std::thread::yield_now();
        std::thread::park_timeout(std::time::Duration::from_millis(25));
    }
    panic!("the customer was not asked");
}

fn send(client: &Client, path: &str, form: &str) -> Answer {
    let headers = [("content-type", "application/x-www-form-urlencoded")];
    client.send("POST", path, &headers, form.as_bytes())
}

#[test]
fn a_customer_chooses_at_a_public_link() {
    let server = Server::start();
    let (owner, stranger) = (server.owner(), server.stranger());
    let supply = set_up(&owner);
    let id = order(&owner)["id"].as_str().unwrap().to_owned();
    postpone(&owner, &supply, "2099-02-10");
    let order = asked(&owner, &id, 1);
    let choice = &order["choices"][0];
    assert_eq!(choice["status"], "open");
    assert_eq!(choice["reason"], "supply_late");
    assert_eq!(choice["options"], json!(["wait", "substitute", "refund"]));
    assert_eq!(choice["lines"][0]["instead"], "TORCH");
    assert_eq!(choice["before"]["ships_on"], "2099-01-20");
    assert_eq!(choice["now"]["ships_on"], "2099-02-10");
    let base = format!("/v1/orders/{id}/choices/{}", choice["id"].as_str().unwrap());
    let first = owner.post(&format!("{base}/link"), json!({})).expect(201);
    let path = owner
        .post(&format!("{base}/link"), json!({}))
        .expect(201)
        .text_at("/path");
    // A newer link ends the one of before.
    stranger.get(&first.text_at("/path")).expect(404);

    let page = stranger.get(&path).expect(200);
    assert_eq!(
        page.header("content-type"),
        Some("text/html; charset=utf-8")
    );
    assert_eq!(page.header("cache-control"), Some("no-store"));
    assert_eq!(page.header("referrer-policy"), Some("no-referrer"));
    for told in [
        "Lamps &amp; Co",
        "&lt;LAMP&gt;",
        "20 January 2099",
        "10 February 2099",
        "Take &lt;TORCH&gt; instead",
        "Cancel these items",
    ] {
        assert!(page.text.contains(told), "{told} in {}", page.text);
    }
    assert!(!page.text.contains("York") && !page.text.contains("<LAMP>"));
    send(&stranger, &path, "option=split").expect(422);
    send(&stranger, &path, "option=nothing").expect(422);
    stranger.post(&path, json!({"option": "wait"})).expect(422);
    let other = format!(
        "{}{}",
        &path[..path.len() - 1],
        if path.ends_with('A') { 'E' } else { 'A' }
    );
    send(&stranger, &other, "option=wait").expect(404);
    let chosen = send(&stranger, &path, "option=substitute").expect(303);
    assert_eq!(chosen.header("location"), Some(path.as_str()));
    send(&stranger, &path, "option=substitute").expect(303);
    let late = send(&stranger, &path, "option=refund").expect(409);
    assert!(late.text.contains("Something was chosen before"));
    let page = stranger.get(&path).expect(200);
    assert!(
        page.text
            .contains("You chose to have something else instead")
    );

    let order = owner.get(&format!("/v1/orders/{id}")).expect(200).body;
    assert_eq!(order["choices"][0]["made"]["by"], "customer");
    assert_eq!(order["lines"][1]["sku"], "TORCH");
    assert_eq!(order["lines"][1]["allocated"], 2);
    assert_eq!(order["totals"]["balance_minor"], 0);
    let journal = owner.get(&format!("/v1/orders/{id}/journal")).expect(200);
    assert!(journal.text.contains("choice_offered") && journal.text.contains("choice_made"));
    assert!(!journal.text.contains("secret_hash"));
}

#[test]
fn staff_choose_for_a_customer() {
    let server = Server::start();
    let owner = server.owner();
    let supply = set_up(&owner);
    let id = order(&owner)["id"].as_str().unwrap().to_owned();
    postpone(&owner, &supply, "2099-02-10");
    let choice = asked(&owner, &id, 1)["choices"][0]["id"]
        .as_str()
        .unwrap()
        .to_owned();
    let path = format!("/v1/orders/{id}/choices/{choice}/choose");
    owner
        .post(&path, json!({"option": "split"}))
        .expect_problem(422, "invalid_field");
    let order = owner
        .post(&path, json!({"option": "refund"}))
        .expect(200)
        .body;
    assert_eq!(order["status"], "cancelled");
    assert_eq!(order["choices"][0]["made"]["by"], "staff");
    owner
        .post(&path, json!({"option": "wait"}))
        .expect_problem(409, "choice_ended");
    let unknown = format!("/v1/orders/{id}/choices/{id}/choose");
    owner
        .post(&unknown, json!({"option": "wait"}))
        .expect_problem(404, "not_found");
}

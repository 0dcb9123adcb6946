//! Screening rules, holds, approvals, accounts, and actions over many orders.

use serde_json::{Value, json};
use throughline::http::auth::Role;

use super::support::{Client, Server, furnish, order, place};

fn put_rules(client: &Client, rules: Value) -> super::support::Answer {
    client.put("/v1/screening-rules/standard", rules)
}

fn channel(client: &Client) -> String {
    client
        .get("/v1/channels")
        .expect(200)
        .text_at("/data/0/code")
}

#[test]
fn rules_are_written_read_and_listed_with_their_version() {
    let server = Server::start();
    let client = server.owner();
    furnish(&client);
    let rules = json!({
        "channels": [channel(&client)],
        "address_formats": true,
        "authorization_days": 7,
        "duplicates": {"window_minutes": 30},
        "deny": [{"kind": "email", "value": " Ann@Example.org ", "reason": "chargebacks"}],
        "price": {"least_percent": 110},
        "payment": {"least_percent": 100},
        "fraud": {"hold_at": 50, "refuse_at": 90,
            "rules": [{"name": "far", "when": "ship_to.country != 'GB'", "score": 20}]},
        "credit": {"exceeded": "refuse", "high_value_minor": 100_000},
        "approvals": [{"name": "large", "when": "total_minor >= 500000", "role": "operations",
            "escalate_after_minutes": 60, "escalate_to": "owner", "expires_after_minutes": 1440}]
    });
    let created = put_rules(&client, rules.clone()).expect(201);
    assert_eq!(
        created.header("location"),
        Some("/v1/screening-rules/standard")
    );
    assert_eq!(created.body["version"], 1);
    let hash = "438c4c7afe600cdf1e455c369bec76dc970fc8ca463447c7b387a347f3c79331";
    assert_eq!(created.body["deny"][0]["value"], hash);
    for field in ["channels", "duplicates", "payment", "fraud", "approvals"] {
        assert_eq!(created.body[field], rules[field], "{field}");
    }
    assert_eq!(
        put_rules(&client, rules.clone()).expect(200).body["version"],
        1
    );
    let mut other = rules;
    other["address_formats"] = json!(false);
    let changed = put_rules(&client, other).expect(200);
    assert_eq!(changed.body["version"], 2);
    let read = client.get("/v1/screening-rules/standard").expect(200);
    assert_eq!(read.body, changed.body);
    let listed = client.get("/v1/screening-rules").expect(200);
    assert_eq!(listed.body["data"], json!([changed.body]));
    client
        .get("/v1/screening-rules/none")
        .expect_problem(404, "not_found");
}

#[test]
fn rules_that_cannot_work_name_the_field() {
    let server = Server::start();
    let client = server.owner();
    furnish(&client);
    let rule = |when: &str| json!({"fraud": {"hold_at": 1, "rules": [{"name": "a", "when": when, "score": 1}]}});
    for (rules, field, says) in [
        (
            rule("totl_minor > 5"),
            "/fraud/rules/0/when",
            "did you mean \"total_minor\"?",
        ),
        (rule("total_minor >"), "/fraud/rules/0/when", "is not CEL"),
        (
            rule("total_minor"),
            "/fraud/rules/0/when",
            "must be true or false",
        ),
        (
            json!({"channels": ["nowhere"]}),
            "/channels/0",
            "unknown channel",
        ),
        (json!({"price": {}}), "/price", "needs a least_percent"),
        (
            json!({"code": "other"}),
            "/code",
            "must be the one of the path",
        ),
    ] {
        let problem = put_rules(&client, rules).expect(422);
        assert_eq!(problem.body["field"], field);
        let detail = problem.body["detail"].as_str().unwrap();
        assert!(detail.contains(says), "{detail}");
    }
    let role = json!({"approvals": [{"name": "a", "when": "true", "role": "king"}]});
    assert!(put_rules(&client, role).status >= 400);
}

#[test]
fn an_order_is_held_for_what_the_checks_find_and_says_what_the_hold_blocks() {
    let server = Server::start();
    let client = server.owner();
    furnish(&client);
    put_rules(
        &client,
        json!({
            "channels": [channel(&client)],
            "authorization_days": 7,
            "duplicates": {"window_minutes": 30},
            "fraud": {"hold_at": 10, "refuse_at": 100, "rules": [
                {"name": "card", "when": "velocity.card.orders_hour >= 1", "score": 40},
                {"name": "never", "when": "'banned' in tags", "score": 100}]}
        }),
    )
    .expect(201);
    let mut body = order(&[("A", 1)]);
    body["payments"] = json!([{"state": "authorized", "amount_minor": 600, "method": "card",
        "fingerprint": "card-1"}]);
    let first = client.post("/v1/orders", body.clone()).expect(201);
    assert_eq!(first.body["status"], "open");
    assert!(!first.text.contains("card-1"), "a fingerprint is not kept");
    let second = client.post("/v1/orders", body.clone()).expect(201);
    assert_eq!(second.body["status"], "on_hold");
    let holds = &second.body["holds"];
    assert_eq!(holds[0]["kind"], "duplicate");
    assert_eq!(holds[0]["found"]["check"], "duplicate");
    assert_eq!(holds[1]["found"]["score"], 40);
    assert_eq!(holds[1]["found"]["rules"], "standard");
    assert_eq!(holds[1]["found"]["rules_version"], 1);
    assert!(holds[1]["found"]["review_due"].is_string());
    let blocks = json!([
        "source", "accept", "pick", "pack", "ship", "ready", "pickup", "move", "start"
    ]);
    assert_eq!(holds[1]["blocks"], blocks);
    body["tags"] = json!(["banned"]);
    let refused = client
        .post("/v1/orders", body)
        .expect_problem(409, "screened_out");
    assert!(refused.text.contains("never (+100)"), "{}", refused.text);
}

#[test]
fn an_approval_is_decided_by_the_role_that_it_is_for() {
    let server = Server::start();
    let client = server.owner();
    furnish(&client);
    put_rules(
        &client,
        json!({
            "channels": [channel(&client)],
            "approvals": [{"name": "all", "when": "true", "role": "operations"}]
        }),
    )
    .expect(201);
    let asked = place(&client, &[("A", 1)]);
    let (id, hold) = (asked.text_at("/id"), asked.text_at("/holds/0/id"));
    assert_eq!(
        asked.body["holds"][0]["approval"]["roles"],
        json!(["operations"])
    );
    let path = |verb: &str| format!("/v1/orders/{id}/holds/{hold}/{verb}");
    client
        .post(&path("approve"), json!({}))
        .expect_problem(403, "not_approver");
    client
        .post(&path("release"), json!({}))
        .expect_problem(409, "illegal_transition");
    let operations = server.client(Role::Operations, &[]);
    let granted = operations
        .post(&path("approve"), json!({"reason": "known"}))
        .expect(200);
    assert_eq!(granted.body["status"], "open");
    assert_eq!(granted.body["holds"][0]["approval"]["verdict"], "granted");
    let other = place(&client, &[("A", 1)]);
    let (id, hold) = (other.text_at("/id"), other.text_at("/holds/0/id"));
    let path = format!("/v1/orders/{id}/holds/{hold}/disapprove");
    let refused = operations.post(&path, json!({"reason": "no"})).expect(200);
    assert_eq!(refused.body["status"], "cancelled");
    assert_eq!(refused.body["cancelled"]["reason"], "not approved: no");
}

#[test]
fn an_account_says_what_is_owed() {
    let server = Server::start();
    let client = server.owner();
    furnish(&client);
    let first = place(&client, &[("A", 1)]);
    let customer = first.text_at("/customer/id");
    let path = format!("/v1/customers/{customer}/account");
    let empty = json!({"tier": null, "credit": null, "terms": {"ship_complete": false, "whole_cases": false}, "open_balance_minor": 0});
    assert_eq!(client.get(&path).expect(200).body, empty);
    let currency = first.text_at("/currency");
    let account = json!({"tier": "gold",
        "credit": {"limit_minor": 1000, "terms_days": 30, "currency": currency}});
    let put = client.put(&path, account).expect(200);
    assert_eq!(put.body["credit"]["limit_minor"], 1000);
    assert_eq!(put.body["terms"]["ship_complete"], false);
    put_rules(
        &client,
        json!({"channels": [channel(&client)], "credit": {"exceeded": "hold"}}),
    )
    .expect(201);
    let second = place(&client, &[("A", 1)]);
    assert_eq!(second.body["terms_days"], 30);
    let owed = second.body["totals"]["total_minor"].clone();
    assert_eq!(
        client.get(&path).expect(200).body["open_balance_minor"],
        owed
    );
    let third = place(&client, &[("A", 2)]);
    assert_eq!(third.body["holds"][0]["kind"], "credit");
    let nobody = "/v1/customers/0199f3a0-0000-7000-8000-000000000001/account";
    client.get(nobody).expect_problem(404, "not_found");
}

#[test]
fn an_order_that_ships_complete_waits_for_all_of_it_as_its_customer_wants() {
    let server = Server::start();
    let client = server.owner();
    furnish(&client);
    let first = place(&client, &[("A", 1)]);
    assert_eq!(first.body["ship_complete"], false);
    let path = format!("/v1/customers/{}/account", first.text_at("/customer/id"));
    let terms = json!({"terms": {"ship_complete": true, "whole_cases": false}});
    assert_eq!(
        client.put(&path, terms.clone()).expect(200).body["terms"],
        terms["terms"]
    );
    let waits = place(&client, &[("A", 1), ("A", 100_000)]);
    assert_eq!(waits.body["ship_complete"], true);
    let fulfilment = &waits.body["fulfilments"][0];
    assert_eq!(fulfilment["status"], "scheduled");
    assert_eq!(fulfilment["scheduled"], json!({"until_complete": true}));
    let id = fulfilment["id"].as_str().expect("an id");
    let pick = client.post(&format!("/v1/fulfilments/{id}/pick"), json!({}));
    pick.expect_problem(409, "illegal_transition");
    let release = format!("/v1/orders/{}/release", waits.text_at("/id"));
    let begun = client.post(&release, json!({})).expect(200);
    assert_eq!(begun.body["fulfilments"][0]["status"], "open");
    let unknown = json!({"terms": {"ship_whole": true}});
    client
        .put(&path, unknown)
        .expect_problem(422, "invalid_field");
}

#[test]
fn one_action_stops_every_order_that_fits_and_tells_what_it_could_not_stop() {
    let server = Server::start();
    let client = server.owner();
    furnish(&client);
    let stopped = place(&client, &[("A", 1)]).text_at("/id");
    let other = place(&client, &[("B", 1)]).text_at("/id");
    let gone = place(&client, &[("A", 1)]);
    let (gone, number) = (gone.text_at("/id"), gone.body["number"].clone());
    client
        .post(
            &format!("/v1/orders/{gone}/cancel"),
            json!({"reason": "changed their mind"}),
        )
        .expect(200);
    client
        .post(
            "/v1/orders/bulk-actions",
            json!({"action": "stop", "reason": "recall", "filter": {}}),
        )
        .expect_problem(422, "invalid_field");
    let unknown = json!({"action": "stop", "reason": "recall", "filter": {"sku": "nothing"}});
    client
        .post("/v1/orders/bulk-actions", unknown)
        .expect_problem(422, "unknown_reference");
    let body = json!({"action": "stop", "reason": "recall", "filter": {"sku": "A"}});
    let begun = client.post("/v1/orders/bulk-actions", body).expect(202);
    let path = format!("/v1/orders/bulk-actions/{}", begun.text_at("/id"));
    assert_eq!(begun.header("location"), Some(path.as_str()));
    let done = finished(&client, &path);
    assert_eq!(
        (&done["looked_at"], &done["done"], &done["not_done"]),
        (&json!(2), &json!(1), &json!(1))
    );
    assert_eq!(done["left"][0]["number"], number);
    let status = |id: &str| {
        client
            .get(&format!("/v1/orders/{id}"))
            .expect(200)
            .text_at("/status")
    };
    assert_eq!(status(&stopped), "on_hold");
    assert_eq!(status(&other), "open");
}

fn finished(client: &Client, path: &str) -> Value {
    for _ in 0..100_000 {
        let run = client.get(path).expect(200).body;
        if run["state"] == "done" {
            return run;
        }
    }
    panic!("the run never ends");
}

#[test]
fn a_recall_halts_picks_and_lists_who_received_the_sku() {
    let server = Server::start();
    let client = server.owner();
    furnish(&client);
    let sent = place(&client, &[("A", 2)]);
    let (fulfilment, number) = (
        sent.text_at("/fulfilments/0/id"),
        sent.body["number"].clone(),
    );
    let at = |id: &str, verb: &str| format!("/v1/fulfilments/{id}/{verb}");
    for (verb, body) in [
        ("pick", json!({})),
        ("pack", json!({})),
        ("ship", json!({"carrier": "post"})),
    ] {
        client.post(&at(&fulfilment, verb), body).expect(200);
    }
    let waiting = place(&client, &[("A", 1)]).text_at("/fulfilments/0/id");
    let body = json!({"sku": "A", "reason": "glass splinters"});
    let recalled = client.post("/v1/recalls", body.clone()).expect(201);
    assert_eq!(recalled.body["reason"], "glass splinters");
    client.post("/v1/recalls", body).expect(200);
    client
        .post(&at(&waiting, "pick"), json!({}))
        .expect_problem(409, "recalled");
    let held = place(&client, &[("A", 1), ("B", 1)]);
    assert_eq!(held.body["holds"][0]["kind"], "stock");
    let recipients = client.get("/v1/recalls/A/recipients").expect(200);
    assert_eq!(recipients.body["data"].as_array().map(Vec::len), Some(1));
    let row = &recipients.body["data"][0];
    assert_eq!(
        (&row["number"], &row["left"], &row["delivered"]),
        (&number, &json!(2), &json!(0))
    );
    assert_eq!(
        client.get("/v1/recalls").expect(200).body["data"][0]["sku"],
        "A"
    );
    client.send("DELETE", "/v1/recalls/A", &[], b"").expect(204);
    client
        .send("DELETE", "/v1/recalls/A", &[], b"")
        .expect_problem(404, "not_found");
    client.post(&at(&waiting, "pick"), json!({})).expect(200);
}

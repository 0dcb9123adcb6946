//! An order from placing to notes.

use serde_json::json;

use super::support::{Server, furnish, levels, order, place};

#[test]
fn an_order_is_placed_priced_and_sourced_in_one_answer() {
    let server = Server::start();
    let client = server.owner();
    furnish(&client);
    let mut body = order(&[("A", 2), ("B", 1)]);
    body["charges"] = json!([{"kind": "shipping", "amount_minor": 300, "tax_minor": 60}]);
    body["payments"] =
        json!([{"state": "authorized", "amount_minor": 1860, "method": "card", "reference": "p1"}]);
    body["note"] = json!("Leave it at the door.");
    body["tags"] = json!(["gift"]);
    body["metadata"] = json!({"basket": 7});
    let placed = client.post("/v1/orders", body).expect(201);
    let id = placed.text_at("/id");
    assert_eq!(
        placed.header("location"),
        Some(format!("/v1/orders/{id}").as_str())
    );
    assert_eq!(
        placed.header("etag"),
        Some(format!("\"{}\"", placed.body["version"]).as_str())
    );
    assert!(placed.header("x-request-id").is_some());
    assert_eq!(placed.body["status"], "open");
    assert_eq!(placed.body["payment_status"], "authorized");
    assert_eq!(placed.body["totals"]["total_minor"], 1860);
    assert_eq!(placed.body["lines"][0]["allocated"], 2);
    assert_eq!(placed.body["fulfilments"][0]["location"], "LEEDS");
    assert_eq!(placed.body["customer"]["email"], "customer@example.com");
    assert_eq!(placed.body["notes"][0]["text"], "Leave it at the door.");
    assert_eq!(
        levels(&client, "A"),
        [("LEEDS".to_owned(), 10, 2), ("PARIS".to_owned(), 10, 0)]
    );

    let read = client.get(&format!("/v1/orders/{id}")).expect(200);
    assert!(read.body["updated_at"].is_string());
    assert_eq!(read.body, placed.body, "what is read is what was answered");
    let by_number = client
        .get(&format!("/v1/orders/{}", placed.body["number"]))
        .expect(200);
    assert_eq!(by_number.body["id"], id);
}

#[test]
fn an_order_is_held_released_noted_labelled_and_ranked() {
    let server = Server::start();
    let client = server.owner();
    furnish(&client);
    let id = place(&client, &[("A", 1)]).text_at("/id");
    let held = client
        .post(
            &format!("/v1/orders/{id}/holds"),
            json!({"kind": "fraud", "reason": "looks odd"}),
        )
        .expect(200);
    assert_eq!(
        (&held.body["status"], &held.body["holds"][0]["active"]),
        (&json!("on_hold"), &json!(true))
    );
    let hold = held.text_at("/holds/0/id");
    let fulfilment = held.text_at("/fulfilments/0/id");
    client
        .post(&format!("/v1/fulfilments/{fulfilment}/pick"), json!({}))
        .expect_problem(409, "on_hold");
    let released = client
        .send(
            "POST",
            &format!("/v1/orders/{id}/holds/{hold}/release"),
            &[],
            b"",
        )
        .expect(200);
    assert_eq!(released.body["status"], "open");
    client
        .post(
            &format!("/v1/orders/{id}/notes"),
            json!({"text": "called the customer"}),
        )
        .expect(200);
    let tagged = client
        .post(&format!("/v1/orders/{id}/tags"), json!({"add": ["b", "a"]}))
        .expect(200);
    assert_eq!(tagged.body["tags"], json!(["a", "b"]));
    let ranked = client
        .post(&format!("/v1/orders/{id}/priority"), json!({"priority": 5}))
        .expect(200);
    assert_eq!(ranked.body["priority"], 5);
    assert_eq!(ranked.body["notes"][0]["text"], "called the customer");
    let other = place(&client, &[("A", 1)]).text_at("/id");
    client
        .send(
            "POST",
            &format!("/v1/orders/{other}/holds/{hold}/release"),
            &[],
            b"",
        )
        .expect_problem(404, "not_found");
}

#[test]
fn an_order_is_paid_and_refunded_within_its_limits() {
    let server = Server::start();
    let client = server.owner();
    furnish(&client);
    let id = place(&client, &[("A", 2)]).text_at("/id");
    let pay = |body| client.post(&format!("/v1/orders/{id}/payments"), body);
    let authorized =
        pay(json!({"state": "authorized", "amount_minor": 1000, "method": "card"})).expect(200);
    let payment = authorized.text_at("/payments/0/id");
    pay(json!({"payment_id": payment, "state": "captured", "amount_minor": 1001}))
        .expect_problem(409, "amount_exceeded");
    let paid =
        pay(json!({"payment_id": payment, "state": "captured", "amount_minor": 1000})).expect(200);
    assert_eq!(
        (
            &paid.body["payment_status"],
            &paid.body["totals"]["balance_minor"]
        ),
        (&json!("paid"), &json!(0))
    );
    let refunded =
        pay(json!({"action": "refund", "amount_minor": 400, "reason": "scratched"})).expect(200);
    assert_eq!(refunded.body["payment_status"], "partially_refunded");
    assert_eq!(refunded.body["payments"][0]["state"], "partially_refunded");
    pay(json!({"action": "refund", "amount_minor": 601})).expect_problem(409, "amount_exceeded");
    let unknown = "01912d68-783e-7a03-8467-5661c1243ad4";
    pay(json!({"payment_id": unknown, "state": "voided"})).expect_problem(422, "unknown_reference");
}

#[test]
fn a_cancelled_order_gives_its_stock_back() {
    let server = Server::start();
    let client = server.owner();
    furnish(&client);
    let placed = place(&client, &[("A", 4)]);
    let (id, line) = (placed.text_at("/id"), placed.text_at("/lines/0/id"));
    let some = json!({"reason": "changed my mind", "lines": [{"id": line, "quantity": 1}]});
    let cancelled = client
        .post(&format!("/v1/orders/{id}/cancel"), some)
        .expect(200);
    assert_eq!(
        (
            &cancelled.body["lines"][0]["cancelled"],
            &cancelled.body["status"]
        ),
        (&json!(1), &json!("open"))
    );
    let all = client
        .post(
            &format!("/v1/orders/{id}/cancel"),
            json!({"reason": "changed my mind"}),
        )
        .expect(200);
    assert_eq!(
        (&all.body["status"], &all.body["cancelled"]["reason"]),
        (&json!("cancelled"), &json!("changed my mind"))
    );
    assert_eq!(levels(&client, "A")[0].2, 0);
    client
        .post(
            &format!("/v1/orders/{id}/cancel"),
            json!({"reason": "again"}),
        )
        .expect_problem(409, "illegal_transition");
}

#[test]
fn the_journal_and_the_reasons_can_be_read() {
    let server = Server::start();
    let client = server.owner();
    furnish(&client);
    let placed = place(&client, &[("A", 12), ("B", 1)]);
    let id = placed.text_at("/id");
    let journal = client.get(&format!("/v1/orders/{id}/journal")).expect(200);
    let kinds: Vec<_> = journal.body["data"]
        .as_array()
        .unwrap()
        .iter()
        .map(|entry| entry["kind"].clone())
        .collect();
    assert_eq!(kinds.first(), Some(&json!("order_placed")));
    assert!(kinds.contains(&json!("lines_sourced")), "{kinds:?}");
    assert!(
        !journal.text.contains("customer@example.com"),
        "personal values are not in the journal"
    );
    let first = client
        .get(&format!("/v1/orders/{id}/journal?limit=1"))
        .expect(200);
    let cursor = first.text_at("/next_cursor");
    let second = client
        .get(&format!("/v1/orders/{id}/journal?limit=1&cursor={cursor}"))
        .expect(200);
    assert_eq!(second.body["data"][0]["seq"], 2);
    let reasons = client.get(&format!("/v1/orders/{id}/sourcing")).expect(200);
    assert!(
        reasons.text.contains("LEEDS") && reasons.text.contains("chosen"),
        "{}",
        reasons.text
    );
    let nobody = "01912d68-783e-7a03-8467-000000000001";
    client
        .get(&format!("/v1/orders/{nobody}/journal"))
        .expect_problem(404, "not_found");
    client
        .get(&format!("/v1/orders/{nobody}/sourcing"))
        .expect_problem(404, "not_found");
}

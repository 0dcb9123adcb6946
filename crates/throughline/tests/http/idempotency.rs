//! The same key never does anything twice.

use serde_json::json;

use super::support::{Server, furnish, levels, order};

#[test]
fn the_same_key_and_body_answer_with_the_first_status_and_resource() {
    let server = Server::start();
    let client = server.owner();
    furnish(&client);
    let key = &[("idempotency-key", "k-1")];
    let first = client
        .json("POST", "/v1/orders", key, order(&[("A", 2)]))
        .expect(201);
    let again = client
        .json("POST", "/v1/orders", key, order(&[("A", 2)]))
        .expect(201);
    assert_eq!(again.body["id"], first.body["id"]);
    assert_eq!(levels(&client, "A")[0].2, 2);
    client
        .json("POST", "/v1/orders", key, order(&[("A", 3)]))
        .expect_problem(409, "idempotency_key_reused");
    let other = server
        .owner()
        .json("POST", "/v1/orders", key, order(&[("A", 3)]))
        .expect(201);
    assert_ne!(
        other.body["id"], first.body["id"],
        "keys are scoped to the caller"
    );
}

#[test]
fn every_write_takes_a_key() {
    let server = Server::start();
    let client = server.owner();
    furnish(&client);
    let key = &[("idempotency-key", "k-1")];
    let received = json!({"sku": "A", "location": "LEEDS", "quantity": 5, "reference": "r"});
    for _ in 0..3 {
        let level = client
            .json("POST", "/v1/stock/receive", key, received.clone())
            .expect(200);
        assert_eq!(level.body["on_hand"], 15);
    }
    let placed = client.post("/v1/orders", order(&[("A", 1)])).expect(201);
    let (id, fulfilment) = (placed.text_at("/id"), placed.text_at("/fulfilments/0/id"));
    let picked = client
        .json(
            "POST",
            &format!("/v1/fulfilments/{fulfilment}/pick"),
            key,
            json!({}),
        )
        .expect(200);
    let again = client
        .json(
            "POST",
            &format!("/v1/fulfilments/{fulfilment}/pick"),
            key,
            json!({}),
        )
        .expect(200);
    assert_eq!(picked.body, again.body);
    for _ in 0..2 {
        client
            .json(
                "POST",
                &format!("/v1/orders/{id}/notes"),
                key,
                json!({"text": "once"}),
            )
            .expect(200);
    }
    assert_eq!(
        client.get(&format!("/v1/orders/{id}")).expect(200).body["notes"]
            .as_array()
            .unwrap()
            .len(),
        1
    );
    for _ in 0..2 {
        client
            .json("POST", "/v1/items", key, json!({"sku": "C", "title": "C"}))
            .expect(201);
        client
            .json(
                "POST",
                "/v1/locations",
                key,
                json!({"code": "C", "name": "C", "kind": "store"}),
            )
            .expect(201);
        client
            .json(
                "POST",
                "/v1/channels",
                key,
                json!({"code": "C", "name": "C", "currency": "EUR"}),
            )
            .expect(201);
        client
            .json("POST", "/v1/customers", key, json!({"external_ref": "C"}))
            .expect(201);
        client
            .json(
                "POST",
                "/v1/reservations",
                key,
                json!({"lines": [{"sku": "B", "quantity": 1}]}),
            )
            .expect(201);
    }
    assert_eq!(
        client
            .get("/v1/stock?sku=B&location=LEEDS")
            .expect(200)
            .body["data"][0]["reserved"],
        1
    );
}

#[test]
fn twins_at_the_same_time_make_one_order() {
    let server = Server::start();
    let client = server.owner();
    furnish(&client);
    let ids: Vec<String> = std::thread::scope(|scope| {
        let twin = || {
            client
                .json(
                    "POST",
                    "/v1/orders",
                    &[("idempotency-key", "twin")],
                    order(&[("A", 1)]),
                )
                .expect(201)
                .text_at("/id")
        };
        let twins: Vec<_> = (0..8).map(|_| scope.spawn(twin)).collect();
        twins.into_iter().map(|twin| twin.join().unwrap()).collect()
    });
    assert!(ids.iter().all(|id| *id == ids[0]), "{ids:?}");
    assert_eq!(levels(&client, "A")[0].2, 1);
}

#[test]
fn a_key_must_be_visible_and_not_too_long() {
    let server = Server::start();
    let client = server.owner();
    for bad in ["", &"k".repeat(256)] {
        let refused = client.json(
            "POST",
            "/v1/orders",
            &[("idempotency-key", bad)],
            order(&[("A", 1)]),
        );
        assert_eq!(
            refused.expect_problem(400, "malformed_request").body["field"],
            "Idempotency-Key"
        );
    }
}

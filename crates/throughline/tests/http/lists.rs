//! Lists: filters, pages, search.

use serde_json::{Value, json};

use super::support::{Client, Server, furnish, order, place};

fn numbers(client: &Client, query: &str) -> Vec<u64> {
    let page = client.get(&format!("/v1/orders?{query}")).expect(200);
    page.body["data"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| row["number"].as_u64().unwrap())
        .collect()
}

#[test]
fn orders_are_found_by_what_is_known_of_them() {
    let server = Server::start();
    let client = server.owner();
    furnish(&client);
    let first = place(&client, &[("A", 1)]);
    let mut second = order(&[("B", 1)]);
    second["external_ref"] = json!("REF-77");
    second["customer"] = json!({"email": "other@example.com", "name": "Zebulon Quux"});
    client.post("/v1/orders", second).expect(201);
    client
        .post("/v1/orders/1001/cancel", json!({"reason": "x"}))
        .expect(200);
    let placed_at = first.text_at("/placed_at");
    for (query, expected) in [
        ("", &[1002, 1001][..]),
        ("sort=placed_at", &[1001, 1002]),
        ("sort=-placed_at", &[1002, 1001]),
        ("status=cancelled", &[1001]),
        ("status=open", &[1002]),
        ("status=open&channel=web", &[1002]),
        (
            "payment_status=pending&fulfilment_status=unfulfilled",
            &[1002, 1001],
        ),
        ("channel=nope", &[]),
        ("number=1002", &[1002]),
        ("external_ref=REF-77", &[1002]),
        ("customer=other@example.com", &[1002]),
        ("customer=nobody@example.com", &[]),
        (&format!("placed_before={placed_at}"), &[]),
        (
            &format!("placed_after={placed_at}&sort=placed_at"),
            &[1001, 1002],
        ),
    ] {
        assert_eq!(numbers(&client, query), expected, "{query}");
    }
    for query in ["sku=B", "q=zebu", "q=ref-77"] {
        assert_eq!(numbers(&client, query), [1002], "{query}");
    }
    assert_eq!(numbers(&client, "sku=NOPE"), [0_u64; 0]);
    for empty in ["q=", "q=%20"] {
        assert_eq!(numbers(&client, empty), numbers(&client, ""), "{empty}");
    }
}

#[test]
fn pages_follow_one_another_without_gaps() {
    let server = Server::start();
    let client = server.owner();
    furnish(&client);
    for _ in 0..5 {
        place(&client, &[("A", 1)]);
    }
    let (mut seen, mut cursor) = (Vec::new(), String::new());
    loop {
        let page = client
            .get(&format!("/v1/orders?limit=2{cursor}"))
            .expect(200);
        let rows = page.body["data"].as_array().unwrap();
        seen.extend(rows.iter().map(|row| row["number"].as_u64().unwrap()));
        assert!(rows.iter().all(|row| row.get("external_ref").is_some()));
        match &page.body["next_cursor"] {
            Value::String(next) => cursor = format!("&cursor={next}"),
            _ => break,
        }
    }
    assert_eq!(seen, [1005, 1004, 1003, 1002, 1001]);
}

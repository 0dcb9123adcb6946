//! Many orders at once.

use serde_json::{Value, json};

use super::support::{Answer, Server, furnish, levels, order};

const NDJSON: (&str, &str) = ("content-type", "application/x-ndjson");

fn rows(answer: &Answer) -> Vec<Value> {
    answer
        .text
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

#[test]
fn every_row_is_answered_in_its_order_and_a_bad_one_stops_nothing() {
    let server = Server::start();
    let client = server.owner();
    furnish(&client);
    let good = order(&[("A", 1)]).to_string();
    let unknown = order(&[("NOPE", 1)]).to_string();
    let body = format!("{good}\n{{\"broken\n\n{unknown}\r\n{good}");
    let answer = client
        .send("POST", "/v1/orders/batch", &[NDJSON], body.as_bytes())
        .expect(200);
    assert_eq!(answer.header("content-type"), Some("application/x-ndjson"));
    let rows = rows(&answer);
    let statuses: Vec<_> = rows
        .iter()
        .map(|row| {
            (
                row["row"].as_u64().unwrap(),
                row["status"].as_u64().unwrap(),
            )
        })
        .collect();
    assert_eq!(statuses, [(1, 201), (2, 400), (3, 422), (4, 201)]);
    assert_eq!(
        (&rows[0]["number"], &rows[2]["problem"]["field"]),
        (&json!(1001), &json!("/lines/0/sku"))
    );
    client
        .get(&format!("/v1/orders/{}", rows[3]["id"].as_str().unwrap()))
        .expect(200);
}

#[test]
fn a_batch_that_is_sent_again_makes_nothing_twice() {
    let server = Server::start();
    let client = server.owner();
    furnish(&client);
    let mut own = order(&[("A", 1)]);
    own["idempotency_key"] = json!("mine");
    let body = format!("{}\n{own}\n", order(&[("A", 2)]));
    let send = || {
        client
            .send(
                "POST",
                "/v1/orders/batch",
                &[NDJSON, ("idempotency-key", "b-1")],
                body.as_bytes(),
            )
            .expect(200)
    };
    let (first, again) = (send(), send());
    assert_eq!(rows(&first), rows(&again));
    assert_eq!(levels(&client, "A")[0].2, 3);
    let moved = format!("{own}\n");
    let alone = client
        .send("POST", "/v1/orders/batch", &[NDJSON], moved.as_bytes())
        .expect(200);
    assert_eq!(
        rows(&alone)[0]["id"],
        rows(&first)[1]["id"],
        "a row's own key is the row's wherever it stands"
    );
    client
        .post("/v1/orders", own)
        .expect_problem(422, "invalid_field");
}

#[test]
fn many_rows_are_placed_and_more_than_the_limit_are_not() {
    let server = Server::start();
    let client = server.owner();
    furnish(&client);
    let mut row = order(&[("A", 1)]).to_string();
    row.push('\n');
    let answer = client
        .send(
            "POST",
            "/v1/orders/batch",
            &[NDJSON],
            row.repeat(10_001).as_bytes(),
        )
        .expect(200);
    let rows = rows(&answer);
    assert_eq!(rows.len(), 10_001);
    assert!(rows[..10_000].iter().all(|row| row["status"] == 201));
    assert_eq!(rows[10_000]["status"], 413);
    let allocated: i64 = levels(&client, "A").iter().map(|level| level.2).sum();
    assert_eq!(allocated, 20, "no more than there is");
}

#[test]
fn what_is_no_batch_is_refused() {
    let server = Server::start();
    let client = server.owner();
    client
        .send(
            "POST",
            "/v1/orders/batch",
            &[("content-type", "text/csv")],
            b"x",
        )
        .expect_problem(415, "unsupported_media_type");
    assert_eq!(
        client
            .send("POST", "/v1/orders/batch", &[NDJSON], b"")
            .expect(200)
            .text,
        ""
    );
    let long = vec![b'x'; 3 * 1024 * 1024];
    let answer = client
        .send("POST", "/v1/orders/batch", &[NDJSON], &long)
        .expect(200);
    assert_eq!(rows(&answer)[0]["status"], 413);
}

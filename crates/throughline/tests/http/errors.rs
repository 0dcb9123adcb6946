//! Bad input: a problem document that names the thing, the right status, and nothing half done.

use std::io::{Read, Write};
use std::net::TcpStream;

use serde_json::{Value, json};

use super::support::{Client, Server, furnish, order, place};

const JSON: &[(&str, &str)] = &[("content-type", "application/json")];

fn with(pointer: &str, value: Value) -> Value {
    let mut body = order(&[("A", 1)]);
    let (parent, field) = pointer.rsplit_once('/').unwrap();
    body.pointer_mut(parent).unwrap()[field] = value;
    body
}

fn orders(client: &Client) -> usize {
    client.get("/v1/orders").expect(200).body["data"]
        .as_array()
        .unwrap()
        .len()
}

#[test]
fn malformed_bodies_are_answered_with_where_they_break() {
    let server = Server::start();
    let client = server.owner();
    for body in [
        &b"{"[..],
        b"",
        b"\xff",
        b"{\"a\":1}}",
        b"{\"channel\":\"\xc3\x28\"}",
        b"nonsense",
    ] {
        client
            .send("POST", "/v1/orders", JSON, body)
            .expect_problem(400, "malformed_request");
    }
    let deep = format!("{}1{}", "[".repeat(500), "]".repeat(500));
    client
        .send("POST", "/v1/orders", JSON, deep.as_bytes())
        .expect(422);
    let deep = format!(
        "{{\"metadata\":{{\"a\":{}1{}}}}}",
        "[".repeat(500),
        "]".repeat(500)
    );
    client
        .send("POST", "/v1/orders", JSON, deep.as_bytes())
        .expect_problem(400, "malformed_request");
}

#[test]
fn impossible_orders_name_their_field_and_leave_nothing_behind() {
    let server = Server::start();
    let client = server.owner();
    furnish(&client);
    for (body, status, code, field) in [
        (
            with("/lines/0/quantity", json!(0)),
            422,
            "invalid_field",
            "/lines/0/quantity",
        ),
        (
            with("/lines/0/quantity", json!(-1)),
            422,
            "invalid_field",
            "/lines/0/quantity",
        ),
        (
            with("/lines/0/quantity", json!(9_223_372_036_854_775_807_i64)),
            422,
            "invalid_field",
            "/lines/0/quantity",
        ),
        (
            with("/lines/0/quantity", json!(1e300)),
            422,
            "invalid_field",
            "/lines/0/quantity",
        ),
        (
            with("/lines/0/quantity", json!("2")),
            422,
            "invalid_field",
            "/lines/0/quantity",
        ),
        (
            with("/lines/0/sku", json!("NOPE")),
            422,
            "unknown_reference",
            "/lines/0/sku",
        ),
        (
            with("/lines/0/sku", json!("")),
            422,
            "invalid_field",
            "/lines/0/sku",
        ),
        (
            with("/lines/0/location", json!("NOPE")),
            422,
            "unknown_reference",
            "/lines/0/location",
        ),
        (
            with("/lines/0/method", json!("teleport")),
            422,
            "invalid_field",
            "/lines/0/method",
        ),
        (
            with("/lines/0/unit_price_minor", json!(-1)),
            422,
            "invalid_field",
            "/lines/0/unit_price_minor",
        ),
        (
            with("/lines/0/sku", json!("A\nB")),
            422,
            "invalid_field",
            "/lines/0/sku",
        ),
        (
            with("/external_ref", json!("1\t2")),
            422,
            "invalid_field",
            "/external_ref",
        ),
        (
            with("/lines", json!([{"sku": "A", "quantity": 1}])),
            422,
            "invalid_field",
            "/lines/0/unit_price_minor",
        ),
        (
            with("/lines/0/discount_minor", json!(1_000_000)),
            422,
            "invalid_field",
            "/lines/0/discount_minor",
        ),
        (
            with("/lines/0/requested_date", json!("-000001-01-01")),
            422,
            "invalid_field",
            "/lines/0/requested_date",
        ),
        (with("/lines", json!([])), 422, "invalid_field", "/lines"),
        (
            with("/channel", json!("nope")),
            422,
            "unknown_reference",
            "/channel",
        ),
        (
            with("/currency", json!("GBP")),
            422,
            "wrong_currency",
            "/currency",
        ),
        (
            with("/currency", json!("euro")),
            422,
            "invalid_field",
            "/currency",
        ),
        (
            with("/ship_to/country", json!("Narnia")),
            422,
            "invalid_field",
            "/ship_to/country",
        ),
        (
            with("/ship_to/planet", json!("Earth")),
            422,
            "invalid_field",
            "/ship_to/planet",
        ),
        (
            with("/customer/email", json!("nonsense")),
            422,
            "invalid_field",
            "/customer/email",
        ),
        (
            with("/external_ref", json!("x".repeat(256))),
            422,
            "invalid_field",
            "/external_ref",
        ),
        (
            with("/placed_at", json!("yesterday")),
            422,
            "invalid_field",
            "/placed_at",
        ),
        (
            with("/note", json!("a\u{0}b")),
            422,
            "invalid_field",
            "/note",
        ),
        (
            with("/reservation_id", json!("x")),
            422,
            "unknown_reference",
            "/reservation_id",
        ),
        (
            with("/colour", json!("red")),
            422,
            "invalid_field",
            "/colour",
        ),
    ] {
        let answer = client.post("/v1/orders", body.clone());
        let found = (
            answer.status,
            answer.body["code"].as_str().unwrap_or(""),
            answer.body["field"].as_str().unwrap_or(""),
        );
        assert_eq!(found, (status, code, field), "{body}: {}", answer.text);
    }
    assert_eq!(orders(&client), 0);
}

#[test]
fn a_name_that_stands_twice_is_ambiguous_wherever_it_stands() {
    let server = Server::start();
    let client = server.owner();
    furnish(&client);
    let body = order(&[("A", 1)]).to_string();
    for (from, to) in [
        ("{", r#"{"note":"a","note":"b","#),
        ("{", r#"{"metadata":{"a":1,"a":2},"#),
        (
            r#""lines":[{"#,
            r#""lines":[{"metadata":{"a":[{"b":1,"b":2}]},"#,
        ),
    ] {
        let twice = body.replacen(from, to, 1);
        assert_ne!(twice, body);
        client
            .send("POST", "/v1/orders", JSON, twice.as_bytes())
            .expect_problem(400, "malformed_request");
    }
    assert_eq!(orders(&client), 0);
}

#[test]
fn an_array_is_no_object_and_a_query_is_utf_8() {
    let server = Server::start();
    let client = server.owner();
    furnish(&client);
    let id = place(&client, &[("A", 1)]).text_at("/id");
    client
        .post(&format!("/v1/orders/{id}/notes"), json!(["hello"]))
        .expect_problem(422, "invalid_field");
    for query in ["q=%ff", "sku=%C3%28", "%ff=1"] {
        client
            .get(&format!("/v1/orders?{query}"))
            .expect_problem(400, "invalid_parameter");
    }
    client.get("/v1/orders?placed_after=2026-01-31").expect(200);
    client
        .get("/v1/orders?placed_after=2026-02-30")
        .expect_problem(400, "invalid_parameter");
}

#[test]
fn oversized_and_foreign_requests_are_refused() {
    let server = Server::start();
    let client = server.owner();
    let large = vec![b' '; 2 * 1024 * 1024 + 1];
    client
        .send("POST", "/v1/orders", JSON, &large)
        .expect_problem(413, "body_too_large");
    client
        .send(
            "POST",
            "/v1/orders",
            &[("content-type", "text/csv")],
            b"a,b",
        )
        .expect_problem(415, "unsupported_media_type");
    client
        .send("POST", "/v1/orders", &[], b"{}")
        .expect_problem(415, "unsupported_media_type");
    client.get("/v1/nothing").expect_problem(404, "not_found");
    let answer = client
        .send("PATCH", "/v1/orders", JSON, b"{}")
        .expect_problem(405, "method_not_allowed");
    let allow = answer.header("allow").unwrap();
    assert!(allow.contains("GET") && allow.contains("POST"), "{allow}");
    for (path, field) in [
        ("/v1/orders?limit=0", "limit"),
        ("/v1/orders?limit=201", "limit"),
        ("/v1/orders?status=shippedish", "status"),
        ("/v1/orders?cursor=***", "cursor"),
        ("/v1/orders?placed_after=soon", "placed_after"),
        ("/v1/orders?staus=open", "staus"),
        ("/v1/items?cursor=bm9uc2Vuc2U", "cursor"),
        ("/v1/stock?colour=red", "colour"),
        ("/v1/events?after=***", "cursor"),
    ] {
        let problem = client.get(path).expect_problem(400, "invalid_parameter");
        assert_eq!(problem.body["field"], field, "{path}");
    }
}

#[test]
fn what_is_no_http_is_not_answered_with_a_fault() {
    let server = Server::start();
    for request in [
        "GET /healthz HTTP/1.1\r\nHost: x\r\nContent-Length: nonsense\r\n\r\n".to_owned(),
        "NONSENSE\r\n\r\n".to_owned(),
        format!(
            "GET /healthz HTTP/1.1\r\nHost: x\r\nx-long: {}\r\n\r\n",
            "x".repeat(1_000_000)
        ),
    ] {
        let mut stream = TcpStream::connect(server.address).unwrap();
        // The server may close the connection before it has read everything.
        let _ = stream.write_all(request.as_bytes());
        let mut answer = Vec::new();
        let _ = stream.read_to_end(&mut answer);
        let answer = String::from_utf8_lossy(&answer);
        assert!(
            answer.is_empty() || answer.starts_with("HTTP/1.1 4"),
            "{answer}"
        );
    }
    server.stranger().get("/healthz").expect(200);
}

#[test]
fn a_duplicate_reference_with_other_contents_is_refused() {
    let server = Server::start();
    let client = server.owner();
    furnish(&client);
    let first = client
        .post("/v1/orders", with("/external_ref", json!("X-1")))
        .expect(201);
    let again = client
        .post("/v1/orders", with("/external_ref", json!("X-1")))
        .expect(200);
    assert_eq!(again.body["id"], first.body["id"]);
    let mut other = with("/external_ref", json!("X-1"));
    other["lines"][0]["quantity"] = json!(2);
    client
        .post("/v1/orders", other)
        .expect_problem(409, "duplicate_reference");
    assert_eq!(orders(&client), 1);
}

/// What a client that writes its whole request before it reads is answered.
fn answer_after_all_is_written(server: &Server, head: &str, length: usize) -> String {
    let mut stream = TcpStream::connect(server.address).unwrap();
    write!(
        stream,
        "{head}host: localhost\r\ncontent-length: {length}\r\n\r\n"
    )
    .unwrap();
    let chunk = vec![b' '; 1024 * 1024];
    for start in (0..length).step_by(chunk.len()) {
        stream
            .write_all(&chunk[..chunk.len().min(length - start)])
            .unwrap();
    }
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer
}

#[test]
fn who_writes_a_whole_body_before_reading_is_answered_all_the_same() {
    let server = Server::start();
    let key = server.owner().key.unwrap();
    let json = format!(
        "POST /v1/orders HTTP/1.1\r\nauthorization: Bearer {key}\r\ncontent-type: application/json\r\n"
    );
    let viewer = server
        .client(throughline::http::auth::Role::Analyst, &[])
        .key
        .unwrap();
    let megabyte = 1024 * 1024;
    for (head, length, status) in [
        (json.clone(), 5 * megabyte, "413"),
        (json.clone(), 30 * megabyte, "413"),
        (
            json.replace("application/json", "text/plain"),
            9 * megabyte,
            "41",
        ),
        (json.replace(&key, "nobody"), 9 * megabyte, "401"),
        (json.replace(&key, &viewer), 9 * megabyte, "403"),
        (
            json.replace("/v1/orders", "/v1/nothing"),
            9 * megabyte,
            "404",
        ),
    ] {
        let answer = answer_after_all_is_written(&server, &head, length);
        assert!(
            answer.starts_with(&format!("HTTP/1.1 {status}")),
            "{status}: {answer}"
        );
        assert!(answer.contains("\"detail\":"), "{answer}");
    }
    server.stranger().get("/healthz").expect(200);
}

#[test]
fn a_body_that_nobody_reads_does_not_hold_up_the_end_of_the_server() {
    let mut server = Server::start();
    let mut stream = TcpStream::connect(server.address).unwrap();
    stream
        .write_all(
            b"POST /v1/orders HTTP/1.1\r\nhost: localhost\r\ncontent-length: 9000000\r\n\r\nx",
        )
        .unwrap();
    let mut start = [0; 12];
    stream.read_exact(&mut start).unwrap();
    assert_eq!(&start, b"HTTP/1.1 401");
    let watch = throughline::wiring::clock::Stopwatch::start();
    server.stop();
    assert!(watch.elapsed().as_secs() < 8, "{:?}", watch.elapsed());
}

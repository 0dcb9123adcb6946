//! Amending orders.

use serde_json::json;

use super::support::{Server, furnish, place};

#[test]
fn one_change_set_adds_changes_and_removes_lines() {
    let server = Server::start();
    let client = server.owner();
    furnish(&client);
    let placed = place(&client, &[("A", 2), ("B", 1)]);
    let (id, a, b) = (
        placed.text_at("/id"),
        placed.text_at("/lines/0/id"),
        placed.text_at("/lines/1/id"),
    );
    let change = json!({
        "add_lines": [{"sku": "B", "quantity": 3, "unit_price_minor": 100}],
        "change_lines": [{"id": a, "quantity": 5, "unit_price_minor": 400}],
        "remove_lines": [b], "po_number": "PO-7", "reason": "phone call",
        "charges": [{"kind": "fee", "amount_minor": 50}]
    });
    let amended = client
        .post(&format!("/v1/orders/{id}/amend"), change)
        .expect(200);
    assert_eq!(amended.body["lines"][0]["ordered"], 5);
    assert_eq!(
        amended.body["totals"]["total_minor"],
        5 * 400 + 3 * 100 + 50
    );
    assert_eq!(amended.body["po_number"], "PO-7");
}

#[test]
fn a_line_of_another_order_is_unknown_here() {
    let server = Server::start();
    let client = server.owner();
    furnish(&client);
    let (one, other) = (place(&client, &[("A", 2)]), place(&client, &[("A", 2)]));
    let foreign = other.text_at("/lines/0/id");
    let path = format!("/v1/orders/{}/amend", one.text_at("/id"));
    let refused = client
        .post(&path, json!({"remove_lines": [foreign]}))
        .expect_problem(422, "unknown_reference");
    assert_eq!(refused.body["field"], "/remove_lines/0");
    let refused = client
        .post(&path, json!({"change_lines": [{"id": foreign}]}))
        .expect_problem(422, "unknown_reference");
    assert_eq!(refused.body["field"], "/change_lines/0/id");
}

#[test]
fn a_stale_version_is_refused() {
    let server = Server::start();
    let client = server.owner();
    furnish(&client);
    let placed = place(&client, &[("A", 2)]);
    let path = format!("/v1/orders/{}/notes", placed.text_at("/id"));
    let tag = placed.header("etag").unwrap();
    let note = || json!({"text": "x"});
    let noted = client
        .json("POST", &path, &[("if-match", tag)], note())
        .expect(200);
    client
        .json("POST", &path, &[("if-match", tag)], note())
        .expect_problem(409, "stale_version");
    let version = noted.body["version"].to_string();
    client
        .json("POST", &path, &[("if-match", &version)], note())
        .expect(200);
    client
        .json("POST", &path, &[("if-match", "soon")], note())
        .expect_problem(400, "malformed_request");
}

//! Drafts.

use serde_json::json;

use super::support::{Server, furnish, levels, order};

#[test]
fn a_draft_claims_nothing_until_it_is_placed() {
    let server = Server::start();
    let client = server.owner();
    furnish(&client);
    let draft = client.post("/v1/drafts", order(&[("A", 2)])).expect(201);
    let id = draft.text_at("/id");
    assert_eq!(
        (&draft.body["status"], &draft.body["available_actions"]),
        (
            &json!("draft"),
            &json!(["place", "cancel", "note", "tag", "priority"])
        )
    );
    assert_eq!(levels(&client, "A")[0].2, 0);
    let changed = client
        .put(&format!("/v1/drafts/{id}"), order(&[("A", 3)]))
        .expect(200);
    assert_eq!(changed.body["lines"][0]["ordered"], 3);
    client
        .post(&format!("/v1/orders/{id}/holds"), json!({"reason": "x"}))
        .expect_problem(409, "illegal_transition");
    let placed = client
        .send("POST", &format!("/v1/drafts/{id}/place"), &[], b"")
        .expect(200);
    assert_eq!(
        (&placed.body["status"], &placed.body["id"]),
        (&json!("open"), &json!(id))
    );
    assert_eq!(levels(&client, "A")[0].2, 3);
    client
        .put(&format!("/v1/drafts/{id}"), order(&[("A", 4)]))
        .expect_problem(409, "illegal_transition");
}

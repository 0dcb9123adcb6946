//! API keys.

use serde_json::json;
use throughline::http::auth::Role;

use super::support::{Client, Server, furnish};

#[test]
fn a_key_is_shown_once_works_at_once_and_ends_when_it_is_revoked() {
    let server = Server::start();
    let owner = server.owner();
    let made = owner
        .post("/v1/keys", json!({"name": "shop", "role": "operations"}))
        .expect(201);
    let (id, text) = (made.text_at("/id"), made.text_at("/key"));
    let shop = Client {
        key: Some(text.clone()),
        ..server.stranger()
    };
    shop.get("/v1/orders").expect(200);
    let listed = owner.get("/v1/keys").expect(200);
    assert!(!listed.text.contains(&text) && listed.text.contains(&id));
    owner
        .send("DELETE", &format!("/v1/keys/{id}"), &[], b"")
        .expect(204);
    shop.get("/v1/orders")
        .expect_problem(401, "unauthenticated");
    owner
        .send(
            "DELETE",
            "/v1/keys/01912d68-783e-7a03-8467-000000000001",
            &[],
            b"",
        )
        .expect_problem(404, "not_found");
}

#[test]
fn impossible_keys_are_refused() {
    let server = Server::start();
    let owner = server.owner();
    furnish(&owner);
    for (body, field) in [
        (json!({"name": "", "role": "owner"}), "/name"),
        (json!({"name": "x", "role": "king"}), "/role"),
        (json!({"name": "x", "role": "warehouse"}), "/locations"),
        (
            json!({"name": "x", "role": "warehouse", "locations": ["LEEDS", "NOPE"]}),
            "/locations/1",
        ),
        (
            json!({"name": "x", "role": "owner", "expires_at": "2020-01-01T00:00:00Z"}),
            "/expires_at",
        ),
    ] {
        let refused = owner.post("/v1/keys", body.clone());
        assert_eq!(
            (refused.status, &refused.body["field"]),
            (422, &json!(field)),
            "{body}: {}",
            refused.text
        );
    }
    owner
        .post(
            "/v1/keys",
            json!({"name": "x", "role": "warehouse", "locations": ["LEEDS"]}),
        )
        .expect(201);
}

#[test]
fn keys_that_are_none_are_refused_alike() {
    let server = Server::start();
    let owner = server.owner();
    let text = owner.key.clone().unwrap();
    let other_secret = format!("{}{}", &text[..12], "A".repeat(43));
    for key in [
        "",
        "nonsense",
        "tl_abcdefgh_short",
        &text[1..],
        &text.to_uppercase(),
        &other_secret,
    ] {
        let stranger = Client {
            key: Some(key.to_owned()),
            ..server.stranger()
        };
        let refused = stranger
            .get("/v1/orders")
            .expect_problem(401, "unauthenticated");
        assert!(
            refused
                .header("www-authenticate")
                .is_some_and(|scheme| scheme.starts_with("Bearer"))
        );
    }
    for header in ["Basic dXNlcjpwYXNz", "Bearer", "", &text] {
        server
            .stranger()
            .send("GET", "/v1/orders", &[("authorization", header)], b"")
            .expect_problem(401, "unauthenticated");
    }
    server
        .client(Role::Analyst, &[])
        .get("/v1/orders")
        .expect(200);
}

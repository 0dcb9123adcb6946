//! Who may do what: every operation of the OpenAPI document is tried without a key and with keys that may not.

use axum::http::Method;
use serde_json::json;
use throughline::http::auth::{PUBLIC, Role, allowed};

use super::support::{Server, furnish, place};

/// Every operation of the document, with ids that nothing has.
fn operations(server: &Server) -> Vec<(String, String, String)> {
    let document = server.stranger().get("/openapi.json").expect(200).body;
    let mut found = Vec::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        for method in item.as_object().unwrap().keys() {
            let concrete = path
                .replace("{id}", "01912d68-783e-7a03-8467-000000000401")
                .replace("{hold_id}", "x")
                .replace("{choice_id}", "x")
                .replace("{token}", "x");
            let concrete = concrete.replace("{sku}", "x").replace("{code}", "x");
            found.push((method.to_uppercase(), path.clone(), concrete));
        }
    }
    assert!(found.len() > 50, "{}", found.len());
    found
}

#[test]
fn nothing_is_open_without_a_key_but_what_is_meant_to_be() {
    let server = Server::start();
    for (method, path, concrete) in operations(&server) {
        let answer = server.stranger().json(&method, &concrete, &[], json!({}));
        if path.starts_with("/p/") {
            // The link is the key.
            answer.expect(404);
        } else if path.starts_with("/scores/") {
            // The signature is the key.
            answer.expect_problem(401, "bad_signature");
        } else if PUBLIC.contains(&path.as_str()) {
            answer.expect(200);
        } else {
            let refused = answer.expect_problem(401, "unauthenticated");
            assert!(
                refused.header("www-authenticate").is_some(),
                "{method} {path}"
            );
        }
    }
}

#[test]
fn a_role_that_may_not_is_refused_everywhere() {
    let server = Server::start();
    let clients: Vec<_> = Role::ALL
        .into_iter()
        .map(|role| {
            let locations: &[&str] = if role.is_bound_to_locations() {
                &["LEEDS"]
            } else {
                &[]
            };
            (role, server.client(role, locations))
        })
        .collect();
    for (method, path, concrete) in operations(&server) {
        if PUBLIC.contains(&path.as_str()) || path == "/v1/events" {
            continue;
        }
        let roles = allowed(&Method::from_bytes(method.as_bytes()).unwrap(), &path).unwrap();
        for (role, client) in &clients {
            let answer = client.json(&method, &concrete, &[], json!({"nonsense": 1}));
            let is_forbidden = answer.status == 403 && answer.text.contains("with the role");
            assert_eq!(
                is_forbidden,
                !roles.contains(*role),
                "{role} {method} {path}: {} {}",
                answer.status,
                answer.text
            );
        }
    }
}

#[test]
fn a_bound_key_sees_and_does_only_what_is_at_its_locations() {
    let server = Server::start();
    let owner = server.owner();
    furnish(&owner);
    let fulfilment = place(&owner, &[("A", 1)]).text_at("/fulfilments/0/id");
    let (leeds, paris) = (
        server.client(Role::Warehouse, &["LEEDS"]),
        server.client(Role::Partner, &["PARIS"]),
    );
    let path = format!("/v1/fulfilments/{fulfilment}");
    paris.get(&path).expect_problem(403, "forbidden");
    paris
        .post(&format!("{path}/pick"), json!({}))
        .expect_problem(403, "forbidden");
    let seen = leeds.get(&path).expect(200);
    assert_eq!(seen.body["available_actions"], json!(["reject", "pick"]));
    leeds.post(&format!("{path}/pick"), json!({})).expect(200);
    leeds.get("/v1/orders").expect_problem(403, "forbidden");
    let stock = leeds.get("/v1/stock").expect(200);
    assert!(
        stock.body["data"]
            .as_array()
            .unwrap()
            .iter()
            .all(|row| row["location"] == "LEEDS")
    );
    leeds
        .get("/v1/stock?location=PARIS")
        .expect_problem(403, "forbidden");
    leeds
        .get("/v1/stock/ledger?location=PARIS")
        .expect_problem(403, "forbidden");
    let count = |location: &str| json!({"sku": "B", "location": location, "quantity": 9});
    leeds.post("/v1/stock/count", count("LEEDS")).expect(200);
    leeds
        .post("/v1/stock/count", count("PARIS"))
        .expect_problem(403, "forbidden");
    let transfer = json!({"sku": "B", "from": "LEEDS", "to": "PARIS", "quantity": 1});
    leeds
        .post("/v1/stock/transfer", transfer)
        .expect_problem(403, "forbidden");
    let service = server.client(Role::CustomerService, &[]);
    let order = service.get("/v1/orders/1001").expect(200);
    assert_eq!(order.body["fulfilments"][0]["available_actions"], json!([]));
}

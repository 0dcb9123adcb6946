//! The OpenAPI document: what the handlers say, and what is true of all of them.

use axum::http::Method;
use serde_json::{Map, Value, json};
use utoipa::PartialSchema;

use super::auth::PUBLIC;
use super::problem::{self, ProblemBody};
use super::router;

/// The document of this version.
#[must_use]
pub(super) fn document() -> Value {
    let (_, handlers) = router::endpoints().split_for_parts();
    let mut document = serde_json::to_value(handlers).unwrap_or_default();
    document["info"] = info();
    document["security"] = json!([{"key": []}]);
    document["components"]["securitySchemes"] = json!({"key": {
        "type": "http", "scheme": "bearer",
        "description": "An API key, made by `throughline key create` or `POST /v1/keys`"
    }});
    document["components"]["schemas"]["Problem"] =
        serde_json::to_value(ProblemBody::schema()).unwrap_or_default();
    document["tags"] = tags();
    describe_texts(&mut document["components"]["schemas"]);
    if let Some(paths) = document["paths"].as_object_mut() {
        for (path, item) in paths {
            each_operation(item, |method, operation| complete(method, path, operation));
        }
    }
    document
}

/// Texts are not blank where something is needed, and hold no control characters but line breaks and tabs.
fn describe_texts(schemas: &mut Value) {
    const NONE: &str = r"\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f";
    match schemas {
        Value::Object(schema) => {
            let is_limited = schema.contains_key("maxLength") && !schema.contains_key("pattern");
            if is_limited && schema.get("minLength").is_some() {
                schema.insert(
                    "pattern".to_owned(),
                    format!(r"^[^{NONE}]*[^{NONE}\s][^{NONE}]*$").into(),
                );
            } else if is_limited {
                schema.insert("pattern".to_owned(), format!("^[^{NONE}]*$").into());
            }
            schema.values_mut().for_each(describe_texts);
        }
        Value::Array(schemas) => schemas.iter_mut().for_each(describe_texts),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

fn info() -> Value {
    json!({
        "title": "Throughline",
        "version": env!("CARGO_PKG_VERSION"),
        "license": {"name": "MIT OR Apache-2.0"},
        "description": "An order management system: orders from every channel, from capture to delivery and return, on one record."
    })
}

fn tags() -> Value {
    let tags = [
        ("orders", "Orders, from placing to returns"),
        ("drafts", "Orders that are not yet placed"),
        ("fulfilments", "What each location does for an order"),
        ("returns", "Goods coming back"),
        ("stock", "Stock levels, movements and the ledger"),
        ("supply", "Goods that will come, and transfers on their way"),
        ("reservations", "Soft claims on stock with an expiry"),
        ("items", "Master data of SKUs"),
        (
            "locations",
            "Where stock is and fulfilments are done, their groups and days",
        ),
        (
            "sourcing",
            "Policies that say where orders are served from, and previews",
        ),
        ("promises", "Which deliveries could be promised"),
        ("channels", "Where orders come from"),
        (
            "calendars",
            "On which days and in which hours somebody works",
        ),
        ("carriers", "Carrier services, their closures, and rates"),
        ("customers", "Customers"),
        ("geo", "Where postal codes are"),
        ("reports", "What the past adds up to"),
        ("screening", "Screening rules"),
        ("pages", "Pages for customers"),
        ("events", "What happens, as it happens"),
        ("keys", "API keys"),
        ("server", "The server itself"),
    ];
    tags.iter()
        .map(|(name, description)| json!({"name": name, "description": description}))
        .collect()
}

/// Every operation of a document, as method and path.
#[must_use]
pub(super) fn operations(document: &Value) -> Vec<(Method, String)> {
    let mut found = Vec::new();
    for (path, item) in document["paths"].as_object().into_iter().flatten() {
        for name in item.as_object().into_iter().flat_map(Map::keys) {
            if let Ok(method) = Method::from_bytes(name.to_uppercase().as_bytes()) {
                found.push((method, path.clone()));
            }
        }
    }
    found
}

/// The document as text, as it is served and kept in `generated/`.
#[must_use]
pub(super) fn to_json(document: &Value) -> Vec<u8> {
    let mut text = serde_json::to_vec_pretty(document).unwrap_or_default();
    text.push(b'\n');
    text
}

fn each_operation(item: &mut Value, mut change: impl FnMut(&str, &mut Value)) {
    for (method, operation) in item.as_object_mut().into_iter().flatten() {
        if operation.get("responses").is_some() {
            change(method, operation);
        }
    }
}

/// Adds what every operation of this kind takes and may answer.
fn complete(method: &str, path: &str, operation: &mut Value) {
    let (writes, page) = (method != "get", path.starts_with("/p/"));
    if writes && !PUBLIC.contains(&path) {
        add_parameters(path, operation);
    }
    for response in operation["responses"]
        .as_object_mut()
        .into_iter()
        .flat_map(Map::values_mut)
    {
        let request_id =
            json!({"description": "Names this request in the log", "schema": {"type": "string"}});
        response["headers"]["x-request-id"] = request_id;
    }
    let problems = if page {
        // Its other answers are pages.
        vec![(500, "Something broke on our side")]
    } else {
        problems(method, path, operation)
    };
    for (status, when) in problems {
        let schema = json!({"schema": {"$ref": "#/components/schemas/Problem"}});
        operation["responses"][status.to_string()] =
            json!({"description": when, "content": {problem::MEDIA_TYPE: schema}});
    }
}

fn add_parameters(path: &str, operation: &mut Value) {
    let mut parameters = vec![json!({
        "name": "Idempotency-Key", "in": "header", "required": false,
        "description": "The same key and body answers with the first status and resource; another body is a 409",
        "schema": {"type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[!-~]+$"}
    })];
    if [
        "/v1/orders/{id}/",
        "/v1/drafts/{id}/",
        "/v1/fulfilments/{id}/",
        "/v1/returns/{id}/",
    ]
    .iter()
    .any(|verb| path.starts_with(verb))
    {
        parameters.push(json!({
            "name": "If-Match", "in": "header", "required": false,
            "description": "The order's version, as `ETag` gave it; another version is a 409",
            "schema": {"type": "string", "pattern": "^(\"[0-9]{1,19}\"|[0-9]{1,19})$"}
        }));
    }
    match operation["parameters"].as_array_mut() {
        Some(known) => known.append(&mut parameters),
        None => operation["parameters"] = parameters.into(),
    }
}

/// The problems that an operation may answer.
fn problems(method: &str, path: &str, operation: &Value) -> Vec<(u16, &'static str)> {
    let (writes, open) = (method != "get", PUBLIC.contains(&path));
    let signed = open && writes;
    let known = |place: &str| {
        operation["parameters"]
            .as_array()
            .into_iter()
            .flatten()
            .any(|parameter| parameter["in"] == place)
    };
    let possible = [
        (true, 500, "Something broke on our side"),
        (
            path == "/readyz" || writes,
            503,
            "Not just now; see Retry-After",
        ),
        (!open || signed, 400, "The request cannot be read"),
        (signed, 401, "It is not signed as it has to be"),
        (!open, 401, "A valid API key is needed"),
        (!open, 403, "The key may not do this"),
        (known("path"), 404, "There is no such thing"),
        (writes, 404, "There is no such thing"),
        (writes, 409, "It clashes with the current state"),
        (writes, 413, "The body is too large"),
        (writes, 415, "The content type is not understood"),
        (writes, 422, "It names unknown or impossible things"),
    ];
    possible
        .into_iter()
        .filter(|(may, ..)| *may)
        .map(|(_, status, when)| (status, when))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::auth::allowed;

    #[test]
    fn every_operation_has_a_line_in_the_table_of_permissions() {
        for (method, path) in operations(&document()) {
            let open = PUBLIC.contains(&path.as_str());
            assert_ne!(open, allowed(&method, &path).is_some(), "{method} {path}");
        }
    }

    #[test]
    fn the_document_refers_only_to_what_it_holds() {
        let document = document();
        let text = document.to_string();
        let mut references = 0;
        for part in text.split("#/components/schemas/").skip(1) {
            let name = part.split('"').next().unwrap();
            assert!(
                document["components"]["schemas"].get(name).is_some(),
                "{name}"
            );
            references += 1;
        }
        assert!(references > 50, "{references}");
    }

    #[test]
    fn the_committed_document_is_current() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../generated/openapi.json");
        let committed = std::fs::read(path).unwrap_or_default();
        assert!(
            committed == to_json(&document()),
            "run scripts/generated, or: throughline openapi > generated/openapi.json"
        );
    }
}

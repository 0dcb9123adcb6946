//! JSON Schemas of documents that people keep in files, made of the OpenAPI document.

use axum::extract::State;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use serde_json::{Map, Value, json};

use super::api::Shared;

/// The name of a policy's document among the components.
const POLICY: &str = "SourcingPolicyData";
const COMPONENTS: &str = "#/components/schemas/";
const DEFINITIONS: &str = "#/$defs/";

/// The JSON Schema (2020-12) of a sourcing policy as it is put. Needs no key.
#[utoipa::path(
    get, path = "/schemas/sourcing-policy.json", operation_id = "sourcing_policy_schema", tag = "server", security(()),
    responses((status = 200, description = "The schema", body = Object, content_type = "application/schema+json"))
)]
pub(super) async fn get_sourcing_policy_schema(State(api): State<Shared>) -> Response {
    let schema = api.policy_schema.clone();
    ([(CONTENT_TYPE, "application/schema+json")], schema).into_response()
}

/// The schema of a sourcing policy, with everything that it refers to.
#[must_use]
pub(super) fn sourcing_policy(document: &Value) -> Value {
    let components = &document["components"]["schemas"];
    let mut definitions = Map::new();
    let mut schema = components[POLICY].clone();
    collect(&mut schema, components, &mut definitions);
    let head = json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Sourcing policy",
        "$defs": definitions,
    });
    let head = head.as_object().cloned().unwrap_or_default();
    if let Some(fields) = schema.as_object_mut() {
        fields.extend(head);
    }
    schema
}

/// Points references to definitions of the schema's own, and takes along what they name.
fn collect(schema: &mut Value, components: &Value, definitions: &mut Map<String, Value>) {
    match schema {
        Value::Object(fields) => {
            for (name, value) in fields.iter_mut() {
                let target = value.as_str().filter(|_| name == "$ref");
                match target.and_then(|target| target.strip_prefix(COMPONENTS)) {
                    Some(target) => {
                        let target = target.to_owned();
                        *value = format!("{DEFINITIONS}{target}").into();
                        define(&target, components, definitions);
                    }
                    None => collect(value, components, definitions),
                }
            }
        }
        Value::Array(values) => values
            .iter_mut()
            .for_each(|value| collect(value, components, definitions)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

fn define(name: &str, components: &Value, definitions: &mut Map<String, Value>) {
    if definitions.contains_key(name) {
        return;
    }
    let mut schema = components[name].clone();
    // Known from now on: a schema may refer to itself.
    definitions.insert(name.to_owned(), Value::Null);
    collect(&mut schema, components, definitions);
    definitions.insert(name.to_owned(), schema);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_schema_holds_all_that_it_refers_to() {
        let schema = sourcing_policy(&crate::http::openapi::document());
        let text = schema.to_string();
        assert!(!text.contains(COMPONENTS), "{text}");
        let mut references = 0;
        for part in text.split(DEFINITIONS).skip(1) {
            let name = part.split('"').next().unwrap();
            assert!(schema["$defs"][name].is_object(), "{name}");
            references += 1;
        }
        assert!(references > 5, "{references}");
        assert_eq!(schema["properties"]["name"]["maxLength"], 255);
        assert_eq!(schema["required"], json!(["name"]));
    }

    #[test]
    fn the_committed_schema_is_current() {
        let path = concat!(
            env!("CARGO_MANIFEST_DIR"),
            "/../../generated/sourcing-policy.schema.json"
        );
        let committed = std::fs::read(path).unwrap_or_default();
        let schema = sourcing_policy(&crate::http::openapi::document());
        assert!(
            committed == crate::http::openapi::to_json(&schema),
            "run scripts/generated, or: throughline openapi --schema sourcing-policy > generated/sourcing-policy.schema.json"
        );
    }
}

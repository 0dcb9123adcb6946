//! The HTTP API: handlers translate, and decide nothing.

pub mod api;
pub mod auth;
pub mod body;
mod docs;
mod docs_page;
mod gate;
mod health;
mod openapi;
pub mod path;
pub mod problem;
pub mod public;
pub mod query;
pub mod router;
mod schemas;
pub mod server;
mod unread;
mod wording;
pub mod write;

/// The OpenAPI document as text.
#[must_use]
pub fn openapi_json() -> Vec<u8> {
    openapi::to_json(&openapi::document())
}

/// The JSON Schema of a sourcing policy as text.
#[must_use]
pub fn sourcing_policy_schema_json() -> Vec<u8> {
    openapi::to_json(&schemas::sourcing_policy(&openapi::document()))
}

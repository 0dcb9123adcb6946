//! The reference page: one page made of the OpenAPI document, readable without the internet.

use axum::extract::State;
use axum::http::HeaderName;
use axum::http::header::{CONTENT_SECURITY_POLICY, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};

use super::api::Shared;

/// The page holds text and its own style, nothing else.
const HEADERS: [(HeaderName, &str); 2] = [
    (CONTENT_TYPE, "text/html; charset=utf-8"),
    (
        CONTENT_SECURITY_POLICY,
        "default-src 'none'; style-src 'unsafe-inline'",
    ),
];

/// The reference page. Needs no key.
#[utoipa::path(
    get, path = "/docs", operation_id = "docs", tag = "server", security(()),
    responses((status = 200, description = "The reference page", body = String, content_type = "text/html"))
)]
pub(super) async fn get_docs(State(api): State<Shared>) -> Response {
    let page = api
        .docs
        .get_or_init(|| super::docs_page::page(&api.openapi).into());
    (HEADERS, page.clone()).into_response()
}

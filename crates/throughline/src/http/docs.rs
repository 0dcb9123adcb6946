//! The reference page: one page made of the OpenAPI document, readable without the internet.

use axum::extract::State;
use axum::response::Html;

use super::api::Shared;

/// The reference page. Needs no key.
#[utoipa::path(
    get, path = "/docs", operation_id = "docs", tag = "server", security(()),
    responses((status = 200, description = "The reference page", body = String, content_type = "text/html"))
)]
pub(super) async fn get_docs(State(api): State<Shared>) -> Html<String> {
    Html(super::docs_page::page(&api.openapi))
}

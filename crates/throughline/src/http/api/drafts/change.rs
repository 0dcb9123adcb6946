//! Saving a draft again.

use axum::extract::State;
use axum::response::Response;

use super::save::save;
use crate::http::api::Shared;
use crate::http::api::orders::body::OrderBody;
use crate::http::api::orders::view::OrderView;
use crate::http::path::{Named, OrderName};
use crate::http::problem::Problem;
use crate::http::write::Write;

/// Replaces a draft's contents.
#[utoipa::path(
    put, path = "/v1/drafts/{id}", operation_id = "change_draft", tag = "drafts", request_body = OrderBody,
    params(("id" = String, Path, description = "The draft's id or number")),
    responses((status = 200, description = "The draft", body = OrderView))
)]
pub async fn change_draft(
    State(api): State<Shared>,
    Named(draft): Named<OrderName>,
    write: Write<OrderBody>,
) -> Result<Response, Problem> {
    let id = api.order_id(draft).await?;
    let done = api
        .execute(write.asked.request(save(id, true, write.body)?))
        .await?;
    api.answer(&write.asked.caller, done).await
}

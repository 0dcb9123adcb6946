//! Placing a draft.

use axum::extract::State;
use axum::response::Response;
use serde::Deserialize;
use throughline_core::command::Command;
use throughline_core::order::place::PlaceDraft;
use utoipa::ToSchema;

use crate::http::api::Shared;
use crate::http::api::orders::view::OrderView;
use crate::http::body::may_be_absent;
use crate::http::path::{Named, OrderName};
use crate::http::problem::Problem;
use crate::http::write::Write;

/// Nothing needs to be said.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[schema(as = PlaceDraft)]
#[serde(deny_unknown_fields)]
pub struct PlaceBody {}

may_be_absent!(PlaceBody);

/// Places a draft as it is.
#[utoipa::path(
    post, path = "/v1/drafts/{id}/place", operation_id = "place_draft", tag = "drafts",
    request_body = inline(Option<PlaceBody>),
    params(("id" = String, Path, description = "The draft's id or number")),
    responses((status = 200, description = "The order", body = OrderView))
)]
pub async fn place_draft(
    State(api): State<Shared>,
    Named(draft): Named<OrderName>,
    write: Write<PlaceBody>,
) -> Result<Response, Problem> {
    let id = api.order_id(draft).await?;
    let command = Command::PlaceDraft(write.asked.on(id, PlaceDraft));
    let done = api.execute(write.asked.request(command)).await?;
    api.answer(&write.asked.caller, done).await
}

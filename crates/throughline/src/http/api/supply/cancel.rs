//! What has not come yet will not come.

use axum::extract::State;
use axum::response::Response;
use serde::Deserialize;
use throughline_core::command::Command;
use throughline_core::id::SupplyId;
use throughline_core::inventory::CancelSupply;
use utoipa::ToSchema;

use super::view::SupplyView;
use crate::http::api::Shared;
use crate::http::body::RequestBody;
use crate::http::path::Named;
use crate::http::problem::Problem;
use crate::http::write::Write;

/// Why nothing more will come.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = CancelSupply)]
#[serde(deny_unknown_fields)]
pub struct CancelBody {
    /// Why.
    #[schema(min_length = 1, max_length = 500)]
    reason: String,
}

impl RequestBody for CancelBody {}

/// Ends supply: what has not come will not come. Units of a transfer turn round, and are on hand again where they left.
#[utoipa::path(
    post, path = "/v1/supply/{id}/cancel", operation_id = "cancel_supply", tag = "supply", request_body = CancelBody,
    params(("id" = Uuid, Path, description = "The supply's id"), ("If-Match" = Option<String>, Header, description = "The version that was seen")),
    responses((status = 200, description = "The supply", body = SupplyView, headers(("ETag" = String))))
)]
pub async fn cancel_supply(
    State(api): State<Shared>,
    Named(id): Named<SupplyId>,
    write: Write<CancelBody>,
) -> Result<Response, Problem> {
    api.check_owner_of_supply(&write.asked.caller, id).await?;
    let reason = write.body.reason;
    let command = Command::CancelSupply(write.asked.on_supply(id, CancelSupply { reason }));
    let done = api.execute(write.asked.request(command)).await?;
    api.answer(&write.asked.caller, done).await
}

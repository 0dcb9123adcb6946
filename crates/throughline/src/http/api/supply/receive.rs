//! Expected goods come in; the orders that wait for them are served in the same commit.

use axum::extract::State;
use axum::response::Response;
use serde::Deserialize;
use throughline_core::command::Command;
use throughline_core::id::SupplyId;
use throughline_core::inventory::ReceiveSupply;
use utoipa::ToSchema;

use super::view::SupplyView;
use crate::http::api::Shared;
use crate::http::api::stock::lot::LotBody;
use crate::http::body::RequestBody;
use crate::http::path::Named;
use crate::http::problem::Problem;
use crate::http::write::Write;

/// What arrived.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = ReceiveSupply)]
#[serde(deny_unknown_fields)]
pub struct ReceiveBody {
    /// Units that arrived; 0 where everything is lost.
    #[schema(minimum = 0, maximum = 1_000_000_000_000_i64)]
    quantity: i64,
    /// Units of a transfer that left and did not arrive.
    #[schema(minimum = 0, maximum = 1_000_000_000_000_i64)]
    lost: Option<i64>,
    /// Whether more may arrive than was expected; no, unless given.
    accept_over: Option<bool>,
    /// The delivery note.
    #[schema(max_length = 255)]
    reference: Option<String>,
    /// Why units are missing, or more came; needed where units are lost.
    #[schema(max_length = 500)]
    reason: Option<String>,
    /// The lot that the units are of, where the item has lots; a transfer knows its own.
    lot: Option<LotBody>,
}

impl RequestBody for ReceiveBody {}

/// Takes in what was expected; the orders that wait for it are served in the same commit.
#[utoipa::path(
    post, path = "/v1/supply/{id}/receive", operation_id = "receive_supply", tag = "supply", request_body = ReceiveBody,
    params(("id" = Uuid, Path, description = "The supply's id"), ("If-Match" = Option<String>, Header, description = "The version that was seen")),
    responses((status = 200, description = "The supply", body = SupplyView, headers(("ETag" = String))))
)]
pub async fn receive_supply(
    State(api): State<Shared>,
    Named(id): Named<SupplyId>,
    write: Write<ReceiveBody>,
) -> Result<Response, Problem> {
    api.check_receiver_of_supply(&write.asked.caller, id)
        .await?;
    let body = write.body;
    let command = Command::ReceiveSupply(write.asked.on_supply(
        id,
        ReceiveSupply {
            quantity: body.quantity,
            lost: body.lost.unwrap_or(0),
            accept_over: body.accept_over.unwrap_or(false),
            reference: body.reference,
            reason: body.reason,
            lot: body.lot.map(Into::into),
        },
    ));
    let done = api.execute(write.asked.request(command)).await?;
    api.answer(&write.asked.caller, done).await
}

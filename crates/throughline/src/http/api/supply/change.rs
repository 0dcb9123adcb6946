//! Changing what is expected, and when.

use axum::extract::State;
use axum::response::Response;
use jiff::civil::Date;
use serde::Deserialize;
use throughline_core::command::Command;
use throughline_core::id::SupplyId;
use throughline_core::inventory::ChangeSupply;
use utoipa::ToSchema;

use super::view::SupplyView;
use crate::http::api::Shared;
use crate::http::body::RequestBody;
use crate::http::path::Named;
use crate::http::problem::Problem;
use crate::http::write::Write;

/// What is expected now. What is not named stays.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = ChangeSupply)]
#[serde(deny_unknown_fields)]
pub struct ChangeBody {
    /// Another day, in the location's time zone; not in the past.
    #[schema(value_type = Option<String>, format = Date)]
    expected: Option<Date>,
    /// Other units in all, those that have come already included; not for transfers.
    #[schema(minimum = 1, maximum = 1_000_000_000_000_i64)]
    quantity: Option<i64>,
    /// Another confidence.
    #[schema(minimum = 0, maximum = 100)]
    confidence_percent: Option<u8>,
    /// Why.
    #[schema(min_length = 1, max_length = 500)]
    reason: String,
}

impl RequestBody for ChangeBody {}

/// Changes the day, the units or the confidence of open supply; each change is kept with who made it and why.
#[utoipa::path(
    patch, path = "/v1/supply/{id}", operation_id = "change_supply", tag = "supply", request_body = ChangeBody,
    params(("id" = Uuid, Path, description = "The supply's id"), ("If-Match" = Option<String>, Header, description = "The version that was seen")),
    responses((status = 200, description = "The supply", body = SupplyView, headers(("ETag" = String))))
)]
pub async fn change_supply(
    State(api): State<Shared>,
    Named(id): Named<SupplyId>,
    write: Write<ChangeBody>,
) -> Result<Response, Problem> {
    api.check_owner_of_supply(&write.asked.caller, id).await?;
    let body = write.body;
    let command = Command::ChangeSupply(write.asked.on_supply(
        id,
        ChangeSupply {
            expected: body.expected,
            quantity: body.quantity,
            confidence_percent: body.confidence_percent,
            reason: body.reason,
        },
    ));
    let done = api.execute(write.asked.request(command)).await?;
    api.answer(&write.asked.caller, done).await
}

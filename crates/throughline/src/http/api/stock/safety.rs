//! Sets the units of a level that are never promised.

use axum::extract::State;
use axum::response::Response;
use serde::Deserialize;
use throughline_core::command::Command;
use throughline_core::inventory::SetSafetyStock;
use utoipa::ToSchema;

use super::view::StockView;
use crate::http::api::Shared;
use crate::http::body::RequestBody;
use crate::http::problem::Problem;
use crate::http::write::Write;

/// Units that are never promised.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = SetSafetyStock)]
#[serde(deny_unknown_fields)]
pub struct SafetyBody {
    /// The SKU.
    #[schema(min_length = 1, max_length = 100)]
    sku: String,
    /// Code of the location.
    #[schema(min_length = 1, max_length = 64)]
    location: String,
    /// Units.
    #[schema(minimum = 0, maximum = 1_000_000_000_000_i64)]
    quantity: i64,
}

impl RequestBody for SafetyBody {}

/// Sets the units of a level that are never promised.
#[utoipa::path(
    post, path = "/v1/stock/safety", operation_id = "set_safety_stock", tag = "stock", request_body = SafetyBody,
    responses((status = 200, description = "The stock level", body = StockView))
)]
pub async fn set_safety_stock(
    State(api): State<Shared>,
    write: Write<SafetyBody>,
) -> Result<Response, Problem> {
    let body = write.body;
    write.asked.caller.at(&body.location)?;
    let command = Command::SetSafetyStock(SetSafetyStock {
        sku: body.sku,
        location: body.location,
        quantity: body.quantity,
    });
    let done = api.execute(write.asked.request(command)).await?;
    api.answer(&write.asked.caller, done).await
}

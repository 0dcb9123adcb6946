//! Sets stock to what was counted; allocations that are not there any more are sourced elsewhere in the same commit.

use axum::extract::State;
use axum::response::Response;
use serde::Deserialize;
use throughline_core::command::Command;
use throughline_core::inventory::CountStock;
use utoipa::ToSchema;

use super::NO_DOCUMENT;
use super::lot::LotBody;
use super::view::StockView;
use crate::http::api::Shared;
use crate::http::body::RequestBody;
use crate::http::problem::Problem;
use crate::http::write::Write;

/// What was counted.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = CountStock)]
#[serde(deny_unknown_fields)]
pub struct CountBody {
    /// The SKU.
    #[schema(min_length = 1, max_length = 100)]
    sku: String,
    /// Code of the location.
    #[schema(min_length = 1, max_length = 64)]
    location: String,
    /// Units counted.
    #[schema(minimum = 0, maximum = 1_000_000_000_000_i64)]
    quantity: i64,
    /// The count sheet; need not be unique; `manual` unless given.
    #[schema(min_length = 1, max_length = 255)]
    reference: Option<String>,
    /// The lot that the units are of, where the item has lots.
    lot: Option<LotBody>,
}

impl RequestBody for CountBody {}

/// Sets stock to what was counted; allocations that are not there any more are sourced elsewhere in the same commit.
#[utoipa::path(
    post, path = "/v1/stock/count", operation_id = "count_stock", tag = "stock", request_body = CountBody,
    responses((status = 200, description = "The stock level", body = StockView))
)]
pub async fn count_stock(
    State(api): State<Shared>,
    write: Write<CountBody>,
) -> Result<Response, Problem> {
    let body = write.body;
    write.asked.caller.at(&body.location)?;
    let command = Command::CountStock(CountStock {
        sku: body.sku,
        location: body.location,
        quantity: body.quantity,
        lot: body.lot.map(Into::into),
        reference: body.reference.unwrap_or_else(|| NO_DOCUMENT.to_owned()),
    });
    let done = api.execute(write.asked.request(command)).await?;
    api.answer(&write.asked.caller, done).await
}

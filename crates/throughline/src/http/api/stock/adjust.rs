//! Corrects stock by a difference.

use axum::extract::State;
use axum::response::Response;
use serde::Deserialize;
use throughline_core::command::Command;
use throughline_core::inventory::AdjustStock;
use utoipa::ToSchema;

use super::NO_DOCUMENT;
use super::lot::LotBody;
use super::view::StockView;
use crate::http::api::Shared;
use crate::http::body::RequestBody;
use crate::http::problem::Problem;
use crate::http::write::Write;

/// A correction by a difference.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = AdjustStock)]
#[serde(deny_unknown_fields)]
pub struct AdjustBody {
    /// The SKU.
    #[schema(min_length = 1, max_length = 100)]
    sku: String,
    /// Code of the location.
    #[schema(min_length = 1, max_length = 64)]
    location: String,
    /// Units to add, or to take when negative; not 0.
    #[schema(minimum = -1_000_000_000_000_i64, maximum = 1_000_000_000_000_i64)]
    quantity: i64,
    /// The document; need not be unique; `manual` unless given.
    #[schema(min_length = 1, max_length = 255)]
    reference: Option<String>,
    /// Why: `damaged`, `found`, `stolen` or words of your own.
    #[schema(max_length = 500)]
    reason: Option<String>,
    /// The lot that the units are of, where the item has lots.
    lot: Option<LotBody>,
}

impl RequestBody for AdjustBody {}

/// Corrects stock by a difference.
#[utoipa::path(
    post, path = "/v1/stock/adjust", operation_id = "adjust_stock", tag = "stock", request_body = AdjustBody,
    responses((status = 200, description = "The stock level", body = StockView))
)]
pub async fn adjust_stock(
    State(api): State<Shared>,
    write: Write<AdjustBody>,
) -> Result<Response, Problem> {
    let body = write.body;
    write.asked.caller.at(&body.location)?;
    let command = Command::AdjustStock(AdjustStock {
        sku: body.sku,
        location: body.location,
        quantity: body.quantity,
        lot: body.lot.map(Into::into),
        reference: body.reference.unwrap_or_else(|| NO_DOCUMENT.to_owned()),
        reason: body.reason,
    });
    let done = api.execute(write.asked.request(command)).await?;
    api.answer(&write.asked.caller, done).await
}

//! Takes stock in; the orders that wait for it are served in the same commit.

use axum::extract::State;
use axum::response::Response;
use serde::Deserialize;
use throughline_core::command::Command;
use throughline_core::inventory::ReceiveStock;
use utoipa::ToSchema;

use super::NO_DOCUMENT;
use super::lot::LotBody;
use super::view::StockView;
use crate::http::api::Shared;
use crate::http::body::RequestBody;
use crate::http::problem::Problem;
use crate::http::write::Write;

/// Goods that came in.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = ReceiveStock)]
#[serde(deny_unknown_fields)]
pub struct ReceiveBody {
    /// The SKU.
    #[schema(min_length = 1, max_length = 100)]
    sku: String,
    /// Code of the location.
    #[schema(min_length = 1, max_length = 64)]
    location: String,
    /// Units.
    #[schema(minimum = 1, maximum = 1_000_000_000_000_i64)]
    quantity: i64,
    /// The document, such as a delivery note; need not be unique; `manual` unless given.
    #[schema(min_length = 1, max_length = 255)]
    reference: Option<String>,
    /// The lot that the units are of, where the item has lots.
    lot: Option<LotBody>,
}

impl RequestBody for ReceiveBody {}

/// Takes stock in; the orders that wait for it are served in the same commit.
#[utoipa::path(
    post, path = "/v1/stock/receive", operation_id = "receive_stock", tag = "stock", request_body = ReceiveBody,
    responses((status = 200, description = "The stock level", body = StockView))
)]
pub async fn receive_stock(
    State(api): State<Shared>,
    write: Write<ReceiveBody>,
) -> Result<Response, Problem> {
    let body = write.body;
    write.asked.caller.at(&body.location)?;
    let command = Command::ReceiveStock(ReceiveStock {
        sku: body.sku,
        location: body.location,
        quantity: body.quantity,
        lot: body.lot.map(Into::into),
        reference: body.reference.unwrap_or_else(|| NO_DOCUMENT.to_owned()),
    });
    let done = api.execute(write.asked.request(command)).await?;
    api.answer(&write.asked.caller, done).await
}

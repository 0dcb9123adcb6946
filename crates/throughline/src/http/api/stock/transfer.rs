//! Moves available stock from one location to another, at once; answers the level it goes to.

use axum::extract::State;
use axum::response::Response;
use serde::Deserialize;
use throughline_core::command::Command;
use throughline_core::inventory::TransferStock;
use utoipa::ToSchema;

use super::NO_DOCUMENT;
use super::lot::LotBody;
use super::view::StockView;
use crate::http::api::Shared;
use crate::http::body::RequestBody;
use crate::http::problem::Problem;
use crate::http::write::Write;

/// Units that move.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = TransferStock)]
#[serde(deny_unknown_fields)]
pub struct TransferBody {
    /// The SKU.
    #[schema(min_length = 1, max_length = 100)]
    sku: String,
    /// Code of the location it leaves.
    #[schema(min_length = 1, max_length = 64)]
    from: String,
    /// Code of the location it goes to.
    #[schema(min_length = 1, max_length = 64)]
    to: String,
    /// Units.
    #[schema(minimum = 1, maximum = 1_000_000_000_000_i64)]
    quantity: i64,
    /// The document; need not be unique; `manual` unless given.
    #[schema(min_length = 1, max_length = 255)]
    reference: Option<String>,
    /// The lot that the units are of, where the item has lots.
    lot: Option<LotBody>,
}

impl RequestBody for TransferBody {}

/// Moves available stock from one location to another, at once; answers the level it goes to.
#[utoipa::path(
    post, path = "/v1/stock/transfer", operation_id = "transfer_stock", tag = "stock", request_body = TransferBody,
    responses((status = 200, description = "The stock level", body = StockView))
)]
pub async fn transfer_stock(
    State(api): State<Shared>,
    write: Write<TransferBody>,
) -> Result<Response, Problem> {
    let body = write.body;
    write.asked.caller.at(&body.from)?;
    write.asked.caller.at(&body.to)?;
    let command = Command::TransferStock(TransferStock {
        sku: body.sku,
        from: body.from,
        to: body.to,
        quantity: body.quantity,
        lot: body.lot.map(Into::into),
        reference: body.reference.unwrap_or_else(|| NO_DOCUMENT.to_owned()),
    });
    let done = api.execute(write.asked.request(command)).await?;
    api.answer(&write.asked.caller, done).await
}

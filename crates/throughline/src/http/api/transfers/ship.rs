//! Sending stock to another location, where it is in transit until it is received.

use axum::extract::State;
use axum::response::Response;
use jiff::civil::Date;
use serde::Deserialize;
use throughline_core::command::Command;
use throughline_core::inventory::ShipTransfer;
use utoipa::ToSchema;

use crate::http::api::Shared;
use crate::http::api::stock::lot::LotBody;
use crate::http::api::supply::CONFIDENCE_PERCENT;
use crate::http::api::supply::view::SupplyView;
use crate::http::body::RequestBody;
use crate::http::problem::Problem;
use crate::http::write::Write;
use crate::wiring::ids;

/// Units that leave for another location.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = ShipTransfer)]
#[serde(deny_unknown_fields)]
pub struct ShipBody {
    /// The SKU.
    #[schema(min_length = 1, max_length = 100)]
    sku: String,
    /// Code of the location they leave.
    #[schema(min_length = 1, max_length = 64)]
    from: String,
    /// Code of the location they will come to.
    #[schema(min_length = 1, max_length = 64)]
    to: String,
    /// Units.
    #[schema(minimum = 1, maximum = 1_000_000_000_000_i64)]
    quantity: i64,
    /// The day they are expected on, in the time zone where they come to; not in the past.
    #[schema(value_type = String, format = Date)]
    expected: Date,
    /// How sure it is that they come by then; 100 unless given.
    #[schema(minimum = 0, maximum = 100)]
    confidence_percent: Option<u8>,
    /// What people should know of it, such as the van's papers.
    #[schema(max_length = 500)]
    note: Option<String>,
    /// The lot that leaves, where the item has lots.
    lot: Option<LotBody>,
}

impl RequestBody for ShipBody {}

/// Takes available units off a location and counts them as in transit at another. They are received there, lost or
/// called back as supply: `POST /v1/supply/{id}/receive` and `/cancel`.
#[utoipa::path(
    post, path = "/v1/transfers", operation_id = "ship_transfer", tag = "supply", request_body = ShipBody,
    responses((status = 201, description = "The supply", body = SupplyView, headers(("Location" = String), ("ETag" = String))))
)]
pub async fn ship_transfer(
    State(api): State<Shared>,
    write: Write<ShipBody>,
) -> Result<Response, Problem> {
    let body = write.body;
    write.asked.caller.at(&body.from)?;
    let command = Command::ShipTransfer(ShipTransfer {
        id: ids::supply(),
        sku: body.sku,
        from: body.from,
        to: body.to,
        quantity: body.quantity,
        expected: body.expected,
        confidence_percent: body.confidence_percent.unwrap_or(CONFIDENCE_PERCENT),
        note: body.note,
        lot: body.lot.map(Into::into),
    });
    let done = api.execute(write.asked.request(command)).await?;
    api.answer(&write.asked.caller, done).await
}

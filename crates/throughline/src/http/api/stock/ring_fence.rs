//! Sets the units of a level that only one channel may have.

use axum::extract::State;
use axum::response::Response;
use serde::Deserialize;
use throughline_core::command::Command;
use throughline_core::inventory::SetRingFence;
use utoipa::ToSchema;

use super::view::StockView;
use crate::http::api::Shared;
use crate::http::body::RequestBody;
use crate::http::problem::Problem;
use crate::http::write::Write;

/// Units that only one channel may have.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = SetRingFence)]
#[serde(deny_unknown_fields)]
pub struct RingFenceBody {
    /// The SKU.
    #[schema(min_length = 1, max_length = 100)]
    sku: String,
    /// Code of the location.
    #[schema(min_length = 1, max_length = 64)]
    location: String,
    /// Code of the channel.
    #[schema(min_length = 1, max_length = 64)]
    channel: String,
    /// Units; 0 ends the ring-fence.
    #[schema(minimum = 0, maximum = 1_000_000_000_000_i64)]
    quantity: i64,
}

impl RequestBody for RingFenceBody {}

/// Sets the units of a level that only one channel may have. They count as reserved, and the channel's orders use them
/// up first; what these let go again is everybody's.
#[utoipa::path(
    post, path = "/v1/stock/ring-fence", operation_id = "set_ring_fence", tag = "stock", request_body = RingFenceBody,
    responses((status = 200, description = "The stock level", body = StockView))
)]
pub async fn set_ring_fence(
    State(api): State<Shared>,
    write: Write<RingFenceBody>,
) -> Result<Response, Problem> {
    let body = write.body;
    write.asked.caller.at(&body.location)?;
    let command = Command::SetRingFence(SetRingFence {
        sku: body.sku,
        location: body.location,
        channel: body.channel,
        quantity: body.quantity,
    });
    let done = api.execute(write.asked.request(command)).await?;
    api.answer(&write.asked.caller, done).await
}

//! Asking for a count.

use axum::extract::State;
use axum::response::Response;
use serde::Deserialize;
use throughline_core::command::Command;
use throughline_core::inventory::CreateCountTask;
use utoipa::ToSchema;

use super::view::{CountTaskView, ToleranceShape};
use crate::http::api::Shared;
use crate::http::api::stock::lot::LotBody;
use crate::http::body::RequestBody;
use crate::http::problem::Problem;
use crate::http::write::Write;
use crate::wiring::ids;

/// What is to be counted, and where.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = NewCountTask)]
#[serde(deny_unknown_fields)]
pub struct CountTaskBody {
    /// The SKU.
    #[schema(min_length = 1, max_length = 100)]
    sku: String,
    /// Code of the location.
    #[schema(min_length = 1, max_length = 64)]
    location: String,
    /// The lot, where the item has lots.
    lot: Option<LotBody>,
    /// What the counter should know.
    #[schema(max_length = 500)]
    note: Option<String>,
    /// How much it may differ without anybody's agreement; every difference waits when absent.
    tolerance: Option<ToleranceShape>,
}

impl RequestBody for CountTaskBody {}

/// Asks for an item to be counted at a location. Nothing is kept from moving meanwhile: each count is compared with what is
/// on hand at its time.
#[utoipa::path(
    post, path = "/v1/count-tasks", operation_id = "create_count_task", tag = "stock", request_body = CountTaskBody,
    responses((status = 201, description = "The task", body = CountTaskView, headers(("Location" = String), ("ETag" = String))))
)]
pub async fn create_count_task(
    State(api): State<Shared>,
    write: Write<CountTaskBody>,
) -> Result<Response, Problem> {
    let body = write.body;
    write.asked.caller.at(&body.location)?;
    let command = Command::CreateCountTask(CreateCountTask {
        id: ids::count_task(),
        sku: body.sku,
        location: body.location,
        lot: body.lot.map(Into::into),
        note: body.note,
        tolerance: body.tolerance.unwrap_or_default().into(),
    });
    let done = api.execute(write.asked.request(command)).await?;
    api.answer(&write.asked.caller, done).await
}

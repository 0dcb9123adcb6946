//! What a counter found.

use axum::extract::State;
use axum::response::Response;
use serde::Deserialize;
use throughline_core::command::Command;
use throughline_core::id::CountTaskId;
use throughline_core::inventory::RecordCount;
use utoipa::ToSchema;

use super::view::CountTaskView;
use crate::http::api::Shared;
use crate::http::body::RequestBody;
use crate::http::path::Named;
use crate::http::problem::Problem;
use crate::http::write::Write;

/// What was found.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = RecordCount)]
#[serde(deny_unknown_fields)]
pub struct CountBody {
    /// Sellable units that are there, those for orders included.
    #[schema(minimum = 0, maximum = 1_000_000_000_000_i64)]
    quantity: i64,
    /// What the counter has to say.
    #[schema(max_length = 500)]
    note: Option<String>,
}

impl RequestBody for CountBody {}

/// Records what was counted. Within the task's tolerance the stock becomes that at once; beyond it nothing changes until
/// the count is approved.
#[utoipa::path(
    post, path = "/v1/count-tasks/{id}/count", operation_id = "record_count", tag = "stock", request_body = CountBody,
    params(("id" = Uuid, Path, description = "The task's id")),
    responses((status = 200, description = "The task", body = CountTaskView, headers(("ETag" = String))))
)]
pub async fn record_count(
    State(api): State<Shared>,
    Named(id): Named<CountTaskId>,
    write: Write<CountBody>,
) -> Result<Response, Problem> {
    api.check_place_of_count(&write.asked.caller, id).await?;
    let command = Command::RecordCount(RecordCount {
        task: id,
        quantity: write.body.quantity,
        note: write.body.note,
    });
    let done = api.execute(write.asked.request(command)).await?;
    api.answer(&write.asked.caller, done).await
}

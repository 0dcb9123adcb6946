//! What was counted, what had been expected, and who agreed.

use axum::extract::State;
use throughline_core::id::CountTaskId;

use super::view::RoundsView;
use crate::http::api::Shared;
use crate::http::api::answer::Rendered;
use crate::http::auth::Caller;
use crate::http::path::Named;
use crate::http::problem::Problem;

/// Reads everything that was counted for a task, with what was expected, what the difference costs, and who decided what
/// about it.
#[utoipa::path(
    get, path = "/v1/count-tasks/{id}/rounds", operation_id = "list_count_rounds", tag = "stock",
    params(("id" = Uuid, Path, description = "The task's id")),
    responses((status = 200, description = "The counts", body = RoundsView))
)]
pub async fn list_count_rounds(
    State(api): State<Shared>,
    caller: Caller,
    Named(id): Named<CountTaskId>,
) -> Result<Rendered, Problem> {
    let task = api.count_task(id).await?;
    let network = api.current_network().await?;
    caller.at_number(&network, Some(task.location))?;
    Ok(Rendered::ok(&RoundsView::new(&task)))
}

//! Reading a task to count.

use axum::extract::State;
use throughline_core::id::CountTaskId;

use super::view::CountTaskView;
use crate::http::api::Shared;
use crate::http::api::answer::Rendered;
use crate::http::auth::Caller;
use crate::http::path::Named;
use crate::http::problem::Problem;

/// Reads a task to count. What is expected is not told: it is counted blind.
#[utoipa::path(
    get, path = "/v1/count-tasks/{id}", operation_id = "get_count_task", tag = "stock",
    params(("id" = Uuid, Path, description = "The task's id")),
    responses((status = 200, description = "The task", body = CountTaskView, headers(("ETag" = String))))
)]
pub async fn get_count_task(
    State(api): State<Shared>,
    caller: Caller,
    Named(id): Named<CountTaskId>,
) -> Result<Rendered, Problem> {
    let task = api.count_task(id).await?;
    let network = api.current_network().await?;
    caller.at_number(&network, Some(task.location))?;
    let view = CountTaskView::new(&task, &network);
    Ok(Rendered::ok(&view).with_version(task.version))
}

//! One run over waiting orders.

use axum::extract::State;
use throughline_core::id::SourcingRunId;
use throughline_core::order::queue::QueueRun;
use throughline_store::sourcing_runs::{self, Run};

use super::view::RunView;
use crate::http::api::Shared;
use crate::http::api::answer::Rendered;
use crate::http::path::Named;
use crate::http::problem::Problem;

/// Tells how far a run over waiting orders is, what it saved, and what is proven of it.
#[utoipa::path(
    get, path = "/v1/sourcing/runs/{id}", operation_id = "get_sourcing_run", tag = "sourcing",
    params(("id" = Uuid, Path, description = "The run's id")),
    responses((status = 200, description = "The run", body = RunView))
)]
pub async fn get_sourcing_run(
    State(api): State<Shared>,
    Named(id): Named<SourcingRunId>,
) -> Result<Rendered, Problem> {
    let network = api.current_network().await?;
    let run = read(&api, id).await?;
    Ok(Rendered::ok(&RunView::new(&run, &network)))
}

/// A run.
///
/// # Errors
/// 404 when there is none.
pub async fn read(api: &Shared, id: SourcingRunId) -> Result<Run<QueueRun>, Problem> {
    let run = api
        .read(move |connection| sourcing_runs::get(connection, id))
        .await?;
    run.ok_or_else(|| Problem::not_found("sourcing run", &id.to_string()))
}

//! One replay of past orders.

use axum::extract::State;
use throughline_core::id::SourcingRunId;
use throughline_core::order::replay::Replay;
use throughline_store::sourcing_runs::{self, Run};

use super::view::ReplayView;
use crate::http::api::Shared;
use crate::http::api::answer::Rendered;
use crate::http::path::Named;
use crate::http::problem::Problem;

/// Tells how far a replay is, and compares what was decided then with what is decided now.
#[utoipa::path(
    get, path = "/v1/sourcing/replays/{id}", operation_id = "get_replay", tag = "sourcing",
    params(("id" = Uuid, Path, description = "The replay's id")),
    responses((status = 200, description = "The replay", body = ReplayView))
)]
pub async fn get_replay(
    State(api): State<Shared>,
    Named(id): Named<SourcingRunId>,
) -> Result<Rendered, Problem> {
    let network = api.current_network().await?;
    let run = read(&api, id).await?;
    Ok(Rendered::ok(&ReplayView::new(&run, &network)))
}

/// A replay.
///
/// # Errors
/// 404 when there is none.
pub async fn read(api: &Shared, id: SourcingRunId) -> Result<Run<Replay>, Problem> {
    let run = api
        .read(move |connection| sourcing_runs::get(connection, id))
        .await?;
    run.ok_or_else(|| Problem::not_found("replay", &id.to_string()))
}

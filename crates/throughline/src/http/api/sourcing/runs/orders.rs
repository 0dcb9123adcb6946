//! What came of the orders of a run.

use axum::extract::State;
use throughline_core::id::SourcingRunId;
use throughline_core::order::queue::QueueResult;
use throughline_store::sourcing_runs::{self, OrderResult};

use super::get::read;
use super::list::PageAsked;
use super::view::ResultView;
use crate::http::api::Shared;
use crate::http::api::answer::Rendered;
use crate::http::api::list::Page;
use crate::http::path::Named;
use crate::http::problem::Problem;
use crate::http::query::Params;

/// Lists what came of the orders of a run, in the order of their turns: priority first, then what is wanted first, then age.
#[utoipa::path(
    get, path = "/v1/sourcing/runs/{id}/orders", operation_id = "list_sourcing_run_orders", tag = "sourcing",
    params(("id" = Uuid, Path, description = "The run's id"), PageAsked),
    responses((status = 200, description = "A page of orders", body = Page<ResultView>))
)]
pub async fn list_sourcing_run_orders(
    State(api): State<Shared>,
    Named(id): Named<SourcingRunId>,
    Params(asked): Params<PageAsked>,
) -> Result<Rendered, Problem> {
    let run = read(&api, id).await?;
    let page = api
        .read_page(move |connection| {
            let limit = asked.limit.rows();
            sourcing_runs::results(connection, run.id, asked.cursor.as_deref(), limit)
        })
        .await?;
    Ok(Rendered::ok(&Page::of(
        &page,
        |one: &OrderResult<QueueResult>| ResultView::new(one),
    )))
}

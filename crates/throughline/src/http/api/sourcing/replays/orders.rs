//! What a replay decides otherwise.

use axum::extract::State;
use throughline_core::id::SourcingRunId;
use throughline_core::order::replay::OrderReplay;
use throughline_store::sourcing_runs::{self, OrderResult};

use super::get::read;
use super::view::ResultView;
use crate::http::api::Shared;
use crate::http::api::answer::Rendered;
use crate::http::api::list::Page;
use crate::http::api::sourcing::runs::list::PageAsked;
use crate::http::path::Named;
use crate::http::problem::Problem;
use crate::http::query::Params;

/// Lists the orders that a replay decides otherwise, in the order of their decisions: what was decided then, and what is decided now.
#[utoipa::path(
    get, path = "/v1/sourcing/replays/{id}/orders", operation_id = "list_replay_orders", tag = "sourcing",
    params(("id" = Uuid, Path, description = "The replay's id"), PageAsked),
    responses((status = 200, description = "A page of orders", body = Page<ResultView>))
)]
pub async fn list_replay_orders(
    State(api): State<Shared>,
    Named(id): Named<SourcingRunId>,
    Params(asked): Params<PageAsked>,
) -> Result<Rendered, Problem> {
    let network = api.current_network().await?;
    let run = read(&api, id).await?;
    let page = api
        .read_page(move |connection| {
            let limit = asked.limit.rows();
            sourcing_runs::results(connection, run.id, asked.cursor.as_deref(), limit)
        })
        .await?;
    Ok(Rendered::ok(&Page::of(
        &page,
        |one: &OrderResult<OrderReplay>| ResultView::new(one, &network),
    )))
}

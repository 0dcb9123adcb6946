//! The runs over waiting orders.

use axum::extract::State;
use serde::Deserialize;
use throughline_core::order::queue::QueueRun;
use throughline_store::sourcing_runs::{self, Run};
use utoipa::IntoParams;

use super::view::RunView;
use crate::http::api::Shared;
use crate::http::api::answer::Rendered;
use crate::http::api::list::Page;
use crate::http::problem::Problem;
use crate::http::query::{Limit, Params};

/// Which page.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct PageAsked {
    /// Most rows of the page.
    #[serde(default)]
    #[param(value_type = Option<u32>, minimum = 1, maximum = 200)]
    pub limit: Limit,
    /// Where the page begins, as `next_cursor` gave it.
    pub cursor: Option<String>,
}

/// Lists runs over waiting orders, by hand and by schedule, the latest first.
#[utoipa::path(
    get, path = "/v1/sourcing/runs", operation_id = "list_sourcing_runs", tag = "sourcing", params(PageAsked),
    responses((status = 200, description = "A page of runs", body = Page<RunView>))
)]
pub async fn list_sourcing_runs(
    State(api): State<Shared>,
    Params(asked): Params<PageAsked>,
) -> Result<Rendered, Problem> {
    let network = api.current_network().await?;
    let page = api
        .read_page(move |connection| {
            sourcing_runs::list::<QueueRun>(connection, asked.cursor.as_deref(), asked.limit.rows())
        })
        .await?;
    Ok(Rendered::ok(&Page::of(&page, |run: &Run<QueueRun>| {
        RunView::new(run, &network)
    })))
}

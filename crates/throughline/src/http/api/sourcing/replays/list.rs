//! The replays of past orders.

use axum::extract::State;
use throughline_core::order::replay::Replay;
use throughline_store::sourcing_runs::{self, Run};

use super::view::ReplayView;
use crate::http::api::Shared;
use crate::http::api::answer::Rendered;
use crate::http::api::list::Page;
use crate::http::api::sourcing::runs::list::PageAsked;
use crate::http::problem::Problem;
use crate::http::query::Params;

/// Lists replays of past orders, the latest first.
#[utoipa::path(
    get, path = "/v1/sourcing/replays", operation_id = "list_replays", tag = "sourcing", params(PageAsked),
    responses((status = 200, description = "A page of replays", body = Page<ReplayView>))
)]
pub async fn list_replays(
    State(api): State<Shared>,
    Params(asked): Params<PageAsked>,
) -> Result<Rendered, Problem> {
    let network = api.current_network().await?;
    let page = api
        .read_page(move |connection| {
            sourcing_runs::list::<Replay>(connection, asked.cursor.as_deref(), asked.limit.rows())
        })
        .await?;
    Ok(Rendered::ok(&Page::of(&page, |run: &Run<Replay>| {
        ReplayView::new(run, &network)
    })))
}

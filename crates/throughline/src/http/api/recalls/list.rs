//! Listing recalls.

use axum::extract::State;
use serde::Deserialize;
use utoipa::IntoParams;

use super::view::RecallView;
use crate::http::api::Shared;
use crate::http::api::answer::Rendered;
use crate::http::api::list::Page;
use crate::http::problem::Problem;
use crate::http::query::{Limit, Params};

/// Which recalls.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct RecallFilter {
    /// Most rows of the page.
    #[serde(default)]
    #[param(value_type = Option<u32>, minimum = 1, maximum = 200)]
    limit: Limit,
    /// Where the page begins, as `next_cursor` gave it.
    cursor: Option<String>,
}

/// Lists the recalls in force, in the order they were made in.
#[utoipa::path(
    get, path = "/v1/recalls", operation_id = "list_recalls", tag = "items", params(RecallFilter),
    responses((status = 200, description = "A page of recalls", body = Page<RecallView>))
)]
pub async fn list_recalls(
    State(api): State<Shared>,
    Params(filter): Params<RecallFilter>,
) -> Result<Rendered, Problem> {
    let network = api.current_network().await?;
    let page = Page::cut(
        &network.recalls,
        filter.cursor.as_deref(),
        filter.limit,
        RecallView::new,
    )?;
    Ok(Rendered::ok(&page))
}

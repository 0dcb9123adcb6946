//! Listing carrier closures.

use axum::extract::State;
use serde::Deserialize;
use utoipa::IntoParams;

use super::view::ClosureView;
use crate::http::api::Shared;
use crate::http::api::answer::Rendered;
use crate::http::api::list::Page;
use crate::http::problem::Problem;
use crate::http::query::{Limit, Params};
use crate::wiring::clock;

/// Which carrier closures.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct ClosureFilter {
    /// Most rows of the page.
    #[serde(default)]
    #[param(value_type = Option<u32>, minimum = 1, maximum = 200)]
    limit: Limit,
    /// Where the page begins, as `next_cursor` gave it.
    cursor: Option<String>,
}

/// Lists carrier closures in the order they were created in.
#[utoipa::path(
    get, path = "/v1/carrier-closures", operation_id = "list_carrier_closures", tag = "carriers", params(ClosureFilter),
    responses((status = 200, description = "A page of carrier closures", body = Page<ClosureView>))
)]
pub async fn list_carrier_closures(
    State(api): State<Shared>,
    Params(filter): Params<ClosureFilter>,
) -> Result<Rendered, Problem> {
    let today = clock::now().utc_date();
    let network = api.current_network().await?;
    let page = Page::cut(
        &network.closures,
        filter.cursor.as_deref(),
        filter.limit,
        |one| ClosureView::new(one, &network, today),
    )?;
    Ok(Rendered::ok(&page))
}

//! Listing locations.

use axum::extract::State;
use serde::Deserialize;
use utoipa::IntoParams;

use super::view::LocationView;
use crate::http::api::Shared;
use crate::http::api::answer::Rendered;
use crate::http::api::list::Page;
use crate::http::problem::Problem;
use crate::http::query::{Limit, Params};

/// Which locations.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct LocationFilter {
    /// Most rows of the page.
    #[serde(default)]
    #[param(value_type = Option<u32>, minimum = 1, maximum = 200)]
    limit: Limit,
    /// Where the page begins, as `next_cursor` gave it.
    cursor: Option<String>,
}

/// Lists locations in the order they were created in.
#[utoipa::path(
    get, path = "/v1/locations", operation_id = "list_locations", tag = "locations", params(LocationFilter),
    responses((status = 200, description = "A page of locations", body = Page<LocationView>))
)]
pub async fn list_locations(
    State(api): State<Shared>,
    Params(filter): Params<LocationFilter>,
) -> Result<Rendered, Problem> {
    let network = api.current_network().await?;
    let page = Page::cut(
        &network.locations,
        filter.cursor.as_deref(),
        filter.limit,
        |one| LocationView::new(&network, one),
    )?;
    Ok(Rendered::ok(&page))
}

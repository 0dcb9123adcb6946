//! Listing groups of locations.

use axum::extract::State;
use serde::Deserialize;
use utoipa::IntoParams;

use super::view::LocationGroupView;
use crate::http::api::Shared;
use crate::http::api::answer::Rendered;
use crate::http::api::list::Page;
use crate::http::problem::Problem;
use crate::http::query::{Limit, Params};

/// Which groups.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct LocationGroupFilter {
    /// Most rows of the page.
    #[serde(default)]
    #[param(value_type = Option<u32>, minimum = 1, maximum = 200)]
    limit: Limit,
    /// Where the page begins, as `next_cursor` gave it.
    cursor: Option<String>,
}

/// Lists groups of locations in the order they were created in.
#[utoipa::path(
    get, path = "/v1/location-groups", operation_id = "list_location_groups", tag = "locations", params(LocationGroupFilter),
    responses((status = 200, description = "A page of groups", body = Page<LocationGroupView>))
)]
pub async fn list_location_groups(
    State(api): State<Shared>,
    Params(filter): Params<LocationGroupFilter>,
) -> Result<Rendered, Problem> {
    let network = api.current_network().await?;
    let page = Page::cut(
        &network.groups,
        filter.cursor.as_deref(),
        filter.limit,
        |one| LocationGroupView::new(&network, one),
    )?;
    Ok(Rendered::ok(&page))
}

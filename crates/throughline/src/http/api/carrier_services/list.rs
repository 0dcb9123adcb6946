//! Listing carrier services.

use axum::extract::State;
use serde::Deserialize;
use utoipa::IntoParams;

use super::view::ServiceView;
use crate::http::api::Shared;
use crate::http::api::answer::Rendered;
use crate::http::api::list::Page;
use crate::http::problem::Problem;
use crate::http::query::{Limit, Params};

/// Which carrier services.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct ServiceFilter {
    /// Most rows of the page.
    #[serde(default)]
    #[param(value_type = Option<u32>, minimum = 1, maximum = 200)]
    limit: Limit,
    /// Where the page begins, as `next_cursor` gave it.
    cursor: Option<String>,
}

/// Lists carrier services in the order they were created in.
#[utoipa::path(
    get, path = "/v1/carrier-services", operation_id = "list_carrier_services", tag = "carriers", params(ServiceFilter),
    responses((status = 200, description = "A page of carrier services", body = Page<ServiceView>))
)]
pub async fn list_carrier_services(
    State(api): State<Shared>,
    Params(filter): Params<ServiceFilter>,
) -> Result<Rendered, Problem> {
    let network = api.current_network().await?;
    let page = Page::cut(
        &network.services,
        filter.cursor.as_deref(),
        filter.limit,
        |one| ServiceView::new(one, &network),
    )?;
    Ok(Rendered::ok(&page))
}

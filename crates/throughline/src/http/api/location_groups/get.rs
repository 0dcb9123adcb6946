//! Reading a group of locations.

use axum::extract::State;

use super::view::LocationGroupView;
use crate::http::api::Shared;
use crate::http::api::answer::Rendered;
use crate::http::path::{Code, Named};
use crate::http::problem::Problem;

/// Reads a group of locations.
#[utoipa::path(
    get, path = "/v1/location-groups/{code}", operation_id = "get_location_group", tag = "locations",
    params(("code" = String, Path, description = "The code, percent-encoded")),
    responses((status = 200, description = "The group", body = LocationGroupView))
)]
pub async fn get_location_group(
    State(api): State<Shared>,
    Named(Code(code)): Named<Code>,
) -> Result<Rendered, Problem> {
    let network = api.current_network().await?;
    let group = network
        .group_by_code(&code)
        .ok_or_else(|| Problem::not_found("location group", &code))?;
    Ok(Rendered::ok(&LocationGroupView::new(&network, group)))
}

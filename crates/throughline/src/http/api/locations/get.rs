//! Reading a location.

use axum::extract::State;

use super::view::LocationView;
use crate::http::api::Shared;
use crate::http::api::answer::Rendered;
use crate::http::path::{Code, Named};
use crate::http::problem::Problem;

/// Reads a location.
#[utoipa::path(
    get, path = "/v1/locations/{code}", operation_id = "get_location", tag = "locations",
    params(("code" = String, Path, description = "The code, percent-encoded")),
    responses((status = 200, description = "The location", body = LocationView))
)]
pub async fn get_location(
    State(api): State<Shared>,
    Named(Code(code)): Named<Code>,
) -> Result<Rendered, Problem> {
    let network = api.current_network().await?;
    let location = network
        .location_by_code(&code)
        .ok_or_else(|| Problem::not_found("location", &code))?;
    Ok(Rendered::ok(&LocationView::new(&network, location)))
}

//! Creating or changing a group of locations.

use axum::extract::State;
use axum::response::Response;
use throughline_core::command::{Command, PutMode};

use super::view::{LocationGroupBody, LocationGroupView};
use crate::http::api::Shared;
use crate::http::path::{Code, Named};
use crate::http::problem::Problem;
use crate::http::write::Write;

/// Creates a group of locations, or replaces its data.
#[utoipa::path(
    put, path = "/v1/location-groups/{code}", operation_id = "put_location_group", tag = "locations", request_body = LocationGroupBody,
    params(("code" = String, Path, description = "The code, percent-encoded")),
    responses(
        (status = 200, description = "Changed", body = LocationGroupView),
        (status = 201, description = "Created", body = LocationGroupView, headers(("Location" = String)))
    )
)]
pub async fn put_location_group(
    State(api): State<Shared>,
    Named(Code(code)): Named<Code>,
    write: Write<LocationGroupBody>,
) -> Result<Response, Problem> {
    let command = Command::PutLocationGroup(write.body.command(Some(code), PutMode::Ensure)?);
    let done = api.execute(write.asked.request(command)).await?;
    api.answer(&write.asked.caller, done).await
}

//! Creating a group of locations.

use axum::extract::State;
use axum::response::Response;
use throughline_core::command::{Command, PutMode};

use super::view::{LocationGroupBody, LocationGroupView};
use crate::http::api::Shared;
use crate::http::problem::Problem;
use crate::http::write::Write;

/// Creates a group of locations. A code that is taken answers 409.
#[utoipa::path(
    post, path = "/v1/location-groups", operation_id = "create_location_group", tag = "locations", request_body = LocationGroupBody,
    responses((status = 201, description = "The group", body = LocationGroupView, headers(("Location" = String))))
)]
pub async fn create_location_group(
    State(api): State<Shared>,
    write: Write<LocationGroupBody>,
) -> Result<Response, Problem> {
    let command = Command::PutLocationGroup(write.body.command(None, PutMode::Create)?);
    let done = api.execute(write.asked.request(command)).await?;
    api.answer(&write.asked.caller, done).await
}
